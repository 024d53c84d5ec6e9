"""A server that answers as it is told, byte by byte, and what it may be told."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = formatdate(1_600_000_000, usegmt=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path and its headers by lower-case names."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int | None:
        """The first byte that its Range asks for."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(found[1]) if found else None


Answer: TypeAlias = "bytes | Callable[[Asked], bytes]"


def song(seed: object, size: int) -> bytes:
    """Bytes that are no text, and other ones for each seed."""
    return b"\xff\xfb\x00" + random.Random(str(seed)).randbytes(size - 3)


def raw(status: int, body: bytes, *, length: int | None = -1, **headers: str | None) -> bytes:
    """An answer; `length` is that of the body unless it is given, None leaves it out."""
    said: dict[str, str | None] = {"Date": formatdate(1_700_000_000, usegmt=True), "Connection": "close"}
    if length is not None:
        said["Content-Length"] = str(len(body) if length < 0 else length)
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value is not None)
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + body


def whole(body: bytes, *, cut: int | None = None, etag: str | None = '"1"', **headers: Any) -> bytes:
    """An answer with all of a file, cut off after `cut` bytes of it."""
    return raw(200, body[:cut], length=len(body), ETag=etag, **headers)


def rest(body: bytes, *, cut: int | None = None, etag: str | None = '"1"', **headers: Any) -> Answer:
    """The right answer to a Range, cut off before the `cut`-th byte of the file."""

    def answer(asked: Asked) -> bytes:
        assert asked.start is not None
        said = {"Content_Range": f"bytes {asked.start}-{len(body) - 1}/{len(body)}"} | headers
        length = said.pop("length", len(body) - asked.start)
        return raw(206, body[asked.start : cut], length=length, ETag=etag, **said)

    return answer


@dataclass(slots=True)
class SongServer:
    """Gives its `answers` one after another, the last for ever; the connection ends with each."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.address}/song.mp3"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.split(": ", 1) for line in head[1:] if line)
            asked = Asked(head[0].split(" ")[1], {name.lower(): value for name, value in pairs})
            self.asked.append(asked)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            writer.write(answer if isinstance(answer, bytes) else answer(asked))
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
