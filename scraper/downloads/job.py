"""One download from claim to published file."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.names import UNTITLED, safe_name
from scraper.downloads.publish import find_place, is_file, publish
from scraper.downloads.resolvers import file_address
from scraper.downloads.transfer import Received, transfer
from scraper.downloads.verify import identify
from scraper.http.retry import retried
from storage.errors import CratedigError
from storage.reasons import Reason
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from scraper.downloads.folder import DownloadFolder
    from scraper.http.client import Client
    from storage.records import Download

_log = logging.getLogger(__name__)

# What is wrong with one name or one file, not with the folder.
_OF_THE_FILE = frozenset({errno.EEXIST, errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EFBIG})


class Acknowledging(Protocol):
    """What a job asks of the queue; both raise `LeaseLostError` when the claim is over."""

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record where the file is about to be published."""

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that it is published."""


async def run_job(
    download: Download,
    *,
    client: Client,
    queue: Acknowledging,
    folder: DownloadFolder,
    max_bytes: int,
    finishing: asyncio.Semaphore,
    on_bytes: Callable[[int], None],
    sleep: Callable[[float], Awaitable[None]],
) -> Path:
    """Fetch, verify and publish a claimed download, acknowledge it, and return the file's path.

    The order: part file, fsync, verify, intent in the database, link to the final name, fsync of the
    folder, done. Once the intent is written a cancellation waits for the end. `sleep` passes the time
    before another try, which keeps nothing but the claim; `finishing` bounds how many verify and publish
    at once. Raises `FetchError`, `DownloadError`, `VolumeError` and `LeaseLostError`; whatever is raised,
    the part file is gone.
    """
    part = folder.part_of(download)
    try:
        before = await in_thread(_published_before, download, folder)
        if before is not None:
            await unbroken(_complete(download, queue, before))
            return before.path
        address = file_address(download)
        fetch = partial(transfer, client, address, part, max_bytes=max_bytes, on_bytes=on_bytes)
        try:
            with _this_one_alone(download):
                received = await retried(fetch, attempts=client.limits.attempts, sleep=sleep)
            async with finishing:
                with _this_one_alone(download):
                    extension = await in_thread(identify, part, address)
                    name = safe_name(download.stem or UNTITLED, extension)
                return await unbroken(_publish(download, queue, folder, name=name, received=received))
        except BaseException:
            await in_thread(_remove, part)
            raise
    except UnicodeEncodeError as error:
        detail = "the file system cannot hold this name"
        raise DownloadError(Reason.DISK_ERROR, download.stem or download.url, detail=detail) from error
    except OSError as error:
        raise _disk_error(error, folder) from error


@contextlib.contextmanager
def _this_one_alone(download: Download) -> Iterator[None]:
    """Let a mistake of ours that one stranger's answer brings out fail that download, not the whole run."""
    try:
        yield
    except (CratedigError, OSError):
        raise
    except Exception as error:
        _log.exception("%s could not be downloaded", download.url)
        raise DownloadError(Reason.INTERNAL_ERROR, download.url, detail=repr(error)[:200]) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    size: int
    sha256: str


def _published_before(download: Download, folder: DownloadFolder) -> _File | None:
    # A worker died between publishing and acknowledging: the intent that it wrote tells which file it was.
    # Its part file goes first: if it lives after all, it publishes before this look or never.
    folder.take_over(download)
    if download.path is None or download.sha256 is None or download.bytes is None:
        return None
    file = _File(path=Path(download.path), size=download.bytes, sha256=download.sha256)
    return file if is_file(file.path, size=file.size, sha256=file.sha256) else None


async def _publish(
    download: Download, queue: Acknowledging, folder: DownloadFolder, *, name: str, received: Received
) -> Path:
    size, sha256 = received.size, received.sha256
    while True:
        place = await asyncio.to_thread(find_place, folder.path, name, size=size, sha256=sha256)
        file = _File(path=place.path, size=size, sha256=sha256)
        await queue.verified(download, path=str(file.path), size=size, sha256=sha256)
        try:
            await asyncio.to_thread(publish, folder.part_of(download), place)
        except FileExistsError:
            continue  # somebody took the name in between: look again, with his file there
        await _complete(download, queue, file)
        return file.path


async def _complete(download: Download, queue: Acknowledging, file: _File) -> None:
    await queue.complete(download, path=str(file.path), size=file.size, sha256=file.sha256)


def _remove(part: Path) -> None:
    # Where even this fails, what is already raised says more; the next claim removes it.
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _disk_error(error: OSError, folder: DownloadFolder) -> DownloadError | VolumeError:
    # The part file alone is missing when another claim of the same link has taken over.
    taken_over = isinstance(error, FileNotFoundError) and folder.incomplete.is_dir()
    if taken_over or error.errno in _OF_THE_FILE:
        where = str(error.filename or folder.path)
        return DownloadError(Reason.DISK_ERROR, where, detail=error.strerror or str(error))
    return VolumeError.of(error, str(folder.path))
