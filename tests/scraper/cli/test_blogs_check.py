"""scrape blogs check: what is printed, and that nothing is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs.check_report import BlogCheck, RobotsVerdict, UnreadPost
from scraper.cli.blogs_check_report import check_lines, check_object

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BLOG = "https://b.example/"


def test_a_blog_is_looked_at_with_few_requests_and_nothing_is_kept(
    scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    ran = scrape("blogs", "check", served.url, "--allow-private")
    assert ran.code == 0
    assert "Next: scrape blogs add" in ran.err
    assert len(served.requests) <= 8
    assert not (tmp_path / "crate.sqlite3").exists()
    told = [line for line in ran.out.splitlines() if "http" not in line]
    assert max(map(len, told)) <= 80
    assert "robots.txt" in ran.out
    assert "The newest posts" in ran.out


def test_of_a_database_that_is_there_only_robots_is_used(scrape: Callable[..., Any], served: Any) -> None:
    scrape("blogs", "add", "https://other.example/")
    first = json.loads(scrape("blogs", "check", served.url, "--allow-private", "--json").out)
    second = json.loads(scrape("blogs", "check", served.url, "--allow-private", "--json").out)
    assert second["requests"] == first["requests"] - 1
    status = json.loads(scrape("status", "--json").out)
    assert (status["posts"], status["runs"], sum(status["downloads"].values())) == (0, [], 0)
    assert [blog["url"] for blog in status["blogs"]] == ["https://other.example/"]


def test_programs_get_one_object(scrape: Callable[..., Any], served: Any) -> None:
    ran = scrape("blogs", "check", served.url, "--allow-private", "--json")
    said = json.loads(ran.out)
    assert (ran.code, ran.err, said["error"], said["robots"]["allows"]) == (0, "", None, True)
    assert len(said["posts"]) == 3
    assert all(post["title"] and post["unread"] is None for post in said["posts"])


def test_a_blog_that_cannot_be_read_is_told_with_the_next_step(
    scrape: Callable[..., Any], served: Any
) -> None:
    ran = scrape("blogs", "check", served.url)
    assert ran.code == 1
    assert "--allow-private" in ran.err
    assert not served.requests
    missing = scrape("blogs", "check", f"{served.url}missing/", "--allow-private")
    assert missing.code == 1
    assert "(404)" in missing.err


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        (RobotsVerdict(obeyed=False), "not read (--no-robots)"),
        (RobotsVerdict(obeyed=True), "not known: nothing came"),
        (RobotsVerdict(obeyed=True, allows=True, status=200), "allows it; no Crawl-delay"),
        (RobotsVerdict(obeyed=True, allows=False, status=200), "forbids it; no Crawl-delay"),
        (RobotsVerdict(obeyed=True, allows=True, status=404), "there is none (404), so all is allowed"),
        (
            RobotsVerdict(obeyed=True, allows=True, status=200, crawl_delay=2.5, delay=4.0),
            "allows it; Crawl-delay 2.5 s; 4 s between two requests",
        ),
        (RobotsVerdict(obeyed=True, allows=True, status=200, age=4 * 86_400.0), "a copy of 4 days ago"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_robots_says_is_told_in_words(robots: RobotsVerdict, said: str) -> None:
    lines = list(check_lines(BlogCheck(url=BLOG, address=BLOG, robots=robots)))
    assert said in " ".join(" ".join(lines).split())


def test_what_a_blog_says_does_nothing_to_the_terminal() -> None:
    hostile = "\x1b]0;pwn\x07\u202e\r\n"
    found = BlogCheck(
        url=BLOG,
        address=BLOG,
        robots=RobotsVerdict(obeyed=True),
        platform=f"Hugo{hostile}",
        recognised_by=hostile,
        notes=[hostile * 9],
        posts=[UnreadPost(url=BLOG + hostile, why=hostile)],
    )
    assert all(line.isprintable() for line in check_lines(found))
    assert json.loads(json.dumps(check_object(found)))["posts"][0]["url"].startswith(BLOG)
