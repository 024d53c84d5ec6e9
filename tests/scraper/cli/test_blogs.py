"""scrape blogs add, remove, list: which blogs are read without being named."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.blog_sources import one_spelling
from storage.blog_backoff import DAY
from storage.blogs import Blogs
from storage.database import Database
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

BLOG = "https://blog.example/"


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[Callable[[Blogs], Awaitable[object]]], None]:
    """Do something with the blogs of the test's database."""

    def do(act: Callable[[Blogs], Awaitable[object]]) -> None:
        async def run() -> None:
            async with await Database.open(tmp_path / "crate.sqlite3") as database:
                await act(Blogs(database))

        asyncio.run(run())

    return do


async def _fails(blogs: Blogs, url: str, *, times: int = 3) -> None:
    """Note that `url` failed in as many nights, the last one now."""
    now = time.time()
    for night in range(times):
        at = now - (times - 1 - night) * 8 * DAY
        await blogs.note_run(url, ok=False, reason=Reason.SERVER_ERROR, at=at)


def _listed(scrape: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    return {blog["url"]: blog for blog in json.loads(scrape("blogs", "list", "--json").out)["blogs"]}


def test_a_blog_that_is_followed_is_read_without_being_named(scrape: Callable[..., Any], served: Any) -> None:
    added = scrape("blogs", "add", served.url)
    assert (added.code, added.out) == (0, "")
    assert "followed from now on" in added.err
    assert "Next: scrape --genres house" in added.err
    assert not served.requests
    ran = scrape("--genres", "house", "techno", "--allow-private", "--json")
    assert (ran.code, json.loads(ran.out)["matched"]) == (0, 21)
    blog = _listed(scrape)[served.url]
    assert (blog["followed"], blog["state"], blog["posts"]) == (True, "fine", 52)


@pytest.mark.parametrize(
    "spelled", ["http://blog.example/", "https://blog.example", "www.blog.example", "https://BLOG.example/"]
)
def test_a_blog_is_followed_once_however_it_is_spelled_and_found_again_to_be_removed(
    scrape: Callable[..., Any], spelled: str
) -> None:
    scrape("blogs", "add", BLOG)
    again = json.loads(scrape("blogs", "add", spelled, "--json").out)
    assert again == {"followed": [{"url": BLOG, "new": False}]}
    removed = scrape("blogs", "remove", spelled)
    assert removed.code == 0
    assert "no longer followed; its 0 posts and their downloads stay" in removed.err
    assert not _listed(scrape)[BLOG]["followed"]


def test_a_blog_that_was_read_before_is_followed_under_the_address_it_was_read_by(
    scrape: Callable[..., Any], served: Any
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--quiet")
    spelled = served.url.rstrip("/").replace("http://", "https://")
    assert json.loads(scrape("blogs", "add", spelled, "--json").out)["followed"][0]["url"] == served.url


def test_a_blog_that_is_not_followed_is_not_removed_and_the_nearest_is_named(
    scrape: Callable[..., Any],
) -> None:
    scrape("blogs", "add", BLOG)
    ran = scrape("blogs", "remove", "https://blog.exampel/")
    assert (ran.code, f"Did you mean {BLOG}?" in ran.err) == (2, True)
    ran = scrape("blogs", "remove", BLOG, "https://other.example/")
    assert ran.code == 2
    assert "with scrape blogs list" in ran.err
    assert not _listed(scrape)[BLOG]["followed"]


def test_a_blog_of_the_configuration_is_to_be_removed_there(
    scrape: Callable[..., Any], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('blogs = ["https://blog.example"]\n', encoding="utf-8")
    scrape("blogs", "add", "https://other.example/")
    ran = scrape("blogs", "remove", BLOG, "--config", str(config))
    assert (ran.code, "config.toml" in ran.err) == (2, True)
    listed = json.loads(scrape("blogs", "list", "--json", "--config", str(config)).out)["blogs"]
    assert [(blog["url"], blog["configured"], blog["state"]) for blog in listed] == [
        (BLOG, True, "never read"),
        ("https://other.example/", False, "never read"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "action"),
        (("add",), "No blog is named"),
        (("check",), "No blog is named"),
        (("list", BLOG), "takes no address"),
        (("check", BLOG, "https://b.example/"), "one blog at a time"),
        (("add", "https://bl og.example/"), "no address that can be asked for"),
        (("add", "frobnicate"), "no address of a blog"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_one_line_and_begins_no_database(
    scrape: Callable[..., Any], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = scrape("blogs", *words)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert said in ran.err
    assert not (tmp_path / "crate.sqlite3").exists()


def test_the_list_says_how_each_blog_fares_within_80_columns(
    scrape: Callable[..., Any], kept: Callable[..., None]
) -> None:
    async def prepare(blogs: Blogs) -> None:
        await blogs.follow("https://broken.example/")
        await _fails(blogs, "https://broken.example/")
        await blogs.note_gone("https://gone.example/", at=time.time())
        await blogs.note_run("https://once.example/", ok=True, reason=None, at=time.time())
        await blogs.note_way(
            "https://once.example/",
            platform="WordPress.com",
            way="WordPress.com API",
            way_address=None,
            announced=1_234_567,
            marker=None,
        )

    kept(prepare)
    ran = scrape("blogs", "list")
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "https://broken.example/  (followed)" in lines
    assert "https://once.example/  (only when named)" in lines
    assert "failed 3 times" in ran.out
    assert "server-error: the server failed (5xx); not asked before" in ran.out
    assert "gone for good since" in ran.out
    assert "0 of 1,234,567" in ran.out
    assert lines[-1] == "3 blogs: 1 not finished, 1 failed, 1 gone"
    broken = _listed(scrape)["https://broken.example/"]
    assert (broken["state"], broken["reason"], broken["failures"]) == ("failed", "server-error", 3)
    assert broken["until"] is not None


def test_a_hostile_name_does_nothing_to_the_terminal(
    scrape: Callable[..., Any], kept: Callable[..., None]
) -> None:
    kept(lambda blogs: blogs.follow("https://b.example/\x1b]0;pwn\x07"))
    out = scrape("blogs", "list").out
    assert all(line.isprintable() for line in out.splitlines())


def test_a_blog_that_is_not_due_is_left_out_with_a_note_and_without_a_failure(
    scrape: Callable[..., Any], served: Any, kept: Callable[..., None]
) -> None:
    async def prepare(blogs: Blogs) -> None:
        await blogs.follow(served.url)
        await _fails(blogs, served.url)

    kept(prepare)
    ran = scrape("--genres", "house", "--allow-private")
    assert (ran.code, list(served.requests)) == (0, [])
    note = " ".join(ran.err.split())
    assert f"note: {served.url}: left out after 3 failures in a row (server-error)" in note
    assert f"scrape {served.url} … or --full asks now" in note
    assert scrape("--genres", "house", "--allow-private", "--quiet").err == ""
    said = json.loads(scrape("--genres", "house", "--allow-private", "--json").out)
    assert [one["blog"] for one in said["blogs_put_off"]] == [served.url]


@pytest.mark.parametrize("named", [True, False], ids=["named", "--full"])
def test_a_blog_that_is_not_due_is_asked_all_the_same_when_it_is_wanted(
    scrape: Callable[..., Any], served: Any, kept: Callable[..., None], named: bool
) -> None:
    async def prepare(blogs: Blogs) -> None:
        await blogs.follow(served.url)
        await _fails(blogs, served.url)

    kept(prepare)
    words = [served.url] if named else ["--full"]
    ran = scrape(*words, "--genres", "house", "techno", "--allow-private", "--json")
    assert json.loads(ran.out)["matched"] == 21
    assert _listed(scrape)[served.url]["failures"] == 0


def test_blogs_that_are_named_are_read_alone_on_whichever_side_of_the_genres(
    scrape: Callable[..., Any], served: Any, unused_tcp_port: int
) -> None:
    scrape("blogs", "add", f"http://127.0.0.1:{unused_tcp_port}/")
    ran = scrape("--genres", "house", "techno", served.url, "--allow-private", "--json")
    assert (ran.code, json.loads(ran.out)["matched"]) == (0, 21)


def test_of_several_spellings_the_first_counts() -> None:
    assert one_spelling([BLOG, "http://www.blog.example", "https://b.example/a", "https://b.example/A"]) == [
        BLOG,
        "https://b.example/a",
        "https://b.example/A",
    ]
