"""The music in a published archive, taken out into a folder beside it."""

from __future__ import annotations

import logging
import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

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
    from scraper.downloads.workshop import Workshop
    from storage.records import Download

_log = logging.getLogger(__name__)


def is_to_be_unpacked(shop: Workshop, file: PublishedFile) -> bool:
    """Return whether `file` is an archive of this folder that can be unpacked, and that is wished."""
    if not shop.settings.unpack:
        return False
    from scraper.downloads.unpacking.taking import UNPACKED  # noqa: PLC0415 - a fifth of the start of a run

    kind = file.path.suffix.removeprefix(".")
    return not file.shared and kind in UNPACKED and file.path.is_relative_to(shop.folder.path)


async def unpack_beside(download: Download, shop: Workshop, file: PublishedFile) -> Path | None:
    """Unpack `file` into a folder of its name; return the folder.

    The archive stays. What cannot be unpacked is said in the log and fails nothing: the file that was
    wanted is there. The same archive again finds its folder. Raises `VolumeError` and `OSError`.
    """
    from scraper.downloads.unpacking.unpack import unpack  # noqa: PLC0415 - as above

    kind = file.path.suffix.removeprefix(".")
    into = f"{key_hash(download.key)}.{download.token}{UNFINISHED}"
    limits = UnpackLimits(total=min(shop.settings.max_bytes, max(0, shop.volume.room())))
    try:
        found = await unpack(
            file.path, shop.folder.incomplete_fd, into=into, kind=kind, limits=limits, where=download.url
        )
        for skipped in found.skipped:
            _log.info("%s: %s stays in the archive: %s", file.path, skipped.name, skipped.why)
        if not found.files:
            why = f"{found.skipped[0].name}: {found.skipped[0].why}" if found.skipped else "nothing is in it"
            _log.warning("%s is not unpacked: %s", file.path, why)
            return None
        wanted = PurePosixPath(file.path.relative_to(shop.folder.path)).with_suffix("")
        return await in_thread(_publish, shop.folder, into, wanted, sha256=file.sha256)
    except DownloadError as error:
        _log.warning("%s is not unpacked: %s", file.path, error)
        return None


def _publish(folder: OpenFolder, into: str, wanted: PurePosixPath, *, sha256: str) -> Path:
    """Do what `publish_tree` does; where it raises, nothing of the tree is left to fill the disk."""
    try:
        return publish_tree(folder, into, wanted, sha256=sha256)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True, dir_fd=folder.incomplete_fd)
        raise
