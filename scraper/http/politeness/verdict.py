"""What an answer says about the load of its server."""

from __future__ import annotations

from enum import Enum, auto


class Verdict(Enum):
    """What an answer says about the load of its server."""

    GOOD = auto()
    """The server answered in its right mind: 200, 301, 304, 404 …"""
    OVERLOADED = auto()
    """429, 502, 503, 504, 52x, connection refused or reset, time-out."""
    NEUTRAL = auto()
    """Nothing: cancelled, blocked address, 500, certificate."""
