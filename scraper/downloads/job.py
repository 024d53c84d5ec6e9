"""One download from claim to published file."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.names import UNTITLED, safe_name
from scraper.downloads.publish import find_place, is_file, publish
from scraper.downloads.resolvers import file_address
from scraper.downloads.transfer import Received, transfer
from scraper.downloads.verify import identify
from scraper.http.retry import retrying
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.client import Client
    from storage.queue import Queue
    from storage.records import Download

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


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
        return self.incomplete / f"{download.id}.{download.token}.part"


async def run_job(
    download: Download,
    *,
    client: Client,
    queue: Queue,
    folder: DownloadFolder,
    max_bytes: int,
    on_bytes: Callable[[int], None],
) -> Path:
    """Fetch, verify and publish a claimed download, acknowledge it, and return the file's path.

    The order is that of docs/architecture.md: part file, fsync, verify, intent in the database, link to the
    final name, fsync of the folder, done. Raises `FetchError`, `DownloadError`, `VolumeError` and
    `LeaseLostError`; whatever is raised, the part file is gone and the queue's row unchanged.
    """
    published = await _already_published(download)
    if published is not None:
        await queue.complete(download, path=str(published.path), size=published.size, sha256=published.sha256)
        return published.path
    address = file_address(download)
    part = folder.part_of(download)
    try:
        loop = retrying(attempts=client.limits.attempts, sleep=asyncio.sleep)
        received = await loop(transfer, client, address, part, max_bytes=max_bytes, on_bytes=on_bytes)
        extension = await asyncio.to_thread(identify, part, address)
        name = safe_name(download.stem or UNTITLED, extension)
        path = await _publish(
            download, queue, part, folder=folder.path, name=name, received=received
        )
        await queue.complete(download, path=str(path), size=received.size, sha256=received.sha256)
    except OSError as error:
        raise _disk_error(error, folder) from error
    else:
        return path
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    path: Path
    size: int
    sha256: str


async def _already_published(download: Download) -> _Published | None:
    # A worker died between publishing and acknowledging: the intent that it wrote tells which file it was.
    if download.path is None or download.sha256 is None or download.bytes is None:
        return None
    path = Path(download.path)
    whole = await asyncio.to_thread(is_file, path, size=download.bytes, sha256=download.sha256)
    return _Published(path=path, size=download.bytes, sha256=download.sha256) if whole else None


async def _publish(
    download: Download, queue: Queue, part: Path, *, folder: Path, name: str, received: Received
) -> Path:
    while True:
        place = await asyncio.to_thread(find_place, folder, name, size=received.size, sha256=received.sha256)
        await queue.verified(download, path=str(place.path), size=received.size, sha256=received.sha256)
        if place.taken:
            return place.path
        try:
            await asyncio.to_thread(publish, part, place.path)
        except FileExistsError:
            continue  # somebody took the name in between: look again, with his file there
        return place.path


def _disk_error(error: OSError, folder: DownloadFolder) -> DownloadError | VolumeError:
    detail = error.strerror or str(error)
    if isinstance(error, FileExistsError):
        return DownloadError(Reason.DISK_ERROR, str(error.filename or folder.path), detail=detail)
    reason = Reason.DISK_FULL if error.errno in _FULL else Reason.DISK_ERROR
    return VolumeError(reason, str(folder.path), detail=detail)
