"""The folder that files are published in, and the part files that grow inside it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.errors import VolumeError
from storage.folders import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import Download

FORGOTTEN_AFTER = 7200.0
"""Seconds after which a part file that nobody wrote to belongs to nobody: a transfer that lives writes a
megabyte in 34 minutes at least (scraper.downloads.transfer gives up what is slower)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFolder:
    """Where files are published, and the folder inside it where they grow."""

    path: Path

    @property
    def incomplete(self) -> Path:
        """The folder of part files: on the same file system, so that publishing is a rename."""
        return self.path / ".incomplete"

    def part_of(self, download: Download) -> Path:
        """Return the part file of one claim of `download`; another claim has another one."""
        return self.incomplete / f"{_prefix(download)}{download.token}.part"

    def take_over(self, download: Download) -> None:
        """Remove the part files of earlier claims of `download`. Blocks.

        Their workers died, or lost their lease: without its part file such a worker can publish nothing any
        more. The name tells a download by its key, because two databases may count to the same id; where
        both hold one link at once, the earlier of the two has to try again.
        """
        own = self.part_of(download).name
        with os.scandir(self.incomplete) as entries:
            parts = [entry.name for entry in entries if entry.name.startswith(_prefix(download))]
        for name in parts:
            if name != own:
                (self.incomplete / name).unlink(missing_ok=True)


def _prefix(download: Download) -> str:
    return f"{hashlib.sha256(download.key.encode(errors='replace')).hexdigest()[:16]}."


def prepare_folder(folder: DownloadFolder, *, now: float | None = None) -> None:
    """Create the folders, and remove forgotten part files. Blocks.

    Nobody can tell from here which part files another process is about to claim or writes for another
    database; so only age counts, and what a dead worker left goes when its download is claimed again.
    Raises `VolumeError` when the folder cannot be made or written.
    """
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.incomplete.mkdir()
            sync_folder(folder.path.parent)
        if not stat.S_ISDIR(folder.incomplete.lstat().st_mode):
            raise NotADirectoryError(None, f"{folder.incomplete} is a link or a file", str(folder.incomplete))
        sync_folder(folder.path)
        _remove_forgotten(folder, (time.time() if now is None else now) - FORGOTTEN_AFTER)
        _try_to_write(folder)
    except OSError as error:
        raise VolumeError.of(error, str(folder.path)) from error


def _remove_forgotten(folder: DownloadFolder, before: float) -> None:
    for part in folder.incomplete.glob("*.part"):
        with contextlib.suppress(FileNotFoundError):
            if part.lstat().st_mtime < before:
                part.unlink()


def _try_to_write(folder: DownloadFolder) -> None:
    if not os.access(folder.path, os.W_OK | os.X_OK) or not os.access(folder.incomplete, os.W_OK | os.X_OK):
        raise PermissionError(None, f"{folder.path} is not writable", str(folder.path))
