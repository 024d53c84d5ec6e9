"""The status as --json tells it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.cli.queue_rows import pause_object, pause_of
from scraper.cli.report import utc_time
from scraper.cli.status_facts import hold_of
from storage.reasons import explain

if TYPE_CHECKING:
    from scraper.cli.status_facts import Status
    from storage.records import WaitingHost


def status_object(status: Status) -> dict[str, Any]:
    """Return `status` for programs: moments in UTC, null where there is none."""
    return {
        "database": status.database,
        "posts": status.posts,
        "matched": status.matched,
        "downloads": {str(state): number for state, number in status.downloads.items()},
        "failed_by_reason": {str(reason): number for reason, number in status.failed.items()},
        "next_due": _moment(status.due),
        "waiting_by_host": [_host_object(host, status) for host in status.hosts],
        "pauses": [pause_object(pause) for pause in status.pauses],
        "left_alone": [
            {"host": hold.group, "until": _moment(hold.until), "reason": str(hold.reason)}
            for hold in status.holds
        ],
        "blogs": [
            {
                "url": blog.url,
                "complete": blog.complete,
                "reason": str(blog.reason) if blog.reason else None,
                "last_read": _moment(blog.last_read),
                "gone_since": _moment(blog.gone_since),
            }
            for blog in status.blogs
        ],
        "reasons": _explanations(status),
        "runs": [
            {
                "command": last.command,
                "query": last.query,
                "started": _moment(last.started),
                "finished": _moment(last.finished),
                "outcome": last.outcome,
                "counts": last.counts,
            }
            for last in status.runs
        ],
        "folder": status.folder,
        "free_bytes": status.free,
    }


def _host_object(host: WaitingHost, status: Status) -> dict[str, Any]:
    pause, hold = pause_of(host.host, status.pauses), hold_of(host.host, status.holds)
    return {
        "host": host.host,
        "waiting": host.waiting,
        "due_now": host.due,
        "next_due": _moment(host.earliest),
        "paused": pause is not None,
        "left_alone_until": None if hold is None else _moment(hold.until),
    }


def _explanations(status: Status) -> dict[str, dict[str, str]]:
    """Return sentence and next step of each reason that the status names."""
    named = {hold.reason for hold in status.holds} | {blog.reason for blog in status.blogs if blog.reason}
    named |= {pause.reason for pause in status.pauses if pause.reason}
    explanations = {reason: explain(reason) for reason in sorted(named | status.failed.keys())}
    return {
        str(reason): {"sentence": said.sentence, "next_step": said.next_step}
        for reason, said in explanations.items()
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else utc_time(seconds)
