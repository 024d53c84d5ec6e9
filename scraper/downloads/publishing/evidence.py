"""What failed verification, kept apart with its reason: few, never executable, the oldest goes first."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.part.parts import key_hash
from scraper.downloads.publishing.folder import UNFINISHED, make_folder
from scraper.downloads.publishing.place import READ_FLAGS
from scraper.downloads.publishing.sidecar import without_credentials
from scraper.downloads.publishing.small_files import as_json, written

if TYPE_CHECKING:
    from scraper.downloads.publishing.folder import OpenFolder
    from storage.reasons import Reason
    from storage.records import Download

REJECTED: Final = ".rejected"
"""The folder of evidence, inside the folder for files."""

MOST_FILES: Final = 100
MOST_BYTES: Final = 1_000_000_000

_NOTE: Final = ".json"
_OURS = re.compile(r"[0-9a-f]{16}\.[a-z0-9]{1,8}")
_MODE: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why a file is not published. `when` is in POSIX seconds UTC, `sha256` None where it is not known."""

    download: Download
    reason: Reason
    detail: str | None
    when: float
    sha256: str | None = None


def keep_evidence(folder: OpenFolder, part: str, rejected: Rejected) -> str | None:
    """Move `part`, a file in the folder of what grows, to the evidence; return what it is called. Blocks.

    Beside it stands a note with address, reason and size. Older evidence of the same download is replaced;
    at most `MOST_FILES` and `MOST_BYTES` are kept. None where there is no such part, or where it alone is
    larger: then it is left alone. Raises `DownloadError` and `VolumeError`.
    """
    key = key_hash(rejected.download.key)
    name = f"{key}.{_ending(rejected.download.format)}"
    place = PurePosixPath(REJECTED, name)
    with folder.errors(place):
        size = _made_harmless(part, folder.incomplete_fd)
        if size is None or size > MOST_BYTES:
            return None
        make_folder(REJECTED, folder.fd)
        with folder.below(PurePosixPath(REJECTED)) as fd:
            for other in _names(fd):
                if other.startswith(f"{key}."):
                    os.unlink(other, dir_fd=fd)
            unfinished = f"{key}.{rejected.download.token}.note{UNFINISHED}"
            with written(as_json(_note(rejected, size)), unfinished, folder.incomplete_fd):
                os.replace(unfinished, key + _NOTE, src_dir_fd=folder.incomplete_fd, dst_dir_fd=fd)
            os.replace(part, name, src_dir_fd=folder.incomplete_fd, dst_dir_fd=fd)
            _remove_oldest(fd)
            os.fsync(fd)
    return str(place)


def with_evidence(detail: str | None, kept: str | None) -> str | None:
    """Return the `detail` of a failed download that also names what was `kept` of it."""
    if kept is None:
        return detail
    return f"{detail}; kept as {kept}" if detail else f"kept as {kept}"


def _note(rejected: Rejected, size: int) -> dict[str, str | int | None]:
    detail = rejected.detail
    return {
        "url": without_credentials(rejected.download.url),
        "reason": str(rejected.reason),
        "detail": None if detail is None else without_credentials(detail),
        "bytes": size,
        "sha256": rejected.sha256,
        "when": datetime.fromtimestamp(rejected.when, UTC).isoformat(timespec="seconds"),
    }


def _ending(wanted: str | None) -> str:
    from scraper.downloads.choosing.preference import known_formats  # noqa: PLC0415 - brings all that is known of links

    # Nothing that a file manager would open with more than a player.
    return wanted if wanted is not None and wanted in known_formats() else "bin"


def _made_harmless(part: str, folder_fd: int) -> int | None:
    """Make sure that `part` is a file that nobody can execute; return its size, None where it is none."""
    try:
        fd = os.open(part, READ_FLAGS, dir_fd=folder_fd)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ELOOP, errno.ENXIO}:
            return None
        raise
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return None
        os.fchmod(fd, _MODE)
        return status.st_size
    finally:
        os.close(fd)


def _names(fd: int) -> list[str]:
    return [name for name in os.listdir(fd) if _OURS.fullmatch(name)]


def _remove_oldest(fd: int) -> None:
    """Remove evidence with its notes until no more is left than may be kept; the newest stays."""
    sizes: dict[str, int] = {}
    ages: dict[str, int] = {}
    names = _names(fd)
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            status = os.lstat(name, dir_fd=fd)
            key = name.partition(".")[0]
            sizes[key] = sizes.get(key, 0) + (0 if name.endswith(_NOTE) else status.st_size)
            # A part may have come long ago, its note is always new.
            ages[key] = max(ages.get(key, 0), status.st_mtime_ns)
    total = sum(sizes.values())
    for key in sorted(sizes, key=lambda key: (ages[key], key))[:-1]:
        if len(sizes) <= MOST_FILES and total <= MOST_BYTES:
            return
        for name in names:
            if name.startswith(f"{key}."):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=fd)
        total -= sizes.pop(key)
