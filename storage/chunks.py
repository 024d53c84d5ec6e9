"""Many values in several statements: databases limit the number of parameters of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CHUNK: Final = 500
"""Values in one statement."""


def chunks(values: Collection[str]) -> Iterator[list[str]]:
    """Return `values` in order, CHUNK at a time."""
    ordered = sorted(values)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
