"""The music in a published archive, taken out into a folder beside it."""

from __future__ import annotations

import logging
import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError
from scraper.downloads.part.parts import key_hash
from scraper.downloads.publishing.folder import UNPACKED as UNFINISHED
from scraper.downloads.publishing.trees import publish_tree
from scraper.downloads.unpacking.report import UnpackLimits
from storage.unbroken import in_thread

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.downloads.publishing.finishing import PublishedFile
    from scraper.downloads.publishing.folder import OpenFolder
    from scraper.downloads.unpacking.report import Unpacked
    from scraper.downloads.workshop import Workshop
    from storage.records import Download

_LEFT_ALONE: Final = frozenset({"rar", "7z"})
"""The endings of archives that no library reads without a program of its own."""

_log = logging.getLogger(__name__)


def is_to_be_unpacked(shop: Workshop, file: PublishedFile) -> bool:
    """Return whether `file` is an archive of this folder, and to have it unpacked is wished."""
    if not shop.settings.unpack:
        return False
    from scraper.downloads.unpacking.taking import UNPACKED  # noqa: PLC0415 - a fifth of the start of a run

    kind = file.path.suffix.removeprefix(".")
    is_archive = kind in UNPACKED or kind in _LEFT_ALONE
    return not file.shared and is_archive and file.path.is_relative_to(shop.folder.path)


async def unpack_beside(download: Download, shop: Workshop, file: PublishedFile) -> Path | None:
    """Unpack `file` into a folder of its name, with the passwords that its post tells; return the folder.

    The archive stays. What cannot be unpacked is said in the log and fails nothing: the file that was
    wanted is there. The same archive again finds its folder. Raises `VolumeError` and `OSError`.
    """
    from scraper.downloads.unpacking.unpack import unpack  # noqa: PLC0415 - as above

    kind = file.path.suffix.removeprefix(".")
    if kind in _LEFT_ALONE:
        _log.warning(
            "%s is not unpacked: %s needs another program; unpack it by hand", file.path, kind.upper()
        )
        return None
    post = await shop.origins.post_of(download)
    into = f"{key_hash(download.key)}.{download.token}{UNFINISHED}"
    try:
        async with shop.unpacking:
            found = await unpack(
                file.path,
                shop.folder.incomplete_fd,
                into=into,
                kind=kind,
                limits=UnpackLimits(total=min(shop.settings.max_bytes, max(0, shop.volume.room()))),
                where=download.url,
                passwords=() if post is None else post.passwords,
            )
        _tell(file.path, found)
        if not found.files:
            return None
        wanted = PurePosixPath(file.path.relative_to(shop.folder.path)).with_suffix("")
        return await in_thread(_publish, shop.folder, into, wanted, sha256=file.sha256)
    except DownloadError as error:
        _log.warning("%s is not unpacked: %s", file.path, error)
        return None


def _tell(archive: Path, found: Unpacked) -> None:
    for skipped in found.skipped:
        _log.info("%s: %s stays in the archive: %s", archive, skipped.name, skipped.why)
    locked = [skipped for skipped in found.skipped if skipped.locked]
    if locked:
        more = f" ({len(locked)} such files)" if len(locked) > 1 else ""
        state = "is unpacked but for what is encrypted" if found.files else "is not unpacked"
        why = f"{locked[0].name}: {locked[0].why}{more}"
        _log.warning("%s %s: %s; unpack it by hand", archive, state, why)
    elif not found.files:
        why = f"{found.skipped[0].name}: {found.skipped[0].why}" if found.skipped else "nothing is in it"
        _log.warning("%s is not unpacked: %s", archive, why)


def _publish(folder: OpenFolder, into: str, wanted: PurePosixPath, *, sha256: str) -> Path:
    """Do what `publish_tree` does; where it raises, nothing of the tree is left to fill the disk."""
    try:
        return publish_tree(folder, into, wanted, sha256=sha256)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True, dir_fd=folder.incomplete_fd)
        raise
