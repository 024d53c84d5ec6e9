"""Audio files, opened by mutagen or by ourselves: what they are, and how long."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final, NoReturn

import mutagen
from mutagen.aac import AAC
from mutagen.asf import ASF
from mutagen.dsdiff import DSDIFF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.id3 import ID3NoHeaderError
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.wavpack import WavPack

from scraper.downloads.content.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.content.duration import plausible_seconds
from scraper.downloads.content.mpeg import first_frame
from scraper.downloads.content.pcm import is_form, open_form
from scraper.downloads.content.refused import broken, not_music
from scraper.downloads.content.tags import end_of_music, start_of_music
from scraper.downloads.content.verdict import Content
from scraper.downloads.content.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

# What mutagen opens -> the file ending: it knows better than a signature does.
_ENDINGS: Final[Mapping[type[mutagen.FileType], str]] = {
    MP3: "mp3",
    FLAC: "flac",
    MP4: "m4a",
    OggVorbis: "ogg",
    OggOpus: "opus",
    OggFLAC: "oga",
    OggSpeex: "spx",
    AAC: "aac",
    ASF: "wma",
    MonkeysAudio: "ape",
    WavPack: "wv",
    DSF: "dsf",
    DSDIFF: "dff",
}
_TAGGED_BY_ID3: Final = frozenset({DSF, DSDIFF})
_SCORED_BY: Final = 128  # bytes of the beginning that mutagen's classes look at
_MOST_BYTES: Final = 64_000_000  # a tag with pictures; of the music itself only the beginning is read
_MOST_READS: Final = 200_000  # an Ogg file of several hours has 100,000 pages

# What mutagen lets through on broken files, besides its own error.
_BROKEN: Final = (
    mutagen.MutagenError,
    TooMuchReadError,
    struct.error,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    EOFError,
    MemoryError,
    RecursionError,
)


def open_music(file: BoundedFile, head: bytes, signature: str | None) -> Content:
    """Return what music `file` holds; `head` is its beginning, `signature` what that looks like.

    Raises `RefusedError`: `not-audio` where nothing knows it, `probe-failed` where it cannot be opened or
    claims what its bytes cannot hold.
    """
    if is_form(head):
        try:
            return open_form(Window(file))
        except (TooMuchReadError, struct.error, OverflowError) as error:
            raise broken(str(error)) from error
    try:
        opened = _open(file, head, signature)
        if opened is not None and not getattr(opened.info, "sketchy", False):
            return Content(extension=_ENDINGS[type(opened)], seconds=plausible_seconds(opened, file))
        detail = f"looks like {signature}" if opened is None else "too few frames in a row for MPEG audio"
        is_mpeg = opened is not None
    except _BROKEN as error:
        is_mpeg = isinstance(error, mutagen.mp3.HeaderNotFoundError)
        detail = str(error) or type(error).__name__
        if is_mpeg and _is_free_format(file):
            return Content(extension="mp3")
        raise broken(detail) from error
    if is_mpeg and _is_free_format(file):
        return Content(extension="mp3")
    if opened is None and signature is None:
        raise not_music("no known signature")
    raise broken(detail)


def _open(file: BoundedFile, head: bytes, signature: str | None) -> Any:
    kind = _kind(file, head, signature)
    if kind is None:
        return None
    file.allow(most_bytes=_MOST_BYTES, most_reads=_MOST_READS)
    if kind is MP3:
        return MP3(file, ID3=_unread)  # type: ignore[no-untyped-call]
    # No frame of a tag is looked into: a compressed one would grow a thousandfold in memory.
    return kind(file, known_frames={}) if kind in _TAGGED_BY_ID3 else kind(file)


def _unread(*_: object, **__: object) -> NoReturn:
    raise ID3NoHeaderError


def _kind(file: BoundedFile, head: bytes, signature: str | None) -> Any:
    if signature == "aac":  # mutagen goes by the name of the file
        return AAC
    score, _, kind = max((kind.score("", file, head[:_SCORED_BY]), kind.__name__, kind) for kind in _ENDINGS)
    if score > 0:
        return kind
    # Layers I and II, and MPEG-2.5, have no signature: some frames in a row are one, behind nothing or zeros.
    start = len(head) - len(head.lstrip(b"\0"))
    if signature is not None or head[start : start + 1] != b"\xff":
        return None
    window = Window(file)
    found = first_frame(window, start, window.size)
    return MP3 if found is not None and found[0] == start else None


def _is_free_format(file: BoundedFile) -> bool:
    # mutagen knows none of it: there the bits of a frame are told by where the next one begins.
    window = Window(file)
    found = first_frame(window, start_of_music(window), end_of_music(window))
    return found is not None and found[1] > 0
