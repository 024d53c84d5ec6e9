"""What is tried again, and when: decisions without a network."""

from __future__ import annotations

import pytest

from scraper.http.errors import FetchError
from scraper.http.retry import MAX_PATIENCE, retried, worth_retrying
from storage.reasons import Reason


@pytest.mark.parametrize(
    "reason", [Reason.TLS, Reason.BLOCKED_ADDRESS, Reason.ROBOTS, Reason.REDIRECT_LOOP, Reason.TOO_LARGE]
)
def test_what_cannot_change_is_not_tried_again(reason: Reason) -> None:
    assert not worth_retrying(FetchError(reason, "http://b.example/"))


def test_a_longer_wait_than_the_run_is_ready_for_is_left_to_a_later_run() -> None:
    assert worth_retrying(FetchError(Reason.RATE_LIMITED, "u", retry_after=MAX_PATIENCE))
    assert not worth_retrying(FetchError(Reason.RATE_LIMITED, "u", retry_after=MAX_PATIENCE + 1))


def test_a_failure_that_is_only_remembered_is_not_tried_again() -> None:
    assert worth_retrying(FetchError(Reason.UNREACHABLE, "u"))
    assert not worth_retrying(FetchError(Reason.UNREACHABLE, "u", asked=False))


@pytest.mark.parametrize(
    ("reason", "tries"), [(Reason.TIMEOUT, 2), (Reason.TOO_SLOW, 1), (Reason.UNREACHABLE, 4)]
)
async def test_the_longer_a_try_takes_the_fewer_there_are(reason: Reason, tries: int) -> None:
    asked: list[None] = []

    async def ask() -> None:
        asked.append(None)
        raise FetchError(reason, "u")

    async def nap(_seconds: float) -> None:
        return

    with pytest.raises(FetchError):
        await retried(ask, attempts=4, sleep=nap)
    assert len(asked) == tries


async def test_tries_are_few_and_the_wait_is_what_the_server_asked_for() -> None:
    naps: list[float] = []
    tries = 0

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def ask() -> None:
        nonlocal tries
        tries += 1
        raise FetchError(Reason.RATE_LIMITED, "http://b.example/", retry_after=4.0)

    with pytest.raises(FetchError):
        await retried(ask, attempts=3, sleep=nap)
    assert tries == 3
    assert naps == [4.0, 4.0]


async def test_without_retry_after_the_wait_is_jittered_and_bounded() -> None:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def ask() -> None:
        raise FetchError(Reason.SERVER_ERROR, "http://b.example/")

    for _ in range(20):
        with pytest.raises(FetchError):
            await retried(ask, attempts=4, sleep=nap)
    assert len(naps) == 60
    assert all(0 <= seconds <= 8 for seconds in naps)
    assert len(set(naps)) > 30


async def test_what_succeeds_at_once_is_asked_for_once_and_waits_for_nothing() -> None:
    async def ask() -> str:
        return "hello"

    async def nap(_seconds: float) -> None:
        raise AssertionError("nobody is to sleep")

    assert await retried(ask, attempts=3, sleep=nap) == "hello"


async def test_an_error_that_another_try_meets_is_the_one_that_is_raised() -> None:
    errors = [FetchError(Reason.TIMEOUT, "u"), FetchError(Reason.NOT_FOUND, "u")]

    async def ask() -> str:
        raise errors.pop(0)

    async def nap(_seconds: float) -> None:
        return

    with pytest.raises(FetchError) as caught:
        await retried(ask, attempts=5, sleep=nap)
    assert caught.value.reason is Reason.NOT_FOUND
    assert not errors


async def test_a_server_that_says_zero_is_not_asked_again_at_the_same_instant() -> None:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def ask() -> None:
        raise FetchError(Reason.RATE_LIMITED, "u", retry_after=0.0)

    with pytest.raises(FetchError):
        await retried(ask, attempts=4, sleep=nap)
    assert len(naps) == 3
    assert all(seconds > 0 for seconds in naps)
