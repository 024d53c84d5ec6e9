"""Whether a path is there, where even looking may be forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path


def database_is_there(path: Path) -> bool:
    """Whether there is a database at `path`. Raises `StorageError` where nobody may look. Blocks."""
    try:
        return path.exists()
    except OSError as error:
        raise StorageError(
            f"The database cannot be looked at ({error.strerror})",
            where=str(path),
            next_step="Check the rights of its folder, or use another --database",
        ) from error


def is_seen(path: Path) -> bool:
    """Whether there is something at `path`, and whoever runs this may know. Blocks."""
    try:
        return path.exists()
    except OSError:
        return False
