"""Which of a page's many headings and titles is the title of the post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.posts.page.furniture import stands_in_furniture
from scraper.posts.titles import title_from_slug
from scraper.posts.titles.headings import MAX_LENGTH, headings
from scraper.posts.titles.named_sites import named_site
from scraper.posts.titles.page_titles import page_titles
from scraper.posts.titles.site_names import goes_on, is_site_in
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from scraper.posts.page.document import Head
    from scraper.posts.page.scope import Scope
    from scraper.posts.titles.headings import Heading
    from scraper.posts.titles.page_titles import PageTitle
    from scraper.posts.titles.parts import TitleParts

UNTITLED = "untitled"
_JOINT = " – "
_MAX_TEXTS = 100
_REPEATED = "heading that the page's title repeats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The title of a post, clean and never empty; `source` says in a few words where it stood.

    `parts` is None but where nothing names the post: then it is what the words of the address say.
    """

    text: str
    source: str
    parts: TitleParts | None = None


def read_headline(
    tree: HtmlElement, scope: Scope, head: Head, *, url: str, listed: str | None, blog: str | None = None
) -> Headline:
    """Return the title of the post at `url` of the `blog`, an address too, without the site's name.

    In this order: a heading marked as the post's own, one that the page's title repeats, the first heading
    of the first rank, the title of the page without the site's name, what the feed says (`listed`), the
    words of the address. Headings outside the post count if no furniture holds them and only one can be
    meant. Where artist and title stand in two elements, they are joined by a dash.
    """
    beside = [heading for part in scope.meta for heading in headings(part)]
    found = _marked(headings(scope.body)) or _only_marked(beside)
    if found:
        return _headline(found, head, listed)
    own = [*headings(scope.body), *beside]
    if own and own[0].text in {head.og_title, head.title} - {head.site_name}:
        return Headline(text=own[0].text, source=_REPEATED)
    if head.site_name is None or not is_site_in(head.title or "", head.site_name):
        head = replace(head, site_name=named_site(tree, head, url=url, blog=blog) or head.site_name)
    titles = page_titles(head)
    found = _repeated(own, titles) or _outside(tree, titles) or _first(own, titles, head.site_name)
    if found:
        return _headline(found, head, listed)
    for title in titles:
        return Headline(text=_shown(scope, title.text) or title.text, source=title.source)
    return _listed(listed) or _parted(own) or _of_address(url)


def read_entry_headline(scope: Scope, *, url: str, listed: str | None) -> Headline:
    """Return the title of a post whose text came with its listing.

    In this order: what the listing says (`listed`), a heading of the text that is marked as the post's
    own, its first heading of the first rank, the words of the address.
    """
    if said := _listed(listed):
        return said
    own = list(headings(scope.body))
    found = _marked(heading for heading in own if heading.mark()) or _first(own)
    return Headline(text=found[0].text, source=found[1]) if found else _of_address(url)


def _shown(scope: Scope, title: str) -> str | None:
    """Return the artist and track that `title` begins with, where they are a text of the post alone."""
    whole = title.casefold()
    for text in islice(scope.body.itertext(), _MAX_TEXTS):
        shown = clean(text) if len(text) <= MAX_LENGTH else ""
        folded = shown.casefold()
        if folded and len(folded) < len(whole) and whole.startswith(folded):
            parted = any(goes_on(folded, place) for place in range(len(folded)))
            if parted and goes_on(whole, len(folded)):
                return shown
    return None


def _outside(tree: HtmlElement, titles: Sequence[PageTitle]) -> tuple[Heading, str] | None:
    """Return a heading elsewhere on the page: what its title repeats, or the only one that is marked."""
    seen: dict[HtmlElement, bool] = {}
    every = list(headings(tree))
    others = [heading for heading in every if not stands_in_furniture(heading.element, seen)]
    if found := _repeated(others, titles) or _repeated(every, titles):
        return found
    return _only_marked(others)


def _marked(found: Iterable[Heading]) -> tuple[Heading, str] | None:
    """Return the first marked heading, unless one of the first rank stands before it without a mark."""
    for heading in found:
        if mark := heading.mark():
            return heading, f"heading marked {mark}"
        if heading.element.tag == "h1":
            return None
    return None


def _only_marked(found: Iterable[Heading]) -> tuple[Heading, str] | None:
    marked = [heading for heading in found if heading.mark()]
    first = [heading for heading in marked if heading.element.tag == "h1"] or marked
    return _marked(first) if len({heading.text for heading in first}) == 1 else None


def _repeated(found: Iterable[Heading], titles: Sequence[PageTitle]) -> tuple[Heading, str] | None:
    repeated = (heading for heading in found if any(title.repeats(heading.text) for title in titles))
    heading = next(repeated, None)
    return (heading, _REPEATED) if heading else None


def _first(
    found: Iterable[Heading], titles: Sequence[PageTitle] = (), site: str | None = None
) -> tuple[Heading, str] | None:
    name = clean(site or "").casefold()
    first = next((each for each in found if each.element.tag == "h1" and each.text.casefold() != name), None)
    if first is None or any(title.completes(first.text) for title in titles):
        return None
    return first, "first heading of the post"


def _parted(found: Iterable[Heading]) -> Headline | None:
    for heading in found:
        if heading.is_parted():
            return Headline(
                text=f"{heading.text}{_JOINT}{heading.below()}", source="two headings of the post"
            )
    return None


def _headline(found: tuple[Heading, str], head: Head, listed: str | None) -> Headline:
    """Return the heading, completed by the element below it where a title of the post has both."""
    heading, source = found
    start = heading.text.casefold()
    for title in (head.og_title, head.title, listed):
        folded = clean(title or "").casefold()
        if len(folded) <= len(start) or not folded.startswith(start):
            continue
        below = heading.below()
        if below and goes_on(folded, len(start)) and below.casefold() in folded[len(start) :]:
            return Headline(text=f"{heading.text}{_JOINT}{below}", source=source)
    return Headline(text=heading.text, source=source)


def _listed(listed: str | None) -> Headline | None:
    text = clean(listed or "")[:MAX_LENGTH].rstrip()
    return Headline(text=text, source="the listing") if text else None


def _of_address(url: str) -> Headline:
    slug = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
    parts = title_from_slug(slug)
    if not parts.text:
        return Headline(text=UNTITLED, source="nothing names it")
    return Headline(text=parts.text, source="words of the address", parts=parts)
