"""Large pages are read aside, one after another."""

from __future__ import annotations

import asyncio
import threading

from scraper.posts.page.large import LARGE, read_aside


async def test_a_small_page_is_read_at_once_where_it_is_asked_for() -> None:
    assert await read_aside(LARGE, threading.current_thread) is threading.current_thread()


async def test_a_large_page_is_read_aside_while_others_go_on() -> None:
    gone_on = threading.Event()
    reading = asyncio.create_task(read_aside(LARGE + 1, gone_on.wait, 10))
    await asyncio.sleep(0)
    gone_on.set()
    assert await reading, "the loop was free to set it"


async def test_large_pages_are_read_one_after_another_and_leave_the_threads_of_the_loop_free() -> None:
    free, running, most = threading.Event(), 0, 0

    def read() -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        free.wait(10)
        running -= 1
        return threading.current_thread().name

    pages = [asyncio.create_task(read_aside(LARGE + 1, read)) for _ in range(20)]
    assert await asyncio.to_thread(lambda: "here") == "here"
    free.set()
    assert len(set(await asyncio.gather(*pages))) == 1
    assert most == 1
