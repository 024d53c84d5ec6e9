"""Heavy pages in a real process: what comes back, what ends it, and what becomes of the page then."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.large import is_heavy
from scraper.posts.page.locks import LockedPostError
from scraper.posts.understand import read_page
from scraper.posts.worker.aside import Aside

HEAVY = "<" * 4000
FULL = """
import resource
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (16 << 20), resource.RLIM_INFINITY))
"""
URL = "https://blog.example/2024/05/a-post/"
LISTED = ListedPost(url=URL, key=URL)
CONTEXT = Context(blog="https://blog.example/", graph=default_graph(), now=1_780_000_000.0)
POST = (
    b"<html><head><title>Kora - Lines</title></head><body><article><h1>Kora - Lines</h1>"
    b"<p>Genre: Techno</p><p><a href='/lines.mp3'>Download</a></p></article></body></html>"
)
LOCKED = (
    b"<html><body><article><h1>Protected: x</h1><form class='post-password-form'>"
    b"<input type='password' name='post_password'></form></article></body></html>"
)


async def test_a_light_page_is_read_at_once_and_no_process_is_begun() -> None:
    async with Aside() as aside:
        assert await aside.read("<p>x", os.getpid) == os.getpid()
        assert aside.pid is None


async def test_heavy_pages_are_read_in_one_other_process_which_ends_with_the_run() -> None:
    async with Aside() as aside:
        pids = [await aside.read(HEAVY, os.getpid) for _ in range(2)]
        assert pids == [aside.pid] * 2
    assert pids[0] != os.getpid()
    assert aside.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


async def test_a_page_is_understood_there_as_it_is_here() -> None:
    here = read_page(POST, "utf-8", URL, listed=LISTED, context=CONTEXT)
    async with Aside() as aside:
        for _ in range(2):  # the second finds the graph of genres there already
            there = await aside.read(HEAVY, read_page, POST, "utf-8", URL, listed=LISTED, context=CONTEXT)
            assert there == here
    assert here.post.genres == ("techno",)


@pytest.mark.parametrize(
    ("body", "error"),
    [pytest.param(LOCKED, LockedPostError, id="locked"), pytest.param(b"", UnreadablePageError, id="empty")],
)
async def test_an_error_of_the_reader_comes_back_as_what_it_is(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as here:
        read_page(body, "utf-8", URL, listed=LISTED, context=CONTEXT)
    async with Aside() as aside:
        with pytest.raises(error) as there:
            await aside.read(HEAVY, read_page, body, "utf-8", URL, listed=LISTED, context=CONTEXT)
        assert str(there.value) == str(here.value)
        assert aside.pid is not None, "it goes on with the next page"


async def test_a_page_that_takes_too_long_is_given_up_and_its_process_replaced() -> None:
    async with Aside() as aside:
        first = await aside.read(HEAVY, os.getpid)
        limits = aside._worker._limits
        aside._worker._limits = replace(limits, seconds=0.1)
        with pytest.raises(UnreadablePageError, match="took too long"):
            await aside.read(HEAVY, time.sleep, 60)
        aside._worker._limits = limits
        assert await aside.read(HEAVY, os.getpid) != first
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is not kept everywhere")
async def test_a_page_that_takes_too_much_memory_is_given_up() -> None:
    async with Aside() as aside:
        with pytest.raises(UnreadablePageError, match="more memory"):
            await aside.read(HEAVY, bytearray, 1 << 31)
        assert await aside.read(HEAVY, os.getpid) == aside.pid


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is not kept everywhere")
async def test_a_page_that_does_not_fit_beside_what_others_left_is_read_by_the_next() -> None:
    async with Aside() as aside:
        first = await aside.read(HEAVY, os.getpid)
        await aside.read(HEAVY, exec, FULL)
        assert await aside.read(HEAVY, len, bytes(64 << 20)) == 64 << 20
        assert aside.pid != first


async def test_a_page_whose_process_was_killed_is_read_by_the_next() -> None:
    async with Aside() as aside:
        first = await aside.read(HEAVY, os.getpid)
        os.kill(first, signal.SIGKILL)
        assert await aside.read(HEAVY, os.getpid) not in {first, os.getpid()}


async def test_a_page_that_ends_every_process_is_unreadable() -> None:
    async with Aside() as aside:
        with pytest.raises(UnreadablePageError, match="ends the process"):
            await aside.read(HEAVY, os._exit, 1)
        assert await aside.read(HEAVY, os.getpid) == aside.pid


async def test_pages_go_one_after_another() -> None:
    async with Aside() as aside:
        assert len(set(await asyncio.gather(*(aside.read(HEAVY, os.getpid) for _ in range(5))))) == 1


@pytest.mark.parametrize("python", ["", "/nowhere/python", "/bin/false"])
async def test_where_no_process_can_be_started_a_thread_reads(
    python: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with caplog.at_level(logging.WARNING):
        async with Aside() as aside:
            assert [await aside.read(HEAVY, os.getpid) for _ in range(2)] == [os.getpid()] * 2
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == [
        "No process for large pages"
    ]


@pytest.mark.parametrize("error", [BlockingIOError, RuntimeError])
async def test_where_there_is_no_room_for_a_process_a_thread_reads(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start(*_: object, **__: object) -> None:
        raise error("can't start new thread")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    async with Aside() as aside:
        assert await aside.read(HEAVY, os.getpid) == os.getpid()


@pytest.mark.parametrize(
    ("markup", "heavy"),
    [
        ("", False),
        ("<p>" * 2400, False),
        ("<p>" * 2450, True),
        (b"<p>" * 2450, True),
        (b"x" * 249_000, False),
        ("x" * 251_000, True),
    ],
)
def test_many_tags_make_a_page_heavy_as_many_bytes_do(markup: bytes | str, heavy: bool) -> None:
    assert is_heavy(markup) == heavy
