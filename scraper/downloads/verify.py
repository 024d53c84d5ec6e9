"""What a downloaded file really is: judged by its content, by two judges, never by its name."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import filetype
import mutagen

from scraper.downloads.errors import DownloadError
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SIZE = 8192
"""Bytes from the start of a file that signatures are looked for in."""

# filetype's names for audio -> the file ending; archives are kept as they are.
_AUDIO = {
    "mp3": "mp3",
    "m4a": "m4a",
    "mp4": "m4a",
    "ogg": "ogg",
    "flac": "flac",
    "wav": "wav",
    "aiff": "aiff",
    "aac": "aac",
    "wma": "wma",
}
_ARCHIVES = frozenset({"zip", "rar", "7z"})
# mutagen's class -> the file ending, where it knows better than a signature does.
_OPENED = {
    "MP3": "mp3",
    "EasyMP3": "mp3",
    "FLAC": "flac",
    "MP4": "m4a",
    "OggVorbis": "ogg",
    "OggOpus": "opus",
    "OggFLAC": "ogg",
    "OggSpeex": "ogg",
    "WAVE": "wav",
    "AIFF": "aiff",
    "AAC": "aac",
    "ASF": "wma",
    "APEv2File": "ape",
    "MonkeysAudio": "ape",
    "WavPack": "wv",
}
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

    A signature must be that of audio or an archive, and mutagen or zipfile must be able to open it.
    Blocks: call it in a thread. Raises `DownloadError` with `empty-body`, `not-audio` or `probe-failed`.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    if not head:
        raise DownloadError(Reason.EMPTY_BODY, where)
    refuse_markup(head, where)
    guess = filetype.guess(head)
    signature: str | None = guess.extension if guess else None
    if signature in _ARCHIVES:
        return _open_archive(path, signature, where)
    if signature is not None and signature not in _AUDIO:
        raise DownloadError(Reason.NOT_AUDIO, where, detail=f"it is {guess.mime}")
    opened = _open_audio(path, where)
    if opened is None:
        if signature is None:
            raise DownloadError(Reason.NOT_AUDIO, where, detail="no known signature")
        raise DownloadError(Reason.PROBE_FAILED, where, detail=f"looks like {signature}")
    return opened


def _open_audio(path: Path, where: str) -> str | None:
    try:
        file = mutagen.File(path)
    except (mutagen.MutagenError, ValueError, EOFError, IndexError, KeyError, OverflowError) as error:
        raise DownloadError(
            Reason.PROBE_FAILED, where, detail=str(error)[:200] or type(error).__name__
        ) from error
    return _OPENED.get(type(file).__name__) if file is not None else None


def _open_archive(path: Path, signature: str, where: str) -> str:
    if signature == "zip":
        try:
            with zipfile.ZipFile(path) as archive:
                if not archive.infolist():
                    raise DownloadError(Reason.PROBE_FAILED, where, detail="an empty zip")
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise DownloadError(Reason.PROBE_FAILED, where, detail=f"broken zip: {error}"[:200]) from error
    return signature
