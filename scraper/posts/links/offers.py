"""Whether a link to an unknown host offers a file of music, though its address does not end in one."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.http.addresses.identity import same_site
from scraper.posts.links.file_names import extension
from scraper.posts.links.hosts import formats
from scraper.posts.links.redirects import leading_words, only_mentions, shares
from scraper.posts.links.texts import (
    delivery_words,
    has_form_of_track,
    is_delivery_parameter,
    is_delivery_word,
    is_neutral,
    names_audio,
    names_format,
    names_music,
    names_other,
    says_download,
)
from scraper.posts.links.why import Why

if TYPE_CHECKING:
    from scraper.posts.links.address import Address

_SLUG_HYPHENS = 2


class Element(StrEnum):
    """Where an address was found, as far as it matters for what it leads to."""

    LINK = "link"
    """Something to click without further signs."""
    BUTTON = "button"
    """Something to click that looks like a download: a button, a form."""
    FILE = "file"
    """Declared to be a file: a `download` attribute."""
    SOUND = "sound"
    """Declared to be sound: the source of an audio player, an enclosure of a type of audio."""
    FRAME = "frame"
    """An iframe, embed or object."""
    TEXT = "text"
    """Running text, or a value in a script: only an address that speaks for itself counts."""


class Offer(NamedTuple):
    """A link to an unknown host.

    `file` is the music file that its address names anywhere, `name` that of its `download` attribute.
    """

    address: Address
    file: str | None
    text: str
    name: str | None
    element: Element
    page: str

    @property
    def is_named_sound(self) -> bool:
        """Whether its `download` attribute names a file of sound."""
        return self.name is not None and extension(self.name) in formats().audio


def refusal(offer: Offer) -> Why | None:
    """Return why words, element and address of a link together offer no file of music; None where they do."""
    address, element = offer.address, offer.element
    if only_mentions(address.path):
        return Why.SHARES if shares(address.path) else Why.PAGE
    if _is_page(address) or element in {Element.TEXT, Element.FRAME}:
        return Why.PAGE
    if element is Element.SOUND or offer.is_named_sound:
        return None
    if _is_of_other_kind(offer):
        return Why.OTHER_FILE if offer.name and extension(offer.name) in formats().other else Why.OTHER_FORMAT
    offers = _offers_served if _is_served(address) else _offers_by_words
    return None if offers(offer) else Why.PAGE


def serves(path: str) -> bool:
    """Whether a path has a word of addresses that serve files or lead on to others."""
    return not _serving_words().isdisjoint(path.lower().split("/"))


@cache
def _serving_words() -> frozenset[str]:
    return delivery_words() | leading_words() | formats().audio


def _is_page(address: Address) -> bool:
    is_other = address.ending is not None and address.ending not in formats().script
    return is_other or not (address.last or address.query)


def _is_of_other_kind(offer: Offer) -> bool:
    if offer.name is not None and extension(offer.name) in formats().other | formats().image:
        return True
    return (
        offer.file is None and not names_audio(offer.text) and names_other(f"{offer.text} {offer.name or ''}")
    )


def _is_served(address: Address) -> bool:
    if any(is_delivery_word(segment.partition(".")[0]) for segment in address.path.split("/")):
        return True
    return any(is_delivery_parameter(pair.partition("=")[0]) for pair in address.query.split("&"))


def _offers_served(offer: Offer) -> bool:
    """Whether a link to an address that serves files offers music, and nothing else."""
    segments = offer.address.path.lower().split("/")
    if offer.file is not None or not formats().audio.isdisjoint(segments):
        return True
    said = says_download(offer.text)
    if not said and offer.element is Element.LINK:
        return False
    return is_neutral(offer.text) or (said and _names_a_track(offer.text))


def _offers_by_words(offer: Offer) -> bool:
    """Whether the words on a link alone offer music, at an address that looks like any other."""
    if offer.element is Element.FILE:
        return is_neutral(offer.text) or _names_a_track(offer.text)
    slug = offer.address.path.rpartition("/")[2]
    if not says_download(offer.text) or slug.count("-") >= _SLUG_HYPHENS:
        return False
    if same_site(offer.address.url, offer.page):
        return False
    return names_format(offer.text) or (
        offer.element is Element.BUTTON and (is_neutral(offer.text) or _names_a_track(offer.text))
    )


def _names_a_track(text: str) -> bool:
    return names_music(text) or has_form_of_track(text)
