"""Which ways a blog offers, and the way that an earlier walk took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs.choice import Offer, offered_before, offers_of
from scraper.blogs.pages import ListingPage
from scraper.blogs.plan import WalkPlan
from scraper.blogs.platforms import Platform
from scraper.blogs.recognition import Recognised
from scraper.blogs.ways.way import WayName

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = "https://b.example/"
FEED = f"{HOME}feed/"
SITEMAPS = (f"{HOME}one.xml", f"{HOME}two.xml")
GHOST_API = f"{HOME}ghost/api/content/?key=0123456789abcdef01234567ab"

EVERY_WAY: dict[WayName, dict[str, str | None]] = {
    WayName.WORDPRESS: {"root": f"{HOME}wp-json/", "home": HOME},
    WayName.WORDPRESS_COM: {"home": HOME},
    WayName.BLOGGER: {"home": HOME, "label": "deep house & more=1"},
    WayName.TUMBLR: {"home": HOME},
    WayName.GHOST: {"api": GHOST_API, "home": HOME, "tag": None},
    WayName.SQUARESPACE: {"listing": f"{HOME}blog?category=a&b=c"},
    WayName.SUBSTACK: {"home": HOME},
    WayName.FEED: {"feed": f"{HOME}?feed=rss2", "home": HOME, "paging": "WordPress"},
}


def offered(
    platform: Platform, *, feeds: Sequence[str] = (FEED,), sitemaps: Sequence[str] = SITEMAPS, **told: Any
) -> list[WayName]:
    found = Recognised(platform=platform, by="test", home=HOME, **({"whole": True} | told))
    listing = ListingPage(feeds=tuple(feeds), recognised=found)
    return [offer.way.name for offer in offers_of(listing, HOME, sitemaps=sitemaps)]


@pytest.mark.parametrize(
    ("platform", "told", "first"),
    [
        (Platform.WORDPRESS, {}, WayName.WORDPRESS),
        (Platform.WORDPRESS, {"api": f"{HOME}?rest_route=/"}, WayName.WORDPRESS),
        (Platform.WORDPRESS_COM, {}, WayName.WORDPRESS_COM),
        (Platform.BLOGGER, {}, WayName.BLOGGER),
        (Platform.BLOGGER, {"whole": False, "label": "house"}, WayName.BLOGGER),
        (Platform.TUMBLR, {}, WayName.TUMBLR),
        (Platform.GHOST, {"api": GHOST_API}, WayName.GHOST),
        (Platform.GHOST, {"api": GHOST_API, "whole": False, "label": "house"}, WayName.GHOST),
        (Platform.SQUARESPACE, {}, WayName.SQUARESPACE),
        (Platform.SUBSTACK, {}, WayName.SUBSTACK),
    ],
)
def test_the_interface_of_the_platform_comes_first(
    platform: Platform, told: dict[str, Any], first: WayName
) -> None:
    assert offered(platform, **told)[0] is first


def test_p10_a_wordpress_blog_has_its_feed_and_its_sitemaps_to_fall_back_on() -> None:
    assert offered(Platform.WORDPRESS) == [
        WayName.WORDPRESS,
        WayName.FEED,
        WayName.SITEMAP,
        WayName.SITEMAP,
    ]
    assert offered(Platform.WORDPRESS, feeds=(), sitemaps=()) == [WayName.WORDPRESS]


@pytest.mark.parametrize("platform", [Platform.WORDPRESS, Platform.WORDPRESS_COM, Platform.TUMBLR])
def test_the_page_of_a_part_is_not_listed_by_what_lists_the_whole_blog(platform: Platform) -> None:
    names = offered(platform, whole=False, feeds=(), sitemaps=())
    assert names == []


def test_a_ghost_blog_whose_pages_state_no_key_is_read_by_its_feed() -> None:
    assert offered(Platform.GHOST)[0] is WayName.FEED


@pytest.mark.parametrize("platform", [Platform.HUGO, Platform.MEDIUM, Platform.UNKNOWN])
def test_what_has_no_interface_offers_none(platform: Platform) -> None:
    assert offered(platform, feeds=(), sitemaps=()) == []


def test_the_feed_of_another_page_is_not_offered() -> None:
    found = Recognised(platform=Platform.WORDPRESS, by="test", home=HOME, whole=False)
    listing = ListingPage(feeds=(FEED,), recognised=found)
    assert offers_of(listing, f"{HOME}category/house/", sitemaps=()) == ()


def test_a_page_that_was_not_looked_at_offers_nothing() -> None:
    assert offers_of(ListingPage(), HOME, sitemaps=SITEMAPS) == ()


@pytest.mark.parametrize("name", EVERY_WAY)
def test_a_way_is_made_again_of_what_was_kept_of_it(name: WayName) -> None:
    offer = Offer.of(name, **EVERY_WAY[name])
    again = offered_before(
        WalkPlan(url=HOME, complete=True, way=str(offer.way.name), way_source=offer.source)
    )
    assert again is not None
    assert again.source == offer.source
    assert (again.way.name, again.way.first()) == (name, offer.way.first())
    assert again.way.changes(1e9) == offer.way.changes(1e9)


@pytest.mark.parametrize(
    ("way", "source"),
    [
        (None, None),
        ("WordPress REST", None),
        ("telepathy", "home=x"),
        ("pages", ""),
        ("sitemap", f"sitemap={HOME}sitemap.xml&home={HOME}"),
        ("WordPress REST", ""),
        ("WordPress REST", "home=x"),
        ("WordPress REST", "%&=&=%"),
        ("feed", f"feed={FEED}&home={HOME}&paging=unheard"),
        ("feed", f"feed={FEED}&home={HOME}"),
        ("Ghost Content API", "api=&home="),
        ("Blogger feed", "label=x"),
    ],
)
def test_what_cannot_be_made_again_or_tells_no_news_is_no_way(way: str | None, source: str | None) -> None:
    assert offered_before(WalkPlan(url=HOME, complete=True, way=way, way_source=source)) is None


@pytest.mark.parametrize("plan", [{}, {"complete": True, "full": True}], ids=["not complete", "full"])
def test_only_a_walk_for_news_takes_the_way_of_the_last(plan: dict[str, Any]) -> None:
    assert offered_before(WalkPlan(url=HOME, way="Tumblr API", way_source=f"home={HOME}", **plan)) is None


def test_a_place_is_kept_with_the_way_that_knows_it() -> None:
    wordpress = Offer.of(WayName.WORDPRESS, **EVERY_WAY[WayName.WORDPRESS])
    tumblr = Offer.of(WayName.TUMBLR, home=HOME)
    plan = WalkPlan(url=HOME, resume=wordpress.resume(f"{HOME}wp-json/?page=7"))
    assert wordpress.resume_of(plan) == f"{HOME}wp-json/?page=7"
    assert tumblr.resume_of(plan) is None


@pytest.mark.parametrize("resume", [None, "", "nonsense", "WordPress REST", "WordPress REST\t"])
def test_what_is_no_place_is_none(resume: str | None) -> None:
    wordpress = Offer.of(WayName.WORDPRESS, **EVERY_WAY[WayName.WORDPRESS])
    assert wordpress.resume_of(WalkPlan(url=HOME, resume=resume)) is None
