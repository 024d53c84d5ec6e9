"""Which connections stay open, on a clock of the test's own."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from scraper.http.client import Client, Limits
from scraper.http.kept import KeptHosts


def test_hosts_keep_their_places_while_they_are_asked_and_lose_them_to_others_after() -> None:
    now = 0.0
    kept = KeptHosts(places=2, idle=75.0, clock=lambda: now)
    assert [kept.keeps(host) for host in ("a", "b", "c", "a")] == [True, True, False, True]
    now = 80.0
    assert not kept.keeps("c"), "the connections of b may still be open: the pool looks every 75 s"
    assert kept.keeps("a")
    now = 150.0
    assert kept.keeps("c"), "b was asked longest ago and is idle"
    assert not kept.keeps("b")


def test_no_more_hosts_are_remembered_than_there_are_places() -> None:
    kept = KeptHosts(places=3, idle=0.0, clock=lambda: 0.0)
    assert all(kept.keeps(f"h{number}") for number in range(1000))
    assert len(kept._asked) == 3


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 100)), max_size=200), st.integers(1, 5))
def test_no_more_hosts_have_open_connections_than_there_are_places(
    requests: list[tuple[str, float]], places: int
) -> None:
    now = 0.0
    kept = KeptHosts(places=places, idle=75.0, clock=lambda: now)
    open_until: dict[str, float] = {}
    for host, pause in requests:
        now += pause
        if kept.keeps(host):
            open_until[host] = now + 150
        assert sum(until > now for until in open_until.values()) <= places


async def test_beyond_the_places_a_connection_is_closed_after_its_answer(serve: Any, quick: Any) -> None:
    connections: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        connections.append(request.transport)
        return web.Response(text="x")

    limits = Limits(per_host=500)  # one place in all
    async with (
        serve(answer) as one,
        serve(answer) as other,
        Client(
            allow_private=True, obey_robots=False, limits=limits, sleep=quick.sleep, clock=quick.clock
        ) as client,
    ):
        for url in (one, one, other, other):
            assert (await client.get(url)).body == b"x"
    first, again, single, another = connections
    assert first is again
    assert single is not another
