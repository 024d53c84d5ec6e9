"""What a run says of the blogs that it could not read, or not to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.cli.report import utc_time
from scraper.cli.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.crawl_job import BlogFailure


def blog_failure_lines(failure: BlogFailure, *, stored: int = 0) -> list[str]:
    """Return `failure` in lines of at most 80 columns, longer only where an address is.

    The address comes first: of several blogs that failed, each is found at the beginning of a line. `stored`
    says that the blog lists nothing although so many posts of it were read before.
    """
    error = failure.error
    step = error.next_step
    if stored:
        step = f"layout changed? {stored:,} posts of it are stored; {_check(failure.blog)}"
    return wrapped(f"{error.where}: {error.what}; {step}", first="scrape: ")


def blog_failure_objects(
    failures: Iterable[BlogFailure], *, emptied: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Return `failures` as --json tells them; ``until`` is null where no host has said.

    `emptied` are the blogs that list nothing any more, with how many of their posts are stored.
    """
    return [
        {
            "blog": failure.blog,
            "reason": str(failure.error.reason),
            "message": str(failure.error),
            "until": None if failure.until is None else utc_time(failure.until),
            "layout_changed": failure.blog in (emptied or {}),
        }
        for failure in failures
    ]


def _check(blog: str) -> str:
    return f"scrape blogs check {blog} shows what is read"
