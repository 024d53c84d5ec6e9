"""A client for a short look at a blog: it answers few times, and remembers what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scraper.http.client import Client
from scraper.http.errors import FetchError
from scraper.http.page import MAX_PAGE_BYTES
from storage.errors import CratedigError
from storage.robots import RobotsFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.http.page import Page
    from scraper.http.robots.origins import RobotsStore

MOST: Final = 12
"""Addresses that may be asked for, robots.txt aside."""

_FIRST_PAGES = 2  # a feed that was given as the blog, and the page that it belongs to


class EnoughError(CratedigError):
    """As many addresses were asked for as a short look may."""


class RobotsSeen:
    """The robots.txt files that a client has met, by origin; `store`, if any, keeps them."""

    def __init__(self, store: RobotsStore | None) -> None:
        self.files: dict[str, RobotsFile] = {}
        self._store = store

    async def get(self, origin: str, *, max_age: float) -> RobotsFile | None:
        """Return what `origin` answered last, if that is at most `max_age` seconds ago."""
        kept = await self._store.get(origin, max_age=max_age) if self._store else None
        if kept is not None:
            self.files[origin] = kept
        return kept

    async def save(self, origin: str, status: int, text: str) -> None:
        """Keep what `origin` answered just now."""
        self.files[origin] = RobotsFile(status=status, text=text, age=0.0)
        if self._store:
            await self._store.save(origin, status, text)


class SparingClient(Client):
    """A `Client` whose `get` raises `EnoughError` beyond `most` addresses; options are those of `Client`."""

    def __init__(
        self,
        *,
        most: int = MOST,
        obey_robots: bool = True,
        robots_store: RobotsStore | None = None,
        **options: Any,
    ) -> None:
        self.obeys_robots = obey_robots
        self.robots_seen = RobotsSeen(robots_store)
        self.pages: list[Page] = []
        """The first two pages, with their bodies."""
        self.outcomes: dict[str, FetchError | None] = {}
        """What went wrong with each address that was asked for, None where nothing did."""
        self._most = most
        super().__init__(obey_robots=obey_robots, robots_store=self.robots_seen, **options)

    async def get(
        self, url: str, *, validators: Mapping[str, str] | None = None, max_bytes: int = MAX_PAGE_BYTES
    ) -> Page:
        """Read `url` as `Client.get` does. Raises `EnoughError` where too many were asked for."""
        if len(self.outcomes) >= self._most:
            raise EnoughError(f"{self._most} addresses were asked for", where=url)
        self.outcomes[url] = None
        try:
            page = await super().get(url, validators=validators, max_bytes=max_bytes)
        except FetchError as error:
            self.outcomes[url] = error
            raise
        if len(self.pages) < _FIRST_PAGES:
            self.pages.append(page)
        return page
