"""The links of a post: found, resolved, classified, each kept once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scraper.http.addresses.identity import MAX_URL_LENGTH, fetch_url, link_key
from scraper.posts.links.classify import Element, classify
from scraper.posts.links.elements import Found
from scraper.posts.links.file_names import extension, named_file
from scraper.posts.links.redirects import unwrap
from scraper.posts.links.scripts import inline_links
from scraper.posts.links.sources import find_links
from scraper.posts.links.texts import clean_text, is_generic
from storage.records import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bs4.element import Tag

MAX_LINKS: Final = 1000
"""A post keeps so many links; more are left out."""

_MAX_FOUND = 20_000
_SKIPPED = ("#", "data:", "mailto:", "javascript:", "tel:", "about:", "blob:", "magnet:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that a feed attaches to a post. `length` is in bytes, None where the feed does not know."""

    url: str
    type: str | None = None
    length: int | None = None


def read_links(
    node: Tag, *, base: str, page: str, enclosures: Sequence[Enclosure] = (), scripts: Sequence[str] = ()
) -> tuple[Link, ...]:
    """Return the links of a post to music, in document order, each identity once, at most `MAX_LINKS`.

    `node` is the post's own element without furniture, `base` the base address of its document, `page`
    the post's address, `scripts` the text of inline scripts in the post. Enclosures come last. Of
    several links to one item the first gives the address and the best text is kept.
    """
    found = chain(find_links(node), _in_scripts(scripts), map(_enclosed, enclosures))
    here = link_key(page)
    links: dict[str, Link] = {}
    seen: dict[tuple[str, str, Element, str | None], None] = {}
    for each in islice(found, _MAX_FOUND):
        if (sign := (each.href, each.text, each.element, each.near)) in seen:
            continue
        seen[sign] = None
        link = _link(each, base=base, page=page)
        if link is None or link.key == here:
            continue
        if link.key in links:
            links[link.key] = _merged(links[link.key], link)
        elif len(links) < MAX_LINKS:
            links[link.key] = link
    return tuple(links.values())


def _in_scripts(scripts: Iterable[str]) -> Iterator[Found]:
    for script in scripts:
        for href, name in inline_links(script):
            yield Found(href=href, element=Element.TEXT, text=clean_text(name))


def _enclosed(enclosure: Enclosure) -> Found:
    is_audio = (enclosure.type or "").lower().startswith("audio/")
    return Found(href=enclosure.url, element=Element.FILE if is_audio else Element.TEXT)


def _link(found: Found, *, base: str, page: str) -> Link | None:
    href = found.href.strip()
    if not href or len(href) > MAX_URL_LENGTH or href[:12].lower().startswith(_SKIPPED):
        return None
    url = fetch_url(href, base)
    target = unwrap(url, page=page) if url is not None else None
    if target is None:
        return None
    known = classify(target, text=found.text, element=found.element, page=page)
    if known is None:
        return None
    file = named_file(urlsplit(known.url))
    return Link(
        url=known.url,
        key=known.key,
        kind=known.kind,
        host=known.host,
        format=extension(file) if file else None,
        name=found.name or file,
        text=_text(found),
    )


def _text(found: Found) -> str | None:
    if found.text and not is_generic(found.text) and found.element is not Element.TEXT:
        return found.text
    return found.near or (None if "://" in found.text else found.text or None)


def _merged(first: Link, other: Link) -> Link:
    better = other.text and (not first.text or (is_generic(first.text) and not is_generic(other.text)))
    return replace(
        first,
        text=other.text if better else first.text,
        name=first.name or other.name,
        format=first.format or other.format,
    )
