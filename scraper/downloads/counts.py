"""What a drain has done so far, for progress displays, reports and records of runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.reasons import Reason
    from storage.records import Download


@dataclass(slots=True, kw_only=True)
class LeftAlone:
    """That nothing is asked of a host before `until` (POSIX seconds UTC), and what was put off for it."""

    until: float
    reason: Reason
    downloads: int = 0


@dataclass(slots=True)
class DrainCounts:
    """Plain numbers that a progress display may read at any time."""

    done: int = 0
    bytes: int = 0
    """Bytes received, those of failed attempts included."""
    later: Counter[Reason] = field(default_factory=Counter)
    """Failed this time or put off, and due again later, by reason."""
    failed: Counter[Reason] = field(default_factory=Counter)
    """Failed for good, by reason."""
    left_alone: dict[str, LeftAlone] = field(default_factory=dict)
    """Hosts that wanted more patience than a run has, by name or platform."""
    running: dict[int, Download] = field(default_factory=dict)
    """What is held now, by id."""

    @property
    def put_back(self) -> int:
        """How many are due again later."""
        return self.later.total()

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
