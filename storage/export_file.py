"""Writing an export so that its file is always whole: the old one, or the new one."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.errors import StorageError
from storage.folders import sync_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

_BUFFER = 1 << 20
"""Characters collected before a write: each costs a change of threads."""

_WORDS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("The folder of the export does not exist", "Create it, or choose another"),
    errno.ENOTDIR: ("The folder of the export is not a folder", "Choose another"),
    errno.EACCES: ("The folder of the export is not writable", "Make it writable, or choose another"),
    errno.EPERM: ("The folder of the export is not writable", "Make it writable, or choose another"),
    errno.EROFS: ("The folder of the export is read-only", "Choose another"),
    errno.ENOSPC: ("The disk is full, the export was not written", "Make room, then export again"),
    errno.EDQUOT: ("The disk quota is used up, the export was not written", "Make room, then export again"),
}


async def write_export(chunks: AsyncIterator[str], target: Path) -> None:
    """Write `chunks` to `target` as UTF-8. Whatever happens, the file is the old one or all of the new one.

    Raises StorageError if the folder is missing, not writable or full, or if `target` is something
    else than a file. Nothing is left behind then.
    """
    with _explained(target):
        file = await asyncio.to_thread(_Replacement, target)
        try:
            async for text in _collected(chunks):
                await asyncio.to_thread(file.write, text)
            await asyncio.to_thread(file.publish)
        except BaseException:
            await asyncio.to_thread(file.discard)
            raise


def check_target(target: Path) -> None:
    """Raise StorageError if `write_export` could not write to `target` as things are now. Blocks."""
    with _explained(target):
        _Replacement(target).discard()


class _Replacement:
    """A file under a temporary name in the folder of `target`, until it takes the place of `target`."""

    def __init__(self, target: Path) -> None:
        self._target = target.resolve()
        if self._target.exists() and not self._target.is_file():
            raise StorageError(
                "The export can replace files only",
                where=str(target),
                next_step="Name a file, or write to - and redirect it",
            )
        self._path = self._target.with_name(f".cratedig-export-{secrets.token_hex(8)}")
        self._file = self._path.open("xb")

    def write(self, text: str) -> None:
        self._file.write(text.encode())

    def publish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(self._target)
        sync_folder(self._target.parent)

    def discard(self) -> None:
        # Closing flushes: on a full disk that fails again, and says nothing new.
        with contextlib.suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


async def _collected(chunks: AsyncIterator[str]) -> AsyncIterator[str]:
    waiting: list[str] = []
    length = 0
    async for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= _BUFFER:
            yield "".join(waiting)
            waiting.clear()
            length = 0
    yield "".join(waiting)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what, next_step = _WORDS.get(
            error.errno or 0, (f"The export cannot be written ({error.strerror})", "Choose another file")
        )
        raise StorageError(what, where=str(target), next_step=next_step) from error
