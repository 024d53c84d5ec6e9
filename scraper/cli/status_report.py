"""The status as people read it: a table, then a line for each thing to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.cli.console import put, stdout_console, visible
from scraper.cli.queue_rows import pause_of, pause_text
from scraper.cli.report import bytes_text, closing_table, local_time, short_host
from scraper.cli.status_facts import hold_of
from scraper.cli.wrapping import wrapped
from scraper.stopping import moment
from storage.reasons import explain
from storage.records import DownloadState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.cli.status_facts import Status
    from storage.blogs import BlogState
    from storage.records import WaitingHost

MOST_LINES: Final = 10
"""Hosts, pauses and blogs that are named one by one."""


def print_status(status: Status, *, now: float) -> None:
    """Print `status` at `now`, POSIX seconds UTC."""
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    rows = [("posts", f"{status.posts:,}"), ("matched", f"{status.matched:,}")]
    rows += [(f"downloads {state}", f"{number:,}") for state, number in status.downloads.items()]
    rows.append(("disk free", bytes_text(status.free)))
    console = stdout_console()
    console.print(Text(visible(status.database), style="dim"), soft_wrap=True)
    console.print(closing_table(rows, status.failed, next_steps=True))
    for line in status_lines(status, now=now):
        put("".join(f"{piece}\n" for piece in wrapped(line, then="  ")))


def status_lines(status: Status, *, now: float) -> Iterator[str]:
    """Yield what follows the table. Pure."""
    if status.due is not None:
        except_for = " (but for hosts left alone)" if status.holds else ""
        due = f"now{except_for}" if status.due <= now else moment(status.due, now=now)
        yield f"next download due: {due}"
    yield from _pauses(status, now=now)
    yield from _hosts(status, now=now)
    yield from _holds(status, now=now)
    yield from _blogs(status, now=now)
    for last in status.runs:
        outcome = last.outcome or "under way, or killed"
        yield f"run {local_time(last.started, now=now)} {last.command} ({last.query}): {outcome}"


def _pauses(status: Status, *, now: float) -> Iterator[str]:
    ordered = sorted(status.pauses, key=lambda pause: (pause.host is not None, pause.host or ""))
    for pause in ordered[:MOST_LINES]:
        yield f"paused: {pause_text(pause, now=now)}"
    yield from _more("paused", len(ordered) - MOST_LINES, "more hosts")


def _hosts(status: Status, *, now: float) -> Iterator[str]:
    for host in status.hosts[:MOST_LINES]:
        yield f"waiting: {host.waiting:,} of {short_host(host.host)}, {_until(host, status, now=now)}"
    shown = sum(host.waiting for host in status.hosts[:MOST_LINES])
    if status.hosts:
        yield from _more("waiting", status.downloads[DownloadState.WAITING] - shown, "of other hosts")


def _until(host: WaitingHost, status: Status, *, now: float) -> str:
    if (pause := pause_of(host.host, status.pauses)) is not None:
        return "paused" if pause.until is None else f"paused until {moment(pause.until, now=now)}"
    if (hold := hold_of(host.host, status.holds)) is not None:
        return f"left alone until {moment(hold.until, now=now)}"
    if host.due == host.waiting:
        return "due now"
    if host.due:
        return f"{host.due:,} due now, the others later"
    return f"due from {moment(host.earliest, now=now)}"


def _holds(status: Status, *, now: float) -> Iterator[str]:
    for hold in status.holds[:MOST_LINES]:
        until = moment(hold.until, now=now)
        sentence = explain(hold.reason).sentence
        yield f"left alone: {short_host(hold.group)} until {until}, {hold.reason}: {sentence}"
    yield from _more("left alone", len(status.holds) - MOST_LINES, "more")


def _blogs(status: Status, *, now: float) -> Iterator[str]:
    blogs = status.blogs
    if len(blogs) > MOST_LINES:  # then those in trouble come first
        blogs = sorted(blogs, key=lambda blog: (blog.reason is None, blog.url))
    for blog in blogs[:MOST_LINES]:
        yield f"blog {blog.url}: {_blog_state(blog, now=now)}"
    yield from _more("blog", len(blogs) - MOST_LINES, "more; scrape blogs list names all")


def _more(what: str, number: int, words: str) -> Iterator[str]:
    if number > 0:
        yield f"{what}: and {number:,} {words}"


def _blog_state(blog: BlogState, *, now: float) -> str:
    if blog.reason is None:
        return "read to its end" if blog.complete else "not read to its end"
    since = "never read" if blog.last_read is None else f"last read {local_time(blog.last_read, now=now)}"
    if blog.gone_since is not None:
        since = f"gone since {local_time(blog.gone_since, now=now)}, {since}"
    return f"{since}; {blog.reason}: {explain(blog.reason).sentence}"
