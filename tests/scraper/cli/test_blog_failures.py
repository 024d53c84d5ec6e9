"""What a run says of the blogs that it could not read: in lines, and to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.blog_failures import blog_failure_lines, blog_failure_objects
from scraper.crawl_job import BlogFailure
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

BLOG = "https://blog.example/"
UNTIL = 1_795_183_200.0


def failure(reason: Reason, *, blog: str = BLOG, detail: str | None = None) -> BlogFailure:
    return BlogFailure(blog=blog, error=FetchError(reason, blog, detail=detail), until=UNTIL)


def test_a_host_that_is_left_alone_is_named_first_then_until_when() -> None:
    asked = failure(Reason.RATE_LIMITED, detail="not before 2026-11-21 14:30; the next run goes on")
    assert blog_failure_lines(asked) == [
        "scrape: https://blog.example/: the server asked for patience (not before",
        "        2026-11-21 14:30; the next run goes on); it is tried again when it",
        "        allows",
    ]


@pytest.mark.parametrize("reason", Reason, ids=str)
def test_a_failure_is_said_in_whole_words_within_80_columns(reason: Reason) -> None:
    failed = failure(reason, detail="a detail of some length, as servers like to give")
    lines = blog_failure_lines(failed)
    assert max(map(len, lines)) <= 80
    assert (
        " ".join(" ".join(lines).split()) == f"scrape: {BLOG}: {failed.error.what}; {failed.error.next_step}"
    )


def test_an_address_is_never_broken_and_a_hostile_one_does_nothing() -> None:
    long = f"https://blog.example/{'a-' * 60}"
    assert blog_failure_lines(failure(Reason.TIMEOUT, blog=long))[0].endswith(f" {long}:")
    lines = blog_failure_lines(failure(Reason.TIMEOUT, detail="\x1b]0;pwn\x07\r\nscrape: all is well"))
    assert all(line.isprintable() for line in lines)
    assert lines[1].startswith(" ")


def test_programs_are_told_which_blog_failed_why_and_until_when() -> None:
    unheld = BlogFailure(blog=BLOG, error=FetchError(Reason.TLS, BLOG))
    asked = failure(Reason.RATE_LIMITED)
    assert blog_failure_objects([asked, unheld]) == [
        {
            "blog": BLOG,
            "reason": "rate-limited",
            "message": str(asked.error),
            "until": "2026-11-20T14:00:00+00:00",
            "layout_changed": False,
        },
        {
            "blog": BLOG,
            "reason": "tls-error",
            "message": str(unheld.error),
            "until": None,
            "layout_changed": False,
        },
    ]


def test_a_blog_that_had_posts_before_is_told_with_what_to_look_at() -> None:
    silent = failure(Reason.NO_POSTS)
    said = " ".join(" ".join(blog_failure_lines(silent, stored=1234)).split())
    assert said.endswith(
        f"layout changed? 1,234 posts of it are stored; scrape blogs check {BLOG} shows what is read"
    )
    assert blog_failure_objects([silent], emptied={BLOG: 1234})[0]["layout_changed"] is True


def test_the_object_of_a_run_names_the_blogs_that_failed(scrape: Callable[..., Any], served: Any) -> None:
    missing = f"{served.url}missing/"
    said = json.loads(scrape(served.url, missing, "--genres", "house", "--allow-private", "--json").out)
    (failed,) = said["blogs_failed"]
    assert (failed["blog"], failed["reason"], failed["until"]) == (missing, "not-found", None)
    assert missing in failed["message"]
    said = json.loads(scrape(served.url, "--genres", "house", "--allow-private", "--json").out)
    assert said["blogs_failed"] == []
