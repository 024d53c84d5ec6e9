"""Reading a body with a cap that counts what came out of decompression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    import aiohttp


async def read_body(response: aiohttp.ClientResponse, *, max_bytes: int) -> bytes:
    """Return the whole body, or raise `FetchError` with `too-large` as soon as it exceeds `max_bytes`."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > max_bytes:
            response.close()
            raise FetchError(Reason.TOO_LARGE, str(response.url), detail=f"more than {max_bytes:,} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
