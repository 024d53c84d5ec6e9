"""What jobs do in the folder, done in groups: a thread and an fsync each cost more than a small file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.draining.groups import Groups, each
from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.publishing.place import Place, place_in
from scraper.downloads.publishing.publish import publish, sync_names
from storage.unbroken import unbroken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePosixPath

    from scraper.downloads.part.part import Part
    from scraper.downloads.part.parts import Parts
    from scraper.downloads.publishing.folder import OpenFolder
    from storage.records import Download


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    name: PurePosixPath
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    part: str
    place: Place
    modified: float | None


class InGroups:
    """Parts begun, places found and names given for all jobs of a drain in `folder`, each at its `turn`."""

    def __init__(self, folder: OpenFolder, parts: Parts, *, turn: asyncio.Lock | None = None) -> None:
        self._folder = folder
        self._parts = parts
        self._beginnings: Groups[Download, Part] = Groups(self._begin, turn=turn)
        self._places: Groups[_Wanted, Place] = Groups(self._place, turn=turn)
        self._names: Groups[_Named, None] = Groups(self._publish, turn=turn)

    async def begin(self, download: Download) -> Part:
        """Return what `Parts.begin` does. A cancelled caller waits for its end."""
        return await unbroken(self._beginnings.answer(download))

    async def place(self, wanted: PurePosixPath, *, size: int, sha256: str) -> Place:
        """Return what `place_in` does."""
        return await self._places.answer(_Wanted(name=wanted, size=size, sha256=sha256))

    async def publish(self, part: str, place: Place, *, modified: float | None) -> None:
        """Do what `publish` does; return when the name is on the disk."""
        await self._names.answer(_Named(part=part, place=place, modified=modified))

    async def _begin(self, group: Sequence[Download]) -> list[Part | Exception]:
        return await asyncio.to_thread(each, self._parts.begin, group)

    async def _place(self, group: Sequence[_Wanted]) -> list[Place | Exception]:
        return await asyncio.to_thread(each, self._place_one, group)

    async def _publish(self, group: Sequence[_Named]) -> list[Exception | None]:
        return await asyncio.to_thread(self._publish_all, group)

    def _place_one(self, wanted: _Wanted) -> Place:
        return place_in(self._folder, wanted.name, size=wanted.size, sha256=wanted.sha256)

    def _publish_all(self, group: Sequence[_Named]) -> list[Exception | None]:
        said = each(self._publish_one, group)
        for parent in {named.place.path.parent for named in group}:
            try:
                sync_names(self._folder, parent)
            except (DownloadError, VolumeError) as error:
                for number, named in enumerate(group):
                    if named.place.path.parent == parent:
                        said[number] = said[number] or error
        return said

    def _publish_one(self, named: _Named) -> None:
        publish(self._folder, named.part, named.place, modified=named.modified, sync=False)
