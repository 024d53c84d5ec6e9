"""The links of a post: found, resolved, classified, each kept once, with all that the post says of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from scraper.posts.links.elements import Found
from scraper.posts.links.groups import group_links
from scraper.posts.links.judging import Judge
from scraper.posts.links.line import Spot
from scraper.posts.links.offers import Element
from scraper.posts.links.passwords import read_passwords
from scraper.posts.links.saying import is_of_other_kind, link_of
from scraper.posts.links.sources import Placed, find_links
from scraper.posts.links.texts import is_generic
from scraper.posts.links.why import Why
from scraper.posts.understood import Ignored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4.element import Tag

    from storage.records import Link

MAX_LINKS: Final = 1000
"""A post keeps so many links; more are left out."""
MAX_PLAYERS: Final = 3
"""A post keeps so many pages of the blog's own players."""
MAX_IGNORED: Final = 200
"""So many addresses that were passed over are told."""

_MAX_WHAT = 300
_NOWHERE: Final = Spot(
    line="", tail="", emphasis="", track=None, group=None, number=-1, between="", parted=True, is_text=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that a feed attaches to a post. `length` is in bytes, None where the feed does not know."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReading:
    """What a post's links gave: the links to music, and what stands with them."""

    links: tuple[Link, ...] = ()
    passwords: tuple[str, ...] = ()
    """What the post says that its archives are locked with."""
    players: tuple[str, ...] = ()
    """Addresses of pages of the blog's own players, each a link of kind EMBED as well."""
    ignored: tuple[Ignored, ...] = ()
    """Addresses that were passed over, each once, where the reader was asked to explain itself."""
    partial: bool = False
    """Whether there was more than is read: elements, addresses or links."""


def read_links(
    node: Tag,
    *,
    base: str,
    page: str,
    enclosures: Sequence[Enclosure] = (),
    explaining: bool = False,
) -> LinkReading:
    """Return the links of a post to music, in document order, each identity once, at most `MAX_LINKS`.

    `node` is the post's own element without furniture, `base` the base address of its document, `page`
    the post's address. Enclosures come last. Of several links to one item the first gives the address
    and the best text is kept. With `explaining` what was passed over is told as well, at most
    `MAX_IGNORED` addresses. Pure.
    """
    walked = find_links(node)
    placed = [*walked.found, *(Placed(_enclosed(each), _NOWHERE) for each in enclosures)]
    reader = _Reader(judge=Judge(base=base, page=page, explaining=explaining), explaining=explaining)
    for at, each in enumerate(placed):
        after = placed[at + 1].spot.between if at + 1 < len(placed) else walked.after
        reader.read(each, after)
    links = reader.links
    for key, told in group_links(placed, links).items() if links else ():
        links[key] = replace(links[key], group=told.group, part=told.part)
    return LinkReading(
        links=tuple(links.values()),
        passwords=read_passwords(walked.text),
        players=tuple(reader.players),
        ignored=tuple(Ignored(what=what, why=why.value) for what, why in reader.ignored.items()),
        partial=walked.partial or reader.partial,
    )


def _enclosed(enclosure: Enclosure) -> Found:
    is_audio = (enclosure.type or "").lower().startswith("audio/")
    return Found(href=enclosure.url, element=Element.SOUND if is_audio else Element.TEXT)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Collects the links of a post in their order."""

    judge: Judge
    explaining: bool
    links: dict[str, Link] = field(default_factory=dict)
    players: dict[str, None] = field(default_factory=dict)
    ignored: dict[str, Why] = field(default_factory=dict)
    partial: bool = False

    def read(self, placed: Placed, after: str) -> None:
        """Take in one address; `after` is the text behind it up to the next."""
        found = placed.found
        known = self.judge.judge(found)
        if isinstance(known, Why):
            self._ignore(found.href, known)
            return
        link = link_of(known, found, placed.spot, after)
        if link.key not in self.links and is_of_other_kind(link, found, placed.spot, after):
            self._ignore(found.href, Why.OTHER_FORMAT)
        elif link.key in self.links:
            placed.key = link.key
            self.links[link.key] = _merged(self.links[link.key], link)
            self._ignore(found.href, Why.REPEATS)
        elif len(self.links) < MAX_LINKS:
            placed.key = link.key
            self.links[link.key] = link
            if known.is_player and len(self.players) < MAX_PLAYERS:
                self.players[known.url] = None
        else:
            self.partial = True
            self._ignore(found.href, Why.TOO_MANY)

    def _ignore(self, href: str, why: Why) -> None:
        if self.explaining and len(self.ignored) < MAX_IGNORED and href.strip():
            self.ignored.setdefault(href.strip()[:_MAX_WHAT], why)


def _merged(first: Link, other: Link) -> Link:
    better = other.text and (not first.text or (is_generic(first.text) and not is_generic(other.text)))
    return replace(
        first,
        text=other.text if better else first.text,
        name=first.name or other.name,
        format=first.format or other.format,
        quality=first.quality or other.quality,
        sure=first.sure or other.sure,
    )
