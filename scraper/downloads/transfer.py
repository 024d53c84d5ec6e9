"""One answer into one part file: counted, hashed, checked for its length."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.errors import DownloadError
from scraper.downloads.part_file import create_part
from scraper.downloads.verify import HEAD_SIZE, refuse_markup
from scraper.http.bodies.reading import body_pieces
from scraper.http.bodies.speed import MinimumSpeed
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    import aiohttp

    from scraper.http.client import Client

_OK = 200

# The file as it is, not compressed for the way: its length and hash are then those of the file.
_HEADERS = {"Accept": "audio/*, application/octet-stream, */*;q=0.5", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What arrived: bytes and the hex digest of their SHA-256."""

    size: int
    sha256: str


async def transfer(
    client: Client,
    url: str,
    part: Path,
    *,
    max_bytes: int,
    on_bytes: Callable[[int], None],
    clock: Callable[[], float] = time.monotonic,
) -> Received:
    """Fetch `url` into `part`, which must not exist, and bring it to the disk.

    `on_bytes` is told the size of each chunk. Raises `FetchError`, `DownloadError` (protocol-error,
    too-large, short-body, empty-body, too-slow, not-audio) and `OSError`; `part` is gone then.
    """
    async with create_part(part) as writer:
        async with client.stream(url, headers=_HEADERS) as response:
            if response.status != _OK:
                raise DownloadError(
                    Reason.PROTOCOL_ERROR, url, detail=f"status {response.status} to a plain GET"
                )
            announced = _announced(response)
            if announced is not None and announced > max_bytes:
                raise DownloadError(Reason.TOO_LARGE, url, detail=f"{announced:,} bytes")
            speed = MinimumSpeed(clock)
            async for chunk in _chunks(response, url, max_bytes):
                await writer.take(chunk)
                on_bytes(len(chunk))
                if writer.size > max_bytes:
                    raise DownloadError(Reason.TOO_LARGE, url, detail=f"more than {max_bytes:,} bytes")
                if slow := speed.too_slow(writer.size):
                    raise DownloadError(Reason.TOO_SLOW, url, detail=slow)
        # The connection is free again: bringing the file to the disk takes longer than a small file took.
        if writer.size == 0:
            raise DownloadError(Reason.EMPTY_BODY, url)
        if announced is not None and writer.size != announced:
            raise DownloadError(Reason.SHORT_BODY, url, detail=f"{writer.size:,} of {announced:,} bytes")
        await writer.finish()
        return Received(size=writer.size, sha256=writer.sha256)


async def _chunks(response: aiohttp.ClientResponse, url: str, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes; raise as soon as its beginning is that of a page or of text."""
    head = b""
    async for piece in body_pieces(response, max_bytes=max_bytes):
        if len(head) < HEAD_SIZE:
            head += piece[: HEAD_SIZE - len(head)]
            refuse_markup(head, url)
        yield piece


def _announced(response: aiohttp.ClientResponse) -> int | None:
    # The length of a compressed answer is not that of the file that comes out of it.
    return response.content_length if "Content-Encoding" not in response.headers else None
