"""What was promised to a host and whether it was kept: judged from its own log and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.polite_hosts import Served, Temper

_OK = 200
_FIRST_ERROR = 400
_TOO_MANY = 429
_ROBOTS = "/robots.txt"

_JITTER = 0.03  # seconds that two arrivals may seem closer than they were: a busy machine wakes the host late
_UNDER_WAY = 0.1  # seconds in which requests arrive that were sent before the client could read a 429
_PAUSE = 1.0  # seconds without an arrival, above the latency, that an easy-going host may see
_REFUSED = 3  # requests, until the client has found out what a weak host bears
_REFUSED_SHARE = 0.05  # of the pages, as it tries now and then whether that has changed


@dataclass(frozen=True, slots=True, kw_only=True)
class HostReport:
    """What a host saw. Times are seconds."""

    host: str
    pages: int
    """Pages answered with 200, each counted once."""
    again: int
    """Requests for pages that had been answered with 200 before."""
    errors: int
    peak: int
    """Requests in flight at one moment, at most."""
    smallest_interval: float | None
    """Between the arrivals of two requests, the one for robots.txt included; None for fewer than two."""
    longest_pause: float
    """Between two arrivals."""
    retry_after_kept: bool | None
    """None where no Retry-After was sent."""
    seconds: float
    """From the first arrival to the last answer."""


def report_of(temper: Temper, log: Iterable[Served]) -> HostReport:
    """Return what the host with this `temper` saw, by the log of all hosts."""
    served = sorted((one for one in log if one.host == temper.name), key=lambda one: one.arrived)
    asked = [one for one in served if one.path != _ROBOTS]
    read = Counter(one.path for one in asked if one.status == _OK)
    limited = [one.answered for one in asked if one.status == _TOO_MANY]
    seconds = max(one.answered for one in served) - served[0].arrived if served else 0.0
    return HostReport(
        host=temper.name,
        pages=len(read),
        again=read.total() - len(read),
        errors=sum(one.status >= _FIRST_ERROR for one in served),
        peak=peak_in_flight(served),
        smallest_interval=min(_intervals(served), default=None),
        longest_pause=max(_intervals(served), default=0.0),
        retry_after_kept=_left_alone(served, limited, temper.retry_after) if limited else None,
        seconds=seconds,
    )


def broken_promises(report: HostReport, temper: Temper, *, pages: int, per_host: int) -> list[str]:
    """Return a sentence for each promise that was broken, where `pages` were asked of the host."""
    interval, pause = report.smallest_interval, temper.latency + _PAUSE
    easy_going = not (temper.crawl_delay or temper.limited_at or temper.bearable)
    sentences = {
        f"{report.peak} requests in flight, {per_host} allowed": report.peak > per_host,
        f"{interval or 0:.3f} s between requests, Crawl-delay {temper.crawl_delay:g}": (
            interval is not None and interval < temper.crawl_delay - _JITTER
        ),
        f"asked within the {temper.retry_after} s of Retry-After": report.retry_after_kept is False,
        f"{report.pages} of {pages} pages read": report.pages != pages,
        f"{report.again} requests for pages read before": report.again > 0,
        f"kept waiting for {report.longest_pause:.1f} s": easy_going and report.longest_pause > pause,
        f"{report.errors} requests that it could not bear": (
            bool(temper.bearable) and report.errors > max(_REFUSED, _REFUSED_SHARE * pages)
        ),
    }
    return [f"{report.host}: {sentence}" for sentence, broken in sentences.items() if broken]


def peak_in_flight(served: Iterable[Served]) -> int:
    """Return how many requests were between arrival and answer at one moment, at most."""
    served = list(served)
    # At the same instant an answer counts before an arrival.
    moments = sorted([(one.arrived, 1) for one in served] + [(one.answered, -1) for one in served])
    peak = now = 0
    for _, change in moments:
        now += change
        peak = max(peak, now)
    return peak


def _intervals(served: Sequence[Served]) -> list[float]:
    return [after.arrived - before.arrived for before, after in pairwise(served)]


def _left_alone(served: Iterable[Served], limited: Sequence[float], seconds: float) -> bool:
    """Return whether nothing arrived in the `seconds` after each of the moments `limited`."""
    return not any(
        moment + _UNDER_WAY < one.arrived < moment + seconds - _JITTER for one in served for moment in limited
    )
