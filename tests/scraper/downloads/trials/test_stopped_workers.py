"""A worker that slept past its lease changes nothing any more: hostile input 68."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials import points
from tests.scraper.downloads.trials.ledger import read_ledger
from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_end, check_now
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SHORT_LEASE = 0.6
"""Seconds: the first heartbeat comes while the large file still does."""


@pytest.mark.parametrize(
    ("at", "when", "requests"),
    [
        pytest.param(points.CLAIM, "after", 2, id="68 claimed"),
        pytest.param(points.WRITE, "before", 2, id="68 received"),
        pytest.param(points.FSYNC, "before", 2, id="68 written"),
        pytest.param(points.FSYNC, "after", 2, id="68 on the disk"),
        pytest.param(points.INTEND, "before", 2, id="68 verified"),
        pytest.param(points.INTEND, "after", 2, id="68 intended"),
        pytest.param(points.LINK, "before", 2, id="68 about to rename"),
        pytest.param(points.LINK, "after", 1, id="68 renamed"),
        pytest.param(points.UNLINK, "before", 1, id="68 about to remove the part"),
        pytest.param(points.FSYNC_FOLDER, "after", 1, id="68 published"),
        pytest.param(points.COMPLETE, "before", 1, id="68 about to acknowledge"),
    ],
)
async def test_what_a_worker_does_that_slept_past_its_lease_is_refused(
    nursery: Nursery, tmp_path: Path, at: str, when: str, requests: int
) -> None:
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        point = {"at": at, "when": when, "nth": 1, "signal": signal.SIGSTOP}
        sleeper = await trial.start(
            point=point, most=1
        )  # so it is not stopped in the middle of another claim
        await sleeper.stopped()
        (other,) = await trial.finish(turns=1)
        check_now(trial.database, trial.folder, shop, addresses)
        before = read_ledger(trial.database)
        sleeper.signal(signal.SIGCONT)
        assert await sleeper.ended() == 0
        check_end(trial.database, trial.folder, shop, addresses)
    assert read_ledger(trial.database) == before
    assert (other["downloaded"], sleeper.result["downloaded"]) == (1, 0)
    assert shop.asked.total() == requests


async def test_a_heartbeat_after_the_lease_is_refused_and_ends_the_work(
    nursery: Nursery, tmp_path: Path
) -> None:
    """68: it stopped before it could say that it lives."""
    async with open_shop(Shop(pace=0.01)) as shop:
        addresses = shop.addresses(small=0, large=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        point = {"at": points.HEARTBEAT, "when": "before", "nth": 1, "signal": signal.SIGSTOP}
        sleeper = await trial.start(point=point, lease=_SHORT_LEASE, most=1)
        await sleeper.stopped()
        await trial.finish(turns=1)
        before = read_ledger(trial.database)
        sleeper.signal(signal.SIGCONT)
        assert await sleeper.ended() == 0
        check_end(trial.database, trial.folder, shop, addresses)
    assert read_ledger(trial.database) == before
    assert sleeper.result["downloaded"] == 0
    assert shop.asked.total() == 2


async def test_what_breaks_off_for_a_worker_that_slept_leaves_nothing_behind(
    nursery: Nursery, tmp_path: Path
) -> None:
    """68: what it begins after another has published the file nobody will ever go on from."""
    async with open_shop(Shop(pace=0)) as shop:
        addresses = shop.addresses(small=0, large=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        point = {"at": points.CLAIM, "when": "after", "nth": 1, "signal": signal.SIGSTOP}
        sleeper = await trial.start(point=point, most=1)
        await sleeper.stopped()
        await trial.finish(turns=1)
        shop.cutting = True
        sleeper.signal(signal.SIGCONT)
        assert await sleeper.ended() == 0
        check_end(trial.database, trial.folder, shop, addresses)
    assert shop.asked.total() == 2


async def test_a_worker_stopped_in_a_transaction_keeps_others_from_writing_and_loses_nothing(
    nursery: Nursery, tmp_path: Path
) -> None:
    """68: SQLite has one writer; who waits for it goes on when it does."""
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=3)
        trial = await open_trial(nursery, tmp_path, addresses)
        point = {"at": points.COMMIT, "when": "before", "nth": 1, "signal": signal.SIGSTOP}
        sleeper = await trial.start(point=point)
        await sleeper.stopped()
        other = await trial.start()
        trial.let_leases_run_out()
        sleeper.signal(signal.SIGCONT)
        assert [await worker.ended() for worker in (sleeper, other)] == [0, 0]
        check_end(trial.database, trial.folder, shop, addresses)
