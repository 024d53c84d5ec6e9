"""Several processes drain one queue at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_end
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery

pytestmark = pytest.mark.asyncio(loop_scope="session")

_FILES = 2000
_PROCESSES = 4
_HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 9))


async def test_four_processes_drain_two_thousand_files_and_ask_for_each_once(
    nursery: Nursery, tmp_path: Path
) -> None:
    async with open_shop(Shop(hosts=_HOSTS)) as shop:
        addresses = shop.addresses(small=_FILES)
        trial = await open_trial(nursery, tmp_path, addresses, concurrency=8)
        team = [await trial.start() for _ in range(_PROCESSES)]
        assert [await worker.ended() for worker in team] == [0] * _PROCESSES
        check_end(trial.database, trial.folder, shop, addresses)
    assert Counter(shop.asked.values()) == {1: _FILES}
    shares = [worker.result["downloaded"] for worker in team]
    assert sum(shares) == _FILES
    assert len([share for share in shares if share]) > 1, "one may come when all is done"
