"""kill -9 at any step of a download is made good by the next run."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials import points
from tests.scraper.downloads.trials.shop import Shop, open_shop
from tests.scraper.downloads.trials.state import check_end, check_now
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery

pytestmark = pytest.mark.asyncio(loop_scope="session")


_ON_ITS_WAY = 1 << 19
"""Bytes that may have left the server and not arrived when a worker died."""


@pytest.mark.parametrize(
    ("at", "when", "requests"),
    [
        (points.CLAIM, "before", 1),
        (points.STATEMENT, "before", 1),
        (points.STATEMENT, "after", 1),
        (points.COMMIT, "before", 1),
        (points.COMMIT, "after", 1),
        (points.CLAIM, "after", 1),
        (points.WRITE, "before", 2),
        (points.WRITE, "after", 2),
        (points.FSYNC, "before", 2),
        (points.FSYNC, "after", 2),
        (points.FSYNC_FOLDER, "before", 1),
        (points.FSYNC_FOLDER, "after", 1),
        (points.INTEND, "before", 2),
        (points.INTEND, "after", 2),
        (points.LINK, "before", 2),
        (points.LINK, "after", 1),
        (points.UNLINK, "before", 1),
        (points.UNLINK, "after", 1),
        (points.COMPLETE, "before", 1),
        (points.COMPLETE, "after", 1),
    ],
)
async def test_a_kill_at_any_step_of_a_download_is_made_good_by_the_next_run(
    nursery: Nursery, tmp_path: Path, at: str, when: str, requests: int
) -> None:
    point = {"at": at, "when": when, "nth": 1, "signal": signal.SIGKILL}
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        worker = await trial.start(point=point)
        assert await worker.ended() == signal.SIGKILL
        check_now(trial.database, trial.folder, shop, addresses)
        await trial.finish(turns=1)
        check_end(trial.database, trial.folder, shop, addresses)
    assert shop.asked.total() == requests


@pytest.mark.parametrize(("when", "nth"), [("after", 2), ("before", 3), ("after", 3), ("after", 4)])
async def test_a_kill_in_the_middle_of_a_large_file_costs_its_last_mebibyte_at_most(
    nursery: Nursery, tmp_path: Path, when: str, nth: int
) -> None:
    point = {"at": points.JOURNAL, "when": when, "nth": nth, "signal": signal.SIGKILL}
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=0, large=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        worker = await trial.start(point=point)
        assert await worker.ended() == signal.SIGKILL
        await trial.finish(turns=1)
        check_end(trial.database, trial.folder, shop, addresses)
    ((path, sent),) = shop.sent.items()
    assert [one.start > 0 for one in sent] == [False, True]
    assert shop.fetched_again()[path] < (1 << 20) + _ON_ITS_WAY


async def test_36_a_file_that_changed_since_its_worker_was_killed_is_fetched_whole(
    nursery: Nursery, tmp_path: Path
) -> None:
    point = {"at": points.JOURNAL, "when": "after", "nth": 3, "signal": signal.SIGKILL}
    async with open_shop(Shop()) as shop:
        addresses = shop.addresses(small=0, large=1)
        trial = await open_trial(nursery, tmp_path, addresses)
        worker = await trial.start(point=point)
        assert await worker.ended() == signal.SIGKILL
        shop.edition = "second"
        await trial.finish(turns=1)
        check_end(trial.database, trial.folder, shop, addresses)
    assert shop.asked.total() == 2
