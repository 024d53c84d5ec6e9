"""What a drain would do, drawn up without doing it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.plan import Plan, Why, draw_up, in_order, with_sizes
from scraper.http.errors import FetchError
from storage.holds import Hold
from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind, Pause

NOW = 1_000_000.0
LARGE = 10**9


def _download(number: int, *, host: str = "files.example", **values: Any) -> Download:
    given_: dict[str, Any] = {
        "id": number,
        "key": f"k{number}",
        "url": f"https://{host}/{number}.mp3",
        "host": host,
        "state": DownloadState.WAITING,
        "attempts": 0,
        "due": NOW - 1,
        "created": 0.0,
        "updated": 0.0,
        "kind": LinkKind.DIRECT,
    }
    return Download(**given_ | values)


def _plan(*waiting: Download, **values: Any) -> Plan:
    chosen: dict[str, Any] = {"pauses": [], "holds": [], "now": NOW, "max_bytes": LARGE}
    return draw_up(waiting, **chosen | values)


@pytest.mark.parametrize(
    ("download", "values", "why", "until"),
    [
        (_download(1), {"pauses": [Pause(host=None, since=0)]}, Why.QUEUE_PAUSED, None),
        (
            _download(1),
            {"pauses": [Pause(host="files.example", since=0, until=NOW + 60)]},
            Why.HOST_PAUSED,
            NOW + 60,
        ),
        (_download(1, due=NOW + 5), {}, Why.NOT_DUE, NOW + 5),
        (
            _download(1),
            {"holds": [Hold(group="files.example", until=NOW + 9, reason=Reason.RATE_LIMITED)]},
            Why.LEFT_ALONE,
            NOW + 9,
        ),
        (_download(1, kind=LinkKind.HOSTER, host="hoster.example"), {}, Reason.NO_RESOLVER, None),
        (_download(1, url="https://["), {}, Reason.URL_INVALID, None),
        (_download(1, size=LARGE + 1), {}, Reason.TOO_LARGE, None),
        (_download(1), {"most": 0}, Why.BEYOND_MAX, None),
    ],
    ids=lambda value: str(value) if isinstance(value, Why | Reason) else "",
)
def test_what_would_be_passed_over_says_why_and_until_when(
    download: Download, values: dict[str, Any], why: Why | Reason, until: float | None
) -> None:
    plan = _plan(download, **values)
    assert plan.files == ()
    ((skipped),) = plan.skipped
    assert (skipped.download.id, skipped.why, skipped.until) == (1, why, until)


@pytest.mark.parametrize(
    "values",
    [
        {"pauses": [Pause(host="files.example", since=0, until=NOW - 1)]},
        {"pauses": [Pause(host="other.example", since=0)]},
        {"holds": [Hold(group="files.example", until=NOW - 1, reason=Reason.RATE_LIMITED)]},
        {"most": 1},
    ],
)
def test_what_is_over_or_of_others_holds_nothing_back(values: dict[str, Any]) -> None:
    plan = _plan(_download(1), **values)
    assert [file.download.id for file in plan.files] == [1]


def test_what_fails_without_a_request_is_a_try_as_a_drain_counts_them() -> None:
    hoster = _download(1, kind=LinkKind.HOSTER, host="hoster.example")
    paused = _download(2, host="paused.example")
    plan = _plan(
        hoster, paused, _download(3), _download(4), pauses=[Pause(host="paused.example", since=0)], most=2
    )
    assert [file.download.id for file in plan.files] == [3]
    assert {one.download.id: one.why for one in plan.skipped} == {
        1: Reason.NO_RESOLVER,
        2: Why.HOST_PAUSED,
        4: Why.BEYOND_MAX,
    }


def test_the_hold_of_the_host_that_is_asked_counts_and_not_of_the_one_in_the_post() -> None:
    drive = _download(1, url="https://drive.google.com/file/d/abcdefghijkl/view", kind=LinkKind.HOSTER)
    (file,) = _plan(drive).files
    assert "usercontent" in file.address


def test_a_plan_follows_priority_and_gives_hosts_turns() -> None:
    rows = [
        _download(1, host="a.example", priority=5),
        _download(2, host="b.example"),
        _download(3, host="b.example"),
        _download(4, host="c.example"),
        _download(5, host="b.example", due=NOW - 100),
    ]
    assert [one.id for one in in_order(rows)] == [5, 4, 2, 3, 1]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.integers(0, 5)), max_size=30))
def test_an_order_loses_nothing_and_keeps_priorities_together(rows: list[tuple[int, str, int]]) -> None:
    waiting = [
        _download(number, host=host, priority=priority, due=float(due))
        for number, (priority, host, due) in enumerate(rows)
    ]
    ordered = in_order(waiting)
    assert sorted(one.id for one in ordered) == list(range(len(rows)))
    assert [one.priority for one in ordered] == sorted(one.priority for one in waiting)


class _Servers:
    """Announce sizes; what is no number is raised. Whom `silent` names never answers."""

    def __init__(self, **said: Any) -> None:
        self.said = said
        self.asked: list[str] = []

    async def __call__(self, address: str) -> int | None:
        name = address.rpartition("/")[2].partition(".")[0]
        self.asked.append(name)
        answer = self.said.get(f"n{name}")
        if answer == "silent":
            await asyncio.Event().wait()
        if isinstance(answer, Reason):
            raise FetchError(answer, address)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_sizes_are_asked_for_where_none_is_known() -> None:
    servers = _Servers(n2=200)
    plan = await with_sizes(
        _plan(_download(1, size=100), _download(2), _download(3)), servers, max_bytes=LARGE
    )
    assert [file.size for file in plan.files] == [100, 200, None]
    assert (plan.known_bytes, plan.unknown, servers.asked) == (300, 1, ["2", "3"])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (LARGE + 1, Reason.TOO_LARGE),
        (Reason.ROBOTS, Reason.ROBOTS),
        (Reason.NOT_FOUND, Reason.NOT_FOUND),
        (Reason.BLOCKED_ADDRESS, Reason.BLOCKED_ADDRESS),
        (Reason.FORBIDDEN, None),
        (Reason.HTTP_ERROR, None),
        (Reason.TIMEOUT, None),
    ],
)
async def test_what_a_server_says_of_a_file_counts_and_what_it_says_of_heads_does_not(
    said: int | Reason, why: Reason | None
) -> None:
    plan = await with_sizes(_plan(_download(1)), _Servers(n1=said), max_bytes=LARGE)
    assert [one.why for one in plan.skipped] == ([] if why is None else [why])
    assert [file.size for file in plan.files] == ([None] if why is None else [])


async def test_only_so_many_are_asked_for() -> None:
    servers = _Servers()
    plan = _plan(*(_download(number) for number in range(300)))
    plan = await with_sizes(plan, servers, max_bytes=LARGE)
    assert (len(servers.asked), len(plan.files)) == (200, 300)


async def test_who_does_not_answer_in_time_is_of_unknown_size() -> None:
    plan = _plan(_download(1), _download(2))
    plan = await with_sizes(plan, _Servers(n1="silent", n2=7), max_bytes=LARGE, seconds=0.05)
    assert [file.size for file in plan.files] == [None, 7]
    assert len(asyncio.all_tasks()) == 1, "nobody goes on asking"


async def test_a_mistake_of_ours_is_not_swallowed() -> None:
    with pytest.raises(KeyError):
        await with_sizes(_plan(_download(1)), _Servers(n1=KeyError("oops")), max_bytes=LARGE)


def test_known_sizes_are_summed() -> None:
    plan = _plan(_download(1, size=5), _download(2, size=6), _download(3))
    assert (plan.known_bytes, plan.unknown) == (11, 1)
    assert replace(plan, files=()).known_bytes == 0
