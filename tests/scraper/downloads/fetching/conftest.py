"""Servers of songs, and parts for what they send."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.part.parts import Parts
from tests.scraper.downloads.fetching.song_server import SongServer
from tests.scraper.downloads.part.claims import claim

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from scraper.downloads.part.part import Part


@pytest.fixture
async def songs() -> AsyncIterator[SongServer]:
    """A server on loopback that serves what it is told."""
    server = SongServer()
    async with await asyncio.start_server(server.connected, "127.0.0.1", 0) as listening:
        host, port = listening.sockets[0].getsockname()
        server.address = f"{host}:{port}"
        yield server


@pytest.fixture
async def other_songs() -> AsyncIterator[SongServer]:
    """Another one, at another address."""
    server = SongServer()
    async with await asyncio.start_server(server.connected, "127.0.0.2", 0) as listening:
        host, port = listening.sockets[0].getsockname()
        server.address = f"{host}:{port}"
        yield server


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., Part]]:
    """Begin the part of a claim in a folder: ``begin("token")``."""
    incomplete = tmp_path / "incomplete"
    incomplete.mkdir()
    fd = os.open(incomplete, os.O_RDONLY)
    parts = Parts(fd, incomplete)

    def of(token: str, key: str = "k") -> Part:
        return parts.begin(claim(token, key))

    yield of
    os.close(fd)
