"""What of the listed posts is new to a walk, and what of that is to be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.reading import WalkResult
    from scraper.blogs.window import Window


@dataclass(frozen=True, slots=True)
class Sifted:
    """One listing sifted: `fresh` are the posts that no listing before had, `news` those to be read."""

    fresh: Mapping[str, ListedPost]
    news: Sequence[ListedPost]
    turned: bool
    """Whether the listing has posts that none of the same way had before; a feed beside it does not count."""


class Sieve:
    """Sorts what the listings of one walk give, whichever way they come.

    `stored` tells which of some posts are not to be read, by key, with the timestamps of their publication:
    those stored as they are now, and those given up.
    """

    def __init__(
        self,
        plan: WalkPlan,
        *,
        stored: Callable[[Collection[ListedPost]], Awaitable[Mapping[str, float | None]]],
        window: Window,
        result: WalkResult,
    ) -> None:
        self.given = 0
        """Posts that were to be read so far."""
        self.cut = False
        """Whether a part of the archive was left out, without an error of its own."""
        self.marker: float | None = None
        """The latest change of all posts that were listed, POSIX seconds UTC."""
        self._plan = plan
        self._stored = stored
        self._window = window
        self._result = result
        self._way = 1
        self._seen: dict[str, int] = {}
        """What was listed: by key the way that did so last, by number; 0 is a feed beside it."""
        self._news: set[str] = set()
        """What was to be read, in a walk for news."""
        # Of long blogs all that is kept for each post counts: hashes take half the room. Where two are the
        # same by chance, a post has no name, which costs no more than where one is not trusted.
        self._ids: set[int] = set()

    @property
    def met(self) -> int:
        """How many different posts were listed, those behind a password included."""
        return len(self._seen)

    def has_met(self, key: str) -> bool:
        """Return whether the post `key` was listed."""
        return key in self._seen

    @property
    def is_full(self) -> bool:
        """Whether as many posts were given as the walk may give."""
        return self.given == self._plan.max_posts

    def begin_way(self) -> None:
        """Begin to count anew what turns: what an earlier way has listed the next one lists as well."""
        self._way += 1

    async def sift(
        self,
        posts: Iterable[ListedPost],
        *,
        locked: Collection[str] = (),
        fed: Iterable[ListedPost] = (),
    ) -> Sifted:
        """Sort the `posts` of a listing and those that a feed beside it tells of (`fed`)."""
        page, beside = [self._noted(post) for post in posts], [self._noted(post) for post in fed]
        for key in locked:
            self._seen.setdefault(key, 0)
        fresh, turned = self._unmet((*page, *beside)), self._turns(page)
        self._result.found += len(fresh)
        known = {} if self._plan.full else await self._stored(fresh.values())
        old = self._window.too_old([*page, *fresh.values()])
        self.cut = self.cut or not old.keys() <= known.keys()
        news = [post for key, post in fresh.items() if key not in known and key not in old]
        if self._plan.incremental:
            self._news.update(post.key for post in news)
        self._window.open_page({**known, **old}, pending=[post.key for post in news])
        return Sifted(fresh=fresh, news=news, turned=turned)

    def caught_up(self, page: Sequence[ListedPost]) -> bool:
        """Return whether a walk for news has met what an earlier one has read.

        The listing must end with a known post and be mostly known: some end with a block of old posts.
        """
        if not self._plan.incremental:
            return False
        known = [post.key not in self._news for post in page]
        return not known or (known[-1] and 2 * sum(known) >= len(known))

    def _noted(self, post: ListedPost) -> ListedPost:
        if post.modified is not None:
            self.marker = max(self.marker or post.modified, post.modified)
        if post.id is None:
            return post
        name = hash(post.id)
        if name not in self._ids:
            self._ids.add(name)
        elif post.key not in self._seen:
            # What one listing calls by the same name at two addresses has no name that can be trusted.
            return replace(post, id=None)
        return post

    def _turns(self, page: Iterable[ListedPost]) -> bool:
        turned = any(self._seen[post.key] != self._way for post in page)
        self._seen.update((post.key, self._way) for post in page)
        return turned

    def _unmet(self, posts: Iterable[ListedPost]) -> dict[str, ListedPost]:
        fresh: dict[str, ListedPost] = {}
        for post in posts:
            if post.key not in self._seen:
                self._seen[post.key] = 0
                fresh[post.key] = post
        return fresh
