"""Which entries are worth taking out: music, pictures, texts of a release, archives; by their content."""

from __future__ import annotations

from typing import Final

import filetype

from scraper.downloads.content.bounded import BoundedFile
from scraper.downloads.content.entries import Sort, ending_of, sort_of
from scraper.downloads.content.judging import judge
from scraper.downloads.content.markup import HEAD_SIZE, kind_of_text
from scraper.downloads.content.refused import RefusedError
from scraper.downloads.content.signature import ARCHIVES, AUDIO, PACKED, PICTURES, signature_of
from scraper.downloads.unpacking.report import SkippedError
from storage.reasons import explain

_MAY_BE_MUSIC: Final = AUDIO | ARCHIVES | frozenset(PACKED) | {"wmv", None}
_LARGEST_TEXT: Final = 10_000_000
_LARGEST_PICTURE: Final = 50_000_000
_UNPRINTED: Final = {"m3u": "a playlist", "m3u8": "a playlist"}
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def refuse_by_name(name: str) -> None:
    """Raise `SkippedError` for what no content would make worth taking out."""
    sort = sort_of(name)
    if sort in {Sort.JUNK, Sort.PROGRAM, Sort.PAGE}:
        raise SkippedError(f"it is {sort}")


def early_extension(name: str, head: bytes, size: int) -> str | None:
    """Return the ending of a picture or a text by its first 8 kB; None where the whole file has to tell.

    `size` is the whole file's as far as it is known. Raises `SkippedError` where the beginning refuses it.
    """
    if not head:
        raise SkippedError("it is empty")
    if sort_of(name) is Sort.TEXT:
        return _text(ending_of(name), head, size)
    try:
        kind = signature_of(head).extension
    except RefusedError as error:
        raise _skipped(error) from error
    if kind is not None and kind in PICTURES:
        if size > _LARGEST_PICTURE:
            raise SkippedError(f"a picture of {size} bytes")
        return PICTURES[kind]
    if kind not in _MAY_BE_MUSIC:
        raise SkippedError(f"it is {filetype.guess(head[:HEAD_SIZE]).mime}")
    return None


def whole_extension(descriptor: int) -> str:
    """Return the ending of music or an archive. Raises `SkippedError`; leaves the descriptor open."""
    with BoundedFile(descriptor) as file:
        try:
            return judge(file).extension
        except RefusedError as error:
            raise _skipped(error) from error


def _text(ending: str, head: bytes, size: int) -> str:
    if size > _LARGEST_TEXT:
        raise SkippedError(f"a text of {size} bytes")
    if ending == "pdf":
        is_right = head.startswith(b"%PDF-")
    else:
        kind = kind_of_text(head)
        is_words = head.startswith(_UTF16) or b"\0" not in head
        is_right = (
            is_words and filetype.guess(head) is None and kind in {None, "JSON", _UNPRINTED.get(ending)}
        )
    if not is_right:
        raise SkippedError(f"it is no {ending} file")
    return ending


def _skipped(error: RefusedError) -> SkippedError:
    return SkippedError(error.detail or explain(error.reason).sentence)
