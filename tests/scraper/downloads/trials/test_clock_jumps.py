"""A clock that jumps while workers are at work, and a database that is taken away: hostile input 66."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_end, check_now, claimers
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery

pytestmark = pytest.mark.asyncio(loop_scope="session")

_DAY = 86_400.0
_WORKERS = 3
_FILES = 150


@pytest.mark.parametrize("jump", [_DAY, -_DAY], ids=["66 a day on", "66 a day back"])
async def test_a_clock_that_jumps_under_workers_costs_no_file(
    nursery: Nursery, tmp_path: Path, jump: float
) -> None:
    async with open_shop(Shop(latency=0.05)) as shop:
        addresses = shop.addresses(small=_FILES)
        trial = await open_trial(nursery, tmp_path, addresses)
        team = [await trial.start() for _ in range(_WORKERS)]
        await shop.asked_for(_FILES // 3)
        trial.clock.pass_time(jump)
        assert [await worker.ended() for worker in team] == [0] * _WORKERS
        check_now(trial.database, trial.folder, shop, addresses, jumped=True)
        trial.clock.pass_time(-jump)
        await trial.finish()
        check_end(trial.database, trial.folder, shop, addresses, jumped=True)
    for path, workers in claimers(trial.database).items():
        assert shop.asked[path] <= len(workers)
