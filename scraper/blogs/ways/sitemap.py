"""Sitemaps as a way of listing: https://www.sitemaps.org/protocol.html. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.blogs.feeds import UnreadableFeedError, looks_like_feed, read_feed
from scraper.blogs.ways.fields import unusable
from scraper.blogs.ways.sitemap_names import Listed, is_oldest_first, listed_by, usual_sitemaps
from scraper.blogs.ways.sitemap_posts import PostsAmong
from scraper.blogs.ways.sitemap_reading import read_sitemap, unpacked
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.addresses.identity import fetch_url, post_key, same_site
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.blogs.ways.sitemap_reading import Entry
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

__all__ = ["SitemapWay", "usual_sitemaps"]

_NOTHING_THERE = frozenset({Reason.NOT_FOUND, Reason.GONE})


class SitemapWay:
    """The posts among all pages that a site lists for search engines, told by names and addresses.

    An index leads to its sitemaps, those of nothing but other pages left out, and they may be indexes again:
    reading has no memory, so who walks bounds the number of answers and asks no address twice.
    """

    def __init__(self, sitemaps: Sequence[str], home: str) -> None:
        """List what `sitemaps`, at least one, name of the blog whose page is `home`.

        They are as robots.txt names them, and may stand on another host; the posts may not.
        """
        urls = dict.fromkeys(fetch_url(sitemap, home) for sitemap in sitemaps)
        given = [url for url in urls if url is not None]
        self._sitemaps = _posts_first(given) or given
        if not self._sitemaps:
            raise ValueError("a sitemap is needed that can be fetched")
        self._home = home
        self._among = PostsAmong(home)

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.SITEMAP

    def first(self) -> str:
        """Return the address of the sitemap that most likely lists posts."""
        return self._sitemaps[0]

    def changes(self, since: float) -> str | None:  # noqa: ARG002 - sitemaps list everything
        """Return None: a sitemap cannot be asked for what changed."""
        return None

    def read(self, answer: Page) -> Batch:
        """Read a sitemap, an index of sitemaps, or a feed in place of one.

        The other sitemaps that were given are to be asked after the first, and after any index, for the
        address of the first may have been redirected.
        """
        where = answer.url
        body = unpacked(answer.body, where)
        try:
            sitemap = read_sitemap(body, where, charset=answer.charset)
        except UnusableAnswerError:
            if looks_like_feed(body, answer.content_type):
                return self._read_feed(body, where)
            raise
        posts = self._among.posts(
            sitemap.pages, where, listed=listed_by(where), oldest_first=is_oldest_first(where)
        )
        named = self._named(sitemap.sitemaps, where)
        is_first = post_key(where) == post_key(self.first())
        others = self._sitemaps[1:] if is_first or sitemap.sitemaps else []
        return Batch(posts=posts, more=tuple(dict.fromkeys([*named, *others])))

    def is_end(self, error: FetchError) -> bool:
        """Return whether there is nothing at the address: an index may name what is no more."""
        return error.reason in _NOTHING_THERE

    def _named(self, entries: Iterable[Entry], where: str) -> list[str]:
        """Return the sitemaps that an index names, the newest posts first, without those of other pages."""
        found: dict[str, Entry] = {}
        for entry in entries:
            url = fetch_url(entry.loc, where)
            if url is not None and (same_site(url, where) or same_site(url, self._home)):
                found.setdefault(url, entry)
        urls = list(found)
        if all(entry.lastmod is not None for entry in found.values()):
            urls.sort(key=lambda url: found[url].lastmod or 0.0, reverse=True)
        else:
            rising = iter([url for url in reversed(urls) if is_oldest_first(url)])
            urls = [next(rising) if is_oldest_first(url) else url for url in urls]
        return _posts_first(urls)

    def _read_feed(self, body: bytes, where: str) -> Batch:
        try:
            return Batch(posts=read_feed(body, where, listing=self._home).posts)
        except UnreadableFeedError as error:
            raise unusable("this is neither a sitemap nor a feed that can be read", where) from error


def _posts_first(urls: Iterable[str]) -> list[str]:
    """Return the sitemaps that may list posts, those that certainly do before the others."""
    listed = [(url, listed_by(url)) for url in urls]
    return [url for kind in (Listed.POSTS, Listed.UNKNOWN) for url, told in listed if told is kind]
