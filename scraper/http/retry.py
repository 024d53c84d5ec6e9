"""What is tried again at once, and when: pure decisions, and tenacity's objects made of them."""

from __future__ import annotations

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
_LEAST_AFTER_429 = 1.0
_SILENCES = 2  # tries that may end without an answer: each of them takes half a minute
_JITTER = wait_random_exponential(multiplier=0.5, max=8)


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
    if isinstance(error, FetchError) and error.retry_after:
        return error.retry_after
    # "Too many" without a time, or with the time 0, is no wish to be asked again at once.
    limited = isinstance(error, FetchError) and error.reason is Reason.RATE_LIMITED
    return _JITTER(state) + (_LEAST_AFTER_429 if limited else 0.0)


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
