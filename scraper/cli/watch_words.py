"""What a watch says while it has nothing to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.cli.queue_rows import pause_text, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Pause

_PAUSES: Final = 3  # that are named


def idle_lines(due: float | None, pauses: Sequence[Pause], *, now: float) -> list[str]:
    """Return what is waited for: pauses, and the next that is `due`, POSIX seconds UTC like `now`."""
    lines = [f"waiting: {pause_text(pause, now=now)}" for pause in pauses[:_PAUSES]]
    if due is None:
        return lines or ["waiting: nothing is queued"]
    if due <= now:
        return [*lines, "waiting: what is due is in other hands, or of hosts left alone"]
    return [*lines, f"waiting: nothing is due until {when(due, now=now)}"]
