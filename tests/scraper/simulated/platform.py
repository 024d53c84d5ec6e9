"""What the simulated platforms have in common: posts by number, a clock of their own, counted requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

START = 1_577_836_800.0
"""2020-01-01 in POSIX seconds UTC: post N came N times six hours later."""

EVERY = 6 * 3600.0
DAY = 86_400.0


@dataclass(slots=True, kw_only=True)
class SimulatedPost:
    """One post: `locked` behind a password, `cut` where listings have its beginning only.

    `edition` is in the name of its file: another edition is another download. Moments are POSIX seconds UTC.
    """

    number: int
    published: float
    modified: float
    name: str
    locked: bool = False
    cut: bool = False
    edition: int = 1

    @property
    def title(self) -> str:
        return f"Nemo Vale – Track {self.number}"

    @property
    def file(self) -> str:
        return f"/files/{self.number}-{self.edition}.mp3"

    @property
    def genre(self) -> str:
        return "Deep House" if self.number % 2 else "Dubstep"

    @property
    def path(self) -> str:
        return f"{datetime.fromtimestamp(self.published, UTC):%Y/%m}/{self.name}"


class SimulatedPlatform:
    """Posts by number, served by `answer`, which counts what is asked for by kind.

    `at_once` is the most posts that an answer of the interface holds. `clock` is the blog's own, in POSIX seconds UTC: it stands still but where something happens.

    `status` makes a kind of request fail, or its answers `bodies`; `before` is awaited with the kind before
    an answer is made, so that a test may change the blog, or end the run, between two requests.
    """

    def __init__(self, posts: int) -> None:
        self.at_once = 100
        self.clock = START + 1000 * DAY
        self.posts: dict[int, SimulatedPost] = {}
        self.asked: list[tuple[str, str]] = []
        self.status: dict[str, int] = {}
        self.bodies: dict[str, Callable[[], web.Response]] = {}
        self.before: Callable[[str], Awaitable[None]] | None = None
        for number in range(1, posts + 1):
            self.publish(number, at=START + number * EVERY)

    def publish(self, number: int, *, at: float | None = None) -> SimulatedPost:
        """Publish a post at that moment, by default now."""
        moment = self.tick() if at is None else at
        post = SimulatedPost(number=number, published=moment, modified=moment, name=f"track-{number}")
        self.posts[number] = post
        return post

    def edit(self, number: int, *, at: float | None = None) -> None:
        """Give a post another file, and say when that was, by default now."""
        post = self.posts[number]
        post.edition += 1
        post.modified = self.tick() if at is None else at

    def tick(self) -> float:
        """Let a day go by on the blog's own clock, and return what it says."""
        self.clock += DAY
        return self.clock

    def requests(self) -> dict[str, int]:
        """Return how often each kind was asked for since the last time, but for robots.txt."""
        kinds = Counter(kind for kind, _ in self.asked if kind != "robots")
        self.asked.clear()
        return dict(kinds)

    def addresses(self, kind: str) -> list[str]:
        """Return the paths, with their queries, that were asked for, in order."""
        return [path for asked, path in self.asked if asked == kind]

    @property
    def posts_asked(self) -> Counter[str]:
        return Counter(self.addresses("post"))

    @property
    def newest(self) -> list[SimulatedPost]:
        """The posts, the newest first."""
        return sorted(self.posts.values(), key=lambda post: (post.published, post.number), reverse=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        kind = self.kind_of(request)
        self.asked.append((kind, request.path_qs))
        if self.before is not None:
            await self.before(kind)
        if kind in self.status:
            return web.Response(status=self.status[kind])
        if kind in self.bodies:
            return self.bodies[kind]()
        return self.respond(kind, request)

    def kind_of(self, request: web.Request) -> str:
        raise NotImplementedError

    def respond(self, kind: str, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError


def found(posts: list[SimulatedPost], start: int, count: int) -> list[SimulatedPost]:
    """Return `count` of `posts` from index `start` on."""
    return posts[start : start + count]


def markup(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def iso(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}"


def article(post: SimulatedPost, content: str) -> web.Response:
    """Return the page of a post."""
    return markup(
        f"<html><head><title>{post.title}</title></head><body><article class='post'><h1>{post.title}</h1>"
        f"<time datetime='{iso(post.published)}Z'>then</time><div class='entry-content'>{content}</div>"
        "</article></body></html>"
    )
