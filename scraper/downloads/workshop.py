"""What all jobs of one drain work with: the open folder, the parts in it, who examines, who keeps count."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from scraper.downloads.content.examiner import Examiner
from scraper.downloads.draining.disk import Volume
from scraper.downloads.fetching.bandwidth import Bandwidth
from scraper.downloads.origins import Origins
from scraper.downloads.part.parts import Parts
from scraper.downloads.publishing.contents import ContentTurns
from scraper.downloads.publishing.folder import FORGOTTEN_AFTER, open_folder
from scraper.downloads.publishing.in_groups import InGroups
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from scraper.downloads.origins import StoredPosts
    from scraper.downloads.publishing.folder import OpenFolder
    from scraper.downloads.settings import DrainSettings
    from scraper.http.client import Client
    from storage.records import Download


class Acknowledging(Protocol):
    """What a job asks of the queue; both raise `LeaseLostError` when the claim is over."""

    async def verified(
        self, job: Download, *, path: str, size: int, sha256: str, own: bool = False
    ) -> str | None:
        """Record where the file is about to be published; return where another download has its content.

        Then nothing is recorded, unless `own` says that it is not there.
        """

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that it is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The tools of a drain; `clock` tells POSIX seconds UTC, `finishing` bounds how many finish at once."""

    client: Client
    queue: Acknowledging
    folder: OpenFolder
    parts: Parts
    in_groups: InGroups
    examiner: Examiner
    volume: Volume
    settings: DrainSettings
    origins: Origins
    contents: ContentTurns
    bandwidth: Bandwidth | None
    finishing: asyncio.Semaphore
    unpacking: asyncio.Semaphore
    """As many archives at once as there are processors: to decrypt keeps one busy."""
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@asynccontextmanager
async def open_workshop(
    path: Path,
    *,
    client: Client,
    queue: Acknowledging,
    settings: DrainSettings,
    posts: StoredPosts | None,
    finishing: int,
    turn: asyncio.Lock | None = None,
    clock: Callable[[], float],
) -> AsyncIterator[Workshop]:
    """Open the folder at `path` and give what works in it, for as long as a drain lasts.

    Forgotten parts are removed first. For `turn` see `Groups`. Raises `VolumeError` when the folder cannot be
    made or written.
    """
    async with AsyncExitStack() as stack:
        folder = await unbroken(_enter(stack, open_folder(path, now=clock())))
        parts = Parts(folder.incomplete_fd, folder.incomplete)
        await in_thread(parts.remove_forgotten, before=clock() - FORGOTTEN_AFTER)
        yield Workshop(
            client=client,
            queue=queue,
            folder=folder,
            parts=parts,
            in_groups=InGroups(folder, parts, turn=turn),
            examiner=await stack.enter_async_context(Examiner()),
            volume=Volume(folder.path, keep_free=settings.keep_free),
            settings=settings,
            origins=Origins(posts),
            contents=ContentTurns(),
            bandwidth=Bandwidth(settings.bandwidth) if settings.bandwidth else None,
            finishing=asyncio.Semaphore(finishing),
            unpacking=asyncio.Semaphore(os.cpu_count() or 1),
            clock=clock,
        )


async def _enter(stack: AsyncExitStack, opening: AbstractContextManager[OpenFolder]) -> OpenFolder:
    folder = await asyncio.to_thread(opening.__enter__)
    stack.callback(opening.__exit__, None, None, None)
    return folder
