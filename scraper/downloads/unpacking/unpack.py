"""Unpacks an archive in a process of its own: bounded, and gone when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.refused import RefusedError
from scraper.downloads.errors import DownloadError
from scraper.downloads.unpacking.taking import take
from scraper.worker.process import WorkerDiedError, WorkerLimits
from scraper.worker.worker import NoWorkerError, Worker, WorkerTimeoutError
from storage.reasons import Reason
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.downloads.unpacking.report import Unpacked, UnpackLimits

    _Taking = partial[Unpacked | RefusedError]

_MODULES: Final = ("scraper.downloads.unpacking.taking",)
_GRACE: Final = 10.0  # seconds that the process has to end by itself: it says more than its end does
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)

_LOG = logging.getLogger(__name__)


async def unpack(
    archive: Path | str,
    incomplete: int,
    *,
    into: str,
    kind: str,
    limits: UnpackLimits,
    where: str,
    passwords: Sequence[str] = (),
) -> Unpacked:
    """Unpack an archive into the new folder `into` below the open folder `incomplete`.

    `archive` is a path, or a name in that folder; `kind` its ending, one of `taking.UNPACKED`; `where` its
    address for messages; `passwords` are tried on what is encrypted. Files and names last (fsync) when it
    returns. Where nothing is worth taking out there is no folder. An earlier `into` is replaced.

    Raises `OSError`, and `DownloadError`: `probe-failed` where the archive is broken, hostile or takes too
    long, `too-large` where its files are. Whatever is raised, cancellation too, the folder is gone.
    """
    source = os.open(archive, _READ, dir_fd=incomplete)
    try:
        await in_thread(_make, into, incomplete)
        folder = os.open(into, _FOLDER, dir_fd=incomplete)
        try:
            taking = partial(take, source, folder, kind, limits, passwords=tuple(passwords))
            found = await _taken(taking, limits, where, descriptors=(source, folder))
        finally:
            os.close(folder)
    except BaseException:
        await in_thread(_remove, into, incomplete)
        raise
    finally:
        os.close(source)
    if isinstance(found, RefusedError) or not found.files:
        await in_thread(_remove, into, incomplete)
    if isinstance(found, RefusedError):
        raise DownloadError(found.reason, where, detail=found.detail)
    return found


async def _taken(
    taking: _Taking, limits: UnpackLimits, where: str, *, descriptors: tuple[int, ...]
) -> Unpacked | RefusedError:
    bounds = WorkerLimits(
        seconds=limits.seconds + _GRACE,
        memory=limits.memory,
        modules=_MODULES,
        descriptors=descriptors,
    )
    try:
        async with Worker(bounds) as worker:
            return await worker.call(taking)
    except NoWorkerError as error:
        _LOG.warning("No process to unpack in, so it is done in a thread: %s", error)
        return await _in_thread(taking)
    except WorkerTimeoutError as error:
        raise _refused(where, f"it took longer than {limits.seconds:.0f} s to unpack") from error
    except WorkerDiedError as error:
        raise _refused(where, "it ends the process that unpacks it") from error
    except MemoryError as error:
        raise _refused(where, "it takes more memory than is given to one") from error


async def _in_thread(taking: _Taking) -> Unpacked | RefusedError:
    unwanted = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(taking, is_unwanted=unwanted.is_set))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        unwanted.set()
        with suppress(Exception):  # that it stopped is what was wanted
            await unbroken(_ended(task))
        raise


async def _ended(task: asyncio.Task[Unpacked | RefusedError]) -> None:
    await asyncio.wait([task])
    task.exception()


def _make(into: str, incomplete: int) -> None:
    _remove(into, incomplete)
    os.mkdir(into, dir_fd=incomplete)


def _remove(into: str, incomplete: int) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(into, dir_fd=incomplete)


def _refused(where: str, detail: str) -> DownloadError:
    return DownloadError(Reason.PROBE_FAILED, where, detail=detail)
