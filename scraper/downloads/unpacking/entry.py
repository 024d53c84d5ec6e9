"""One entry of an archive, as zip and tar have it in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Source(Protocol):
    """The bytes of an entry."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; b"" at the end. Raises `SkippedError` and `RefusedError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an archive lists. `why_not` is why it must not be taken out, whatever is in it."""

    name: str
    size: int
    packed: int | None
    """Bytes that it takes in the archive; None where entries are not packed one by one."""
    why_not: str | None
    open: Callable[[], Source]
    """Raises what reading does; where the entry is encrypted and stays so, `LockedError`."""


def nothing() -> Source:
    """Stand for the bytes of an entry that is not taken out."""
    raise AssertionError("an entry with a reason against it is not opened")
