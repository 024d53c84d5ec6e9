"""Where the files of an archive go, by the names that strangers gave them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.naming.component import folder_name, safe_name, same_name_key, with_suffix_of
from scraper.downloads.unpacking.report import SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEVELS: Final = 3
_DIGITS: Final = 8  # of a hash
_LONGEST_ENDING: Final = 8
_SEPARATORS: Final = re.compile(r"[/\\]")
_DRIVE: Final = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Named:
    """The name of an entry, made safe: the folders that it is in, and what it is called without an ending."""

    folders: tuple[str, ...]
    stem: str


def named(name: str) -> Named:
    """Return the safe name of an entry. Raises `SkippedError` where it leads somewhere else.

    >>> named("Album/CD 1/01 Lines.mp3")
    Named(folders=('Album', 'CD 1'), stem='01 Lines')
    """
    parts = _SEPARATORS.split(name)
    if not parts[0] or _DRIVE.match(name):
        raise SkippedError("its name is a place on somebody's disk")
    if ".." in [part.strip() for part in parts]:
        raise SkippedError("its name leads out of the archive")
    *folders, last = parts
    stem, _, ending = last.rpartition(".")
    is_ending = bool(stem) and len(ending) <= _LONGEST_ENDING
    kept = [folder for folder in folders if folder.strip(" .~-")]
    return Named(tuple(folder_name(folder) for folder in kept[:_LEVELS]), stem if is_ending else last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was taken out: `number` is what it is called for now."""

    number: int
    named: Named
    extension: str
    size: int
    sha256: str


def places(taken: Sequence[Taken]) -> Iterable[tuple[Taken, tuple[str, ...] | None]]:
    """Yield each file with its path in the new folder, None where the same file is there under the same name.

    A folder that all have in common is left out. Names that some file system takes for one are told apart
    by the hash of the second file's content.
    """
    tops = {file.named.folders[:1] for file in taken}
    skip = 1 if len(tops) == 1 and tops != {()} else 0
    spelled: dict[tuple[str, ...], tuple[str, ...]] = {(): ()}
    for file in taken:
        _spell(file.named.folders[skip:], spelled)
    there: dict[tuple[str, ...], str] = {}
    for file in taken:
        key = tuple(map(same_name_key, file.named.folders[skip:]))
        name = safe_name(file.named.stem, file.extension)
        for digits in ("", file.sha256[:_DIGITS], file.sha256):
            last = with_suffix_of(name, digits)
            path = (*key, same_name_key(last))
            if there.get(path) == file.sha256:
                yield file, None
                break
            if path not in there and path not in spelled:
                there[path] = file.sha256
                yield file, (*spelled[key], last)
                break
        else:
            yield file, None


def _spell(folders: tuple[str, ...], spelled: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    for level in range(1, len(folders) + 1):
        key = tuple(map(same_name_key, folders[:level]))
        spelled.setdefault(key, (*spelled[key[:-1]], folders[level - 1]))
