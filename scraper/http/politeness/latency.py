"""Whether a host answers more slowly than it used to."""

from __future__ import annotations

_SMOOTHING = 1 / 4
_LEARNING = 1 / 16
_DRIFT = 1 / 64  # of the baseline under load: a slow phase becomes the rule in the end, a burst does not

_TIMES_SLOWER = 2.5
_SECONDS_SLOWER = 0.25
_SUSTAINED = 5  # answers in a row


class LatencyWatch:
    """Compares the smoothed latency with a baseline, which is learnt while the host has little to do.

    `slow_answers` says how many answers in a row were slow, up to this moment.
    """

    __slots__ = ("_baseline", "_smooth", "slow_answers")

    def __init__(self) -> None:
        self._baseline: float | None = None
        self._smooth: float | None = None
        self.slow_answers = 0

    @property
    def climbed(self) -> bool:
        """Whether the host has been slow for several answers."""
        return self.slow_answers >= _SUSTAINED

    def restart(self) -> None:
        """Begin a new comparison with the same baseline: the host is now asked differently."""
        self._smooth = None
        self.slow_answers = 0

    def add(self, latency: float, *, quiet: bool) -> None:
        """Add the seconds that an answer took.

        `quiet` says that the host had little else of ours to do when the request was sent.
        """
        smooth, baseline = self._smooth, self._baseline
        smooth = latency if smooth is None else smooth + (latency - smooth) * _SMOOTHING
        if baseline is None:
            baseline = latency
        rate = _LEARNING if quiet or smooth < baseline else _DRIFT
        baseline += (smooth - baseline) * rate
        self._smooth, self._baseline = smooth, baseline
        is_slow = smooth > baseline + _SECONDS_SLOWER and smooth > baseline * _TIMES_SLOWER
        self.slow_answers = self.slow_answers + 1 if is_slow else 0
