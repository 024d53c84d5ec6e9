"""Whether an answer is one that was asked for."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from scraper.http.answers.challenges import START_BYTES, challenge_of, may_be_challenge
from scraper.http.answers.retry_after import retry_after_of
from scraper.http.answers.statuses import FIRST_ERROR, NOT_MODIFIED, PARTIAL, reason_of_status
from scraper.http.bodies.reading import read_start
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Collection

    import aiohttp

# A part that nobody asked for, or "not modified" to whom has nothing, breaks the protocol.
_UNASKED = frozenset({PARTIAL, NOT_MODIFIED})
_START_TIMEOUT = 5.0  # seconds for the beginning of a page that is an error anyway


async def require(response: aiohttp.ClientResponse, expected: Collection[int]) -> None:
    """Raise `FetchError` unless the status of an answer, its body unread, is `expected`."""
    status = response.status
    if status in expected:
        return
    detail = f"status {status}"
    if status >= FIRST_ERROR:
        reason = reason_of_status(status)
    else:
        reason = Reason.PROTOCOL_ERROR if status in _UNASKED else Reason.HTTP_ERROR
    if (who := await _challenger(response)) is not None:
        reason, detail = Reason.BLOCKED, f"{who}, status {status}"
    raise FetchError(
        reason, str(response.url), status=status, retry_after=retry_after_of(response), detail=detail
    )


def require_no_challenge(response: aiohttp.ClientResponse, body: bytes) -> None:
    """Raise `FetchError` if the `body` of an answer that seemed good is a challenge for browsers."""
    if (who := challenge_of(response.status, response.headers, body[:START_BYTES])) is not None:
        raise FetchError(Reason.BLOCKED, str(response.url), status=response.status, detail=who)


async def _challenger(response: aiohttp.ClientResponse) -> str | None:
    start = b""
    # Who says when to come back is not fighting programs off, whatever its page says.
    if retry_after_of(response) is None and may_be_challenge(response.status, response.headers):
        with contextlib.suppress(FetchError, TimeoutError):
            async with asyncio.timeout(_START_TIMEOUT):
                start = await read_start(response, max_bytes=START_BYTES)
    return challenge_of(response.status, response.headers, start)
