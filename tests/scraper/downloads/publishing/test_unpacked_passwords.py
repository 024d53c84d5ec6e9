"""Archives that are encrypted: what the post tells is tried, and what a person is told."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.draining.acknowledge import Acknowledgements
from scraper.downloads.publishing.finishing import PublishedFile
from scraper.downloads.publishing.unpacked import is_to_be_unpacked, unpack_beside
from scraper.downloads.settings import DrainSettings
from scraper.downloads.unpacking import unpack
from scraper.downloads.unpacking.report import Unpacked
from scraper.downloads.workshop import open_workshop
from scraper.http.addresses.identity import post_key
from storage.posts import Posts
from storage.records import Post, ReadPost
from tests.scraper.downloads.part.claims import claim
from tests.scraper.downloads.unpacking.hostile_archives import OTHER
from tests.scraper.downloads.unpacking.locked_archives import Locked, locked_zip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from scraper.downloads.workshop import Workshop
    from scraper.http.client import Client
    from storage.database import Database
    from storage.queue import Queue
    from tests.scraper.downloads.conftest import Crate

POST = "https://blog.example/velvet/"
JOB = replace(claim("t"), referer=POST)
SECRET = "velvet-57-größe"


@pytest.fixture
async def shop(folder: Crate, once: Client, queue: Queue, database: Database) -> AsyncIterator[Workshop]:
    """What works in the folder, with archives to be unpacked."""
    async with open_workshop(
        folder.path,
        client=once,
        queue=Acknowledgements(queue, completed=lambda _: None),
        settings=DrainSettings(max_bytes=10**9, unpack=True),
        posts=Posts(database),
        finishing=1,
        clock=time.time,
    ) as opened:
        yield opened


async def _tell(database: Database, *passwords: str) -> None:
    post = Post(
        url=POST, key=post_key(POST), blog="https://blog.example/", title="Velvet", passwords=passwords
    )
    await Posts(database).save([ReadPost(post=post)])


def _published(shop: Workshop, archive: bytes, name: str = "EP.zip") -> PublishedFile:
    path = shop.folder.path / name
    path.write_bytes(archive)
    return PublishedFile(path=path, size=len(archive), sha256="0" * 64)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


SONG = Locked(name="1.mp3", key=SECRET.encode(), strength=3)
UNTOLD = Locked(name="2.flac", data=OTHER, key=b"untold")
OPEN = Locked(name="3.mp3", key=b"")


@pytest.mark.parametrize(
    ("members", "told", "files", "said"),
    [
        pytest.param([SONG], ["no", SECRET], ["EP.zip", "EP/1.mp3"], None, id="told"),
        pytest.param([OPEN], [], ["EP.zip", "EP/3.mp3"], None, id="not needed"),
        pytest.param(
            [SONG], [], ["EP.zip"],
            "EP.zip is not unpacked: 1.mp3: it needs a password, and the post tells none; unpack it by hand",
            id="not told",
        ),
        pytest.param(
            [UNTOLD, SONG], ["no", "nor"], ["EP.zip"],
            "EP.zip is not unpacked: 2.flac: it needs a password, and none of the 2 that the post tells fits"
            " (2 such files); unpack it by hand",
            id="none fits",
        ),
        pytest.param(
            [Locked(name="setup.exe", key=b""), UNTOLD, SONG, OPEN], [SECRET], ["EP.zip", "EP/1.mp3", "EP/3.mp3"],
            "EP.zip is unpacked but for what is encrypted: 2.flac: it needs a password, and the one that the post"
            " tells does not fit; unpack it by hand",
            id="one is left",
        ),
        pytest.param(
            [Locked(name="setup.exe", key=b"")], [SECRET], ["EP.zip"],
            "EP.zip is not unpacked: setup.exe: it is a program", id="another reason",
        ),
    ],
)  # fmt: skip
async def test_the_passwords_of_the_post_are_tried_and_what_stays_is_said(
    *, shop: Workshop, database: Database, folder: Crate, caplog: pytest.LogCaptureFixture,
    members: list[Locked], told: list[str], files: list[str], said: str | None,
) -> None:  # fmt: skip  # 60
    await _tell(database, *told)
    file = _published(shop, locked_zip(*members))
    assert is_to_be_unpacked(shop, file)
    with caplog.at_level(logging.INFO):
        await unpack_beside(JOB, shop, file)
    assert _files(folder.path) == files
    warned = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert warned == ([] if said is None else [f"{folder.path}/{said}"])
    assert SECRET not in caplog.text


async def test_a_post_that_is_not_stored_tells_none(
    *, shop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    assert await unpack_beside(JOB, shop, _published(shop, locked_zip(SONG))) is None
    assert "the post tells none" in caplog.text


@pytest.mark.parametrize("kind", ["rar", "7z"])
async def test_62_what_another_program_unpacks_is_left_to_a_person_and_said(
    *, shop: Workshop, folder: Crate, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    file = _published(shop, b"Rar!\x1a\x07\1\0", f"EP.{kind}")
    assert is_to_be_unpacked(shop, file)
    assert await unpack_beside(JOB, shop, file) is None
    assert (
        f"EP.{kind} is not unpacked: {kind.upper()} needs another program; unpack it by hand" in caplog.text
    )
    assert _files(folder.path) == [f"EP.{kind}"]


async def test_as_many_archives_are_unpacked_at_once_as_there_may_be(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_turn: list[bool] = []
    one = replace(shop, unpacking=asyncio.Semaphore(1))

    async def work(*_: object, **__: object) -> Unpacked:
        has_turn.append(one.unpacking.locked())
        return Unpacked()

    monkeypatch.setattr(unpack, "unpack", work)
    await unpack_beside(JOB, one, _published(shop, locked_zip(SONG)))
    assert has_turn == [True]
    assert not one.unpacking.locked()
    assert shop.unpacking._value == (os.cpu_count() or 1)
