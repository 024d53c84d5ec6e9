"""Whether a host answers more slowly than it used to."""

from __future__ import annotations

_SMOOTHING = 1 / 4
_LEARNING = 1 / 16
_DRIFT = 1 / 64  # of the baseline under load: a slow phase becomes the rule in the end, a burst does not

_TIMES_SLOWER = 2.5
_SECONDS_SLOWER = 0.25
_SUSTAINED = 5  # answers in a row


class LatencyWatch:
    """Compares the smoothed latency with a baseline, which is learnt while the host has little to do."""

    def __init__(self) -> None:
        self._baseline: float | None = None
        self._smooth: float | None = None
        self._slow_answers = 0

    @property
    def slow(self) -> bool:
        """Whether the host is slow at the moment."""
        return self._slow_answers > 0

    @property
    def climbed(self) -> bool:
        """Whether the host has been slow for several answers."""
        return self._slow_answers >= _SUSTAINED

    def restart(self) -> None:
        """Begin a new comparison with the same baseline: the host is now asked differently."""
        self._smooth = None
        self._slow_answers = 0

    def add(self, latency: float, *, quiet: bool) -> None:
        """Add the seconds that an answer took.

        `quiet` says that the host had little else of ours to do when the request was sent.
        """
        self._smooth = latency if self._smooth is None else _towards(self._smooth, latency, _SMOOTHING)
        if self._baseline is None:
            self._baseline = latency
        rate = _LEARNING if quiet or self._smooth < self._baseline else _DRIFT
        self._baseline = _towards(self._baseline, self._smooth, rate)
        limit = max(self._baseline * _TIMES_SLOWER, self._baseline + _SECONDS_SLOWER)
        self._slow_answers = self._slow_answers + 1 if self._smooth > limit else 0


def _towards(old: float, new: float, share: float) -> float:
    return old + (new - old) * share
