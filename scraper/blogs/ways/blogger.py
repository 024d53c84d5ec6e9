"""The way of Blogger: the JSON form of its Atom feed, by numbers of posts.

https://developers.google.com/blogger/docs/2.0/reference and the GData parameters that it refers to; 500
entries an answer are documented, 150 and 100 were seen: what came decides where the next answer begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urljoin

from scraper.blogs.ways.blogger_entry import has_whole_posts, listed_post
from scraper.blogs.ways.fields import number_of, object_of, objects_of, read_json, text_of, unusable, written
from scraper.blogs.ways.offsets import Slice, entries_in, number_in, parameters
from scraper.blogs.ways.way import Batch, WayName
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

MAX_RESULTS: Final = 500
"""Posts that are asked for at once: the most that is documented."""

_FEED = "/feeds/posts/default"
_FIRST = 1
_CHANGED = "updated-min"


@dataclass(frozen=True, slots=True)
class BloggerWay:
    """Lists the blog at `home` by its feed, all of it or the posts of one `label`.

    Blogs choose how much of a post their feed holds: all of it, what stands before the jump break, or the
    beginning as text. A post that was cut at a jump break looks like a whole one. So contents are given only
    by answers that prove that the feed holds whole posts, or where an earlier answer for this blog has
    (`whole`: one of its posts had a content); elsewhere the pages of the posts are to be read.
    """

    home: str
    label: str | None = None
    whole: bool = False

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.BLOGGER

    def first(self) -> str:
        """Return the absolute address that lists the newest posts."""
        return self._address(_FIRST)

    def changes(self, since: float) -> str | None:
        """Return the address of what was published or changed at or after `since`; None for no date.

        Blogger heeds the bound only where it sorts by it.
        """
        moment = written(since)
        return None if moment is None else self._address(_FIRST, moment)

    def read(self, answer: Page) -> Batch:
        """Read the answer for an address of this way; raise `UnusableAnswerError` if it is no such feed.

        `announced` counts the posts of the listing; answers for `changes` announce nothing.
        """
        feed = object_of(object_of(read_json(answer.body, answer.url)).get("feed"))
        if not feed:
            raise unusable("this is not the feed of a Blogger blog", answer.url)
        since = parameters(answer.url).get(_CHANGED)
        entries = entries_in(feed.get("entry"))
        part = Slice(
            first=_FIRST,
            asked=number_in(answer.url, "start-index"),
            said=number_of(text_of(object_of(feed.get("openSearch$startIndex")).get("$t"))),
            received=len(entries),
            total=number_of(text_of(object_of(feed.get("openSearch$totalResults")).get("$t"))),
        )
        if since is not None and not entries:
            return Batch()
        following = part.following(answer.url)
        sites = (self.home, answer.url, *_homes(feed))
        known = objects_of(entries)
        whole = self.whole or has_whole_posts(known)
        posts: dict[str, ListedPost] = {}
        for entry in known:
            post = listed_post(entry, base=answer.url, sites=sites, whole=whole)
            if post is not None:
                posts.setdefault(post.key, post)
        return Batch(
            posts=tuple(posts.values()),
            more=() if following is None else (self._address(following, since),),
            announced=part.total if since is None else None,
        )

    def is_end(self, error: FetchError) -> bool:  # noqa: ARG002 - the shape of all ways
        """Return False: behind its last post Blogger answers an empty feed, never an error."""
        return False

    def _address(self, start: int, since: str | None = None) -> str:
        label = "" if self.label is None else f"/-/{quote(self.label, safe='')}"
        query = {
            "alt": "json",
            "orderby": "published" if since is None else "updated",
            "max-results": MAX_RESULTS,
            "start-index": start,
            # Else a blog that hands its feed to FeedBurner may send everybody there.
            "redirect": "false",
        }
        if since is not None:
            query[_CHANGED] = since
        return urljoin(self.home, f"{_FEED}{label}?{urlencode(query)}")


def _homes(feed: object) -> tuple[str, ...]:
    """Return where the feed says that its blog is: a domain of its own, perhaps, instead of blogspot's."""
    links = objects_of(object_of(feed).get("link"))
    hrefs = (text_of(link.get("href")) for link in links if link.get("rel") == "alternate")
    homes = (fetch_url(href, href) for href in hrefs if href is not None)
    return tuple(home for home in homes if home is not None)[:1]
