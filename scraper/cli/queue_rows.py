"""A download of the queue, as people and as programs read it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.cli.durations import span_text
from scraper.cli.report import utc_time
from scraper.stopping import moment
from storage.reasons import explain, in_words
from storage.records import DownloadState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import Download, Pause

STYLES = {
    DownloadState.WAITING: "yellow",
    DownloadState.RUNNING: "cyan",
    DownloadState.DONE: "green",
    DownloadState.FAILED: "red",
    DownloadState.CANCELLED: "dim",
}
"""How the state of a download looks on a terminal."""


def detail_lines(item: Download, *, now: float) -> list[str]:
    """Return what a list says of `item` below its name; `now` is POSIX seconds UTC."""
    lines = [item.path if item.state is DownloadState.DONE and item.path else item.url]
    if item.reason is not None and item.state is not DownloadState.DONE:
        lines.append(f"{item.reason}: {in_words(item.reason, item.detail)}; {explain(item.reason).next_step}")
    if item.state is DownloadState.WAITING and (item.attempts or item.due > now):
        tried = f"tried {times(item.attempts)}, " if item.attempts else ""
        lines.append(f"{tried}due {when(item.due, now=now)}")
    return lines


def download_object(item: Download) -> dict[str, Any]:
    """Return `item` as --json tells it; path, bytes and sha256 only of a file that is published."""
    done = item.state is DownloadState.DONE
    return {
        "id": item.id,
        "state": str(item.state),
        "url": item.url,
        "host": item.host,
        "kind": str(item.kind),
        "format": item.format,
        "name": item.stem,
        "post": item.referer,
        "attempts": item.attempts,
        "due": utc_time(item.due),
        "reason": str(item.reason) if item.reason else None,
        "detail": item.detail,
        "path": item.path if done else None,
        "bytes": item.bytes if done else None,
        "sha256": item.sha256 if done else None,
        "created": utc_time(item.created),
        "updated": utc_time(item.updated),
    }


def pause_of(host: str, pauses: Iterable[Pause]) -> Pause | None:
    """Return the pause that holds the downloads of `host`: of two, the one of the whole queue."""
    holding = [pause for pause in pauses if pause.host in {None, host}]
    return min(holding, key=lambda pause: pause.host is not None, default=None)


def pause_text(pause: Pause, *, now: float) -> str:
    """Return what is paused and until when: ``slow.example is paused until 14:30``."""
    what = "the whole queue" if pause.host is None else pause.host
    until = "until it is resumed" if pause.until is None else f"until {moment(pause.until, now=now)}"
    why = "" if pause.reason is None else f": {explain(pause.reason).sentence}"
    return f"{what} is paused {until}{why}"


def pause_object(pause: Pause) -> dict[str, Any]:
    """Return `pause` as --json tells it; ``host`` is null for the whole queue."""
    return {
        "host": pause.host,
        "since": utc_time(pause.since),
        "until": None if pause.until is None else utc_time(pause.until),
        "reason": None if pause.reason is None else str(pause.reason),
    }


def when(due: float, *, now: float) -> str:
    """Return a moment to come with how long it is: ``14:30 (in 25 min)``; what is past is ``now``."""
    return "now" if due <= now else f"{moment(due, now=now)} (in {span_text(due - now)})"


def times(number: int) -> str:
    """Return ``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def downloads_text(number: int) -> str:
    """Return ``1 download``, ``2,345 downloads``, ``no download``."""
    return {0: "no download", 1: "1 download"}.get(number, f"{number:,} downloads")
