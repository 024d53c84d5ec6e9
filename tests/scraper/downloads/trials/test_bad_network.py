"""Five hundred files through a proxy that delays, cuts, resets, stalls and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scraper.downloads.trials.proxy import Harm, Proxy, open_proxy
from tests.scraper.downloads.trials.shop import LARGE, SMALL, Shop, open_shop
from tests.scraper.downloads.trials.state import check_end
from tests.scraper.downloads.trials.trial import open_trial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scraper.downloads.trials.nursery import Nursery

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SMALL, _LARGE = 480, 20
_HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 11))
_LIMITS = {
    "concurrency": 20, "per_host": 4, "attempts": 3, "connect_timeout": 5, "read_timeout": 0.5,
    "headers_timeout": 5,
}  # fmt: skip
_WAIT = 7000.0
"""Seconds to the next drain: longer than any pause that a download makes by itself for its first tries."""


async def test_five_hundred_files_are_right_in_the_end_whatever_becomes_of_their_connections(
    nursery: Nursery, tmp_path: Path
) -> None:
    # One connection for each file, or a good one would carry most of them.
    async with open_shop(Shop(hosts=_HOSTS, keep_alive=False, pace=0)) as shop:
        proxy = Proxy(upstream=shop.port, seed=20261120, sizes={"/small/": SMALL, "/large/": LARGE})
        async with open_proxy(proxy):
            shop.port = proxy.port
            addresses = shop.addresses(small=_SMALL, large=_LARGE)
            trial = await open_trial(nursery, tmp_path, addresses, limits=_LIMITS, concurrency=20)
            said = await trial.finish(step=_WAIT)
            check_end(trial.database, trial.folder, shop, addresses)
    assert set(proxy.harmed) == set(Harm)
    assert min(proxy.harmed.values()) > _SMALL / 20
    assert sum(one["download_failed"] for one in said) == 0
    assert any(one.start for sent in shop.sent.values() for one in sent)  # some went on where they were cut
