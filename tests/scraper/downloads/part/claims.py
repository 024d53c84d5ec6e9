"""Claims of downloads, and parts begun for them in a folder."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.downloads.part.journal import Origin
from scraper.downloads.part.parts import Parts
from scraper.downloads.part.version import Version
from storage.records import Download, DownloadState, LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.downloads.part.part import Part

URL = "https://blog.example/song.mp3"
MIB = 1 << 20
_CHUNK = MIB // 8


def claim(token: str, key: str = "k") -> Download:
    """One claim of a download."""
    return Download(
        id=1,
        key=key,
        url=URL,
        host="blog.example",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0.0,
        created=0.0,
        updated=0.0,
        kind=LinkKind.DIRECT,
        token=token,
    )


def origin(key: str = "k", *, etag: str | None = '"1"', total: int | None = None) -> Origin:
    """Where a song of that tag comes from."""
    version = Version(etag=etag, last_modified="Sun, 06 Nov 1994 08:49:37 GMT")
    return Origin(key=key, asked=URL, answered=URL, version=version, total=total)


@contextmanager
def parts_in(folder: Path) -> Iterator[Parts]:
    """The parts of a folder."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        yield Parts(fd, folder)
    finally:
        os.close(fd)


async def write(part: Part, body: bytes, *, to: int | None = None) -> None:
    """Bring the first bytes of a song into a part as a transfer does, and put it down."""
    part.start(origin(part.key, total=len(body)))
    for start in range(0, len(body[:to]), _CHUNK):
        if part.take(body[:to][start : start + _CHUNK]):
            await part.write()
    await part.put_down()


def written(part: Part, body: bytes, *, to: int | None = None) -> None:
    """Do it outside of a loop."""
    asyncio.run(write(part, body, to=to))
