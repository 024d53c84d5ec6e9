"""Whatever a server answers, the file is one of its versions, whole, or there is none."""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.transfer import transfer
from scraper.downloads.part.parts import Parts
from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError
from tests.scraper.downloads.fetching.song_server import OLD, SongServer, raw, song
from tests.scraper.downloads.part.claims import claim

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.scraper.downloads.fetching.song_server import Asked

SIZES = (20_000, 20_000, 30_000, 12_000, 1_200_000, 1_300_000)
VERSIONS = [song(number, size) for number, size in enumerate(SIZES)]


TAGGED = ("own", "own", "same", "weak", "date", "none")
ODD = ("start", "bytes", "other bytes", "total", "star", "none", "416", "412", "503", "short")


@dataclass(frozen=True)
class Step:
    """What the server does at one request."""

    version: int
    """Which version of the file it has by then."""
    cut: float
    """After which part of its answer the connection breaks; 1 for none."""
    obeys: bool
    """Whether it heeds If-Range."""
    tagged: str
    """What it says of the version: its tag, always the same one, a weak one, a date, nothing."""
    odd: str
    """What is wrong with the answer to a Range."""
    shift: int
    """By how many bytes, where that is its start."""


def _mostly(usual: Any, *unusual: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * 2 * len(unusual) + list(unusual))


@st.composite
def _steps(draw: st.DrawFn) -> list[Step]:
    """A server that is mostly itself, breaks off mostly in the middle, and is well in the end."""
    usual: dict[str, Any] = {
        "version": draw(st.integers(0, len(VERSIONS) - 1)),
        "tagged": draw(st.sampled_from(TAGGED)),
        "obeys": draw(st.booleans()),
    }
    step = st.builds(
        Step,
        version=_mostly(usual["version"], *range(len(VERSIONS))),
        cut=st.sampled_from([0.3, 0.5, 0.9]) | st.floats(0, 1),
        obeys=_mostly(usual["obeys"], True, False),
        tagged=_mostly(usual["tagged"], *TAGGED),
        odd=_mostly("", *ODD),
        shift=st.integers(-5000, 5000),
    )
    return [*draw(st.lists(step, min_size=1, max_size=6)), Step(**usual, cut=1.0, odd="", shift=0)]


@dataclass
class AnyServer:
    """Goes through its steps; the last one lasts."""

    steps: list[Step]
    now: list[int] = field(default_factory=list)
    """The version whose bytes it sent at each request, whatever it said."""

    def answer(self, asked: Asked) -> bytes:
        step = self.steps[min(len(self.now), len(self.steps) - 1)]
        self.now.append(step.version)
        body, tag = VERSIONS[step.version], _validators(step)
        if asked.start is None or not (0 <= asked.start < len(body)):
            if asked.start is not None and step.odd == "416":
                return raw(416, b"", Content_Range=f"bytes */{len(body)}", **tag)
            return raw(200, body[: int(step.cut * len(body))], length=len(body), **tag)
        if step.odd in {"412", "503"}:
            return raw(int(step.odd), b"")
        condition = asked.headers.get("if-range")
        if step.obeys and condition is not None and condition not in tag.values():
            return raw(200, body[: int(step.cut * len(body))], length=len(body), **tag)
        return self._part(step, body, asked.start, tag)

    def _part(self, step: Step, body: bytes, start: int, tag: dict[str, Any]) -> bytes:
        first, total, sent = start, str(len(body)), body[start:]
        match step.odd:
            case "start":
                first = min(max(start + step.shift, 0), len(body) - 1)
                sent = body[first:]
            case "bytes":
                sent = (body * 2)[max(0, start + step.shift) :][: len(sent)]
            case "other bytes":
                self.now[-1] = (step.version - 1) % len(VERSIONS)
                sent = (VERSIONS[step.version - 1] * 200)[start : start + len(sent)]
            case "total":
                total = str(len(body) + abs(step.shift))
            case "star":
                total = "*"
            case "short":
                sent = sent[: max(1, len(sent) // 2)]
        said: dict[str, Any] = {"Content_Range": f"bytes {first}-{first + len(sent) - 1}/{total}"}
        if step.odd == "none":
            said = {}
        return raw(206, sent[: int(step.cut * len(sent))], length=len(sent), **said, **tag)


def _validators(step: Step) -> dict[str, Any]:
    return {
        "own": {"ETag": f'"{step.version}"'},
        "same": {"ETag": '"same"', "Last_Modified": OLD},
        "weak": {"ETag": 'W/"same"'},
        "date": {"Last_Modified": OLD},
        "none": {},
    }[step.tagged]


async def _run(folder: Path, steps: list[Step], tries_of_a_claim: int) -> tuple[bytes | None, str, list[int]]:
    server, fd = AnyServer(steps), os.open(folder, os.O_RDONLY)
    songs = SongServer([server.answer])
    limits = Limits(attempts=1)
    try:
        async with (
            await asyncio.start_server(songs.connected, "127.0.0.1", 0) as listening,
            Client(allow_private=True, obey_robots=False, limits=limits) as client,
        ):
            url = "http://{}:{}/song.mp3".format(*listening.sockets[0].getsockname())
            for number in range(3):
                part = Parts(fd, folder).begin(claim(str(number)))
                for _ in range(tries_of_a_claim):
                    try:
                        got = await transfer(client, url, part, max_bytes=10**8, on_bytes=lambda _: None)
                    except (FetchError, DownloadError):
                        continue
                    return part.path.read_bytes(), got.sha256, server.now
    finally:
        os.close(fd)
    return None, "", server.now


@settings(deadline=None, max_examples=60)
@given(_steps(), st.integers(1, 3))
def test_the_result_is_the_last_version_of_the_server_or_none(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], tries_of_a_claim: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    body, sha256, versions = asyncio.run(_run(folder, steps, tries_of_a_claim))
    if body is None:
        return
    assert hashlib.sha256(body).hexdigest() == sha256
    assert VERSIONS.index(body) == versions[-1]  # not found: it is a mixture
