"""What a drain holds, and what it may claim beside it: hosts that wait take no room of the others."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Download

MOST_HELD: Final = 500
"""Downloads held at once, those that wait included."""
PATIENCE: Final = 0.5
"""Seconds from its start without a byte after which a download counts as waiting, whatever for."""
FINISHING_FACTOR: Final = 2
"""How many times as many files as move may be verified and published meanwhile."""

_FEW = 2  # of one host once many wait: it may be another one that waits


class _Stage(Enum):
    NEXT = auto()
    FRESH = auto()
    MOVING = auto()
    WAITING = auto()
    FINISHING = auto()


@dataclass(slots=True, eq=False)
class _Held:
    download: Download
    stage: _Stage = _Stage.NEXT
    started: float = 0.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be claimed now: at most `limit` downloads, none of the hosts in `skip`."""

    limit: int
    skip: frozenset[str]


class Room:
    """Downloads under way: at most `concurrency`, `share` of a host; as many more are next; others wait.

    A download is next when it is claimed, fresh when it starts, moves when bytes come, and waits when none
    came in its first half second, or when it sleeps before another try. What waits takes no room, up to
    `MOST_HELD` in all; the more of it there is, the less is claimed of one host. What has waited moves again
    without asking for room: its connection was given to it by the gate. What has come as a whole takes no
    room either, while not too much of it is being finished. `clock` tells seconds.
    """

    def __init__(self, *, concurrency: int, share: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._concurrency = concurrency
        self._share = share
        self._clock = clock
        self._held: dict[int, _Held] = {}
        self._next: dict[int, _Held] = {}
        self._fresh: dict[int, _Held] = {}
        self._held_of: Counter[str] = Counter()
        self._waiting_of: Counter[str] = Counter()
        self._under_way_of: Counter[str] = Counter()
        self._finishing = 0
        self._left_alone: dict[str, float] = {}

    def take(self, download: Download) -> None:
        """Hold `download`, which was claimed just now."""
        self._held[download.id] = self._next[download.id] = _Held(download)
        self._held_of[download.host] += 1

    def start(self) -> list[Download]:
        """Return what is to be started now."""
        now = self._look()
        started = []
        for held in list(self._next.values()):
            host = held.download.host
            if self._under_way_of.total() >= self._concurrency or self._is_behind():
                break
            if self._under_way_of[host] < self._share:
                self._set(held, _Stage.FRESH)
                held.started = now
                started.append(held.download)
        return started

    def moves(self, download: Download) -> bool:
        """Note that bytes of `download` came; return whether that is news."""
        held = self._find(download)
        if held is None or held.stage in {_Stage.MOVING, _Stage.FINISHING}:
            return False
        self._set(held, _Stage.MOVING)
        return True

    def rests(self, download: Download) -> None:
        """Note that `download` sleeps before another try."""
        if (held := self._find(download)) is not None:
            self._set(held, _Stage.WAITING)

    def received(self, download: Download) -> None:
        """Note that all of `download` has come: what is left to do needs no connection."""
        if (held := self._find(download)) is not None and held.stage is not _Stage.FINISHING:
            self._set(held, _Stage.FINISHING)
            _decrease(self._held_of, download.host)

    def let_go(self, download: Download) -> None:
        """Hold `download` no more, if it was held."""
        if (held := self._find(download)) is not None:
            if held.stage is not _Stage.FINISHING:
                _decrease(self._held_of, download.host)
            self._set(held, None)
            del self._held[download.id]

    def leave_alone(self, host: str, seconds: float) -> None:
        """Claim nothing of `host` for `seconds`."""
        self._left_alone[host] = max(self._left_alone.get(host, 0.0), self._clock() + seconds)

    def offer(self) -> Offer:
        """Return what may be claimed now."""
        now = self._look()
        waiting = self._waiting_of.total()
        ready = self._held_of - self._waiting_of
        # More than its share of a host cannot run at once, so the rest of it needs no connection yet.
        runnable = sum(min(count, self._share) for count in ready.values())
        batch = self._share if waiting < 2 * self._concurrency else min(self._share, _FEW)
        limit = min(batch, 2 * self._concurrency - ready.total(), MOST_HELD - len(self._held))
        if runnable > self._concurrency or limit <= 0 or self._is_behind():
            return Offer(0, frozenset())
        busy = {
            host
            for host, count in self._held_of.items()
            if count >= self._share or self._waiting_of[host] >= batch
        }
        self._left_alone = {host: until for host, until in self._left_alone.items() if until > now}
        return Offer(limit, frozenset(busy | self._left_alone.keys()))

    def next_change(self) -> float | None:
        """Return the seconds after which more may be started or claimed by itself, None for never."""
        now = self._look()
        moments = [until - now for until in self._left_alone.values() if until > now]
        if self._fresh:
            moments.append(next(iter(self._fresh.values())).started + PATIENCE - now)
        return min(moments, default=None)

    def _look(self) -> float:
        """See what has begun to wait."""
        now = self._clock()
        while self._fresh:
            held = next(iter(self._fresh.values()))
            if now < held.started + PATIENCE:
                break
            self._set(held, _Stage.WAITING)
        return now

    def _set(self, held: _Held, stage: _Stage | None) -> None:
        host = held.download.host
        self._next.pop(held.download.id, None)
        self._fresh.pop(held.download.id, None)
        if held.stage is _Stage.WAITING:
            _decrease(self._waiting_of, host)
        elif held.stage is _Stage.FINISHING:
            self._finishing -= 1
        elif held.stage is not _Stage.NEXT:
            _decrease(self._under_way_of, host)
        if stage is None:
            return
        held.stage = stage
        if stage is _Stage.WAITING:
            self._waiting_of[host] += 1
        elif stage is _Stage.FINISHING:
            self._finishing += 1
        else:
            self._under_way_of[host] += 1
        if stage is _Stage.FRESH:
            self._fresh[held.download.id] = held

    def _is_behind(self) -> bool:
        return self._finishing >= FINISHING_FACTOR * self._concurrency

    def _find(self, download: Download) -> _Held | None:
        held = self._held.get(download.id)
        return held if held is not None and held.download is download else None


def _decrease(counts: Counter[str], host: str) -> None:
    counts[host] -= 1
    if not counts[host]:
        del counts[host]
