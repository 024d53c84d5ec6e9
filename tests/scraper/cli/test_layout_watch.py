"""Blogs that suddenly give nothing: what a run says of them."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.layout_watch import ChangedLayout, layout_lines, layout_objects
from storage.yields import Lack, Yield

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANGED = ChangedLayout(
    blog="https://b.example/",
    lack=Lack.LINKS,
    before=Yield(posts=50, with_genres=40, with_links=48),
    now=Yield(posts=12, with_genres=12, with_links=0),
)
ANY = ("--genres", "any", "--allow-private")


@pytest.fixture
def beside(serve: Any) -> Iterator[Callable[[Any], str]]:
    """Serve a handler beside the program, in a thread with a loop of its own; return the address."""

    @contextmanager
    def running(handler: Any) -> Iterator[str]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        served = serve(handler)
        try:
            yield asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result()
        finally:
            asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    with ExitStack() as stack:
        yield lambda handler: f"{stack.enter_context(running(handler))}/"


def test_the_numbers_then_and_now_are_told_with_the_command_that_looks_closer() -> None:
    assert layout_lines(CHANGED) == [
        "scrape: layout changed? 12 posts of https://b.example/ gave no links, of the 50",
        "        before 48 did; scrape blogs check https://b.example/ shows what is read",
    ]
    assert layout_objects([CHANGED]) == [
        {
            "blog": "https://b.example/",
            "lack": "no links",
            "posts": 12,
            "posts_before": 50,
            "had_it_before": 48,
        }
    ]


def test_a_run_says_when_posts_have_ceased_to_have_links(
    scrape: Callable[..., Any], simulated: Any, beside: Callable[[Any], str]
) -> None:
    blog = simulated(12)
    whole = blog.post
    blog.post = lambda number: whole(number) if number <= 12 else re.sub("<a .*?</a>", "", whole(number))
    url = beside(blog.answer)
    first = scrape(url, *ANY, "--json")
    assert json.loads(first.out)["layout_changed"] == []
    blog.numbers = list(range(18, 0, -1))
    ran = scrape(url, *ANY, "--quiet")
    assert ran.code == 0
    said = " ".join(ran.err.split())
    assert f"layout changed? 6 posts of {url} gave no links, of the 12 before 12 did" in said
    assert f"scrape blogs check {url} shows what is read" in said


def test_a_dry_run_watches_nothing(
    scrape: Callable[..., Any], simulated: Any, beside: Callable[[Any], str]
) -> None:
    blog = simulated(12)
    url = beside(blog.answer)
    scrape(url, *ANY)
    blog.numbers = list(range(18, 0, -1))
    whole = blog.post
    blog.post = lambda number: re.sub("<a .*?</a>", "", whole(number))
    assert "layout changed" not in scrape(url, *ANY, "--dry-run").err


def test_a_blog_that_lists_nothing_any_more_is_told_with_what_is_stored_of_it(
    scrape: Callable[..., Any], simulated: Any, beside: Callable[[Any], str]
) -> None:
    blog = simulated(12, feed=0)
    url = beside(blog.answer)
    scrape(url, *ANY)
    blog.numbers = []
    ran = scrape(url, *ANY, "--json")
    (failed,) = json.loads(ran.out)["blogs_failed"]
    assert (ran.code, failed["reason"], failed["layout_changed"]) == (1, "no-posts", True)
    said = " ".join(ran.err.split())
    assert f"layout changed? 12 posts of it are stored; scrape blogs check {url} shows what is read" in said
