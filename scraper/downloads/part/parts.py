"""The part files of one folder: one for each claim, and those of earlier claims taken over."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, Final

from scraper.downloads.part.earlier import JOURNAL, PART, TAKEN, Earlier, remove_all
from scraper.downloads.part.part import Part

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import Download

KEPT_FOR: Final = 7 * 86_400.0
"""Seconds that what a later claim can go on from is kept longer: runs are a night or a weekend apart."""

_KEY_DIGITS = 16


class Parts:
    """The part files in the folder `incomplete`, which the descriptor `incomplete_fd` is of.

    Names tell a download by its key, because two databases may count to the same id; where both hold one
    link at once, the earlier of the two has to try again.
    """

    def __init__(self, incomplete_fd: int, incomplete: Path) -> None:
        self._fd = incomplete_fd
        self._folder = incomplete

    def begin(self, download: Download) -> Part:
        """Return the part of this claim of `download`. Blocks; raises `OSError`.

        What earlier claims left loses its name: their workers died, or lost their lease, and without its
        part such a worker can publish nothing any more. The best of it is gone on from by `Part.load`.
        """
        prefix = f"{key_hash(download.key)}."
        own = f"{prefix}{download.token}"
        stems = {_stem(name) for name in self._names() if name.startswith(prefix)} - {"", own}
        found = [earlier for stem in stems if (earlier := Earlier.find(self._fd, stem, key=download.key))]
        best = max(found, key=lambda earlier: earlier.journal.size, default=None)
        if best is not None and not best.take():
            best = None
        for stem in stems:
            if best is None or stem != best.stem:
                remove_all(self._fd, stem)
        return Part(key=download.key, folder_fd=self._fd, path=self._folder / (own + PART), earlier=best)

    def remove_all(self, download: Download) -> None:
        """Remove what all claims of `download` left: nothing of it is wanted any more. Blocks."""
        prefix = f"{key_hash(download.key)}."
        for stem in {_stem(name) for name in self._names() if name.startswith(prefix)} - {""}:
            remove_all(self._fd, stem)

    def remove_own(self, download: Download) -> None:
        """Remove what this claim of `download` wrote: another one has it now. Blocks."""
        for ending in (PART, JOURNAL):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{key_hash(download.key)}.{download.token}{ending}", dir_fd=self._fd)

    def remove_forgotten(self, *, before: float) -> None:
        """Remove what nobody wrote to since `before` (POSIX seconds), and has no use. Blocks.

        What a later claim can go on from is kept for `KEPT_FOR` longer.
        """
        names = self._names()
        for name in names:
            stem = _stem(name)
            kept = stem + JOURNAL in names and not {stem + PART, stem + TAKEN}.isdisjoint(names)
            if stem:
                with contextlib.suppress(FileNotFoundError):
                    self._remove_older(name, before - KEPT_FOR if kept else before)

    def _names(self) -> set[str]:
        # A descriptor of its own: two threads that read one folder with one descriptor take names from
        # each other.
        fd = os.open(".", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._fd)
        try:
            return set(os.listdir(fd))  # noqa: PTH208 - pathlib knows no descriptors
        finally:
            os.close(fd)

    def _remove_older(self, name: str, before: float) -> None:
        if os.lstat(name, dir_fd=self._fd).st_mtime < before:
            os.unlink(name, dir_fd=self._fd)


def key_hash(key: str) -> str:
    """Return what stands for the download called `key` in the names of its parts."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:_KEY_DIGITS]


def _stem(name: str) -> str:
    """Return the name of a part without its ending, nothing for what is none."""
    return next((name.removesuffix(end) for end in (JOURNAL, PART, TAKEN) if name.endswith(end)), "")
