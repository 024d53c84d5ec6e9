"""The extra fields of an entry of a zip archive. Pure."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    r"""Yield the fields of `extra` (APPNOTE.TXT 4.5.1), as numbers and bytes; the last may be cut.

    >>> list(extra_fields(b"\x01\x99\x02\x00AE"))
    [(39169, b'AE')]
    """
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size
