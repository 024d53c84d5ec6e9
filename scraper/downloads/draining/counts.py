"""What a drain has done so far, for progress displays, reports and records of runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.reasons import Reason
    from storage.records import Download

MOST_NAMED: Final = 10
"""Failed downloads that are kept by name for each reason: the others are counted."""


@dataclass(slots=True, kw_only=True)
class LeftAlone:
    """That nothing is asked of a host before `until` (POSIX seconds UTC), and what was put off for it."""

    until: float
    reason: Reason
    downloads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDownload:
    """A download that failed for good. `name` is its wished name, `detail` what exactly was seen."""

    id: int
    name: str | None
    url: str
    reason: Reason
    detail: str | None


@dataclass(slots=True)
class DrainCounts:
    """Plain numbers that a progress display may read at any time."""

    done: int = 0
    bytes: int = 0
    """Bytes received, those of failed attempts included."""
    later: Counter[Reason] = field(default_factory=Counter)
    """Failed this time or put off, and due again later, by reason."""
    earliest: dict[Reason, float] = field(default_factory=dict)
    """When the first of these is due again, by reason: POSIX seconds UTC."""
    failed: Counter[Reason] = field(default_factory=Counter)
    """Failed for good, by reason."""
    failures: dict[Reason, list[FailedDownload]] = field(default_factory=dict)
    """The first of them, at most `MOST_NAMED` for a reason."""
    left_alone: dict[str, LeftAlone] = field(default_factory=dict)
    """Hosts that wanted more patience than a run has, by name or platform."""
    untried: int = 0
    """Of `later`, how many were not tried at all, because their host is left alone."""
    running: dict[int, Download] = field(default_factory=dict)
    """What is held now, by id."""

    @property
    def put_back(self) -> int:
        """How many are due again later."""
        return self.later.total()

    @property
    def tried(self) -> int:
        """How many attempts came to an end, good or bad."""
        return self.done + self.failed.total() + self.later.total() - self.untried

    def fail(self, download: Download, reason: Reason, detail: str | None) -> None:
        """Count `download` as failed for good."""
        self.failed[reason] += 1
        named = self.failures.setdefault(reason, [])
        if len(named) < MOST_NAMED:
            named.append(
                FailedDownload(
                    id=download.id, name=download.stem, url=download.url, reason=reason, detail=detail
                )
            )

    def try_later(self, reason: Reason, *, due: float, tried: bool = True) -> None:
        """Count one download that waits again until `due`, POSIX seconds UTC."""
        self.later[reason] += 1
        self.untried += not tried
        self.earliest[reason] = min(due, self.earliest.get(reason, due))

    def leave_alone(self, group: str, *, until: float, reason: Reason) -> None:
        """Count one download that was put off because `group` is left alone before `until`."""
        known = self.left_alone.setdefault(group, LeftAlone(until=until, reason=reason))
        known.downloads += 1
        if until > known.until:
            known.until, known.reason = until, reason

    def numbers(self) -> dict[str, int]:
        """Return the counts by name, for records of runs and for --json."""
        return {
            "downloaded": self.done,
            "downloaded_bytes": self.bytes,
            "put_back": self.put_back,
            "download_failed": self.failed.total(),
        }
