"""The entries of a zip archive. The standard library lists and opens them; what becomes of them is ours."""

from __future__ import annotations

import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.refused import broken
from scraper.downloads.content.zips import BROKEN_ZIP, ENCRYPTED, ZIP_BYTES, ZIP_READS
from scraper.downloads.unpacking.entry import Entry, nothing
from scraper.downloads.unpacking.name_guess import name_of
from scraper.downloads.unpacking.zip_locked import LockedZip
from scraper.downloads.unpacking.zip_members import METHODS, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.content.bounded import BoundedFile
    from scraper.downloads.unpacking.locks import Passwords

_SPARE: Final = 64 << 20


def zip_entries(file: BoundedFile, *, listed: int, passwords: Passwords) -> Iterator[Entry]:
    """Yield what the archive lists, without folders. Of what is encrypted `passwords` are tried.

    Raises `RefusedError` with `probe-failed` where the list is broken or longer than `listed`, or the
    archive is made to be read without end.
    """
    file.allow(most_bytes=ZIP_BYTES, most_reads=ZIP_READS)
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN_ZIP as error:
        raise broken(f"broken zip: {error}") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > listed:
            raise broken(f"it lists {len(entries)} entries")
        # Entries may overlap, and each is read: the archive as a whole a few times at most.
        file.allow(
            most_bytes=4 * file.size + _SPARE,
            most_reads=file.size // 64 + 100 * len(entries) * (1 + len(passwords.keys)) + 10_000,
        )
        locked = LockedZip(file, archive, passwords)
        for info in entries:
            if not info.filename.endswith("/"):  # is_dir() fails where there is no name
                why_not = _why_not(info)
                is_locked = bool(info.flag_bits & ENCRYPTED)
                opening = partial(locked.open, info) if is_locked else partial(plain, archive, info)
                yield Entry(
                    name=name_of(info),
                    size=info.file_size,
                    packed=info.compress_size,
                    why_not=why_not,
                    open=nothing if why_not else opening,
                )


def _why_not(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return "it is a link" if kind == stat.S_IFLNK else "it is no regular file"
    if not info.flag_bits & ENCRYPTED and info.compress_type not in METHODS:
        return "it is packed in a way that is not read"
    return None
