"""What has come of one download: in memory first, then on the disk, and what a later try can go on from."""

from __future__ import annotations

import contextlib
import errno
import os
from time import monotonic
from typing import TYPE_CHECKING, Final

import aiofiles.threadpool

from scraper.downloads.part.file import HashingFile
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from scraper.downloads.part.earlier import Earlier
    from scraper.downloads.part.journal import Origin

WRITE_SIZE: Final = 1 << 20
"""Bytes collected before one write: each costs a hop to a thread, and small ones cost 60 times more."""

WRITTEN_AFTER: Final = 5.0
"""Seconds after which less is written too: what a slow server sent must not be lost with this process."""

SEAM: Final = 4096
"""Bytes at the end that are asked for once more, to see that what follows fits. Less is not gone on from."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_AGAIN = 16 * WRITE_SIZE  # bytes that are hashed again before somebody may say stop


class Part:
    """The part of one claim of the download called `key`; its methods raise `OSError`.

    The file comes into being with the first write. One task works with it at a time.
    """

    def __init__(self, *, key: str, folder_fd: int, path: Path, earlier: Earlier | None = None) -> None:
        self.key = key
        self.path = path
        self.origin: Origin | None = None
        """What the bytes are of; None where they cannot be gone on from."""
        self._folder_fd = folder_fd
        self._earlier = earlier
        self._file: HashingFile | None = None
        self._anew = False  # the file still holds what came before
        self._algorithms: Collection[str] = ()
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._written_at = monotonic()

    @property
    def name(self) -> str:
        """The name of the file in its folder."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes that have come so far."""
        return self._written + self._waiting

    @property
    def resumable(self) -> bool:
        """Whether a later try may go on from it."""
        return self.origin is not None and self.size > SEAM

    @property
    def lasting(self) -> bool:
        """Whether a later claim may go on from it: on the disk is enough for that."""
        return self._earlier is not None or (self._file is not None and self._file.journaled)

    async def load(self, asked: str) -> None:
        """Take over what an earlier claim got from the address `asked`, as far as it is sure."""
        if (earlier := self._earlier) is None:
            return
        if earlier.journal.origin.asked == asked:
            try:
                await self._copy(earlier)
            except BaseException as error:
                await in_thread(self._drop)
                # Where there is no room for it twice, it makes room by going; else it stays for the next.
                if not isinstance(error, OSError) or error.errno not in _FULL:
                    raise
        await in_thread(earlier.remove)
        self._earlier = None

    async def _copy(self, earlier: Earlier) -> None:
        file = await in_thread(self._open)
        with contextlib.closing(earlier.copy_to(file)) as steps:
            while await in_thread(_step, steps):
                pass
        await in_thread(self._settle, file, earlier.journal.origin)

    def _settle(self, file: HashingFile, origin: Origin) -> None:
        file.back_to_sure()
        if file.size > SEAM:
            file.begin_journal(origin)
            self.origin = origin
        else:
            self._drop()

    def start(self, origin: Origin | None, algorithms: Collection[str] = ()) -> None:
        """Begin anew with bytes of `origin`: what came before goes with the next write.

        `algorithms` are those that the bytes are hashed with, besides SHA-256.
        """
        self.origin = origin
        self._algorithms = algorithms
        self._anew = self._file is not None
        self._chunks, self._waiting = [], 0

    def take(self, chunk: bytes) -> bool:
        """Take the next bytes; return whether it is time to `write`."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        return self._waiting >= WRITE_SIZE or monotonic() - self._written_at >= WRITTEN_AFTER

    async def write(self) -> None:
        """Write what has come."""
        file = self._file
        if file is None or file.closed or self._anew or (self.origin and not file.journaled):
            file = await in_thread(self._prepare, journal=True)
        await unbroken(aiofiles.threadpool.wrap(file).writelines(self._collected()))

    async def seam(self) -> bytes:
        """Return the last `SEAM` bytes, which are on the disk."""
        return await in_thread(self._read_seam)

    async def also_hash(self, algorithms: Collection[str]) -> None:
        """Hash with these algorithms too, what came before included."""
        if not algorithms or not self._written:
            return
        file = await in_thread(self._open)
        missed = file.new_hashes(algorithms)
        for start in range(0, file.size if missed else 0, _AGAIN):
            await in_thread(file.feed, missed, start, min(_AGAIN, file.size - start))
        file.also_hash(missed)

    async def finish(self) -> dict[str, bytes]:
        """Write what is left, bring it to the disk (fsync), close; return the digests of all bytes."""
        return await in_thread(self._finish)

    async def put_down(self) -> None:
        """Leave what a later try can go on from, and nothing else. Raises nothing: something else did."""
        await in_thread(self._put_down)

    async def flush(self) -> None:
        """Write what has come and close, whatever it is good for. Raises nothing."""
        await in_thread(self._flush)

    def remove(self) -> None:
        """Remove it from the disk, with its journal and what it was to be taken over from. Blocks."""
        self._drop()
        if self._earlier is not None:
            self._earlier.remove()
            self._earlier = None

    @property
    def _written(self) -> int:
        return 0 if self._file is None or self._anew else self._file.size

    def _open(self) -> HashingFile:
        if self._file is None:
            self._file = HashingFile(self._folder_fd, self.name)
        elif self._file.closed:
            self._file.reopen()
        return self._file

    def _prepare(self, *, journal: bool) -> HashingFile:
        file = self._open()
        if self._anew:
            file.start_over()
            self._anew = False
        if not file.size:
            file.also_hash(file.new_hashes(self._algorithms))
        if journal and self.origin is not None and not file.journaled:
            file.begin_journal(self.origin)
        return file

    def _read_seam(self) -> bytes:
        file = self._open()
        return file.read_at(file.size - SEAM, SEAM)

    def _finish(self) -> dict[str, bytes]:
        # A small file is opened, written, brought to the disk and closed in one hop.
        file = self._prepare(journal=False)
        if self._chunks:
            file.writelines(self._collected())
        os.fsync(file.fileno())
        file.close()
        return file.digests()

    def _put_down(self) -> None:
        if self.resumable:
            self._flush()
        if not self.resumable:  # from the start, or because the disk took no more
            with contextlib.suppress(OSError):
                self._drop()

    def _flush(self) -> None:
        # A disk that takes no more may refuse this too: what is raised already says so.
        total = self.origin.total if self.origin is not None else None
        with contextlib.suppress(OSError):
            if self._chunks:
                file = self._prepare(journal=max(self.size, total or 0) >= WRITE_SIZE)
                file.writelines(self._collected())
        self._collected()
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()

    def _drop(self) -> None:
        file, self._file = self._file, None
        self.origin, self._anew = None, False
        self._collected()
        if file is not None:
            file.remove()

    def _collected(self) -> list[bytes]:
        chunks = self._chunks
        self._chunks, self._waiting = [], 0
        self._written_at = monotonic()
        return chunks


def _step(steps: Iterator[None]) -> bool:
    """Take one step; return whether there may be another."""
    for _ in steps:
        return True
    return False
