"""Where a walk begins: with the feed that tells of all that is new, or with the first listing page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.blogs.choice import SURE_SITEMAPS, Offer, offers_of
from scraper.blogs.feeds import Feed, looks_like_feed
from scraper.blogs.pages import ListingPage
from scraper.blogs.platforms import Platform
from scraper.blogs.reading import feed_of
from scraper.blogs.ways.feed import Paging
from scraper.blogs.ways.sitemap_names import usual_sitemaps
from scraper.blogs.ways.way import WayName
from scraper.http.addresses.identity import link_key, post_key
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from scraper.blogs.asking import Asker
    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.reading import ListingReader, WalkResult
    from scraper.http.client import Page

# Ways of blogs that offer nothing which tells what is new.
_PLAIN = frozenset({WayName.SITEMAP, WayName.PAGES})
_ABSENT = frozenset({Reason.NOT_FOUND, Reason.GONE})
# What stands at an address that somebody else has now.
_NO_BLOG = frozenset({Reason.NO_POSTS, Reason.NOT_HTML})


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a walk begins: the first listing page, and what the feed adds to it.

    `offers` are the ways that the blog offers beside its pages, the best first. `hints` are the feed's posts
    by key, `more` those that count as listed too; `cut` says that the listing itself could not be read.
    Where `asks_feed`, the feed that the page names was not asked yet (`fed` is what was).
    """

    url: str
    listing: ListingPage
    offers: Sequence[Offer] = ()
    asks_feed: bool = False
    fed: Feed | None = None
    hints: Mapping[str, ListedPost] = field(default_factory=dict)
    more: Sequence[ListedPost] = ()
    cut: bool = False


class Beginning:
    """Finds where the walk of `plan` begins, with as few requests as lose no post.

    A feed of the blog's own that lists what is newest on its page (`WalkResult.feed`) is asked instead of
    a page that has no validators of its own, until it tells of something new, or the page is due.
    """

    def __init__(
        self,
        plan: WalkPlan,
        *,
        asker: Asker,
        reader: ListingReader,
        stored: Callable[[Collection[ListedPost]], Awaitable[Mapping[str, float | None]]],
        result: WalkResult,
    ) -> None:
        self._plan = plan
        self._asker = asker
        self._reader = reader
        self._stored = stored
        self._result = result

    async def find(self, *, anew: bool = False) -> Start | None:
        """Return where to begin; None where nothing is new. Raises `FetchError` where no post is listed.

        With `anew` the page is asked for in any case: the way that was known is of no use any more.
        """
        try:
            return await self._find(anew=anew)
        except FetchError as error:
            if error.reason not in _NO_BLOG or not self._asker.distrust(self._plan.url):
                raise
            return await self._find(anew=anew)

    async def _find(self, *, anew: bool) -> Start | None:
        plan, fed = self._plan, None
        if not anew and plan.feed is not None and plan.feed != plan.url and await self._asks_feed():
            kept = await self._asker.kept(plan.url)
            fed = await self._feed(plan.feed, listing=kept.answered or plan.url)
            if fed is None or await self._all_known(fed.posts):
                self._result.feed = plan.feed
                return None
        page = await self._page(anew=anew)
        self._result.listed = True
        if page is None:
            self._result.feed = plan.feed
            return None
        if looks_like_feed(page.body, page.content_type):
            found = await self._from_feed(page)
            if found is None:
                return None
            start = found
        else:
            listing = await self._reader.listing(page)
            start = Start(url=page.url, listing=listing, asks_feed=True, fed=fed)
        start = replace(start, offers=(*await self._offers(start), *start.offers))
        return start if start.offers else await self.with_feed(start)

    async def _offers(self, start: Start) -> Sequence[Offer]:
        found, plan = start.listing.recognised, self._plan
        if found is None:
            return ()
        if plan.incremental and plan.way in _PLAIN and not plan.listing_due:
            return ()  # its pages tell what is new with one request
        if found.platform is not Platform.UNKNOWN:
            self._result.platform, self._result.platform_by = found.platform, found.by
        sitemaps: Sequence[Sequence[str]] = ()
        if found.whole and found.platform in SURE_SITEMAPS:
            named = await self._reader.sitemaps(start.url)
            usual = usual_sitemaps(found.home, platform=found.platform)
            sitemaps = [named] if named else [(place,) for place in usual]
        return offers_of(start.listing, start.url, sitemaps=sitemaps)

    async def with_feed(self, start: Start) -> Start | None:
        """Return `start` with what the feed knows, for a walk from page to page; None where nothing is new.

        Raises `FetchError` where neither lists a post.
        """
        with_feed = await self._beside_feed(start) if start.asks_feed else start
        if with_feed is not None and not with_feed.listing.posts and not with_feed.more:
            raise FetchError(Reason.NO_POSTS, self._plan.url)
        return with_feed

    async def _asks_feed(self) -> bool:
        """Return whether the feed is to be asked first, or instead."""
        if self._plan.listing_due or not self._plan.incremental:
            return False
        page = await self._asker.kept(self._plan.url)
        return not (page.etag or page.last_modified or self._asker.is_fresh(page))

    async def _page(self, *, anew: bool) -> Page | None:
        url = self._plan.url
        try:
            page = await self._asker.again(url, anew=anew)
        except FetchError as error:
            moved = (await self._asker.kept(url)).moved_to
            own = {post_key(url), post_key(moved or url)}
            # Where another address says it, the redirect that leads there may be for today only.
            self._result.gone = error.reason is Reason.GONE and post_key(error.url) in own
            raise
        moved = self._asker.moved.get(url)
        if moved is not None and post_key(moved) != post_key(url):
            self._result.notes.append(f"it has moved for good to {moved}")
        return page

    async def _from_feed(self, page: Page) -> Start | None:
        plan = self._plan
        feed = await self._reader.feed(page)
        if plan.incremental and plan.feed == plan.url and not plan.listing_due:
            self._result.listed = not await self._all_known(feed.posts)
            if not self._result.listed:
                self._result.feed = plan.feed
                return None
        start = await self._with_home(feed, page)
        is_known_to = plan.feed == plan.url
        if start.listing.posts:
            is_known_to = _keeps_up(feed, start.listing, news=await self._news(start.listing.posts))
        self._result.feed = plan.url if is_known_to else None
        return start

    async def _with_home(self, feed: Feed, answer: Page) -> Start:
        home, cut = feed.home, False
        url, listing = answer.url, ListingPage()
        if home is not None and link_key(home) != link_key(answer.url):
            url = home
            try:
                page = await self._asker.again(home)
                if page is not None:
                    url = page.url
                    if not looks_like_feed(page.body, page.content_type):
                        listing = await self._reader.listing(page)
            except FetchError as error:
                if not feed.posts:
                    raise
                cut = True
                self._result.notes.append(f"only the feed could be read: {error}")
        offers = self._paged(feed, answer.url, url)
        return Start(url=url, listing=listing, hints=_by_key(feed), more=feed.posts, cut=cut, offers=offers)

    def _paged(self, feed: Feed, address: str | None, home: str) -> Sequence[Offer]:
        """Return the way through a feed that leads to older pages of itself (RFC 5005, JSON Feed)."""
        if self._plan.incremental or address is None or feed.next is None:
            return ()
        return (Offer.of(WayName.FEED, feed=address, home=home, paging=Paging.FOLLOW),)

    async def _beside_feed(self, start: Start) -> Start | None:
        plan, listing, fed = self._plan, start.listing, start.fed
        news = await self._news(listing.posts)
        idle = plan.incremental and bool(listing.posts) and not news
        address, is_own = feed_of(listing, start.url)
        feed: Feed | None = Feed()
        if address is not None and address == plan.feed and (fed is not None or idle):
            feed = fed  # asked already, or left to the next run
        elif address is not None and (is_own or not idle):
            # A feed of other posts too only gives hints; what was read of it is not all stored by this walk.
            hints = not is_own and bool(listing.posts)
            anew = hints or (plan.listing_due and address != plan.feed)
            feed = await self._feed(address, listing=start.url, needed=not listing.posts, anew=anew)
            if hints:
                self._result.validators.pop(address, None)
        if is_own and (_keeps_up(feed, listing, news=news) if feed is not None else address == plan.feed):
            self._result.feed = address
        if idle and self._result.feed is not None:
            await self._drop_vain_validators()
        if feed is None and not listing.posts:
            return None
        feed = feed or Feed()
        more = feed.posts if is_own or not listing.posts else ()
        return Start(
            url=start.url,
            listing=listing,
            hints=_by_key(feed),
            more=more,
            offers=self._paged(feed, address, start.url) if is_own else (),
        )

    async def _drop_vain_validators(self) -> None:
        """Forget the page's validators if they changed where nothing is new: they are of no use."""
        url = self._plan.url
        before, given = await self._asker.kept(url), self._result.validators[url]
        if (before.etag, before.last_modified) != (given.etag, given.last_modified):
            self._result.validators[url] = replace(given, etag=None, last_modified=None)

    async def _feed(self, url: str, *, listing: str, needed: bool = False, anew: bool = False) -> Feed | None:
        """Return the feed; None where it is unchanged. One that fails is empty and noted, unless `needed`."""
        try:
            answer = await self._asker.again(url, anew=anew)
        except FetchError as error:
            if needed:
                raise
            if error.reason in _ABSENT:
                self._asker.leave_alone(url)
            self._result.notes.append(f"the feed could not be read: {error}")
            return Feed()
        return None if answer is None else await self._reader.feed(answer, listing=listing)

    async def _news(self, posts: Sequence[ListedPost]) -> set[str]:
        """Return the keys of what is not stored, of a walk that only looks for news."""
        if not self._plan.incremental:
            return set()
        return {post.key for post in posts} - (await self._stored(posts)).keys()

    async def _all_known(self, posts: Sequence[ListedPost]) -> bool:
        return bool(posts) and not await self._news(posts)


def _keeps_up(feed: Feed, listing: ListingPage, *, news: Collection[str]) -> bool:
    """Return whether `feed` lists what is newest on the page, but for one post that may be pinned there."""
    fed = {post.key for post in feed.posts} | feed.locked
    newest = {post.key for post in listing.posts[: len(fed)]}
    missing = newest - fed
    return bool(fed) and len(missing) <= 1 and (missing < newest or not newest) and missing.isdisjoint(news)


def _by_key(feed: Feed) -> dict[str, ListedPost]:
    return {post.key: post for post in feed.posts}
