from __future__ import annotations

import asyncio
import errno
import threading
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.draining.acknowledge import Acknowledgements
from scraper.downloads.errors import VolumeError
from scraper.downloads.publishing import unpacked
from scraper.downloads.publishing.finishing import PublishedFile
from scraper.downloads.publishing.trees import publish_tree
from scraper.downloads.settings import DrainSettings
from scraper.downloads.workshop import open_workshop
from tests.scraper.downloads.part.claims import claim

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from scraper.downloads.workshop import Workshop
    from scraper.http.client import Client
    from storage.queue import Queue
    from tests.scraper.downloads.conftest import Crate


@pytest.fixture
async def shop(folder: Crate, once: Client, queue: Queue) -> AsyncIterator[Workshop]:
    """What works in the folder, with archives to be unpacked."""
    async with open_workshop(
        folder.path,
        client=once,
        queue=Acknowledgements(queue, completed=lambda _: None),
        settings=DrainSettings(max_bytes=10**9, unpack=True),
        posts=None,
        finishing=1,
        clock=time.time,
    ) as opened:
        yield opened


@pytest.fixture
def archive(folder: Crate, shop: Workshop, wav: Callable[..., bytes]) -> PublishedFile:
    """A published archive of one file."""
    path = shop.folder.path / "EP.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("One.wav", wav(1))
    return PublishedFile(path=path, size=path.stat().st_size, sha256="0" * 64)


async def test_a_folder_that_cannot_be_published_leaves_nothing_behind(
    *, shop: Workshop, archive: PublishedFile, folder: Crate, monkeypatch: pytest.MonkeyPatch
) -> None:  # 65
    def fail(*_: object, **__: object) -> Path:
        raise VolumeError.of(OSError(errno.ENOSPC, "full"), str(folder.path))

    monkeypatch.setattr(unpacked, "publish_tree", fail)
    with pytest.raises(VolumeError):
        await unpacked.unpack_beside(claim("t"), shop, archive)
    assert list(folder.incomplete.iterdir()) == []


async def test_who_is_cancelled_while_a_folder_is_published_waits_until_it_is(
    *, shop: Workshop, archive: PublishedFile, folder: Crate, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_go_on = threading.Event(), threading.Event()

    def slowly(*args: Any, **options: Any) -> Path:
        began.set()
        may_go_on.wait(10)
        return publish_tree(*args, **options)

    monkeypatch.setattr(unpacked, "publish_tree", slowly)
    task = asyncio.create_task(unpacked.unpack_beside(claim("t"), shop, archive))
    await asyncio.to_thread(began.wait, 10)
    task.cancel()
    asyncio.get_running_loop().call_soon(may_go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (folder.path / "EP" / "One.wav").is_file()
    assert list(folder.incomplete.iterdir()) == []
