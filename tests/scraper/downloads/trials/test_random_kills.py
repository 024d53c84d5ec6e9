"""Workers killed and stopped at any moment lose nothing, leave nothing stuck and publish nothing twice."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials.havoc import MOST_TURNS, Havoc
from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_end, check_now, claimers
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.scraper.downloads.trials.havoc import Toll
    from tests.scraper.downloads.trials.nursery import Nursery
    from tests.scraper.downloads.trials.trial import Trial

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROUNDS = int(os.environ.get("KILL_ROUNDS", "14"))
KILLS = 15
"""At least so many in each round."""

_SMALL, _LARGE, _TWINS = 140, 4, 6
_HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
_LATENCY = 0.1
"""Seconds that each file takes at least: enough to die in between."""
_FORGOTTEN = 8 * 86_400.0
"""Seconds after which nobody goes on from a part file any more."""
_AGAIN = 2 << 20
"""Bytes of one file that a kill may cost: a mebibyte between two lines of the journal, and what was on its way."""


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_workers_killed_and_stopped_at_random_moments_finish_the_queue(
    nursery: Nursery, tmp_path: Path, record_property: Callable[[str, int], None], number: int
) -> None:
    async with open_shop(Shop(hosts=_HOSTS, latency=_LATENCY)) as shop:
        addresses = shop.addresses(small=_SMALL, large=_LARGE, twins=_TWINS)
        trial = await open_trial(nursery, tmp_path, addresses, aside=number % 5 == 0)
        havoc = Havoc(trial, shop, random.Random(20261120 + number))
        for _ in range(MOST_TURNS):
            await havoc.turn()
            check_now(trial.database, trial.folder, shop, addresses)
            if havoc.toll.kills >= KILLS:
                break
        await trial.finish(workers=2)
        await havoc.rest()
        await trial.finish(step=_FORGOTTEN)  # what was begun after all was done, and then died, is nobody's
        check_end(trial.database, trial.folder, shop, addresses)
    assert havoc.toll.kills >= KILLS
    _check_requests(trial, shop, havoc.toll)
    record_property("kills", havoc.toll.kills)
    record_property("stops", havoc.toll.stops)
    record_property("requests beyond one for each file", shop.asked.total() - len(addresses))
    record_property("bytes fetched again", sum(shop.fetched_again().values()))


def _check_requests(trial: Trial, shop: Shop, toll: Toll) -> None:
    """See that only what a worker held when it was interrupted was asked for again, and once for each.

    Of a large file only the end comes again. What was sent to a stopped worker is not counted: it may still
    lie between server and worker.
    """
    again = shop.fetched_again()
    for path, workers in claimers(trial.database).items():
        assert toll.interrupted.issuperset(workers[:-1]), path
        assert shop.asked[path] <= len(workers)
        if toll.stopped.isdisjoint(workers):
            assert again.get(path, 0) <= (len(workers) - 1) * _AGAIN
