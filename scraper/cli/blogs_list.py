"""scrape blogs list: every blog that is known, who has it read, and how it fares."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scraper.cli.blog_sources import configured_blogs
from scraper.cli.console import put, say, visible
from scraper.cli.exits import Exit
from scraper.cli.report import local_time, next_command, utc_time
from scraper.cli.resources import open_database
from scraper.cli.wrapping import wrapped
from scraper.http.addresses.identity import post_key
from scraper.stopping import moment
from storage.blog_backoff import is_due
from storage.blogs import Blogs, BlogState
from storage.posts import Posts
from storage.reasons import explain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

_HEADINGS = ("platform", "listed by", "posts", "last read", "state")
_NUMBERS = frozenset({2})
_GAP = "  "
_INDENT = "  "


class State(StrEnum):
    """How a blog fares."""

    FINE = "fine"
    UNFINISHED = "not finished"
    FAILED = "failed"
    GONE = "gone"
    NEVER_READ = "never read"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    blog: BlogState
    configured: bool
    stored: int

    @property
    def state(self) -> State:
        if self.blog.gone_since is not None:
            return State.GONE
        if self.blog.reason is not None:
            return State.FAILED
        if self.blog.last_read is None:
            return State.NEVER_READ
        return State.FINE if self.blog.complete else State.UNFINISHED

    @property
    def read_by_itself(self) -> bool:
        return self.configured or self.blog.followed


async def list_blogs(options: argparse.Namespace) -> Exit:
    """Print the blogs. Raises `StorageError` where there is no database."""
    configured = configured_blogs(options)
    async with await open_database(options) as database:
        states, posts = await Blogs(database).all(), Posts(database)
        stored = {state.url: await posts.count_of(state.url) for state in states}
    known = {post_key(state.url) for state in states}
    states += [_unread(url) for url in configured if post_key(url) not in known]
    keys = {post_key(url) for url in configured}
    listed = [
        _Listed(blog=state, configured=post_key(state.url) in keys, stored=stored.get(state.url, 0))
        for state in sorted(states, key=lambda state: state.url)
    ]
    now = time.time()
    if options.json:
        put(json.dumps({"blogs": [_object(one, now=now) for one in listed]}, ensure_ascii=True) + "\n")
        return Exit.DONE
    put("".join(f"{line}\n" for line in _lines(listed, now=now)))
    if not listed and not options.quiet:
        say(f"No blogs yet. Next: {next_command('blogs add https://blog.example/', options)}")
    return Exit.DONE


def _unread(url: str) -> BlogState:
    return BlogState(url=url, title=None, complete=False, last_read=None, reason=None)


def _lines(listed: Sequence[_Listed], *, now: float) -> Iterator[str]:
    if not listed:
        return
    rows = [_cells(one, now=now) for one in listed]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    yield "blog"
    yield _row(_HEADINGS, widths)
    for one, row in zip(listed, rows, strict=True):
        yield f"{visible(one.blog.url)}  ({_mark(one)})"
        yield _row(row, widths)
        trouble = _trouble(one, now=now)
        if trouble:
            yield from wrapped(trouble, first=_INDENT * 2)
    counts = {state: sum(one.state is state for one in listed) for state in State}
    told = ", ".join(f"{number:,} {state}" for state, number in counts.items() if number)
    yield f"{len(listed):,} blog{'s' if len(listed) > 1 else ''}: {told}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"{_INDENT}{_GAP.join(aligned)}".rstrip()


def _cells(one: _Listed, *, now: float) -> tuple[str, ...]:
    blog = one.blog
    posts = f"{one.stored:,}" if blog.announced is None else f"{one.stored:,} of {blog.announced:,}"
    last = "never" if blog.last_read is None else local_time(blog.last_read, now=now).partition(" ")[0]
    again = f" {blog.failures} times" if one.state is State.FAILED and blog.failures > 1 else ""
    return (visible(blog.platform or "-"), visible(blog.way or "-"), posts, last, f"{one.state}{again}")


def _mark(one: _Listed) -> str:
    marks = [("followed", one.blog.followed), ("in config.toml", one.configured)]
    return ", ".join(mark for mark, holds in marks if holds) or "only when named"


def _trouble(one: _Listed, *, now: float) -> str | None:
    blog = one.blog
    if blog.gone_since is not None:
        return f"gone for good since {local_time(blog.gone_since, now=now)} (410); not asked any more"
    if blog.reason is None:
        return None
    why = f"{blog.reason}: {explain(blog.reason).sentence}"
    if not one.read_by_itself:
        return why
    if blog.due is None or is_due(blog.due, now):
        return f"{why}; the next run asks again"
    return f"{why}; not asked before {moment(blog.due, now=now)} unless it is named"


def _object(one: _Listed, *, now: float) -> dict[str, Any]:
    blog = one.blog
    put_off = blog.due is not None and not is_due(blog.due, now)
    return {
        "url": blog.url,
        "followed": blog.followed,
        "configured": one.configured,
        "title": blog.title,
        "platform": blog.platform,
        "way": blog.way,
        "posts": one.stored,
        "announced": blog.announced,
        "complete": blog.complete,
        "last_read": _moment(blog.last_read),
        "state": str(one.state),
        "reason": None if blog.reason is None else str(blog.reason),
        "failures": blog.failures,
        "until": _moment(blog.due) if put_off else None,
        "gone_since": _moment(blog.gone_since),
        "feed": blog.feed,
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else utc_time(seconds)
