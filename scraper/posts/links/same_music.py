"""Whether two links can lead to the same music, by the names of their files and where these are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from scraper.posts.links.address import read_address
from scraper.posts.links.file_names import extension, split_part
from scraper.posts.links.hosts import formats
from scraper.posts.links.qualities import read_sound, sound_words
from scraper.posts.links.texts import fold, is_generic, track_name
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import Link

FILES: Final = frozenset({LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER, LinkKind.MANUAL, LinkKind.DEAD})
"""Kinds of links that lead to a file; players, gates and shops are in no group."""

_KEYED = frozenset({LinkKind.HOSTER, LinkKind.MANUAL, LinkKind.DEAD})
_WORD = re.compile(r"[^\W_]+")
_VOLUME = re.compile(r"\.([rz])\d\d$", re.IGNORECASE)
# A volume that has no other name.
_BARE_PART = re.compile(r"(?:part|pt)[ ._-]?(\d{1,2})\.(?:rar|zip|7z)", re.IGNORECASE)
_LETTERS = 4
_MAX_CLUSTERS = 10
_MAX_CLUSTER = 30
_KEPT = 256  # the links of a post are held against each other, each against each


@dataclass(slots=True)
class Offer:
    """A link to a file as its group is looked for; `index` is its place among the others."""

    index: int
    link: Link
    unit: int | None = None
    """Number of the stretch of neutral text that it stands in."""
    player: int | None = None
    said_part: int | None = None
    """The part that its text names."""

    @property
    def part(self) -> int | None:
        """Which part of an archive its name says it is."""
        return _read_name(self.link.name or "").part

    @property
    def volume(self) -> str | None:
        """The letter of the old way to number volumes: "r" for ``.r00``, "z" for ``.z01``."""
        found = _VOLUME.search(self.link.name or "")
        return found[1].lower() if found is not None else None

    @property
    def stem(self) -> str | None:
        """The words of its file's name, without format, quality and part; None where it has no name."""
        return _read_name(self.link.name or "").stem

    @property
    def name(self) -> tuple[bool, str] | None:
        """What names are compared by, one file of sound and archives apart; None for "01" and "download"."""
        read = _read_name(self.link.name or "")
        return (self.link.format in formats().audio, read.stem) if read.stem and read.is_telling else None

    @property
    def called(self) -> str | None:
        """The track that it is called by, without format and quality."""
        return _called(self.link.text or "")

    @property
    def place(self) -> tuple[str, ...]:
        """The folders of its address and the file, without folders that name but a format: ``/flac/``."""
        return _place(self.link.url)


class _Name(NamedTuple):
    """What the name of a file says; `is_telling` whether it says what is in the file."""

    stem: str | None
    part: int | None
    is_telling: bool
    is_bare_part: bool = False


@lru_cache(maxsize=_KEPT)
def _read_name(name: str) -> _Name:
    if bare := _BARE_PART.fullmatch(name):
        return _Name(None, int(bare[1]), is_telling=False, is_bare_part=True)
    whole, part = split_part(name)
    ending = extension(whole)
    words = _WORD.findall(fold(whole[: -len(ending) - 1] if ending else whole).replace("_", " "))
    while len(words) > 1 and words[-1] in sound_words():
        words.pop()
    stem = " ".join(words)
    is_telling = sum(map(str.isalpha, stem)) >= _LETTERS and not is_generic(stem)
    return _Name(stem or None, part, is_telling)


@lru_cache(maxsize=_KEPT)
def _called(text: str) -> str | None:
    name = track_name(text)
    if name is None:
        return None
    return " ".join(word for word in _WORD.findall(fold(name)) if word not in sound_words())


@lru_cache(maxsize=_KEPT)
def _place(url: str) -> tuple[str, ...]:
    *folders, last = read_address(url).path.split("/")
    words = (set(_WORD.findall(fold(unquote(folder)))) for folder in folders)
    return (
        *(folder for folder, each in zip(folders, words, strict=True) if not each <= sound_words()),
        last,
    )


def is_file(link: Link) -> bool:
    """Whether a link leads to a file that may be the same as another's; of a short address nobody knows."""
    return link.kind in FILES and (link.sure or link.kind is not LinkKind.MANUAL)


def is_volume(link: Link) -> bool:
    """Whether the file of a link is named as a part of an archive."""
    return link.format in formats().archive and split_part(link.name or "")[1] is not None


def is_one_offer(offers: Sequence[Offer]) -> bool:
    """Whether links that stand together are ways to one thing: one name, and no two alike."""
    if len({_plain_stem(offer) for offer in offers} - {None}) > 1:
        return False
    # What part1.rar is a part of nobody knows, if it stands beside a whole file.
    is_bare = any(_read_name(each.link.name or "").is_bare_part for each in offers)
    if is_bare and any(each.part is None and each.said_part is None for each in offers):
        return False
    ways = {
        (each.link.host, each.link.format, each.link.quality, each.part or each.said_part) for each in offers
    }
    return len(ways) == len(offers)


def _plain_stem(offer: Offer) -> str | None:
    """Return the stem without the quality that the link has and its last word ends with: ``LinesFLAC``."""
    stem, quality = offer.stem, offer.link.quality
    if stem is None or quality is None:
        return stem
    for word in sound_words():
        rest = stem.removesuffix(word)
        if rest != stem and sum(map(str.isalpha, rest)) >= _LETTERS and read_sound(word).quality == quality:
            return rest.rstrip()
    return stem


def clusters(offers: Iterable[Offer]) -> list[list[Offer]]:
    """Return links whose files have one name, parted so that in each list any two can be the same music."""
    found: list[list[Offer]] = []
    for offer in offers:
        homes = (each for each in found if len(each) < _MAX_CLUSTER)
        home = next((each for each in homes if all(_may_be_same(offer, other) for other in each)), None)
        if home is not None:
            home.append(offer)
        elif len(found) < _MAX_CLUSTERS:
            found.append([offer])
    return found


def _may_be_same(one: Offer, other: Offer) -> bool:
    if len({one.called, other.called} - {None}) > 1:
        return False
    if one.link.host != other.link.host:
        return True
    if one.place == other.place:
        return True
    is_alike = (one.link.format, one.link.quality, one.part) == (
        other.link.format,
        other.link.quality,
        other.part,
    )
    return not is_alike and (one.link.kind in _KEYED or one.place[:-1] == other.place[:-1])
