"""What is tried again at once, and when: pure decisions, and tenacity's objects made of them."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MAX_PATIENCE = 30.0
"""Seconds of Retry-After that a run waits for; what is longer is put off to a later run."""

_MAX_RETRY_AFTER = 86_400.0
_JITTER = wait_random_exponential(multiplier=0.5, max=8)

# Reasons of a status, where a class of statuses is not enough.
_STATUS_REASONS = {
    401: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,
    501: Reason.HTTP_ERROR,
    505: Reason.HTTP_ERROR,
}
_SERVER_ERRORS = range(500, 600)


def reason_of_status(status: int) -> Reason:
    """Return why an answer with this `status` (400 and above) is no answer."""
    if status in _STATUS_REASONS:
        return _STATUS_REASONS[status]
    return Reason.SERVER_ERROR if status in _SERVER_ERRORS else Reason.HTTP_ERROR


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
        until = parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    seconds = until - (time.time() if now is None else now)
    return min(seconds, _MAX_RETRY_AFTER) if seconds > 0 else None


def worth_retrying(error: BaseException) -> bool:
    """Return whether the request should be sent again within this run."""
    if not isinstance(error, FetchError) or not error.transient or error.reason is Reason.ROBOTS_UNREACHABLE:
        return False  # robots.txt was tried often enough when it was read
    return error.retry_after is None or error.retry_after <= MAX_PATIENCE


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, FetchError) and error.retry_after is not None:
        return error.retry_after
    return _JITTER(state)


def retrying(*, attempts: int, sleep: Callable[[float], Awaitable[None]]) -> AsyncRetrying:
    """Return tenacity's loop for one idempotent request: `attempts` in all, full jitter, Retry-After kept."""
    return AsyncRetrying(
        stop=stop_after_attempt(attempts),
        wait=_wait,
        retry=retry_if_exception(worth_retrying),
        sleep=sleep,
        reraise=True,
    )
