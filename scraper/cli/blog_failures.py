"""What a run says of the blogs that it could not read, or not to their end."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from scraper.cli.console import visible
from scraper.cli.report import utc_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.crawl_job import BlogFailure

_WIDTH = 80
_NAME = "scrape: "


def blog_failure_lines(failure: BlogFailure) -> list[str]:
    """Return `failure` in lines of at most 80 columns, longer only where an address is.

    The address comes first: of several blogs that failed, each is found at the beginning of a line.
    """
    error = failure.error
    return textwrap.wrap(
        visible(f"{error.where}: {error.what}; {error.next_step}"),
        width=_WIDTH,
        initial_indent=_NAME,
        subsequent_indent=" " * len(_NAME),
        break_long_words=False,
        break_on_hyphens=False,
    )


def blog_failure_objects(failures: Iterable[BlogFailure]) -> list[dict[str, Any]]:
    """Return `failures` as --json tells them; ``until`` is null where no host has said."""
    return [
        {
            "blog": failure.blog,
            "reason": str(failure.error.reason),
            "message": str(failure.error),
            "until": None if failure.until is None else utc_time(failure.until),
        }
        for failure in failures
    ]
