from __future__ import annotations

import asyncio
import threading

import pytest

from storage.unbroken import in_thread, unbroken


async def test_a_cancelled_caller_waits_for_its_thread() -> None:
    begun, go, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go.wait(10)
        ended.set()

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await in_thread(fail)


async def test_a_cancellation_prevails_over_an_error_of_the_work() -> None:
    go = asyncio.Event()

    async def fail() -> None:
        await go.wait()
        raise ValueError

    task = asyncio.create_task(unbroken(fail()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_the_work_returns_is_returned() -> None:
    assert await in_thread(sum, [1, 2, 3]) == 6
