"""Reading a body: counted on the wire and after decompression, and never taken for whole when it is not."""

from __future__ import annotations

import asyncio
import time
from io import BytesIO
from typing import TYPE_CHECKING

from scraper.http.bodies.codings import CodingError, CutShortError, Decoder, decoder_for
from scraper.http.bodies.large import HUGE, LARGE
from scraper.http.bodies.speed import MinimumSpeed
from scraper.http.bodies.wire import Wire
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    import aiohttp

_LONGEST_SILENCE = 60.0  # seconds without a byte of the body itself, whatever comes around it


async def read_body(
    response: aiohttp.ClientResponse,
    *,
    max_bytes: int,
    large: Callable[[], Awaitable[None]] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """Return the whole body, decompressed. The session must leave decompression to this module.

    `large` is waited for when the body becomes longer than `LARGE`, and than `HUGE`: it makes room for it.
    Raises `FetchError`: too-large as soon as more than `max_bytes` are announced, sent or unpacked;
    short-body where it ends too early; too-slow, timeout, and protocol-error.
    """
    announced = response.content_length
    if announced is not None and announced > max_bytes and not response.content.is_eof():
        raise _too_large(response, f"{announced:,} bytes")
    body = await _read(response, max_bytes + 1, max_bytes=max_bytes, large=large, clock=clock)
    if len(body) > max_bytes:
        del body  # an error that is kept keeps this frame
        raise _too_large(response, f"more than {max_bytes:,} bytes")
    return body


async def read_start(
    response: aiohttp.ClientResponse, *, max_bytes: int, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """Return the body, or its first `max_bytes` after decompression. Raises `FetchError`."""
    return (await _read(response, max_bytes, max_bytes=max_bytes, large=None, clock=clock))[:max_bytes]


async def body_pieces(response: aiohttp.ClientResponse, *, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes, decompressed, in pieces of bounded size that are never empty.

    Raises `FetchError`: too-large where more than `max_bytes` came over the wire and still more is to come
    (what unpacks from them is the caller's to count); short-body where the body or its compression ends
    too early, or the connection was reset; timeout after a minute of nothing; protocol-error for a body
    that is not what Content-Encoding says.
    """
    url = str(response.url)
    wire = Wire(response)
    decoder = _decoder(response)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LONGEST_SILENCE
    sent = 0
    while chunk := await wire.next(deadline):
        sent += len(chunk)
        for number, piece in enumerate(_unpacked(decoder, chunk, url)):
            if number:
                await asyncio.sleep(0)  # a small chunk may unpack to much: others have their turn
            if piece:
                yield piece
                deadline = loop.time() + _LONGEST_SILENCE
        if sent > max_bytes:
            raise _too_large(response, f"more than {max_bytes:,} bytes on the wire")
    try:
        if decoder is not None:
            decoder.finish()
    except CutShortError as error:
        raise FetchError(Reason.SHORT_BODY, url, detail=str(error)) from error


async def _read(
    response: aiohttp.ClientResponse,
    enough: int,
    *,
    max_bytes: int,
    large: Callable[[], Awaitable[None]] | None,
    clock: Callable[[], float],
) -> bytes:
    speed = MinimumSpeed(clock)
    steps = [HUGE, LARGE] if large is not None else []
    # An error that is kept keeps this frame: leaving the block drops the bytes.
    with BytesIO() as body:
        async for piece in body_pieces(response, max_bytes=max_bytes):
            body.write(piece)
            size = body.tell()
            if size >= enough:
                break
            _require_speed(speed, size, response)
            while large is not None and steps and size > steps[-1]:
                steps.pop()
                await large()
                speed = MinimumSpeed(clock, size=size)  # the wait was ours
        return body.getvalue()  # no copy: CPython hands out its buffer


def _require_speed(speed: MinimumSpeed, size: int, response: aiohttp.ClientResponse) -> None:
    if slow := speed.too_slow(size):
        raise FetchError(Reason.TOO_SLOW, str(response.url), detail=slow)


def _decoder(response: aiohttp.ClientResponse) -> Decoder | None:
    try:
        return decoder_for(", ".join(response.headers.getall("Content-Encoding", ())))
    except CodingError as error:
        raise FetchError(Reason.PROTOCOL_ERROR, str(response.url), detail=str(error)) from error


def _unpacked(decoder: Decoder | None, chunk: bytes, url: str) -> Iterator[bytes]:
    if decoder is None:
        yield chunk
        return
    try:
        yield from decoder.feed(chunk)
    except CodingError as error:
        raise FetchError(Reason.PROTOCOL_ERROR, url, detail=str(error)) from error


def _too_large(response: aiohttp.ClientResponse, detail: str) -> FetchError:
    return FetchError(Reason.TOO_LARGE, str(response.url), detail=detail)
