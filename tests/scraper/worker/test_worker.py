"""A real process: what comes back, what ends it, and what becomes of the call then."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from scraper.worker.process import WorkerDiedError, WorkerLimits
from scraper.worker.worker import NoWorkerError, Worker, WorkerTimeoutError

LIMITS = WorkerLimits(seconds=20)


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_calls_are_done_in_one_other_process_which_ends_when_it_is_left() -> None:
    async with Worker(LIMITS) as worker:
        assert worker.pid is None
        pids = [await worker.call(os.getpid) for _ in range(2)]
        assert pids == [worker.pid] * 2
    assert pids[0] != os.getpid()
    assert _is_gone(pids[0])


async def test_a_worker_that_has_begun_waits_for_the_first_call() -> None:
    async with Worker(LIMITS) as worker:
        await worker.begin()
        pid = worker.pid
        assert pid is not None
        await worker.begin()
        assert await worker.call(os.getpid) == pid


async def test_calls_go_one_after_another() -> None:
    async with Worker(LIMITS) as worker:
        assert len(set(await asyncio.gather(*(worker.call(os.getpid) for _ in range(5))))) == 1


async def test_what_calls_need_is_imported_beforehand() -> None:
    async with Worker(WorkerLimits(seconds=20, modules=("this",))) as worker:
        assert await worker.call(eval, "'this' in __import__('sys').modules")
    async with Worker(LIMITS) as worker:
        assert not await worker.call(eval, "'this' in __import__('sys').modules")


async def test_file_descriptors_are_handed_over() -> None:
    reading, writing = os.pipe()
    try:
        async with Worker(WorkerLimits(seconds=20, descriptors=(writing,))) as worker:
            assert await worker.call(os.write, writing, b"from there") == len("from there")
        assert os.read(reading, 100) == b"from there"
    finally:
        os.close(reading)
        os.close(writing)


async def test_what_is_shared_goes_there_once() -> None:
    heavy = bytearray(1000)
    async with Worker(WorkerLimits(seconds=20, shared=(bytearray,))) as worker:
        assert await worker.call(len, heavy) == len(heavy)
        assert await worker.call(id, heavy) == await worker.call(id, heavy)


async def test_an_error_that_nobody_expected_says_where_it_came_from() -> None:
    async with Worker(LIMITS) as worker:
        with pytest.raises(ValueError, match="invalid literal") as caught:
            await worker.call(int, "x")
    assert "Traceback" in caught.value.__notes__[0]


async def test_a_call_that_takes_too_long_is_given_up_and_its_process_replaced() -> None:
    async with Worker(LIMITS) as worker:
        first = await worker.call(os.getpid)
        worker._limits = replace(LIMITS, seconds=0.1)
        with pytest.raises(WorkerTimeoutError):
            await worker.call(time.sleep, 60)
        worker._limits = LIMITS
        assert await worker.call(os.getpid) != first
        assert _is_gone(first)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is not kept everywhere")
async def test_a_call_has_no_more_memory_than_it_is_given() -> None:
    async with Worker(WorkerLimits(seconds=20, memory=1 << 29)) as worker:
        with pytest.raises(MemoryError):
            await worker.call(bytearray, 1 << 29)
        assert await worker.call(os.getpid) == worker.pid


async def test_a_call_whose_process_was_killed_is_done_by_the_next() -> None:
    async with Worker(LIMITS) as worker:
        first = await worker.call(os.getpid)
        os.kill(first, signal.SIGKILL)
        assert await worker.call(os.getpid) not in {first, os.getpid()}


async def test_a_call_that_ends_every_process_is_given_up() -> None:
    async with Worker(LIMITS) as worker:
        with pytest.raises(WorkerDiedError):
            await worker.call(os._exit, 1)
        assert await worker.call(os.getpid) == worker.pid


async def test_ctrl_c_is_not_the_workers() -> None:
    async with Worker(LIMITS) as worker:
        pid = await worker.call(os.getpid)
        os.kill(pid, signal.SIGINT)
        assert await worker.call(os.getpid) == pid
        assert os.getpgid(pid) != os.getpgid(0), "and the terminal does not send it there"


async def test_what_a_call_prints_is_no_answer() -> None:
    async with Worker(LIMITS) as worker:
        assert await worker.call(os.write, 1, b"printed") == len("printed")
        assert await worker.call(os.getpid) == worker.pid


async def test_the_answer_that_nobody_waits_for_is_not_the_next_calls() -> None:
    async with Worker(LIMITS) as worker:
        first = await worker.call(os.getpid)
        calling = asyncio.create_task(worker.call(time.sleep, 60))
        await asyncio.sleep(0)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert await worker.call(os.getpid) not in {first, None}


@pytest.mark.parametrize("python", ["", "/nowhere/python", "/bin/false"])
async def test_where_no_process_can_be_started_it_says_so(
    python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    async with Worker(LIMITS) as worker:
        for _ in range(2):
            with pytest.raises(NoWorkerError):
                await worker.call(os.getpid)
