"""A disk that fills up, or fails: nothing is lost, no try is used up, and it goes on when there is room."""

from __future__ import annotations

import asyncio
import errno
import shutil
import sqlite3
import subprocess
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials import points
from tests.scraper.downloads.trials.nursery import open_nursery
from tests.scraper.downloads.trials.shop import SMALL, Shop, open_shop
from tests.scraper.downloads.trials.state import check_end, check_now
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery, Worker
    from tests.scraper.downloads.trials.trial import Trial

pytestmark = pytest.mark.asyncio(loop_scope="session")

_VOLUME = 2 << 20
_FILES = 40
_PATIENCE = 300.0


def _may_mount() -> bool:
    words = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return (
        shutil.which("unshare") is not None
        and subprocess.run(words, capture_output=True, check=False).returncode == 0
    )


needs_volumes = pytest.mark.skipif(not _may_mount(), reason="needs a user namespace with mounts of its own")


@asynccontextmanager
async def _volume(place: Path) -> AsyncIterator[Nursery]:
    """Yield a nursery whose workers find a small volume of their own mounted at `place`."""
    place.mkdir()  # noqa: ASYNC240 - nothing else goes on
    script = f'mount -t tmpfs -o size={_VOLUME} tmpfs "$0" && exec "$@"'
    async with open_nursery(under=["unshare", "-rm", "sh", "-c", script, str(place)]) as nursery:
        await nursery.run("true")  # it is mounted by now
        yield nursery


@needs_volumes
@pytest.mark.parametrize(
    "patience", [0.0, 3600.0], ids=["65 the next run goes on", "65 it waits and goes on"]
)
async def test_a_volume_that_is_full_uses_up_no_try_and_work_goes_on_when_there_is_room(
    tmp_path: Path, patience: float
) -> None:
    mounted = tmp_path / "volume"
    async with open_shop(Shop()) as shop, _volume(mounted) as nursery:
        addresses = shop.addresses(small=_FILES)
        trial = await open_trial(nursery, tmp_path, addresses, folder=mounted / "crate", patience=patience)
        seen = nursery.root / str(trial.folder)[1:]
        ballast = seen.parent / "ballast"
        ballast.write_bytes(bytes(_VOLUME - 10 * SMALL))
        worker = await trial.start()
        await _put_off(trial, worker)
        check_now(trial.database, seen, shop, addresses)
        assert len(list(seen.glob("*.wav"))) < _FILES / 2
        ballast.unlink()
        if patience:
            assert await worker.ended() == 0
        else:
            await _go_on(trial, worker)
        check_end(trial.database, seen, shop, addresses)
    assert _attempts(trial.database) == {1}


@needs_volumes
async def test_65_a_volume_that_becomes_read_only_uses_up_no_try(tmp_path: Path) -> None:
    mounted = tmp_path / "volume"
    async with open_shop(Shop()) as shop, _volume(mounted) as nursery:
        addresses = shop.addresses(small=_FILES)
        trial = await open_trial(nursery, tmp_path, addresses, folder=mounted / "crate")
        seen = nursery.root / str(trial.folder)[1:]
        assert await (await trial.start(most=1)).ended() == 0
        # The mount alone: the options of the file system are not for everybody to change.
        await nursery.run("mount", "-o", "remount,bind,ro", str(mounted))
        worker = await trial.start()
        await _put_off(trial, worker)
        check_now(trial.database, seen, shop, addresses)
        await nursery.run("mount", "-o", "remount,bind,rw", str(mounted))
        await _go_on(trial, worker)
        check_end(trial.database, seen, shop, addresses)
    assert _attempts(trial.database) == {1}


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO], ids=errno.errorcode.get
)
@pytest.mark.parametrize("at", [points.WRITE, points.FSYNC, points.LINK])
async def test_65_a_volume_that_refuses_uses_up_no_try(
    nursery: Nursery, tmp_path: Path, at: str, number: int
) -> None:
    refusing = tmp_path / "refusing"
    refusing.touch()
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=10)
        trial = await open_trial(nursery, tmp_path, addresses)
        worker = await trial.start(point={"at": at, "errno": number, "while": str(refusing)})
        await _put_off(trial, worker)
        check_now(trial.database, trial.folder, shop, addresses)
        assert list(trial.folder.glob("*.wav")) == []
        refusing.unlink()
        await _go_on(trial, worker)
        check_end(trial.database, trial.folder, shop, addresses)
    assert _attempts(trial.database) == {1}


async def _put_off(trial: Trial, worker: Worker) -> None:
    """Wait until `worker` has found that the volume takes no more."""
    async with asyncio.timeout(_PATIENCE):
        while worker.alive and not _refused(trial.database):  # noqa: ASYNC110 - the table tells nobody
            await asyncio.sleep(0.02)


async def _go_on(trial: Trial, worker: Worker) -> None:
    assert await worker.ended() == 0
    await trial.finish()


def _refused(database: Path) -> bool:
    query = "SELECT 1 FROM downloads WHERE state = 'waiting' AND reason IN ('disk-full', 'disk-error')"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchone() is not None


def _attempts(database: Path) -> set[int]:
    with closing(sqlite3.connect(database)) as connection:
        return {row[0] for row in connection.execute("SELECT attempts FROM downloads")}
