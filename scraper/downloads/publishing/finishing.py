"""From a verified part to a published file with all that belongs to it, acknowledged."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError
from scraper.downloads.naming.component import UNTITLED, safe_name
from scraper.downloads.publishing.place import Place, is_file
from scraper.downloads.publishing.sidecar import ENDING, Sidecar, write_sidecar

if TYPE_CHECKING:
    from scraper.downloads.content.verdict import Content
    from scraper.downloads.fetching.received import Received
    from scraper.downloads.part.part import Part
    from scraper.downloads.workshop import Workshop
    from storage.records import Download

_LOOKS: Final = 4
"""Looks for the file that another worker is about to publish."""
_BETWEEN_LOOKS: Final = 0.5
"""Seconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file under its final name; `address` is the one that gave it, `seconds` how long it plays."""

    path: Path
    size: int
    sha256: str
    address: str | None = None
    seconds: float | None = None
    shared: bool = False
    """Whether it is the file of another download, which has the same content."""


async def publish_file(
    download: Download,
    shop: Workshop,
    part: Part,
    *,
    wanted: PurePosixPath,
    came: Received,
    content: Content,
) -> PublishedFile:
    """Publish the verified `part` of `download`, `wanted` so, and return the file that it is now.

    Where another download has the same content, that is its file, and the part is removed.
    Raises `DownloadError`, `VolumeError` and `LeaseLostError`.
    """
    own = False
    async with shop.contents.turn(came.sha256):
        while True:
            place = await shop.in_groups.place(wanted, size=came.size, sha256=came.sha256)
            elsewhere = await shop.queue.verified(
                download, path=str(place.path), size=came.size, sha256=came.sha256, own=own
            )
            if elsewhere is not None:
                if await _is_there(shop, Path(elsewhere), came):
                    await asyncio.to_thread(part.remove)
                    return _published(Path(elsewhere), came, content, shared=True)
                own = True
                continue
            try:
                await shop.in_groups.publish(part.name, place, modified=came.modified)
            except FileExistsError:
                continue  # somebody took the name in between: look again, with his file there
            return _published(place.path, came, content, shared=False)


async def complete(download: Download, shop: Workshop, file: PublishedFile) -> None:
    """Write the sidecar of a published file, if wished, and record the download as done.

    Raises `VolumeError` and `LeaseLostError`; the next claim then does the same again.
    """
    if shop.settings.sidecar and not file.shared:
        await _write_sidecar(download, shop, file)
    await shop.queue.complete(download, path=str(file.path), size=file.size, sha256=file.sha256)


def _published(path: Path, came: Received, content: Content, *, shared: bool) -> PublishedFile:
    return PublishedFile(
        path=path,
        size=came.size,
        sha256=came.sha256,
        address=came.address,
        seconds=content.seconds,
        shared=shared,
    )


async def name_of(download: Download, shop: Workshop, extension: str) -> PurePosixPath:
    """Return how the file of `download` is to be called, below the folder for files."""
    if shop.settings.name is None:
        return PurePosixPath(safe_name(download.stem or UNTITLED, extension))
    from scraper.downloads.naming.values import name_values  # noqa: PLC0415 - most runs name by the post

    values = name_values(download, await shop.origins.post_of(download))
    return shop.settings.name.render(values, extension)


async def _is_there(shop: Workshop, path: Path, came: Received) -> bool:
    """Return whether the same content stands at `path`, where another download has it or will."""
    for look in range(_LOOKS):
        if look:
            await shop.sleep(_BETWEEN_LOOKS)
        if await asyncio.to_thread(is_file, path, size=came.size, sha256=came.sha256):
            return True
    return False


async def _write_sidecar(download: Download, shop: Workshop, file: PublishedFile) -> None:
    beside = file.path.with_name(f"{file.path.name}{ENDING}")
    if file.address is None and await asyncio.to_thread(beside.is_file):
        return  # written before a crash, when it was known which address gave the file
    sidecar = Sidecar(
        download=download,
        post=await shop.origins.post_of(download),
        size=file.size,
        sha256=file.sha256,
        fetched=shop.clock(),
        address=file.address,
        seconds=file.seconds,
    )
    try:
        written = await asyncio.to_thread(
            write_sidecar, shop.folder, Place(path=file.path, taken=True), sidecar
        )
    except DownloadError as error:
        _log.warning("%s has no sidecar: %s", file.path, error)
    else:
        if written is None:
            _log.warning("%s has no sidecar: another file has its name", file.path)
