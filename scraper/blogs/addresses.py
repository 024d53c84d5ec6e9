"""Which addresses can be posts of a blog, judged by the address alone."""

from __future__ import annotations

import re
from itertools import takewhile
from urllib.parse import parse_qsl, urlsplit

from scraper.blogs.listing_words import listing_words
from scraper.http.addresses.identity import post_key
from scraper.http.addresses.tracking import tracking_table

# /2024/, /2024/05/, /2024/05/12/; below another folder only with a month, for /post/2024/ may be a number.
_DATE_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}|/[^/]+/(?:19|20)\d\d(?:/\d\d?){1,2}")
_PAGING = re.compile(r"/page[-/:]?\d{1,6}/?$")
# Blogger keeps pages under /p/ with an ending; Substack keeps posts there without one.
_BLOGGER_PAGE = re.compile(r"/p/[^/]+\.html")
_MOBILE = "m"
# Addresses in which there is nothing to level: most of a sitemap's tens of thousands.
_PLAIN = re.compile(r"(https?://[a-z0-9.-]+(?::\d{1,5})?)((?:/[a-zA-Z0-9_-][a-zA-Z0-9_.-]*)+)/?", re.ASCII)
_MAX_PLAIN = 1000


class PostAddresses:
    """Judges addresses for the blog whose listing is at `listing`."""

    def __init__(self, listing: str) -> None:
        self._key = post_key(listing)
        parts = urlsplit(self._key)
        self._site = parts.netloc
        self._path = parts.path
        self._folder = _segments(parts.path)
        self._root = f"https://{self._site}"
        spelled = (f"{scheme}://{www}{self._site}" for scheme in ("http", "https") for www in ("", "www."))
        self._origins = frozenset(origin for origin in spelled if post_key(origin) == f"{self._root}/")

    def own_key(self, url: str) -> str | None:
        """Return the key of the page at `url`; None where it is of another site, the listing, or a file.

        >>> PostAddresses("https://b.example/").own_key("https://www.b.example/tag/house/")
        'https://b.example/tag/house'
        """
        key = self._own(url)
        path = "" if key is None else urlsplit(key).path.lower()
        return None if path.endswith(listing_words().not_post_endings) else key

    def key_of(self, url: str) -> str | None:
        """Return the key of the post at `url`; None where it is of another site or cannot be a post."""
        key = self._own(url)
        if key is None:
            return None
        if "?" not in url:
            path = key.removeprefix(self._root)
            return key if path not in {"/", self._path} and self._may_be_path(path) else None
        parts = urlsplit(key)
        names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        said = {name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        words = listing_words()
        if (names | said - {_MOBILE}) & words.not_post_queries:
            return None
        if parts.path in {"/", self._path}:
            return key if names & words.post_queries else None
        return key if self._may_be_path(parts.path) else None

    def is_plain(self, url: str) -> bool:
        """Return whether `url` is of the site, and so plain that `fetch_url` would give it back as it is."""
        plain = _PLAIN.fullmatch(url) if len(url) <= _MAX_PLAIN else None
        return plain is not None and plain[1] in self._origins

    def _own(self, url: str) -> str | None:
        """Return `post_key` of `url`, in a fraction of its time where `url` is plain; None as `own_key`."""
        if self.is_plain(url):
            path = url[url.index("/", len("https://")) :].rstrip("/")
            if not path.endswith(("/amp", *tracking_table().indexes)):
                key = f"{self._root}{path}"
                return None if key == self._key else key
        key = post_key(url)
        return None if urlsplit(key).netloc != self._site or not self._site or key == self._key else key

    def _may_be_path(self, path: str) -> bool:
        words = listing_words()
        lower = path.lower()
        segments = _segments(lower)
        pairs = zip(segments, self._folder, strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        rest = segments[common:]
        if lower.endswith(words.not_post_endings) or not rest:
            return False
        if _DATE_ARCHIVE.fullmatch("/" + "/".join(segments)) or _DATE_ARCHIVE.fullmatch("/" + "/".join(rest)):
            return False
        if _PAGING.search(lower) or _BLOGGER_PAGE.fullmatch(lower):
            return False
        # A listing at /topics/ itself has its posts below.
        begins = {rest[0]} if segments[:1] == self._folder else {segments[0], rest[0]}
        if begins & words.not_post_first or (len(rest) == 1 and rest[0] in words.not_post_only):
            return False
        return rest[-1] not in words.not_post_last and words.not_post_inner.isdisjoint(rest[1:])


def _segments(path: str) -> list[str]:
    return [segment for segment in path.lower().split("/") if segment]
