"""When a run stops asking a blog: its host wants to be left alone, or refuses one post after the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from scraper.http.errors import FetchError
from scraper.http.retry import MAX_PATIENCE
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_REFUSALS: Final = 5
"""Refusals in a row that speak of a ban, or of a challenge, and not of single posts for members."""

MAX_REFUSALS_AGAIN: Final = 50
"""The same of a blog that refused in the last run too, and lists its posts all the same.

It may have that many posts for members in a row. Stopped at the same five each night, no run would ever come
to what is behind them.
"""

_REFUSALS = frozenset({Reason.FORBIDDEN, Reason.BLOCKED})


class Stopping:
    """Watches what the posts of one blog give; `error` is set as soon as no more of them is to be asked for.

    `refused_before` says that the last run was stopped by refusals. `now` tells POSIX seconds UTC.
    """

    def __init__(self, blog: str, *, refused_before: bool, now: Callable[[], float]) -> None:
        self.error: FetchError | None = None
        """Why the blog is left alone for the rest of the run."""
        self.until: float | None = None
        """When its host may be asked again, POSIX seconds UTC, where the host has said so."""
        self._blog = blog
        self._refused_before = refused_before
        self._now = now
        self._in_row = 0

    def read(self) -> None:
        """Note that a post was answered."""
        self._in_row = 0

    def failed(self, error: FetchError, *, expected: bool = False) -> bool:
        """Note that a post failed; return whether that stands for the blog and not for the post alone.

        What is `expected`, because it failed in an earlier run that read others, speaks of no ban.
        """
        if self.put_off(error):
            return True
        if expected and error.reason is Reason.FORBIDDEN:
            return False
        self._in_row = self._in_row + 1 if error.reason in _REFUSALS else 0
        lenient = self._refused_before and error.reason is Reason.FORBIDDEN
        if self.error is None and self._in_row >= (MAX_REFUSALS_AGAIN if lenient else MAX_REFUSALS):
            detail = f"{self._in_row} posts in a row; the next run goes on"
            self.error = FetchError(error.reason, self._blog, status=error.status, detail=detail)
        return False

    def put_off(self, error: FetchError) -> bool:
        """Return whether `error` says that the host is to be left alone for longer than a run waits."""
        wait = error.retry_after
        if wait is None or (error.asked and wait <= MAX_PATIENCE):
            return False
        if self.error is None:
            now = self._now()
            self.until = now + wait
            detail = f"not before {moment(self.until, now=now)}; the next run goes on"
            self.error = FetchError(error.reason, self._blog, retry_after=wait, detail=detail, asked=False)
        return True


def moment(at: float, *, now: float) -> str:
    """Return a moment as the user's clock shows it, ``14:30``; with its date where that is not today's.

    Both are POSIX seconds UTC. Rounded up to the minute: that early is not too early.
    """
    local = datetime.fromtimestamp(-(-at // 60) * 60, UTC).astimezone()
    today = datetime.fromtimestamp(now, UTC).astimezone().date()
    return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")
