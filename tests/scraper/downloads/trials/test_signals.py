"""SIGTERM and Ctrl-C with sixteen downloads under way: everything is given back at once."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.scraper.downloads.trials.command import start_download
from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.trial import fill

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="session")

_FILES = 16
_HOSTS = tuple(f"127.0.0.{number}" for number in range(1, _FILES + 1))
_PATIENCE = 300.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_a_signal_gives_back_sixteen_downloads_at_once_whatever_their_servers_do(
    tmp_path: Path, number: signal.Signals
) -> None:
    database, folder = tmp_path / "crate.db", tmp_path / "crate"
    async with open_shop(Shop(hosts=_HOSTS, stalling=True, pace=0)) as shop, asyncio.timeout(_PATIENCE):
        await fill(database, shop.addresses(small=0, large=_FILES))
        process = await start_download(database, folder, "--concurrency", str(_FILES))
        await shop.fell_silent(_FILES)
        while len(_written(folder)) < _FILES:  # noqa: ASYNC110 - a file tells nobody that it grows
            await asyncio.sleep(0.02)
        assert _rows(database, "state, attempts") == [("running", 1)] * _FILES
        process.send_signal(number)
        assert await process.wait() == 130
    # Whom it had waited for would have used up a try.
    assert _rows(database, "state, attempts, token, lease_until") == [("waiting", 0, None, None)] * _FILES
    assert len(set(_rows(database, "updated"))) == 1, "in one transaction"
    assert len(_written(folder)) == _FILES


def _written(folder: Path) -> list[Path]:
    parts = (folder / ".incomplete").glob("*.part")
    return [part for part in parts if part.stat().st_size >= 1 << 20]


def _rows(database: Path, columns: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT {columns} FROM downloads").fetchall()  # noqa: S608 - ours
