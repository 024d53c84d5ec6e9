"""When a post was published: from the page's data, its feed, its visible date, its address, in this order."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from scraper.posts.dates.moments import agree, in_future
from scraper.posts.dates.orders import day_is_first, mark_of
from scraper.posts.dates.places import Standing, seen_dates, stamps_around, stamps_of
from scraper.posts.dates.reading import date_from_url, read_date
from scraper.posts.dates.unmarked import dates_beside, dates_in_meta
from scraper.posts.statements.structured import published_in_json_ld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from scraper.posts.dates.places import Stamp
    from scraper.posts.page.document import Head
    from scraper.posts.page.scope import Scope
    from storage.records import Published

_MAX_SHOWN = 60
_MAX_READ = 100  # of each kind: what is no date in any language takes a millisecond
_FUTURE = ", more than two days ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """When a post was published, and in a few words where that stood; both None where nothing is known."""

    published: Published | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What the dates of one page are read with."""

    tree: HtmlElement
    scope: Scope
    head: Head
    listed: str | None
    now: float
    title: str | None
    orders: dict[str, bool | None] = field(default_factory=dict)

    def read(self, text: str, *, year_hint: int | None = None) -> Published | None:
        languages = (self.head.language,) if self.head.language else ()
        found = read_date(text, now=self.now, languages=languages, year_hint=year_hint)
        if found is None and (mark := mark_of(text)) and self._day_is_first(mark) is not None:
            found = read_date(text, now=self.now, languages=languages, day_first=self._day_is_first(mark))
        return found

    def _day_is_first(self, mark: str) -> bool | None:
        if mark not in self.orders:  # other dates are looked for once, and on few pages at all
            self.orders[mark] = day_is_first(self.tree, mark, language=self.head.language)
        return self.orders[mark]


def read_published(
    tree: HtmlElement,
    scope: Scope,
    head: Head,
    *,
    url: str,
    listed: str | None,
    now: float,
    title: str | None = None,
) -> Dating:
    """Return when the post at `url` was published, as exactly as the page says and no more.

    `listed` is the date of its feed or listing as written, `now` POSIX seconds UTC, `title` the post's: a
    date beside it counts where none is marked. Dates of comments, of events and of archives in the sidebar
    do not count, those of a change only where nothing else dates the post. What is not marked as the date
    of publication should agree with feed and address.
    """
    page = _Page(tree=tree, scope=scope, head=head, listed=listed, now=now, title=title)
    published, source = next(_dates(page, url), (None, None))
    if published is None or source is None:
        return Dating()
    return Dating(published=published, source=source + _FUTURE if in_future(published, now) else source)


def _dates(page: _Page, url: str) -> Iterator[tuple[Published, str]]:
    """Yield the dates of a post, the surest first."""
    head = page.head
    if head.published and (found := page.read(head.published)):
        yield found, head.published_by or "meta element"
    stamps = stamps_of(page.scope)
    yield from _read(page, stamps, Standing.MARKED)
    for text in islice(published_in_json_ld(head.stated), _MAX_READ):
        if found := page.read(text):
            yield found, "JSON-LD datePublished"
    listed = page.read(page.listed) if page.listed else None
    from_url = date_from_url(url)
    yield from _read(page, stamps, Standing.PLAIN, beside=listed or from_url)
    if listed:
        yield listed, "the listing"
    yield from _read(page, stamps_around(page.tree), Standing.MARKED, Standing.PLAIN, beside=from_url)
    yield from _visible(page, from_url)
    yield from _unmarked(page, from_url)
    yield from _read(page, stamps, Standing.PLAIN)  # an address may be older than what was published at last
    yield from _read(page, stamps, Standing.CHANGED, beside=from_url)
    if from_url:
        yield from_url, "the address"


def _read(
    page: _Page, stamps: Iterable[Stamp], *standings: Standing, beside: Published | None = None
) -> Iterator[tuple[Published, str]]:
    for stamp in islice(stamps, _MAX_READ):
        if stamp.standing in standings and (found := page.read(stamp.text)) and agree(found, beside):
            yield found, stamp.source


def _visible(page: _Page, from_url: Published | None) -> Iterator[tuple[Published, str]]:
    year = int(from_url.text[:4]) if from_url else None
    ahead: list[tuple[Published, str]] = []
    for seen in islice(seen_dates(page.tree, page.scope), _MAX_READ):
        found = page.read(seen.text, year_hint=year)
        if found is None or not agree(found, from_url):
            continue
        dated = found, f"visible text “{seen.text[:_MAX_SHOWN]}”"
        if in_future(found, page.now):  # as of an event; kept if the post has no other date
            ahead.append(dated)
        else:
            yield dated
    yield from ahead


def _unmarked(page: _Page, from_url: Published | None) -> Iterator[tuple[Published, str]]:
    beside = dates_beside(page.tree, page.title) if page.title else ()
    for text in islice(chain(dates_in_meta(page.scope), beside), _MAX_READ):
        found = page.read(text)
        if found is not None and agree(found, from_url) and not in_future(found, page.now):
            yield found, f"visible text “{text[:_MAX_SHOWN]}”"
