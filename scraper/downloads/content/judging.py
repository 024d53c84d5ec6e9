"""The whole judgement of one file: signature, container, length, and its end where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.downloads.content.asf import has_film
from scraper.downloads.content.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.content.ends.end import why_cut
from scraper.downloads.content.markup import HEAD_SIZE
from scraper.downloads.content.music import open_music
from scraper.downloads.content.refused import RefusedError, broken, cut_short, not_music
from scraper.downloads.content.signature import AUDIO, PACKED, signature_of
from scraper.downloads.content.tars import is_tar_header, look_into
from scraper.downloads.content.verdict import Content
from scraper.downloads.content.window import Window
from scraper.downloads.content.zips import list_zip
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path


def judge_path(path: Path, *, to_the_end: bool) -> Content | RefusedError:
    """Return the verdict on the file `path`. Blocks. Raises `OSError`."""
    with BoundedFile(path) as file:
        try:
            return judge(file, to_the_end=to_the_end)
        except RefusedError as error:
            return error.with_traceback(None)


def judge(file: BoundedFile, *, to_the_end: bool = False) -> Content:
    """Return what `file` is.

    A signature other than that of audio or an archive refuses it, and its container must open; a few kinds
    of audio have no signature of their own, and mutagen alone decides. Raises `RefusedError`: `empty-body`,
    `not-audio`, `probe-failed`; with `to_the_end` `short-body` in place of the last, and where the file does
    not go on to the end that its own container tells.
    """
    if not file.size:
        raise RefusedError(Reason.EMPTY_BODY)
    file.allow(most_bytes=HEAD_SIZE, most_reads=1)
    try:
        content = _open(file, file.read(HEAD_SIZE))
    except RefusedError as error:
        if to_the_end and error.reason is Reason.PROBE_FAILED:  # what opens it may be what is missing
            raise cut_short(error.detail or "it cannot be opened") from error
        raise
    if to_the_end:
        missing = why_cut(content.extension, Window(file))
        if missing is not None:
            raise cut_short(missing)
    return content


def _open(file: BoundedFile, head: bytes) -> Content:
    signature = signature_of(head)
    kind = signature.extension
    if kind == "zip":
        return list_zip(file)
    if kind in {"rar", "7z"}:
        return Content(extension=kind)
    if kind == "tar" and is_tar_header(head):
        return Content(extension="tar")
    if kind is not None and kind in PACKED:
        try:
            look_into(kind, Window(file))
        except TooMuchReadError as error:
            raise broken(str(error)) from error
        return Content(extension=PACKED[kind])
    if kind == "wmv" and not has_film(Window(file)):
        kind = "wma"
    if kind is not None and kind not in AUDIO:
        raise not_music(f"it is {signature.mime}")
    return open_music(file, head, kind)
