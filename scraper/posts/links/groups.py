"""Which links of a post offer the same music: mirrors, other formats of it, parts of one archive. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.posts.links.hosts import formats
from scraper.posts.links.offers import Element
from scraper.posts.links.same_music import Offer, clusters, is_file, is_one_offer, is_volume
from scraper.posts.links.texts import fold, is_neutral, says_mirror, tells_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scraper.posts.links.sources import Placed
    from storage.records import Link

_PLAYED = frozenset({Element.FRAME, Element.SOUND})
_NUMBERED = re.compile(r"(?:^|\n|\s)\d{1,3}\s{0,3}[.)]\s{0,3}$")
_PART = re.compile(r"\b(?:part|pt|teil|parte|partie|часть)[\s.#-]{0,3}(\d{1,2})\b")
_COUNTED = re.compile(r"(?:link|server|host|enlace|lien|ссылка)[\s.#-]{0,3}(\d)(?:\s?\([^()]{1,30}\))?")
_FIRST_VOLUME = 1
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Grouped:
    """The number of the group that a link is in, and which part of an archive it is; None for none."""

    group: int | None = None
    part: int | None = None


def group_links(found: Iterable[Placed], links: Mapping[str, Link]) -> dict[str, Grouped]:
    """Return groups and parts of `links`, which is by key; what has neither is left out.

    `found` is all that was found in the post in its order. Links are in one group only where nothing
    speaks against it: their files have the same name but for format and quality, they are sources of one
    player, or they stand together with nothing but hosts, formats and "Download" on and between them.
    """
    if sum(is_file(link) for link in links.values()) < _PAIR and not any(map(is_volume, links.values())):
        return {}
    offers = _offers(found, links)
    sets = _Sets(len(offers))
    for unit in _by(offers, "unit"):
        if is_one_offer(unit):
            sets.join(unit)
    for player in _by(offers, "player"):
        sets.join(player)
    for named in _by(offers, "name"):
        for cluster in clusters(named):
            sets.join(cluster)
    return _numbered(offers, sets)


def _offers(found: Iterable[Placed], links: Mapping[str, Link]) -> list[Offer]:
    """Return an offer for each link to a file, with the unit of neutral text that it stands in."""
    offers: dict[str, Offer] = {}
    unit, line, told, count = 0, -1, False, 0
    for each in found:
        own = "" if each.spot.is_text else each.found.text
        between = each.spot.between
        if each.spot.parted or not is_neutral(between) or _NUMBERED.search(between):
            unit += 1
        is_told = tells_apart(f"{own} {between}")
        last, count = count, _count_in(own)
        if each.spot.number != line and not (
            (is_told and (told or says_mirror(f"{own} {between}"))) or 1 < count == last + 1
        ):
            unit += 1  # on a line of its own it has to say that it is another way to the same
        line, told = each.spot.number, is_told
        stands = each.found.element not in _PLAYED and is_neutral(own)
        link = links.get(each.key) if each.key is not None else None
        if link is not None and is_file(link):
            offer = offers.setdefault(link.key, Offer(index=len(offers), link=link))
            if stands and offer.unit is None:
                offer.unit = unit
                offer.said_part = _part_in(f"{own} {between}", link)
            offer.player = each.found.player if offer.player is None else offer.player
        if not stands:
            unit += 1
    return list(offers.values())


def _count_in(text: str) -> int:
    """Return the number of ``Link 2``, or 0: such links are ways to one thing where their hosts differ."""
    found = _COUNTED.fullmatch(fold(text).strip())
    return int(found[1]) if found is not None else 0


def _part_in(text: str, link: Link) -> int | None:
    found = _PART.search(fold(text)) if link.format not in formats().audio else None
    return int(found[1]) if found is not None else None


def _by(offers: Iterable[Offer], attribute: str) -> Iterable[list[Offer]]:
    found: defaultdict[object, list[Offer]] = defaultdict(list)
    for offer in offers:
        value = getattr(offer, attribute)
        if value is not None:
            found[value].append(offer)
    return (members for members in found.values() if len(members) > 1)


class _Sets:
    """Sets of offers that grow together."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def join(self, offers: Sequence[Offer]) -> None:
        top = self.top(offers[0])
        for offer in offers[1:]:
            self._above[self.top(offer)] = top

    def top(self, offer: Offer) -> int:
        at = offer.index
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at


def _numbered(offers: Iterable[Offer], sets: _Sets) -> dict[str, Grouped]:
    members: defaultdict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        members[sets.top(offer)].append(offer)
    found: dict[str, Grouped] = {}
    number = 0
    for each in members.values():
        number += len(each) > 1
        parts = _parts(each)
        for offer, part in zip(each, parts, strict=True):
            if len(each) > 1 or part is not None:
                found[offer.link.key] = Grouped(number if len(each) > 1 else None, part)
    return found


def _parts(offers: Sequence[Offer]) -> list[int | None]:
    """Return the parts of a group: as names tell, else as texts do where several are told."""
    if all(offer.part is None for offer in offers):
        said = [offer.said_part for offer in offers]
        return said if len(set(said) - {None}) > 1 else [None] * len(offers)
    # Volumes of the old way: name.rar comes before name.r00, name.zip after name.z01 and the others.
    volumes = {offer.volume for offer in offers}
    last = max((offer.part for offer in offers if offer.volume == "z" and offer.part), default=0)
    whole = {"rar": _FIRST_VOLUME if "r" in volumes else None, "zip": last + 1 if last else None}
    return [offer.part or (whole.get(offer.link.format or "") if offer.stem else None) for offer in offers]
