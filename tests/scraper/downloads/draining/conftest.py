"""What the tests of a drain share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.draining.drain import Drain
from scraper.downloads.settings import DrainSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.client import Client
    from storage.queue import Queue
    from tests.scraper.downloads.conftest import Crate

    Enqueue = Callable[..., Awaitable[None]]
    MakeDrain = Callable[..., Drain]


@pytest.fixture
def drain(queue: Queue, once: Client, folder: Crate) -> MakeDrain:
    """Make a drain of the queue into the folder."""

    def make(**changed: Any) -> Drain:
        given: dict[str, Any] = {
            "queue": queue,
            "client": once,
            "folder": folder.path,
            "concurrency": 8,
            "settings": DrainSettings(max_bytes=10**8),
        }
        return Drain(**(given | changed))

    return make
