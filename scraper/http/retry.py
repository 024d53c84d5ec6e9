"""What is tried again at once, and when: pure decisions, and tenacity's objects made of them."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_random_exponential,
)

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MAX_PATIENCE = 30.0
"""Seconds of Retry-After that a run waits for; what is longer is put off to a later run."""

_T = TypeVar("_T")
_SILENCES = 2  # tries that may end without an answer: each of them takes half a minute
_MAX_RETRY_AFTER = 86_400.0
_JITTER = wait_random_exponential(multiplier=0.5, max=8)


def parse_retry_after(value: str | None, *, now: float | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, at most one day (RFC 9110, 10.2.3).

    `now` is POSIX seconds UTC. What is negative, past or neither a number nor a date gives None.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), _MAX_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text)
        # "-0000" gives a date without a zone; RFC 9110, section 5.6.7: all dates are UTC.
        instant = until.replace(tzinfo=until.tzinfo or UTC).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    seconds = instant - (time.time() if now is None else now)
    return min(seconds, _MAX_RETRY_AFTER) if seconds > 0 else None


def worth_retrying(error: BaseException) -> bool:
    """Return whether the request should be sent again within this run."""
    if not isinstance(error, FetchError) or not error.transient or error.reason is Reason.ROBOTS_UNREACHABLE:
        return False  # robots.txt was tried often enough when it was read
    if not error.asked and error.retry_after is None:
        return False  # a failure that is remembered stays what it is for a while
    if error.reason is Reason.TOO_SLOW:
        return False  # it has had its time; a later run may meet a quicker hour
    return error.retry_after is None or error.retry_after <= MAX_PATIENCE


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, FetchError) else None
    return asked or _JITTER(state)  # "Retry-After: 0" is no wish to be asked at once


def _is_enough(state: RetryCallState, attempts: int) -> bool:
    error = state.outcome.exception() if state.outcome else None
    silent = isinstance(error, FetchError) and error.reason is Reason.TIMEOUT
    return state.attempt_number >= (min(attempts, _SILENCES) if silent else attempts)


async def retried(
    attempt: Callable[[], Awaitable[_T]], *, attempts: int, sleep: Callable[[float], Awaitable[None]]
) -> _T:
    """Return what `attempt`, an idempotent request, gives: `attempts` tries in all.

    Between them lies what the server asked for with Retry-After, else an exponential delay with full
    jitter. Raises the last `FetchError`.
    """
    try:
        return await attempt()
    except FetchError as error:
        if not worth_retrying(error):
            raise
        failed = [error]

    async def again() -> _T:
        if failed:  # the try that was made: tenacity counts it, and waits after it
            raise failed.pop()
        return await attempt()

    # Tenacity's bookkeeping costs half as much as a request: it starts where something failed.
    loop = AsyncRetrying(
        stop=partial(_is_enough, attempts=attempts),
        wait=_wait,
        retry=retry_if_exception(worth_retrying),
        sleep=sleep,
        reraise=True,
    )
    return await loop(again)
