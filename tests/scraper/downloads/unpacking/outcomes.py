"""A folder held open, and what came of an archive in short."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.downloads.unpacking.report import Unpacked


@contextmanager
def opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def names_of(found: Unpacked) -> list[str]:
    return [file.name for file in found.files]


def reasons(found: Unpacked) -> dict[str, str]:
    return {skipped.name: skipped.why for skipped in found.skipped}
