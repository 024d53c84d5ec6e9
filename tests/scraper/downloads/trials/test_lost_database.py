"""A database that is taken away under a run: hostile input 66."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials.command import start_download
from tests.scraper.downloads.trials.ledger import open_ledger
from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_now, states
from tests.scraper.downloads.trials.trial import fill

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="session")

_FILES = 60
_PATIENCE = 300.0


async def test_66_a_database_that_is_gone_ends_the_run_loudly_and_is_not_made_anew(tmp_path: Path) -> None:
    database, folder, away = tmp_path / "crate.db", tmp_path / "crate", tmp_path / "away.db"
    async with open_shop(Shop(latency=0.2)) as shop, asyncio.timeout(_PATIENCE):
        addresses = shop.addresses(small=_FILES)
        await fill(database, addresses)
        open_ledger(database)
        run = await start_download(database, folder)
        await shop.asked_for(_FILES // 4)
        database.rename(away)
        _, said = await run.communicate()
        assert run.returncode not in {0, None}
        assert "The database was deleted, moved or replaced while it was open" in said.decode()
        assert "Traceback" not in said.decode()
        assert not database.exists()
        away.rename(database)
        assert states(database).total() == _FILES
        check_now(database, folder, shop, addresses)
