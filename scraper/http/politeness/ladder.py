"""The ladder of speeds at which a host may be asked, and what is remembered of its rungs.

In its upper part a rung says how many requests are out at once; in its lower part there is one at a time, and
a number of seconds between two starts, because servers limit rates as well as connections. Good answers lead
up, trouble halves. What was too fast is remembered as a ceiling, which is passed only after long good
behaviour, longer after each time that it proved true: a server that takes two at once is to refuse few of
hundreds of requests. Refusals that are rare are taken for accidents: no speed would avoid them.
"""

from __future__ import annotations

from typing import NamedTuple

MIN_INTERVAL = 0.1
MAX_INTERVAL = 10.0

FIRST = 2
"""Requests at once before anything is known."""

_STEP = 10  # good answers between two steps, once there was trouble
_PROBE = 100  # good answers before the ceiling is passed for the first time, and for that to have succeeded
_MAX_PROBE = 12_800
_RARE = 20  # good answers for each that is refused
_SHRINK = 0.75  # of the interval, a step


class Speed(NamedTuple):
    """A rung: `at_once` requests, or one every `interval` seconds."""

    at_once: int
    interval: float = 0.0

    @property
    def rank(self) -> tuple[int, float]:
        """What is greater for the faster of two speeds."""
        return self.at_once, -self.interval

    def faster(self) -> Speed:
        """Return the next rung."""
        if self.interval > MIN_INTERVAL:
            return Speed(1, max(MIN_INTERVAL, self.interval * _SHRINK))
        return Speed(1) if self.interval else Speed(self.at_once + 1)

    def halved(self, gap: float) -> Speed:
        """Return half the speed; `gap` is the time between two starts where no interval says it."""
        return Speed(self.at_once // 2) if self.at_once > 1 else _apart(max(self.interval, gap) * 2)

    def below(self, in_flight: int, gap: float) -> Speed:
        """Return the fastest speed that is less than what failed: `in_flight` at once, `gap` apart."""
        if self.at_once > 1:
            return Speed(max(self.at_once // 2, in_flight - 1))
        return _apart(max(self.interval, gap) / _SHRINK)


class Ladder:
    """A speed up to `top` requests at once, which good answers raise and trouble lowers."""

    __slots__ = ("_ceiling", "_here", "_probe", "_proof", "_top", "_untroubled", "speed")

    def __init__(self, *, top: int) -> None:
        self._top = Speed(top)
        self.speed = self._top if top <= FIRST else Speed(FIRST)
        self._ceiling: Speed | None = None
        self._probe = _PROBE
        self._here = 0.0  # good answers on this rung
        self._proof = 0.0  # good answers since trouble
        self._untroubled = True

    def good(self) -> bool:
        """Count a good answer that came while the speed was made use of; return whether it led a rung up."""
        speed = self.speed
        weight = 1 if speed is self._top else 1 + 2 * speed.interval  # where answers are rare, each says more
        self._here += weight
        self._proof += weight
        if self._ceiling is not None and self._here >= _PROBE and self._is_probing():
            self._ceiling, self._probe = None, _PROBE
        if speed is self._top or not self._may_rise():
            return False
        faster = speed.faster()
        self.speed, self._here = self._top if faster == self._top else faster, 0.0
        return True

    def refused(self, *, in_flight: int, gap: float) -> None:
        """Count a refusal, one of `in_flight` that were waited for, while starts were `gap` seconds apart."""
        if self._is_rare():
            self._ceiling = max(self._ceiling or self.speed, self.speed, key=lambda speed: speed.rank)
            self._fall(self.speed.halved(gap), proof=self._proof - _RARE)
        else:
            self._found_ceiling(self.speed.below(in_flight, gap))
            self._fall(self.speed.halved(gap))

    def refused_before(self) -> None:
        """Count a refusal of what was sent before the last fall: the host took less than it seemed."""
        if self._ceiling is not None and self._ceiling.at_once > self.speed.at_once:
            self._ceiling = Speed(self._ceiling.at_once - 1)

    def slowed(self, *, least: int = FIRST) -> None:
        """Count that the host has become slow: it is asked for half as much, but for `least` at once."""
        if self.speed.at_once <= least:
            return
        slower = Speed(max(least, self.speed.at_once // 2))
        self._found_ceiling(slower)
        self._fall(slower)

    def away(self) -> None:
        """Count that the host is away, which says nothing of what it takes."""
        self._fall(Speed(max(1, self.speed.at_once // 2), self.speed.interval))

    def _may_rise(self) -> bool:
        if self._untroubled:
            return True
        if self._here < max(_STEP, self.speed.at_once):
            return False
        if self._ceiling is None or self.speed.faster().rank <= self._ceiling.rank:
            return True
        return not self._is_probing() and self._proof >= self._probe

    def _is_probing(self) -> bool:
        return self._ceiling is not None and self.speed.rank > self._ceiling.rank

    def _is_rare(self) -> bool:
        proven = self._ceiling is not None and not self._is_probing()
        return (self._proof if proven else self._here) >= _RARE

    def _found_ceiling(self, ceiling: Speed) -> None:
        if self._is_probing():
            self._probe = min(self._probe * 2, _MAX_PROBE)
        self._ceiling = ceiling

    def _fall(self, slower: Speed, *, proof: float = 0.0) -> None:
        self.speed = self._top if slower == self._top else slower
        self._here, self._proof = 0.0, proof
        self._untroubled = False


def _apart(interval: float) -> Speed:
    return Speed(1, min(MAX_INTERVAL, max(MIN_INTERVAL, interval)))
