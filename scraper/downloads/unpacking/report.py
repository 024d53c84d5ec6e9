"""What is taken out of an archive, within which bounds, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackLimits:
    """How far an archive is unpacked; sizes in bytes."""

    total: int
    """Of all files together: more refuses the archive."""
    entry: int = 4 << 30
    """Of one file: a larger one is skipped."""
    listed: int = 10_000
    """Entries: an archive that lists more is refused."""
    taken: int = 2_000
    """Files: those behind them are skipped."""
    ratio: int = 100
    """How many times larger than packed a file may be, beyond `ratio_from`."""
    ratio_from: int = 10_000_000
    seconds: float = 600.0
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """A file in the new folder: its path from there, with ``/``."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that stayed in the archive: its name as far as it can be shown, and the reason."""

    name: str
    why: str
    locked: bool = False
    """Whether it is encrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What came out of an archive. Folders are not listed."""

    files: tuple[UnpackedFile, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class SkippedError(Exception):
    """One entry stays where it is; the others do not mind."""


class LockedError(SkippedError):
    """One entry stays where it is because it is encrypted."""
