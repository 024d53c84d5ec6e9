"""Which names of a folder are taken, also in other case or another spelling of their letters. Blocks."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from scraper.downloads.naming.component import same_name_key

_MOST_FOLDERS: Final = 64


@dataclass(slots=True)
class _Listing:
    changed: int  # nanoseconds: when the folder was last changed, as it was listed
    keys: set[int]  # hashes of keys: of a hundred thousand names these are small enough to keep


class TakenNames:
    """Remembers what the folders of a drain hold, so that not each file costs a listing of all others.

    What another program adds is noticed by the folder's time of change. Two changes within one tick of that
    clock may be taken for one: then names that differ in case only may both be given out, but no file is
    ever replaced, because the file system itself refuses that.
    """

    def __init__(self) -> None:
        self._listings: OrderedDict[tuple[int, int], _Listing] = OrderedDict()
        self._lock = threading.Lock()

    def alike(self, folder_fd: int, name: str) -> list[str]:
        """Return the names in the folder that some system takes for `name`, `name` itself first.

        No other thread may read the folder by the same descriptor: it would take names away.
        """
        key = same_name_key(name)
        if hash(key) not in self._keys(folder_fd):
            return [name] if _exists(folder_fd, name) else []
        found = [other for other in _list(folder_fd) if same_name_key(other) == key]
        return sorted(found, key=lambda other: (other != name, other))

    def added(self, folder_fd: int, name: str) -> None:
        """Note that this process has put `name` there."""
        status = os.fstat(folder_fd)
        with self._lock:
            listing = self._listings.get((status.st_dev, status.st_ino))
            if listing is not None:
                listing.keys.add(hash(same_name_key(name)))
                listing.changed = status.st_mtime_ns

    def _keys(self, folder_fd: int) -> set[int]:
        status = os.fstat(folder_fd)
        place = (status.st_dev, status.st_ino)
        with self._lock:
            listing = self._listings.get(place)
            if listing is not None and listing.changed == status.st_mtime_ns:
                self._listings.move_to_end(place)
                return listing.keys
        listing = _Listing(status.st_mtime_ns, {hash(same_name_key(name)) for name in _list(folder_fd)})
        with self._lock:
            self._listings[place] = listing
            if len(self._listings) > _MOST_FOLDERS:
                self._listings.popitem(last=False)
        return listing.keys


def _list(folder_fd: int) -> list[str]:
    return os.listdir(folder_fd)


def _exists(folder_fd: int, name: str) -> bool:
    try:
        os.lstat(name, dir_fd=folder_fd)
    except FileNotFoundError:
        return False
    return True
