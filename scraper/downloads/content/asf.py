"""Objects of Windows Media files. Advanced Systems Format, sections 2 and 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.content.window import Window

HEADER: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
FILE: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM: Final = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_FILM: Final = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_HEAD: Final = 24  # an identity and a size
_HEADER_HEAD: Final = 30
_MOST: Final = 1000


def objects(window: Window) -> Iterator[tuple[bytes, int]]:
    """Yield the identity and the place of each object in the header."""
    outer = window.at(0, _HEADER_HEAD)
    if len(outer) < _HEADER_HEAD or outer[:16] != HEADER:
        return
    at = _HEADER_HEAD
    end = min(window.size, int.from_bytes(outer[16:24], "little"))
    for _ in range(_MOST):
        head = window.at(at, _HEAD)
        if len(head) < _HEAD or at >= end:
            return
        yield head[:16], at
        at += max(_HEAD, int.from_bytes(head[16:24], "little"))


def has_film(window: Window) -> bool:
    """Return whether one of the streams is for the eyes."""
    return any(window.at(at + _HEAD, 16) == _FILM for identity, at in objects(window) if identity == _STREAM)
