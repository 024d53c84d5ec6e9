"""Which ways of listing a blog offers, the best first: platform interfaces, feeds with pages, sitemaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qsl, urlencode, urljoin

from scraper.blogs.platforms import Platform
from scraper.blogs.reading import feed_of
from scraper.blogs.ways.blogger import BloggerWay
from scraper.blogs.ways.feed import FeedWay, Paging
from scraper.blogs.ways.ghost import GhostWay
from scraper.blogs.ways.sitemap import SitemapWay
from scraper.blogs.ways.squarespace import SquarespaceWay
from scraper.blogs.ways.substack import SubstackWay
from scraper.blogs.ways.tumblr import TumblrWay
from scraper.blogs.ways.way import WayName
from scraper.blogs.ways.wordpress import WordPressWay
from scraper.blogs.ways.wordpress_com import WordPressComWay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scraper.blogs.pages import ListingPage
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.recognition import Recognised
    from scraper.blogs.ways.way import Way

# Platforms whose feeds have older pages.
_PAGED_FEEDS = {
    Platform.WORDPRESS: Paging.WORDPRESS,
    Platform.WORDPRESS_COM: Paging.WORDPRESS,
    Platform.GHOST: Paging.GHOST,
}
SURE_SITEMAPS: Final = frozenset(
    {Platform.WORDPRESS, Platform.WORDPRESS_COM, Platform.BLOGGER, Platform.GHOST, Platform.SUBSTACK}
)
"""Platforms whose sitemaps tell posts from other pages."""

_MAKERS: Mapping[WayName, Callable[[Mapping[str, str]], Way]] = {
    WayName.WORDPRESS: lambda of: WordPressWay(of["root"], of["home"]),
    WayName.WORDPRESS_COM: lambda of: WordPressComWay(of["home"]),
    WayName.BLOGGER: lambda of: BloggerWay(of["home"], of.get("label"), whole="whole" in of),
    WayName.TUMBLR: lambda of: TumblrWay(of["home"]),
    WayName.GHOST: lambda of: GhostWay.of(of["api"], of["home"], of.get("tag")),
    WayName.SQUARESPACE: lambda of: SquarespaceWay(of["listing"]),
    WayName.SUBSTACK: lambda of: SubstackWay(of["home"]),
    WayName.FEED: lambda of: FeedWay(of["feed"], of["home"], style=Paging(of["paging"])),
    WayName.SITEMAP: lambda of: SitemapWay(of["sitemaps"].split(), of["home"]),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A way of listing, and what it can be made of again in a later run: `source`."""

    way: Way
    source: str

    @classmethod
    def of(cls, name: WayName, **given: str | None) -> Self:
        """Return the way called `name`, made of what is `given`, where that is not None."""
        values = {key: value for key, value in given.items() if value is not None}
        return cls(_MAKERS[name](values), urlencode(values))

    def proven(self) -> Self:
        """Return the same way for a blog whose posts came whole: later answers of Blogger need no proof."""
        if self.way.name is not WayName.BLOGGER:
            return self
        return type(self).of(WayName.BLOGGER, **dict(parse_qsl(self.source)) | {"whole": "yes"})

    def unproven(self) -> Self:
        """Return the same way before anything was proven of the blog."""
        if self.way.name is not WayName.BLOGGER:
            return self
        return type(self).of(WayName.BLOGGER, **dict(parse_qsl(self.source)) | {"whole": None})

    def resume(self, address: str) -> str:
        """Return what is kept of an address that a walk by this way has reached."""
        return f"{self.way.name}\t{address}"

    def resume_of(self, plan: WalkPlan) -> str | None:
        """Return the address at which a walk by this way was interrupted."""
        name, _, address = (plan.resume or "").partition("\t")
        return address if address and name == self.way.name else None


def offered_before(plan: WalkPlan) -> Offer | None:
    """Return the way by which an earlier walk came to its end, if it tells what is new."""
    if not plan.incremental or plan.way is None or plan.way_source is None or plan.way not in _MAKERS:
        return None
    name = WayName(plan.way)
    if name is WayName.SITEMAP:
        return None
    try:
        return Offer(_MAKERS[name](dict(parse_qsl(plan.way_source))), plan.way_source)
    except (KeyError, ValueError):  # written by another version: the blog is looked at anew
        return None


def offers_of(listing: ListingPage, url: str, *, sitemaps: Sequence[Sequence[str]]) -> tuple[Offer, ...]:
    """Return the ways that the blog offers whose page at `url` is `listing`, the best first.

    `sitemaps`, of a platform of `SURE_SITEMAPS`, are alternatives: all that robots.txt names together, or
    each place where one usually is.
    """
    found = listing.recognised
    if found is None:
        return ()
    offers = (*_by_platform(found, url), *_by_feed(found, listing, url))
    sure = [Offer.of(WayName.SITEMAP, sitemaps=" ".join(some), home=found.home) for some in sitemaps]
    return (*offers, *sure)


def _by_platform(found: Recognised, url: str) -> Iterator[Offer]:
    home, label = found.home, found.label
    match found.platform:
        case Platform.WORDPRESS if found.whole:
            yield Offer.of(WayName.WORDPRESS, root=found.api or urljoin(home, "wp-json/"), home=home)
        case Platform.WORDPRESS_COM if found.whole:
            yield Offer.of(WayName.WORDPRESS_COM, home=home)
        case Platform.BLOGGER if found.whole or label:
            yield Offer.of(WayName.BLOGGER, home=home, label=label)
        case Platform.TUMBLR if found.whole:
            yield Offer.of(WayName.TUMBLR, home=home)
        case Platform.GHOST if found.api and (found.whole or label):
            yield Offer.of(WayName.GHOST, api=found.api, home=home, tag=label)
        case Platform.SQUARESPACE if found.whole or label:
            yield Offer.of(WayName.SQUARESPACE, listing=url)
        case Platform.SUBSTACK if found.whole:
            yield Offer.of(WayName.SUBSTACK, home=home)


def _by_feed(found: Recognised, listing: ListingPage, url: str) -> Iterator[Offer]:
    paging = _PAGED_FEEDS.get(found.platform)
    feed, is_own = feed_of(listing, url)
    if paging is not None and feed is not None and is_own:
        yield Offer.of(WayName.FEED, feed=feed, home=url, paging=paging)
