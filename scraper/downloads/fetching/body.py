"""A body on its way into a part: looked at, counted, as fast as it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.markup import HEAD_SIZE
from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.pages import refuse_page
from scraper.downloads.fetching.server_time import ServerTime
from scraper.http.bodies.reading import body_pieces
from scraper.http.bodies.speed import MinimumSpeed
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import aiohttp

    from scraper.downloads.fetching.bandwidth import Bandwidth
    from scraper.downloads.part.part import Part

LOOKS_EVERY: Final = 16 << 20
"""Bytes after which it is looked again whether there is room for the rest."""


class SeamError(Exception):
    """What a server sends as the rest of a file does not continue what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a transfer is bound to, and who is told of its progress."""

    max_bytes: int
    on_bytes: Callable[[int], None]
    bandwidth: Bandwidth | None
    enough_room: Callable[[int], None] | None
    clock: Callable[[], float]
    announced: Callable[[int | None], None] | None = None

    def admit(self, total: int | None, *, have: int, where: str) -> None:
        """Raise unless a file of `total` bytes, of which there are `have`, may come and has room."""
        if total and self.announced is not None:
            self.announced(total)
        if total is not None and total > self.max_bytes:
            raise DownloadError(Reason.TOO_LARGE, where, detail=f"{total:,} bytes")
        if self.enough_room is not None:
            self.enough_room(max(0, (total or 0) - have))


async def pieces_from_start(
    response: aiohttp.ClientResponse,
    *,
    max_bytes: int,
    redirected: bool,
    begin: Callable[[], None],
    refused: Callable[[bytes, Reason], None],
) -> AsyncIterator[bytes]:
    """Yield a whole file as it comes; raise as soon as its beginning is that of a page or of text.

    `begin` is called before the first piece, unless that is `refused`, which is given what came so far
    and why.
    """
    head = b""
    async for piece in body_pieces(response, max_bytes=max_bytes):
        if len(head) < HEAD_SIZE:
            is_first = not head
            head += piece[: HEAD_SIZE - len(head)]
            try:
                refuse_page(
                    head, str(response.url), content_type=response.content_type, redirected=redirected
                )
            except DownloadError as error:
                refused(head, error.reason)
                raise
            if is_first:
                begin()
        yield piece


async def pieces_after(response: aiohttp.ClientResponse, seam: bytes, *, length: int) -> AsyncIterator[bytes]:
    """Yield what follows `seam`, with which the body must begin; `length` bytes are to come in all.

    Raises `SeamError` where the server sends something else than it says.
    """
    head, came = b"", 0
    async for piece in body_pieces(response, max_bytes=length + len(seam)):
        came += len(piece)
        if came > length:
            raise SeamError("more bytes than announced")
        if len(head) >= len(seam):
            yield piece
            continue
        head += piece
        if not (head.startswith(seam) or seam.startswith(head)):
            raise SeamError("other bytes than before")
        if len(head) > len(seam):
            yield head[len(seam) :]
    if len(head) < len(seam):
        raise FetchError(Reason.SHORT_BODY, str(response.url), detail="nothing new came")


async def pour(
    pieces: AsyncIterator[bytes], part: Part, bounds: Bounds, *, have: int, total: int | None, where: str
) -> int:
    """Bring `pieces` into `part`, which holds `have` bytes; return how many it holds then.

    `total` is the size of the file where it is known. Raises `DownloadError` with too-large and too-slow.
    """
    time = ServerTime(bounds.clock)
    speed = MinimumSpeed(time, size=have)
    size, look = have, have + LOOKS_EVERY
    async for piece in pieces:
        size += len(piece)
        if part.take(piece):
            with time.stopped():
                await part.write()
        bounds.on_bytes(len(piece))
        if size > bounds.max_bytes:
            raise DownloadError(Reason.TOO_LARGE, where, detail=f"more than {bounds.max_bytes:,} bytes")
        if bounds.bandwidth is not None:
            with time.stopped():
                await bounds.bandwidth.take(len(piece))
        if slow := speed.too_slow(size):
            raise DownloadError(Reason.TOO_SLOW, where, detail=slow)
        if size >= look:
            look += LOOKS_EVERY
            bounds.admit(total, have=size, where=where)
    return size
