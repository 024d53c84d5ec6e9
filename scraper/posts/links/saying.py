"""What a post says of one of its links: its name, its sound, and how sure it is that it is music. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper.posts.links.address import read_address
from scraper.posts.links.expiry import expires
from scraper.posts.links.file_names import extension
from scraper.posts.links.hosts import formats
from scraper.posts.links.offers import Element
from scraper.posts.links.qualities import SILENT, Sound, agrees, natural_quality, read_sound
from scraper.posts.links.same_music import FILES
from scraper.posts.links.texts import is_generic, is_neutral, names_music, names_other, names_other_format
from storage.records import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.posts.links.address import Address
    from scraper.posts.links.classify import Classified
    from scraper.posts.links.elements import Found
    from scraper.posts.links.line import Spot

_BEHIND = re.compile(r"\s{0,3}[(\[]([^()\[\]\n]{1,40})[)\]]")


def link_of(known: Classified, found: Found, spot: Spot, after: str) -> Link:
    """Return the link to what is `known`, found in `spot`; `after` is the text behind it up to the next."""
    address = read_address(known.url)
    own = "" if spot.is_text else found.text
    is_named = not is_generic(own)
    near = None if is_named else spot.near()
    file_format = extension(known.file) if known.file else _format_of(found.name)
    sound = SILENT
    if known.kind in FILES:
        line = spot if not is_named or is_neutral(own) else None
        said = _said(own, after, found.name or known.file or "", address, line)
        sound = _sound(said, file_format)
    return Link(
        url=known.url,
        key=known.key,
        kind=known.kind,
        host=known.host,
        format=file_format or sound.format,
        name=found.name or known.file,
        text=_text(found, near),
        quality=sound.quality,
        sure=known.sure or _is_archive_of_music(address, found, spot, near),
        expires=expires(address.host, address.query),
    )


def is_of_other_kind(link: Link, found: Found, spot: Spot, after: str) -> bool:
    """Whether what stands on and beside a link that is not sure says that it is no music."""
    if link.sure or names_music(found.text) or link.format in formats().audio:
        return False
    behind = _BEHIND.match(after)
    beside = f"{spot.tail} {behind[1] if behind is not None else ''}"
    return names_other(found.text) or (names_other_format(beside) and not names_music(beside))


def _format_of(name: str | None) -> str | None:
    ending = extension(name) if name else None
    return ending if ending in formats().music else None


def _text(found: Found, near: str | None) -> str | None:
    if found.text and not is_generic(found.text) and found.element is not Element.TEXT:
        return found.text
    return near or (None if "://" in found.text else found.text or None)


def _said(own: str, after: str, name: str, address: Address, spot: Spot | None) -> Iterator[Sound]:
    """Yield what is said of the sound, first where it is said of this link alone."""
    yield read_sound(own)
    behind = _BEHIND.match(after)
    if behind is not None and is_neutral(behind[1]):
        yield read_sound(behind[1])
    yield read_sound(name)
    for folder in reversed(address.path.split("/")[:-1]):
        if folder and is_neutral(folder := unquote(folder)):
            yield read_sound(folder)
    if spot is not None:
        yield read_sound(spot.tail)
        yield read_sound(spot.label() or "")


def _sound(said: Iterator[Sound], file_format: str | None) -> Sound:
    quality, named = None, file_format
    for sound in said:
        if named is None and sound.format is not None:
            named = sound.format
        if quality is None and sound.quality is not None and agrees(sound.quality, named):
            quality = sound.quality
        if quality is not None and named is not None:
            break
    return Sound(quality or natural_quality(named), named)


def _is_archive_of_music(address: Address, found: Found, spot: Spot, near: str | None) -> bool:
    if address.ending not in formats().archive:
        return False
    said = (found.text, found.name or address.last, near or "", spot.label() or "", spot.tail)
    return any(map(names_music, said))
