"""What a downloaded file really is: judged by its content, by two judges, never by its name."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import filetype
import mutagen
from mutagen.aac import AAC
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from scraper.downloads.archives import open_zip
from scraper.downloads.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.errors import DownloadError
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SIZE = 8192
"""Bytes from the start of a file that signatures are looked for in."""

# filetype's file endings of audio; those of archives.
_AUDIO = frozenset({"mp3", "m4a", "mp4", "ogg", "flac", "wav", "aiff", "aac", "wma"})
_ARCHIVES = frozenset({"zip", "rar", "7z"})
# What mutagen opens -> the file ending: it knows better than a signature does.
_ENDINGS: dict[type[mutagen.FileType], str] = {
    MP3: "mp3",
    FLAC: "flac",
    MP4: "m4a",
    OggVorbis: "ogg",
    OggOpus: "opus",
    OggFLAC: "oga",
    OggSpeex: "spx",
    WAVE: "wav",
    AIFF: "aiff",
    AAC: "aac",
    ASF: "wma",
    MonkeysAudio: "ape",
    WavPack: "wv",
}
_TAGGED_BY_ID3 = frozenset({MP3, WAVE, AIFF})
_SCORED_BY = 128  # bytes of the beginning that mutagen's classes look at
_MOST_BYTES = 64_000_000  # a tag with pictures; of the music itself only the beginning is read
_MOST_READS = 200_000  # an Ogg file of several hours has 100,000 pages

# What mutagen lets through on broken files, besides its own error.
_BROKEN = (
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
_MARKUP = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<?xml",
    b"<!--",
    b"<svg",
    b"{",
    b"[",
)


def refuse_markup(head: bytes, where: str) -> None:
    """Raise `DownloadError` with `not-audio` when `head`, the first bytes of an answer, is a page or text."""
    start = head[:HEAD_SIZE].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    if start.startswith(_MARKUP):
        kind = "an HTML page" if b"<html" in start or start.startswith(b"<!doctype html") else "text"
        raise DownloadError(Reason.NOT_AUDIO, where, detail=f"it is {kind}")


def identify(path: Path, where: str) -> str:
    """Return the file ending that the content of `path` deserves, without its dot.

    A signature other than that of audio or an archive refuses it, and mutagen or zipfile must be able to
    open it; a few kinds of audio have no signature of their own, and mutagen alone decides. Blocks: call
    it in a thread. Raises `OSError` and `DownloadError` with `empty-body`, `not-audio` or `probe-failed`.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    if not head:
        raise DownloadError(Reason.EMPTY_BODY, where)
    refuse_markup(head, where)
    guess = filetype.guess(head)
    signature: str | None = guess.extension if guess else None
    if signature in _ARCHIVES:
        if signature == "zip":
            open_zip(path, where)
        return signature
    if signature is not None and signature not in _AUDIO:
        raise DownloadError(Reason.NOT_AUDIO, where, detail=f"it is {guess.mime}")
    return _open_audio(path, signature, where)


def _open_audio(path: Path, signature: str | None, where: str) -> str:
    try:
        with BoundedFile(path, most_bytes=_MOST_BYTES, most_reads=_MOST_READS) as raw:
            file = _open(raw)
    except _BROKEN as error:
        detail = str(error)[:200] or type(error).__name__
        raise DownloadError(Reason.PROBE_FAILED, where, detail=detail) from error
    if file is None:
        reason, detail = Reason.NOT_AUDIO, "no known signature"
        if signature is not None:
            reason, detail = Reason.PROBE_FAILED, f"looks like {signature}"
        raise DownloadError(reason, where, detail=detail)
    if getattr(file.info, "sketchy", False):
        raise DownloadError(Reason.PROBE_FAILED, where, detail="too few frames in a row for MPEG audio")
    return _ENDINGS[type(file)]


def _open(raw: BoundedFile) -> mutagen.FileType | None:
    head = raw.read(_SCORED_BY)
    score, _, kind = max((kind.score("", raw, head), kind.__name__, kind) for kind in _ENDINGS)
    if score <= 0:
        return None
    raw.seek(0)
    # No frame of a tag is looked into: a compressed one would grow a thousandfold in memory.
    opened: mutagen.FileType = kind(raw, known_frames={}) if kind in _TAGGED_BY_ID3 else kind(raw)
    return opened
