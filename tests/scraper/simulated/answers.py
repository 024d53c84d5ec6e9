"""A way of listing that is a table of answers, and the walk through it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from scraper.blogs.asking import Asker
from scraper.blogs.listed import ListedPost
from scraper.blogs.plan import WalkPlan
from scraper.blogs.reading import WalkResult
from scraper.blogs.sieve import Sieve
from scraper.blogs.way_walk import Ended, WayWalk
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.blogs.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scraper.http.client import Client
    from scraper.http.errors import FetchError
    from scraper.http.page import Page
    from storage.records import Validator


@dataclass
class Answers:
    """A way of listing by a table: what the answer for each path says, "/1" first.

    The value of a path: keys of posts, paths of more, the number announced.
    """

    table: dict[str, tuple[str, tuple[str, ...], int | None]]
    base: str = ""
    locked: frozenset[str] = frozenset()

    @property
    def name(self) -> WayName:
        return WayName.FEED

    def first(self) -> str:
        return f"{self.base}/1"

    def changes(self, since: float) -> str | None:
        return f"{self.base}/1?since={since}"

    def read(self, answer: Page) -> Batch:
        path = urlsplit(answer.url).path
        if path not in self.table:
            raise UnusableAnswerError("this is no listing", where=answer.url)
        keys, more, announced = self.table[path]
        return Batch(
            posts=tuple(ListedPost(url=f"{self.base}/post/{key}/", key=key) for key in keys),
            locked=self.locked,
            more=tuple(f"{self.base}{path}" for path in more),
            announced=announced,
        )

    def is_end(self, error: FetchError) -> bool:
        return error.status == 400


@dataclass
class Walked:
    """What a walk gave: posts in order, the paths that were asked for, and the
    places that it was at, each with the posts given before."""

    walk: WayWalk | None = None
    posts: str = ""
    asked: list[str] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ended(self) -> Ended:
        assert self.walk is not None
        return self.walk.ended


def chain(*pages: str, announced: int | None = None) -> Answers:
    """Return answers that lead on one to the next."""
    last = len(pages)
    return Answers(
        {
            f"/{number}": (keys, (f"/{number + 1}",) if number < last else (), announced)
            for number, keys in enumerate(pages, 1)
        }
    )


def walking(serve: Any, client: Client) -> Callable[..., Any]:
    """Return what walks through answers; `known` are the keys that are stored, `status` makes paths fail."""

    async def go(
        answers: Answers,
        *,
        known: str = "",
        status: dict[str, int] | None = None,
        resume: str | None = None,
        only_changes: bool = False,
        **planned: Any,
    ) -> Walked:
        seen = Walked()

        async def answer(request: web.Request) -> web.Response:
            if request.path == "/robots.txt":
                return web.Response(status=404)
            seen.asked.append(request.path)
            return web.Response(status=(status or {}).get(request.path, 200), text="x")

        async def stored(posts: Collection[ListedPost]) -> dict[str, float | None]:
            return {post.key: None for post in posts if post.key in known}

        async def kept(_: str) -> Validator | None:
            return None

        async with serve(answer) as base:
            answers.base = base
            plan = WalkPlan(url=f"{base}/", **planned)
            result, window = WalkResult(), Window(plan.since)
            seen.notes = result.notes
            asker = Asker(
                client, kept=kept, full=plan.full, conditional=plan.incremental, now=time.time, result=result
            )
            seen.walk = walk = WayWalk(
                answers,
                plan,
                client=client,
                asker=asker,
                sieve=Sieve(plan, stored=stored, window=window, result=result),
                window=window,
                result=result,
                resume=None if resume is None else f"{base}{resume}",
                reached=lambda url: seen.places.append((seen.posts, urlsplit(url).path)),
            )
            first = answers.changes(1.0) if only_changes else answers.first()
            assert first is not None
            async for post in walk.posts(first, only_changes=only_changes):
                seen.posts += post.key
        return seen

    return go
