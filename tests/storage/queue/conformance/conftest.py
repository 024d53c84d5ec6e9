"""The same tests for every implementation of the port: add one to IMPLEMENTATIONS, and they hold it to it."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from storage.database import Database
from storage.queue import DownloadQueue, Queue
from tests.storage.queue.model import ModelQueue
from tests.storage.queue.model_view import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path


@asynccontextmanager
async def _in_sql(path: Path, clock: Callable[[], float]) -> AsyncIterator[Callable[[], DownloadQueue]]:
    async with (
        await Database.open(path / "crate.db", clock=clock) as one,
        await Database.open(path / "crate.db", clock=clock) as other,
    ):
        databases = [one, other]

        def make() -> DownloadQueue:
            databases.append(databases.pop(0))
            return Queue(databases[-1], rng=random.Random(7))

        yield make


@asynccontextmanager
async def _in_memory(path: Path, clock: Callable[[], float]) -> AsyncIterator[Callable[[], DownloadQueue]]:
    store = Store()
    yield lambda: ModelQueue(store, clock, rng=random.Random(7))


IMPLEMENTATIONS: dict[
    str, Callable[[Path, Callable[[], float]], AbstractAsyncContextManager[Callable[[], DownloadQueue]]]
] = {"SQL": _in_sql, "model": _in_memory}


@pytest.fixture(params=IMPLEMENTATIONS)
async def queues(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Any
) -> AsyncIterator[Callable[[], DownloadQueue]]:
    """Make queues over one store, as workers in several processes have them."""
    async with IMPLEMENTATIONS[request.param](tmp_path, clock) as make:
        yield make


@pytest.fixture
def queue(queues: Callable[[], DownloadQueue]) -> DownloadQueue:
    return queues()


@pytest.fixture
def other(queues: Callable[[], DownloadQueue]) -> DownloadQueue:
    return queues()
