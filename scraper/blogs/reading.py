"""Reading what lists the posts of one blog: listing pages and feeds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from scraper.blogs.feeds import Feed, UnreadableFeedError, read_feed, trusted
from scraper.blogs.pages import ListingPage, read_listing
from scraper.blogs.recognition import recognise
from scraper.http.addresses.identity import same_site
from scraper.http.errors import FetchError
from scraper.posts.page.document import UnreadablePageError, parse_document
from scraper.posts.page.large import LARGE, read_aside
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.http.client import Client, Page
    from storage.records import Validator


@dataclass(slots=True)
class WalkResult:
    """What a walk came to, filled in while it goes on."""

    found: int = 0
    """Posts listed, known ones included."""
    unchanged: int = 0
    """Listings and feeds that had not changed (304), or were too fresh to be asked for."""
    bytes: int = 0
    """Bytes of listings and feeds, unpacked."""
    to_the_end: bool = False
    """Whether the archive was walked to its end, or to where everything is known."""
    gone: bool = False
    """Whether the blog's own address says that it was removed for good (410)."""
    listed: bool = False
    """Whether the listing itself was asked for, and not only the feed."""
    feed: str | None = None
    """The feed that tells of all that is new, so that a later walk may ask it instead of the listing."""
    platform: str | None = None
    """What the blog runs on, where it was looked at and is known."""
    platform_by: str = ""
    """What says so, in a few words."""
    way: str | None = None
    """The way of listing that was of use, the best one where several were."""
    way_source: str | None = None
    """What that way can be made of again."""
    passed_over: dict[str, str] = field(default_factory=dict)
    """The ways that were of no use, or not of enough: why, a clause, by name."""
    announced: int | None = None
    """How many posts the blog says it has."""
    leapt: bool = False
    """Whether what an interrupted walk had read was leapt over, so that not all was listed by this one."""
    marker: float | None = None
    """Up to when changes are known: POSIX seconds UTC, by the blog's clock."""
    validators: dict[str, Validator] = field(default_factory=dict)
    """To be kept once everything found is stored; kept sooner, a crash would hide posts behind a 304."""
    notes: list[str] = field(default_factory=list)
    """What to tell of the walk beside its error, a sentence each."""

    def ways_note(self) -> str | None:
        """Return a sentence that tells why the blog is not listed by the best way, where it is not."""
        if not self.passed_over:
            return None
        reasons = "; ".join(f"{name}: {why}" for name, why in self.passed_over.items())
        if self.way is None or self.way in self.passed_over:  # what was missing was looked for by other ways
            return reasons
        return f"listed by {self.way}, because of {reasons}"


class ListingReader:
    """Reads listing pages and feeds; notes in `result` what it could not read."""

    def __init__(self, client: Client, result: WalkResult) -> None:
        self._client = client
        self._result = result

    async def listing(self, answer: Page) -> ListingPage:
        """Read a listing page. Raises `FetchError` for what is no page."""
        self._result.bytes += len(answer.body)
        try:
            return await read_aside(len(answer.body), _read_page, answer)
        except UnreadablePageError as error:
            raise FetchError(Reason.NOT_HTML, answer.url, detail=answer.content_type) from error
        finally:
            answer.free()

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that robots.txt of the site of `url` names; none where it cannot be read."""
        try:
            return await self._client.sitemaps(url)
        except FetchError:
            return ()

    async def older(self, url: str) -> ListingPage:
        """Fetch and read an older listing page. Raises `FetchError`."""
        return await self.listing(await self._client.get(url))

    async def feed(self, answer: Page, *, listing: str | None = None) -> Feed:
        """Read a feed in a thread; one that cannot be read is empty and noted."""
        self._result.bytes += len(answer.body)
        try:
            read = partial(_read_feed, answer, listing)
            if len(answer.body) > LARGE:
                return await read_aside(len(answer.body), read)
            # A small feed may take a tenth of a second too, where the quick parser gives it up.
            return await asyncio.to_thread(read)
        except UnreadableFeedError as error:
            self._result.notes.append(str(error))
            return Feed()
        finally:
            answer.free()


def feed_of(listing: ListingPage, url: str) -> tuple[str | None, bool]:
    """Return which feed of the listing page at `url` to read, and whether it lists the same posts.

    The feed of the whole site knows more of the posts of a category's page, but lists others as well.
    """
    own = next((feed for feed in listing.feeds if _covers(feed, url)), None)
    return (own, True) if own else (next(iter(listing.feeds), None), False)


def _covers(feed: str, url: str) -> bool:
    of_page, of_feed = urlsplit(url), urlsplit(feed)
    folder = of_page.path.rstrip("/").removesuffix("/index.html")
    if not same_site(feed, url):
        return not folder and not of_page.query
    inside = of_feed.path == folder or of_feed.path.startswith(f"{folder}/")
    return inside and set(parse_qsl(of_page.query)) <= set(parse_qsl(of_feed.query))


def _read_feed(answer: Page, listing: str | None) -> Feed:
    return trusted(read_feed(answer.body, answer.url, listing=listing, charset=answer.charset, content=True))


def _read_page(answer: Page) -> ListingPage:
    tree = parse_document(answer.body, charset=answer.charset)
    return replace(read_listing(tree, answer.url), recognised=recognise(answer, tree))
