from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.draining.room import MOST_HELD, PATIENCE, Room
from storage.records import Download, DownloadState, LinkKind

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> Callable[..., Room]:
    def make(*, concurrency: int = 8, share: int = 5) -> Room:
        return Room(concurrency=concurrency, share=share, clock=clock)

    return make


def _download(number: int, host: str = "a") -> Download:
    return Download(
        id=number, key=str(number), url=f"https://{host}.example/{number}", host=host,
        state=DownloadState.RUNNING, attempts=1, due=0, created=0, updated=0, kind=LinkKind.DIRECT,
    )  # fmt: skip


def _fill(room: Room, *hosts: str) -> list[Download]:
    """Take five of each host, as claims would, and start what may start."""
    taken = [_download(100 * number + one, host) for number, host in enumerate(hosts) for one in range(5)]
    for download in taken:
        room.take(download)
    room.start()
    return taken


def test_an_empty_room_offers_a_share(room: Callable[..., Room]) -> None:
    assert (room().offer().limit, room().offer().skip) == (5, frozenset())
    assert room(concurrency=2, share=2).offer().limit == 2


def test_a_host_that_has_its_share_is_skipped_and_a_full_room_offers_nothing(
    room: Callable[..., Room],
) -> None:
    full = room()
    _fill(full, "a")
    assert full.offer().skip == {"a"}
    _fill(full, "a", "b")
    assert full.offer().limit == 0


def test_no_more_start_than_run_at_once_and_of_a_host_no_more_than_its_share(
    room: Callable[..., Room],
) -> None:
    begun = room(concurrency=3, share=2)
    hosts = "aaabb"
    for number, host in enumerate(hosts):
        begun.take(_download(number, host))
    first = begun.start()
    assert [one.id for one in first] == [0, 1, 3]
    assert begun.start() == []
    begun.moves(first[0])
    assert begun.start() == []
    begun.let_go(first[0])
    assert [one.id for one in begun.start()] == [2]


def test_what_brings_no_byte_for_a_while_takes_no_room(room: Callable[..., Room], clock: Clock) -> None:
    slow = room()
    _fill(slow, "a", "b")
    assert slow.next_change() == PATIENCE
    clock.now += PATIENCE / 2
    assert (slow.offer().limit, slow.next_change(), slow.start()) == (0, PATIENCE / 2, [])
    clock.now += PATIENCE / 2
    assert (slow.offer().limit, slow.offer().skip) == (5, frozenset({"a", "b"}))
    assert [one.host for one in slow.start()] == ["b", "b"]
    clock.now += PATIENCE
    assert slow.next_change() is None


def test_what_is_next_does_not_wait_for_a_host_while_the_process_is_busy(
    room: Callable[..., Room], clock: Clock
) -> None:
    busy = room()
    downloads = _fill(busy, "a", "b")
    for download in downloads[:8]:
        busy.moves(download)
    clock.now += 100 * PATIENCE
    assert (busy.offer().limit, busy.next_change()) == (0, None)
    busy.let_go(downloads[0])
    assert busy.start() == [downloads[8]]
    assert busy.next_change() == PATIENCE


def test_what_has_waited_moves_whatever_else_is_under_way(room: Callable[..., Room], clock: Clock) -> None:
    crowd = room(concurrency=1, share=1)
    downloads = [_download(number, host) for number, host in enumerate("abc")]
    for download in downloads:
        crowd.take(download)
        assert crowd.start() == [download]
        clock.now += PATIENCE
    for download in downloads:
        assert crowd.moves(download)
        assert not crowd.moves(download), "no news"
    crowd.take(_download(3, "d"))
    for download in downloads:
        assert crowd.start() == []
        crowd.let_go(download)
    assert [one.host for one in crowd.start()] == ["d"]


def test_a_file_that_hangs_keeps_no_other_of_its_host_waiting(
    room: Callable[..., Room], clock: Clock
) -> None:
    hanging = room()
    hanging.take(_download(1))
    hanging.start()
    clock.now += PATIENCE
    assert (hanging.offer().limit, hanging.offer().skip) == (5, frozenset())


def test_once_many_wait_a_host_of_which_two_wait_is_claimed_again_only_when_it_moves(
    room: Callable[..., Room], clock: Clock
) -> None:
    again = room(concurrency=1, share=5)
    downloads = [_download(1), _download(2)]
    for download in downloads:
        again.take(download)
        again.start()
        clock.now += PATIENCE
    assert (again.offer().limit, again.offer().skip) == (2, frozenset({"a"}))
    again.moves(downloads[0])
    assert (again.offer().limit, again.offer().skip) == (1, frozenset())


def test_what_sleeps_before_another_try_waits_from_then_on(room: Callable[..., Room]) -> None:
    resting = room(concurrency=1, share=1)
    for number, host in enumerate("ab"):
        resting.take(_download(number, host))
    (begun,) = resting.start()
    resting.moves(begun)
    assert (resting.offer().limit, resting.start()) == (0, [])
    resting.rests(begun)
    assert (resting.offer().limit, resting.offer().skip) == (1, frozenset({"a", "b"}))
    assert [one.host for one in resting.start()] == ["b"]


def test_many_hosts_that_wait_are_claimed_a_few_at_a_time_up_to_the_bound(
    room: Callable[..., Room], clock: Clock
) -> None:
    waiting, held, hosts = room(), Counter[str](), 0
    while (offer := waiting.offer()).limit:
        hosts += 1
        for one in range(offer.limit):
            waiting.take(_download(10 * hosts + one, f"h{hosts}"))
        held[f"h{hosts}"] = offer.limit
        waiting.start()
        clock.now += PATIENCE
    assert held.total() == MOST_HELD
    assert hosts > MOST_HELD / 5 * 2
    assert (waiting.start(), waiting.next_change()) == ([], None)


def test_a_host_to_be_left_alone_is_skipped_until_then(room: Callable[..., Room], clock: Clock) -> None:
    patient = room()
    patient.leave_alone("a", 60)
    patient.leave_alone("a", 20)
    assert (patient.offer().skip, patient.next_change()) == (frozenset({"a"}), 60)
    clock.now += 60
    assert (patient.offer().skip, patient.next_change()) == (frozenset(), None)


def test_a_claim_that_was_replaced_changes_nothing_any_more(room: Callable[..., Room]) -> None:
    replaced = room(concurrency=1, share=1)
    replaced.take(old := _download(1))
    replaced.let_go(old)
    replaced.take(new := _download(1))
    assert replaced.start() == [new]
    replaced.let_go(old)
    replaced.rests(old)
    assert not replaced.moves(old)
    assert replaced.offer().skip == {"a"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["take", "start", "move", "rest", "end", "alone", "time"]),
            st.integers(0, 9),
            st.sampled_from("abc"),
        )
    )
)
def test_whatever_happens_an_emptied_room_offers_what_a_new_one_does(
    events: list[tuple[str, int, str]],
) -> None:
    clock = Clock()
    room, held, started = Room(concurrency=2, share=2, clock=clock), dict[int, Download](), set[int]()
    for what, number, host in events:
        match what:
            case "take" if number not in held:
                held[number] = _download(number, host)
                room.take(held[number])
            case "start":
                started.update(one.id for one in room.start())
            case "move" if number in started:
                room.moves(held[number])
            case "rest" if number in started:
                room.rests(held[number])
            case "end" if number in held:
                room.let_go(held.pop(number))
                started.discard(number)
            case "alone":
                room.leave_alone(host, number)
            case "time":
                clock.now += number / 4
        offer = room.offer()
        assert 0 <= offer.limit <= 2
        crowded = {host for host, count in Counter(one.host for one in held.values()).items() if count >= 2}
        assert offer.limit == 0 or crowded <= offer.skip
    for download in held.values():
        room.let_go(download)
    clock.now += 10
    assert (room.offer().limit, room.offer().skip) == (2, frozenset())
