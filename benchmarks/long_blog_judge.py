"""What reading long blogs promises, judged from the figures of its runs: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_MB: Final = 150
"""Memory at the peak of a run, in MB."""

MOST_AGAIN: Final = 2
"""Requests of a second run, robots.txt not counted; that one is asked for once at most."""

MOST_GROWTH: Final = 1.5
"""The time a post takes at the largest size, in times of what it takes at the smallest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One run of the command: what it took, and by kind what the blog was asked for.

    `seconds` are those on the clock, `processor` those of the processor.
    """

    seconds: float
    processor: float
    peak_mb: float
    requests: Mapping[str, int]
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeReport:
    """A blog of so many `posts` read for the first and for the second time.

    `stored` are the rows of its posts afterwards, `different` the posts among them, `queued` the downloads.
    """

    posts: int
    first: Figures
    second: Figures
    stored: int
    different: int
    queued: int

    @property
    def posts_per_second(self) -> float:
        """Of the first run."""
        return self.posts / self.first.seconds


def growth(sizes: Sequence[SizeReport]) -> float:
    """Return the time a post takes at the last of `sizes`, in times of what it takes at the first."""
    return sizes[0].posts_per_second / sizes[-1].posts_per_second


def processor_growth(sizes: Sequence[SizeReport]) -> float:
    """Return the same of the processor's time, which tells less of what else the machine did."""
    first, last = sizes[0], sizes[-1]
    return (last.first.processor / last.posts) / (first.first.processor / first.posts)


def broken_promises(sizes: Sequence[SizeReport]) -> list[str]:
    """Return a sentence for each promise that one way of listing did not keep at these `sizes`."""
    broken = [f"{report.posts:,} posts: {sentence}" for report in sizes for sentence in _broken(report)]
    if growth(sizes) > MOST_GROWTH:
        broken.append(
            f"a post takes {growth(sizes):.2f} times as long at {sizes[-1].posts:,} as at {sizes[0].posts:,}"
        )
    return broken


def _broken(report: SizeReport) -> Iterator[str]:
    for name, run in (("first", report.first), ("second", report.second)):
        if run.exit_code:
            yield f"the {name} run ended with exit code {run.exit_code}"
        if run.peak_mb > MOST_MB:
            yield f"the {name} run took {run.peak_mb:.0f} MB"
    if report.different < report.posts:
        yield f"{report.posts - report.different:,} posts are missing"
    if report.stored > report.different:
        yield f"{report.stored - report.different:,} posts are stored twice"
    if report.queued != report.posts:
        yield f"{report.queued:,} downloads are queued"
    asked = dict(report.second.requests)
    robots = asked.pop("robots.txt", 0)
    if robots > 1 or sum(asked.values()) > MOST_AGAIN:
        yield f"the second run asked {sum(asked.values()) + robots} times"
