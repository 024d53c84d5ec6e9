"""What a run says of the blogs that it left out because they failed again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.cli.report import utc_time
from scraper.stopping import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.crawl import PutOff

_ONE_BY_ONE = 3


def put_off_notes(put_off: Sequence[PutOff], *, now: float) -> list[str]:
    """Return a note for each of a few blogs, one for many; `now` is POSIX seconds UTC."""
    ordered = sorted(put_off, key=lambda one: (one.until, one.blog))
    if len(ordered) > _ONE_BY_ONE:
        first, last = (moment(one.until, now=now) for one in (ordered[0], ordered[-1]))
        left_out = f"{len(ordered):,} blogs that failed again and again are left out, to be asked again from"
        return [f"{left_out} {first} to {last}; scrape blogs list says which; --full asks them now"]
    return [
        f"{one.blog}: left out after {one.failures:,} failures in a row ({one.reason or 'unknown'}), to be "
        f"asked again from {moment(one.until, now=now)}; scrape {one.blog} … or --full asks now"
        for one in ordered
    ]


def put_off_objects(put_off: Iterable[PutOff]) -> list[dict[str, Any]]:
    """Return `put_off` as --json tells it."""
    return [
        {
            "blog": one.blog,
            "until": utc_time(one.until),
            "failures": one.failures,
            "reason": None if one.reason is None else str(one.reason),
        }
        for one in put_off
    ]
