"""Songs, and transfers of them, whole and cut off."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.fetching.transfer import transfer
from scraper.http.errors import FetchError
from tests.scraper.downloads.fetching.song_server import OLD, raw, song, whole

if TYPE_CHECKING:
    from scraper.downloads.fetching.received import Received
    from scraper.downloads.part.part import Part
    from scraper.http.client import Client
    from tests.scraper.downloads.fetching.song_server import SongServer

SONG = song("a", 100_000)
OTHER = song("b", 100_000)
CUT = 60_000
HTML = b"<!DOCTYPE html><html><body>Your file is here: pay first</body></html>"


def md5(data: bytes) -> hashlib._Hash:
    return hashlib.md5(data, usedforsecurity=False)


async def fetch(client: Client, url: str, part: Part, *, most: int = 10**9, **more: Any) -> Received:
    options: dict[str, Any] = {"max_bytes": most, "on_bytes": lambda _: None} | more
    return await transfer(client, url, part, **options)


async def fetch_cut(client: Client, songs: SongServer, part: Part, *, etag: str | None = '"1"') -> None:
    """Get the beginning of SONG."""
    songs.answers = [whole(SONG, cut=CUT, etag=etag, Last_Modified=OLD)]
    with pytest.raises(FetchError):
        await fetch(client, songs.url, part)
    songs.asked.clear()


def moved(to: str) -> bytes:
    """A redirect."""
    return raw(302, b"", Location=to)
