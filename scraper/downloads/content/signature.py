"""What the first bytes of a file say that it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import filetype

from scraper.downloads.content.markup import HEAD_SIZE, is_plain_text, kind_of_text
from scraper.downloads.content.refused import not_music
from scraper.downloads.content.tars import is_tar_header

if TYPE_CHECKING:
    from collections.abc import Mapping

# filetype's endings of audio, of archives, and of what may hold a tar archive.
AUDIO: Final = frozenset({"mp3", "m4a", "mp4", "ogg", "flac", "wav", "aiff", "aac", "wma"})
ARCHIVES: Final = frozenset({"zip", "rar", "7z", "tar"})
PACKED: Final[Mapping[str, str]] = {"gz": "tgz", "bz2": "tbz2", "xz": "txz"}
PICTURES: Final[Mapping[str, str]] = {"jpg": "jpg", "png": "png", "webp": "webp"}


@dataclass(frozen=True, slots=True)
class Signature:
    """`extension` as filetype names it, None where no signature is known; `mime` for messages."""

    extension: str | None
    mime: str = ""


def signature_of(head: bytes) -> Signature:
    """Return what `head`, the first 8 kB of a file or all of it, says.

    Raises `RefusedError` with `not-audio` where it is text: a page, an error message, a playlist.
    """
    head = head[:HEAD_SIZE]
    text = kind_of_text(head)
    if text is not None:
        raise not_music(f"it is {text}")
    guess = filetype.guess(head)
    if guess is not None:
        return Signature(guess.extension, guess.mime)
    if is_tar_header(head):
        return Signature("tar", "application/x-tar")
    if is_plain_text(head):
        raise not_music("it is text")
    return Signature(None)
