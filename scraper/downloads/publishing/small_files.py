"""Small files of ours that are there whole or not at all: sidecars, notes about evidence. Block."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any, Final

from scraper.downloads.publishing.place import READ_FLAGS
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_BYTES: Final = 1_000_000
"""Larger ones are not ours."""

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE: Final = 0o644


def as_json(value: Mapping[str, Any]) -> bytes:
    """Return `value` as JSON (RFC 8259) for people and programs, in UTF-8.

    What a terminal or an editor would act on stands escaped, lone surrogates become U+FFFD.
    """
    text = storable(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))
    return (
        "".join(char if char == "\n" or char.isprintable() else _escaped(char) for char in text) + "\n"
    ).encode()


@contextlib.contextmanager
def written(data: bytes, name: str, folder_fd: int) -> Iterator[None]:
    """Write `data` to the new file `name`, bring it to the disk, and remove it at the end if it is left."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder_fd)
    fd = os.open(name, _NEW, _MODE, dir_fd=folder_fd)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder_fd)


def read_object(name: str, folder_fd: int) -> dict[str, Any] | None:
    """Return the JSON object in the file `name`, None where there is no such or it is too large."""
    try:
        fd = os.open(name, READ_FLAGS, dir_fd=folder_fd)
    except OSError:
        return None
    try:
        data = os.pread(fd, MOST_BYTES + 1, 0)
        found = json.loads(data) if len(data) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    finally:
        os.close(fd)
    return found if isinstance(found, dict) else None


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]
