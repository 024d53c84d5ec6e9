"""How much room the disk of a folder has, be the folder there or not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scraper.cli.presence import is_seen

if TYPE_CHECKING:
    from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that `folder`, an absolute path, is or would be on. Blocks."""
    existing = next(path for path in (folder, *folder.parents) if is_seen(path))
    return shutil.disk_usage(existing).free
