"""How long to leave a host alone that refuses everything."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PAUSE = 30.0
"""Seconds; pauses double up to this."""

HOLD = 900.0
"""Seconds for which a host is left alone that refused everything for too long."""

_FIRST_PAUSE = 0.5
_WINDOWS = 10  # refused altogether, before the host is left alone

# What says that the host wants to be left alone, and what only says that it was too much: who waited for an
# answer in vain has paused enough.
_REFUSALS = frozenset({Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.UNREACHABLE})
_SILENCE = frozenset({Reason.TIMEOUT})


class OutageWatch:
    """Counts windows without one good answer; who sees one sets `answered`. `jitter` gives 0 to 1."""

    __slots__ = ("_jitter", "_windows_in_vain", "answered")

    def __init__(self, *, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self.answered = False
        self._windows_in_vain = 0

    def pause_after(self, reason: Reason | None) -> float:
        """End a window by trouble; return the seconds to leave the host alone, 0 for none."""
        if self.answered:
            self._windows_in_vain = 0
        in_vain = reason in _REFUSALS | _SILENCE and not self.answered
        self.answered = False
        if not in_vain:
            return 0.0
        self._windows_in_vain += 1
        if self._windows_in_vain >= _WINDOWS:
            return HOLD
        if reason in _SILENCE:
            return 0.0
        longest = min(MAX_PAUSE, _FIRST_PAUSE * 2.0 ** (self._windows_in_vain - 1))
        return longest * (1 + self._jitter()) / 2
