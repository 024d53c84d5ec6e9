"""When a failed download is tried again: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.reasons import Reason, explain

if TYPE_CHECKING:
    from random import Random

MAX_ATTEMPTS = 5
"""A download that failed so often is given up."""
MAX_CLAIMS = 8
"""A download whose worker vanishes at this attempt or later is given up: it may be what ends workers."""
BASE_DELAY = 30.0
"""Seconds before the second attempt, at most."""
LONGEST_DELAY = 6 * 3600.0
"""Seconds that back-off alone may reach."""
NOT_TODAY_DELAY = 12 * 3600.0
"""Seconds before the second attempt, at most, where a page for people stands in place of the file: quotas
are for a day. Half of them pass in any case."""
LONGEST_RETRY_AFTER = 24 * 3600.0
"""Seconds that a server may ask us to wait; it asks for more in vain."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try again after `delay` seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again by itself."""


def decide(reason: Reason, attempts: int, *, retry_after: float | None, rng: Random) -> Again | GiveUp:
    """Return what follows the failure of attempt number `attempts` (from 1) for `reason`.

    Only transient reasons are tried again, MAX_ATTEMPTS times in all. The delay is drawn evenly between
    zero and an exponentially growing limit ("full jitter": Brooker, Exponential Backoff And Jitter,
    AWS Architecture Blog, 2015), but never below `retry_after` seconds. What a page for people stands in
    front of is left alone for hours.
    """
    if not explain(reason).transient or attempts >= MAX_ATTEMPTS:
        return GiveUp()
    asked = min(max(0.0, retry_after or 0.0), LONGEST_RETRY_AFTER)
    factor = 2 ** max(0, attempts - 1)
    if reason is Reason.HTML_INSTEAD:
        limit = min(LONGEST_RETRY_AFTER, NOT_TODAY_DELAY * factor)
        return Again(max(rng.uniform(limit / 2, limit), asked))
    limit = min(LONGEST_DELAY, BASE_DELAY * factor)
    return Again(max(rng.uniform(0.0, limit), asked))
