"""Boxes of MP4 files: a size, four letters, that many bytes. ISO/IEC 14496-12, 4.2."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.content.window import Window

_MOST: Final = 100_000  # boxes in a row; a fragmented film has two a second


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where it starts, where its own bytes do, and where it says that it ends."""

    name: bytes
    start: int
    body: int
    end: int
    is_open: bool = False
    """Whether it says that it goes on to the end of the file."""


def boxes(window: Window, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes from `start` to `end`; the last one may say that it ends behind it."""
    at = start
    for _ in range(_MOST):
        head = window.at(at, min(16, end - at)) if at < end else b""
        if len(head) < 8:  # noqa: PLR2004 - size and letters
            return
        size, name = struct.unpack(">I4s", head[:8])
        body = 8
        if size == 1:
            if len(head) < 16:  # noqa: PLR2004 - the size as 64 bits behind them
                return
            (size,) = struct.unpack(">Q", head[8:16])
            body = 16
        is_open = size == 0
        box = Box(name, at, at + body, end if is_open else at + size, is_open)
        yield box
        if size < body:
            return
        at = box.end
    raise TooMuchReadError


def is_fragmented(window: Window) -> bool:
    """Return whether an MP4 file comes in fragments, so that its beginning does not know how long it is."""
    for box in boxes(window, 0, window.size):
        if box.name == b"moov":
            return any(inner.name == b"mvex" for inner in boxes(window, box.body, min(box.end, window.size)))
    return False
