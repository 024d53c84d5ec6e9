"""Many values in several statements: databases limit the number of parameters of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_Value = TypeVar("_Value", str, int)

CHUNK: Final = 500
"""Values in one statement."""


def chunks(values: Collection[_Value]) -> Iterator[list[_Value]]:
    """Return `values` in order, CHUNK at a time."""
    ordered = sorted(values)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
