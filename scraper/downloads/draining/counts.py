"""What a drain has done so far, for progress displays, reports and records of runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from storage.holds import Hold
    from storage.reasons import Reason
    from storage.records import Download

MOST_NAMED: Final = 10
"""Failed downloads that are kept by name for each reason: the others are counted."""


@dataclass(slots=True, kw_only=True)
class LeftAlone:
    """That nothing is asked of a host before `until` (POSIX seconds UTC), and how many wait for that."""

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


class _Later(NamedTuple):
    reason: Reason
    due: float


@dataclass(slots=True)
class DrainCounts:
    """What became of the downloads of a drain: numbers that a progress display may read at any time.

    What is tried again counts by its last end only, so that at the end of a long watch the numbers tell how
    things are then.
    """

    done: int = 0
    bytes: int = 0
    """Bytes received, those of failed attempts included."""
    failures: dict[Reason, list[FailedDownload]] = field(default_factory=dict)
    """The first of what failed for good, at most `MOST_NAMED` for a reason."""
    left_alone: dict[str, LeftAlone] = field(default_factory=dict)
    """Hosts that wanted more patience than a run has, by name or platform."""
    running: dict[int, Download] = field(default_factory=dict)
    """What is held now, by id."""
    sizes: dict[int, int] = field(default_factory=dict)
    """The bytes that servers announced of what is held, by id."""
    _failed: dict[int, Reason] = field(default_factory=dict)
    _later: dict[int, _Later] = field(default_factory=dict)
    _held_off: dict[int, str] = field(default_factory=dict)
    _missed: int = 0

    @property
    def failed(self) -> Counter[Reason]:
        """How many failed for good, by reason."""
        return Counter(self._failed.values())

    @property
    def later(self) -> Counter[Reason]:
        """How many failed this time or were put off, and are due again later, by reason."""
        return Counter(one.reason for one in self._later.values())

    @property
    def earliest(self) -> dict[Reason, float]:
        """When the first of these is due again, by reason: POSIX seconds UTC."""
        found: dict[Reason, float] = {}
        for reason, due in self._later.values():
            found[reason] = min(due, found.get(reason, due))
        return found

    @property
    def put_back(self) -> int:
        """How many are due again later."""
        return len(self._later)

    @property
    def tried(self) -> int:
        """How many attempts came to an end, good or bad."""
        return self.done + self._missed

    def begin(self, download: Download) -> None:
        """Count `download` as held; how it ended before, if it did, counts no more."""
        self.running[download.id] = download
        self._later.pop(download.id, None)
        reason = self._failed.pop(download.id, None)
        if reason is not None:
            named = self.failures.get(reason, [])
            self.failures[reason] = [one for one in named if one.id != download.id]
        group = self._held_off.pop(download.id, None)
        alone = None if group is None else self.left_alone.get(group)
        if group is not None and alone is not None:
            alone.downloads -= 1
            if alone.downloads <= 0:
                del self.left_alone[group]

    def announce(self, download: Download, size: int | None) -> None:
        """Note how many bytes the server announced of `download`; None where they are not known after all."""
        if self.running.get(download.id) is not download:
            return
        if size is None:
            self.sizes.pop(download.id, None)
        else:
            self.sizes[download.id] = size

    def as_announced(self, download: Download) -> Download:
        """Return `download` with the size that its server announced, if it did."""
        size = self.sizes.get(download.id)
        return download if size is None else replace(download, size=size)

    def let_go(self, download: Download) -> None:
        """Hold `download` no more, if it was held."""
        if self.running.get(download.id) is download:
            del self.running[download.id]
            self.sizes.pop(download.id, None)

    def fail(self, download: Download, reason: Reason, detail: str | None) -> None:
        """Count `download` as failed for good."""
        self._failed[download.id] = reason
        self._missed += 1
        named = self.failures.setdefault(reason, [])
        if len(named) < MOST_NAMED:
            named.append(
                FailedDownload(
                    id=download.id, name=download.stem, url=download.url, reason=reason, detail=detail
                )
            )

    def try_later(self, download: Download, reason: Reason, *, due: float, tried: bool = True) -> None:
        """Count `download` as waiting again until `due`, POSIX seconds UTC.

        It was not `tried` where its host is left alone.
        """
        self._later[download.id] = _Later(reason, due)
        self._missed += tried

    def leave_alone(self, download: Download, group: str, *, until: float, reason: Reason) -> None:
        """Count `download` as put off because `group` is left alone before `until`."""
        known = self.left_alone.setdefault(group, LeftAlone(until=until, reason=reason))
        known.downloads += 1
        self._held_off[download.id] = group
        if until > known.until:
            known.until, known.reason = until, reason

    def hold_back(self, hold: Hold, downloads: int) -> None:
        """Note that so many downloads wait for the hosts of `hold`, whether they were claimed or not."""
        self.left_alone[hold.group] = LeftAlone(until=hold.until, reason=hold.reason, downloads=downloads)

    def numbers(self) -> dict[str, int]:
        """Return the counts by name, for records of runs and for --json."""
        return {
            "downloaded": self.done,
            "downloaded_bytes": self.bytes,
            "put_back": self.put_back,
            "download_failed": len(self._failed),
        }
