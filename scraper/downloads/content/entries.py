"""What the name of an entry in an archive says that it is: data in entries.toml."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final


class Sort(StrEnum):
    """What an entry seems to be."""

    MUSIC = "music"
    PICTURE = "a picture"
    TEXT = "a text"
    ARCHIVE = "an archive"
    PROGRAM = "a program"
    PAGE = "a page"
    JUNK = "left behind by a system"
    OTHER = "something else"


def _read() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("entries.toml").read_text(encoding="utf-8"))


_DATA: Final = _read()
_BY_ENDING: Final = {
    ending: sort
    for sort, key in (
        (Sort.MUSIC, "music"),
        (Sort.PICTURE, "pictures"),
        (Sort.TEXT, "texts"),
        (Sort.ARCHIVE, "archives"),
        (Sort.PROGRAM, "programs"),
        (Sort.PAGE, "pages"),
    )
    for ending in _DATA[key]
}
_NAMES: Final = frozenset(_DATA["junk_names"])
_FOLDERS: Final = frozenset(_DATA["junk_folders"])


def sort_of(path: str) -> Sort:
    """Return what the entry `path` seems to be.

    >>> sort_of("Album/01 Lines.MP3"), sort_of("__MACOSX/._01 Lines.mp3")
    (<Sort.MUSIC: 'music'>, <Sort.JUNK: 'left behind by a system'>)
    """
    *folders, name = path.replace("\\", "/").lower().split("/")
    if name in _NAMES or name.startswith(_DATA["junk_prefix"]) or not _FOLDERS.isdisjoint(folders):
        return Sort.JUNK
    return _BY_ENDING.get(ending_of(name), Sort.OTHER)


def ending_of(name: str) -> str:
    """Return the ending of `name` in small letters, without its dot; "" where it has none."""
    return name.rstrip(" .").rpartition(".")[2].lower() if "." in name else ""
