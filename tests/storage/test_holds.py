from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from storage.backoff import LONGEST_RETRY_AFTER
from storage.holds import MAX_HOLDS, Hold, HostHolds
from storage.reasons import Reason
from storage.schema import holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


@pytest.fixture
def kept(database: Database) -> HostHolds:
    return HostHolds(database)


def hold(group: str, until: float, reason: Reason = Reason.RATE_LIMITED) -> Hold:
    return Hold(group=group, until=until, reason=reason)


async def test_a_hold_is_kept_until_it_is_over(
    kept: HostHolds, database: Database, pass_time: Callable[[float], None]
) -> None:
    assert await kept.active() == []
    until = database.now() + 60
    await kept.save("a.example", until=until, reason=Reason.SERVER_ERROR)
    assert await kept.active() == [hold("a.example", until, Reason.SERVER_ERROR)]
    pass_time(59)
    assert await kept.active() == [hold("a.example", until, Reason.SERVER_ERROR)]
    pass_time(1)
    assert await kept.active() == []


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [(60, 90, Reason.UNREACHABLE), (90, 60, Reason.RATE_LIMITED), (90, -5, Reason.RATE_LIMITED)],
    ids=["later", "sooner", "over"],
)
async def test_of_two_holds_the_later_one_counts(
    kept: HostHolds, database: Database, *, first: float, second: float, reason: Reason
) -> None:
    now = database.now()
    await kept.save("a.example", until=now + first, reason=Reason.RATE_LIMITED)
    await kept.save("a.example", until=now + second, reason=Reason.UNREACHABLE)
    assert await kept.active() == [hold("a.example", now + 90, reason)]


async def test_the_longest_come_first_and_what_is_over_is_dropped(
    kept: HostHolds, database: Database, pass_time: Callable[[float], None]
) -> None:
    now = database.now()
    for group, seconds in (("a", 10), ("b", 100), ("c", 50)):
        await kept.save(group, until=now + seconds, reason=Reason.RATE_LIMITED)
    pass_time(20)
    await kept.save("d", until=now + 70, reason=Reason.RATE_LIMITED)
    assert [one.group for one in await kept.active()] == ["b", "d", "c"]
    assert await database.rows(select(func.count()).select_from(holds)) == [(3,)]


async def test_no_more_than_a_thousand_are_handed_out(kept: HostHolds, database: Database) -> None:
    now = database.now()
    values = [
        {"host_group": f"h{number}", "until": now + 1 + number, "reason": "rate-limited"}
        for number in range(MAX_HOLDS + 5)
    ]
    await database.change(insert(holds), values)
    active = await kept.active()
    assert len(active) == MAX_HOLDS
    assert active[0].group == f"h{MAX_HOLDS + 4}"


async def test_no_hold_is_longer_than_a_day(kept: HostHolds, database: Database) -> None:
    now = database.now()
    await kept.save("a", until=now + 1e9, reason=Reason.RATE_LIMITED)
    assert await kept.active() == [hold("a", now + LONGEST_RETRY_AFTER)]


async def test_a_clock_that_was_set_back_holds_a_host_for_a_day_and_not_for_ever(
    kept: HostHolds, database: Database, pass_time: Callable[[float], None]
) -> None:
    pass_time(5e7)
    await kept.save("a", until=database.now() + 60, reason=Reason.RATE_LIMITED)
    pass_time(-5e7)
    now = database.now()
    assert await kept.active() == [hold("a", now + LONGEST_RETRY_AFTER)]
    pass_time(3600)
    assert await kept.active() == [hold("a", now + LONGEST_RETRY_AFTER)]
    pass_time(LONGEST_RETRY_AFTER)
    assert await kept.active() == []
