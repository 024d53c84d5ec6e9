"""Which of a sitemap's pages are posts, and which of them is the newest. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scraper.blogs.addresses import PostAddresses
from scraper.blogs.listed import ListedPost
from scraper.blogs.listing_words import listing_words
from scraper.blogs.ways.sitemap_names import Listed, sitemap_words
from scraper.http.addresses.identity import fetch_url, post_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.blogs.ways.sitemap_reading import Entry

# /2024/05/slug, /2024/5/12/slug.html, /2024/slug, /2024-05-12-slug
_DATED = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?:/(?P<month>\d\d?)(?:/(?P<day>\d\d?))?(?=/[^/])|(?=/[^/]*[^\d/])"
    r"|-(?P<month2>\d\d)-(?P<day2>\d\d)(?=[-_/]))",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,15}")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_ONE_WORD = re.compile(r"/[^/_-]+")

# Shapes of addresses. Others are the parameters of a query, and a folder in which posts are known to be.
_BY_DATE: Final = "/2024/05/slug"
_AT_ROOT: Final = "/slug"
_BELOW: Final = "/folder/slug"

_SEVERAL = 2  # pages below an address that make it a list
_DEPTH = 8  # folders in folders that are looked at
_FEW = 3  # fewer addresses of one shape do not make it common, and are strays beside one that is
_STRAYS = 10  # so many times fewer than of the commonest shape as well
_BUILD = 3600.0  # seconds in which a generator writes what it calls the last change of everything


@dataclass(slots=True)
class _Page:
    entry: Entry
    url: str
    key: str
    path: str
    """In lower case, without a slash at its end."""
    query: str
    shape: str


class PostsAmong:
    """Tells the posts of the blog whose listing is at `home` from other pages."""

    def __init__(self, home: str) -> None:
        self._addresses = PostAddresses(home)
        self._below = f"{post_key(home)}/"

    def posts(
        self, entries: Sequence[Entry], where: str, *, listed: Listed, oldest_first: bool
    ) -> tuple[ListedPost, ...]:
        """Return the posts among the `entries` of the sitemap at `where`, the newest first.

        Where the sitemap's name says that it has posts only, it is believed but for their lists; elsewhere
        the addresses decide: each for itself, then what the commonest of them look like. `oldest_first`
        says in which order they stand where neither they nor their last changes tell.
        """
        pages = self._pages(entries, where, believed=listed is Listed.POSTS)
        pages = _without_lists(pages)
        if listed is Listed.POSTS:
            pages = _without_single_words(pages)
        else:
            pages = _without_strays(self._below_home(_without_others(pages)))
        return _as_posts(_newest_first(pages, oldest_first=oldest_first))

    def _pages(self, entries: Sequence[Entry], where: str, *, believed: bool) -> list[_Page]:
        key_of = self._addresses.own_key if believed else self._addresses.key_of
        pages: dict[str, _Page] = {}
        for entry in entries:
            url = entry.loc if self._addresses.is_plain(entry.loc) else fetch_url(entry.loc, where)
            key = None if url is None else key_of(url)
            if url is not None and key is not None and key not in pages:
                path, _, query = key[key.index("/", len("https://")) :].partition("?")
                path = path.lower()
                pages[key] = _Page(entry, url, key, path, query, _shape(path, query))
        return list(pages.values())

    def _below_home(self, pages: list[_Page]) -> list[_Page]:
        """Return the pages below a blog that is a part of its site, unless the dated ones are elsewhere."""
        below = [page for page in pages if page.key.startswith(self._below)]
        if len(below) < _SEVERAL or len(below) == len(pages):
            return pages
        elsewhere = any(page.shape == _BY_DATE for page in pages)
        return pages if elsewhere and all(page.shape != _BY_DATE for page in below) else below


def _shape(path: str, query: str) -> str:
    if query:
        return "&".join(part.partition("=")[0] for part in query.split("&"))
    if _DATED.search(path):
        return _BY_DATE
    folders = path.split("/")[1:-1]
    known = next((folder for folder in folders if folder in sitemap_words().post_folders), None)
    return known or (_BELOW if folders else _AT_ROOT)


def _without_lists(pages: list[_Page]) -> list[_Page]:
    """Return the pages that are neither called as a list of posts is nor have several others below them."""
    below: Counter[str] = Counter(folder for page in pages for folder in _folders(page.path))
    lists = {f"/{word}" for word in sitemap_words().post_folders}
    return [
        page
        for page in pages
        if page.shape == _BY_DATE or page.query or (below[page.path] < _SEVERAL and page.path not in lists)
    ]


def _folders(path: str) -> Iterator[str]:
    at = path.find("/", 1)
    for _ in range(_DEPTH):
        if at < 0:
            return
        yield path[:at]
        at = path.find("/", at + 1)


def _without_single_words(pages: list[_Page]) -> list[_Page]:
    """Return the pages without those like /journal where most are not at the root."""
    if 2 * sum(page.shape == _AT_ROOT for page in pages) >= len(pages):
        return pages
    return [page for page in pages if page.shape != _AT_ROOT or not _ONE_WORD.fullmatch(page.path)]


def _without_others(pages: list[_Page]) -> list[_Page]:
    """Return the pages that do not bear the name of what is no post, if there are any."""
    words = sitemap_words()
    kept = []
    for page in pages:
        folders = page.path.split("/")[1:]
        if len(folders) > 1 and _LANGUAGE.fullmatch(folders[0]):
            del folders[0]
        name = folders[0].partition(".")[0]
        if name not in (words.pages if len(folders) == 1 else words.other_folders):
            kept.append(page)
    return kept or pages


def _without_strays(pages: list[_Page]) -> list[_Page]:
    """Return the pages of the commonest shape and of those that compete with it; all if none is common."""
    shapes = Counter(page.shape for page in pages)
    common, most = shapes.most_common(1)[0] if shapes else ("", 0)
    if most < _FEW or 2 * most < len(pages):
        return pages
    rivals = {
        shape
        for shape, found in shapes.items()
        if shape in {common, _BY_DATE} or (found >= _FEW and found * _STRAYS >= most)
    }
    return [
        page
        for page in pages
        if page.shape in rivals and (page.shape in {common, _BY_DATE} or not _is_like_a_page(page.path))
    ]


def _is_like_a_page(path: str) -> bool:
    """Return whether `path` would be that of a page or a list where posts are of another shape."""
    folders = path.split("/")[1:-1]
    return bool(_ONE_WORD.fullmatch(path)) or not listing_words().not_post_first.isdisjoint(folders)


def _newest_first(pages: list[_Page], *, oldest_first: bool) -> list[_Page]:
    """Return the pages by their last change; else by the dates in their addresses, or as they stand."""
    dates = [_date(page) for page in pages]
    steps = [(one < other) - (one > other) for one, other in pairwise(dates) if one and other]
    if sum(steps) > 0 or (oldest_first and not any(steps)):
        pages, dates = pages[::-1], dates[::-1]
    if all(dates):
        order = sorted(range(len(pages)), key=dates.__getitem__, reverse=True)
        pages = [pages[at] for at in order]
    if _useless(pages) is None:
        pages.sort(key=lambda page: page.entry.lastmod or 0.0, reverse=True)
    return pages


def _date(page: _Page) -> tuple[int, ...]:
    """Return what rises in the address with time, as far as it goes: its date, or the number of a query."""
    if page.query:
        return tuple(int(number) for number in _NUMBER.findall(page.query)[:1])
    found = _DATED.search(page.path)
    if found is None:
        return ()
    month, day = found["month"] or found["month2"], found["day"] or found["day2"]
    return tuple(int(part) for part in (found["year"], month, day) if part)


def _useless(pages: Sequence[_Page]) -> tuple[float, float] | None:
    """Return from when to when more than half of several pages are said to have changed, within an hour."""
    moments = sorted(page.entry.lastmod for page in pages if page.entry.lastmod is not None)
    half = len(moments) // 2
    if half == 0:
        return None
    spans = ((moments[at], moments[at + half]) for at in range(len(moments) - half))
    begin, end = min(spans, key=lambda span: span[1] - span[0])
    return (end - _BUILD, begin + _BUILD) if len(moments) >= _FEW and end - begin <= _BUILD else None


def _as_posts(pages: Sequence[_Page]) -> tuple[ListedPost, ...]:
    useless = _useless(pages)
    return tuple(
        ListedPost(
            url=page.url,
            key=page.key,
            title=page.entry.title,
            published=page.entry.published,
            modified=None if _lies_in(page.entry.lastmod, useless) else page.entry.lastmod,
        )
        for page in pages
    )


def _lies_in(moment: float | None, span: tuple[float, float] | None) -> bool:
    return moment is not None and span is not None and span[0] <= moment <= span[1]
