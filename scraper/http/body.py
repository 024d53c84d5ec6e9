"""Reading a body with a cap that counts what came out of decompression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    import aiohttp


async def read_body(response: aiohttp.ClientResponse, *, max_bytes: int) -> bytes:
    """Return the whole body, or raise `FetchError` with `too-large` as soon as it exceeds `max_bytes`."""
    body = await read_start(response, max_bytes=max_bytes + 1)
    if len(body) > max_bytes:
        response.close()
        raise FetchError(Reason.TOO_LARGE, str(response.url), detail=f"more than {max_bytes:,} bytes")
    return body


async def read_start(response: aiohttp.ClientResponse, *, max_bytes: int) -> bytes:
    """Return the body, or its first `max_bytes` after decompression."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        chunks.append(chunk)
        if size >= max_bytes:
            break
    return b"".join(chunks)[:max_bytes]
