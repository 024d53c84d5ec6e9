"""Whether pieces of a page are about music: an address of a file or of a host of files, a labelled genre."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.posts.links.file_names import named_file
from scraper.posts.links.hosts import find_host
from scraper.posts.statements.label_words import LabelKind, kind_of
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.posts.page.prints import Piece

_MAX_LABEL = 60
_OFFERING = frozenset({LinkKind.ARCHIVE, LinkKind.HOSTER, LinkKind.MANUAL, LinkKind.GATE})


def offers_music(pieces: Iterable[Piece], url: str) -> bool:
    """Return whether any of `pieces`, on the page at `url`, links or plays what may be downloaded. Pure."""
    return any(_is_music(address, url) for piece in pieces for address in piece.addresses)


def states_genre(pieces: Iterable[Piece]) -> bool:
    """Return whether any of `pieces` has the label of a genre before a colon. Pure."""
    return any(_is_genre_label(piece.text) for piece in pieces)


def _is_genre_label(text: str) -> bool:
    before, colon, _ = text[:_MAX_LABEL].partition(":")
    words = before.split()
    return bool(colon and words) and kind_of(words[-1]) is LabelKind.GENRE


def _is_music(address: str, url: str) -> bool:
    try:
        parts = urlsplit(urljoin(url, address))
        name = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not name:
        return False
    host = find_host(name)
    return named_file(parts) is not None or (host is not None and host.kind in _OFFERING)
