"""The gate against servers that take only so much, on a clock that only the test moves.

Each test reads 500 pages as the client does, three tries a page, and looks at what the server saw.
"""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.http.politeness.gate import HostGate, HostHeldError
from scraper.http.politeness.hosts import Host
from scraper.http.politeness.verdict import Verdict
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGES = 500
ATTEMPTS = 3
BODY = 0.01  # seconds after the headers


class FakeTime:
    """A clock on which sleepers wake in order when `run` lets time pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), event))
        await event.wait()

    async def run(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        left = asyncio.gather(*tasks)
        while not left.done():
            for _ in range(12):
                await asyncio.sleep(0)
            if self._sleepers and not left.done():
                self.now, _, event = heapq.heappop(self._sleepers)
                event.set()
        await left


@dataclass
class Server:
    """Answers after `latency(in_flight)` with what `status(server)` says; keeps a log of what arrived."""

    time: FakeTime
    status: Callable[[Server], int] = lambda _: 200
    latency: Callable[[int], float] = lambda _: 0.1
    retry_after: Callable[[Server], float | None] = lambda _: None
    in_flight: int = 0
    most: int = 0
    arrivals: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    async def answer(self) -> tuple[int, float | None]:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        self.arrivals.append(self.time.now)
        try:
            status = self.status(self)
            if status != 200:
                self.refused.append(self.time.now)
            begun, tick = self.time.now, 0.01
            while status == 200 and (left := self.latency(self.in_flight) - (self.time.now - begun)) > 1e-9:
                await self.time.sleep(min(left, tick))  # what comes meanwhile slows it down as well
            return status, self.retry_after(self)
        finally:
            self.in_flight -= 1


@dataclass
class Crawl:
    """Reads pages through one gate."""

    time: FakeTime = field(default_factory=FakeTime)
    per_host: int = 5
    patience: float = 30.0
    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    put_off: int = 0
    failed: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(7)  # the same in every run
        self.gate = HostGate(
            concurrency=100,
            per_host=self.per_host,
            patience=self.patience,
            clock=self.time.clock,
            sleep=self.time.sleep,
            jitter=self._random.random,
        )

    def pages(
        self, name: str, server: Server, *, pages: int = PAGES, interval: float = 0.0, handshake: float = 0.0
    ) -> list[asyncio.Task[None]]:
        host = Host(name=name, group=name)
        return [asyncio.create_task(self._page(host, server, interval, handshake)) for _ in range(pages)]

    async def _page(self, host: Host, server: Server, interval: float, handshake: float) -> None:
        for attempt in range(ATTEMPTS):
            try:
                if await self._try(host, server, interval, handshake):
                    self.read[host.name] += 1
                    return
            except HostHeldError:
                self.put_off += 1
                return
            await self.time.sleep(self._random.uniform(0, 0.5 * 2**attempt))
        self.failed += 1

    async def _try(self, host: Host, server: Server, interval: float, handshake: float) -> bool:
        async with self.gate.turn(host, interval=interval) as turn:
            if handshake:
                await self.time.sleep(self._random.uniform(0, handshake))
            turn.sent()
            status, retry_after = await server.answer()
            if status == 200:
                turn.judge(Verdict.GOOD)
                await self.time.sleep(BODY)
                return True
            reason = Reason.RATE_LIMITED if status == 429 else Reason.SERVER_ERROR
            turn.judge(Verdict.OVERLOADED, reason)
            if retry_after:
                self.gate.hold(host, retry_after, reason)
            return False


@dataclass
class Bucket:
    """A token bucket: `rate` requests a second, `burst` saved up."""

    rate: float
    burst: float
    tokens: float = 0.0
    filled: float = 0.0

    def status(self, server: Server) -> int:
        now = server.time.now
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if self.tokens < 1:
            return 503
        self.tokens -= 1
        return 200


def _refuses_beyond(limit: int) -> Callable[[Server], int]:
    return lambda server: 503 if server.in_flight > limit else 200


def _refuses_by_chance(*shares: float) -> Callable[[Server], int]:
    """The share of requests refused at 1, 2, 3 … in flight; the last for all beyond."""
    chance = random.Random(11)
    return lambda server: 503 if chance.random() < shares[min(server.in_flight, len(shares)) - 1] else 200


def _rate(rate: float, burst: float) -> Callable[[Server], int]:
    return Bucket(rate, burst).status


def _down(begin: float, end: float) -> Callable[[Server], int]:
    return lambda server: 503 if begin <= server.time.now < end else 200


@pytest.mark.parametrize(
    ("behaviour", "latency", "errors", "seconds"),
    [
        pytest.param(partial(_refuses_beyond, 2), 0.1, 3, 30.3, id="takes two at once"),
        pytest.param(partial(_refuses_beyond, 1), 0.1, 4, 60.5, id="takes one at once"),
        pytest.param(partial(_refuses_beyond, 3), 0.1, 3, 20.2, id="takes three at once"),
        pytest.param(
            partial(_refuses_by_chance, 0, 0, 0.25, 0.5, 0.75), 0.1, 6, 30.3, id="three of four at five"
        ),
        pytest.param(
            partial(_refuses_by_chance, 0, 0.19, 0.38, 0.56, 0.75), 0.1, 8, 60.5, id="the same, from two on"
        ),
        pytest.param(
            partial(_refuses_by_chance, 0, 0, 0, 0, 0.75), 0.1, 4, 16.5, id="three of four, only at five"
        ),
        pytest.param(partial(_rate, 10, 10), 0.02, 10, 60, id="ten a second, quick"),
        pytest.param(partial(_rate, 10, 10), 0.3, 13, 60, id="ten a second, slow"),
        pytest.param(partial(_rate, 3, 5), 0.1, 13, 200, id="three a second"),
        pytest.param(partial(_refuses_by_chance, 0.02), 0.1, 20, 40, id="two of a hundred, whatever is done"),
        pytest.param(partial(_down, 2, 20), 0.1, 12, 50, id="goes away for 18 seconds"),
        pytest.param(partial(_down, 0, 60), 0.1, 12, 100, id="comes up after a minute"),
    ],
)
async def test_a_blog_is_read_completely_with_few_errors_and_little_delay(
    behaviour: Callable[[], Callable[[Server], int]], latency: float, errors: int, seconds: float
) -> None:
    crawl = Crawl()
    server = Server(crawl.time, status=behaviour(), latency=lambda _: latency)
    await crawl.time.run(crawl.pages("blog.example", server))
    assert (crawl.read["blog.example"], crawl.failed, crawl.put_off) == (PAGES, 0, 0)
    assert len(server.refused) <= errors
    assert crawl.time.now <= seconds


async def test_every_task_of_a_host_keeps_retry_after_while_other_hosts_go_on() -> None:
    crawl = Crawl()
    limited = Server(
        crawl.time,
        status=lambda server: 429 if 3 <= server.time.now < 10 else 200,
        retry_after=lambda server: 7.0 if server.time.now < 10 else None,
    )
    other = Server(crawl.time)
    tasks = crawl.pages("limited.example", limited) + crawl.pages("other.example", other)
    others_done: list[float] = []
    tasks[-1].add_done_callback(lambda _: others_done.append(crawl.time.now))
    await crawl.time.run(tasks)
    assert crawl.read == {"limited.example": PAGES, "other.example": PAGES}
    told = min(limited.refused)
    assert len(limited.refused) <= 5, "those that were in flight"
    assert not [at for at in limited.arrivals if told + 0.02 < at < told + 7]
    assert others_done[0] < 1.1 * PAGES / 5 * (0.1 + BODY)


@pytest.mark.parametrize(
    ("latency", "most", "seconds"),
    [
        pytest.param(lambda n: 0.1 * 2.0 ** max(0, n - 4), 9, 25, id="doubles with each beyond four"),
        pytest.param(lambda n: 0.1 * max(1, n / 4), 20, 15, id="works on four at a time"),
    ],
)
async def test_a_server_that_gets_slower_is_asked_for_less(
    latency: Callable[[int], float], most: int, seconds: float
) -> None:
    crawl = Crawl(per_host=20)
    server = Server(crawl.time, latency=latency)
    await crawl.time.run(crawl.pages("blog.example", server))
    assert crawl.read["blog.example"] == PAGES
    assert server.most <= most
    assert crawl.time.now <= seconds  # 4 at once take 13.8


async def test_a_fast_server_has_all_that_was_allowed_within_a_few_dozen_answers() -> None:
    crawl = Crawl(per_host=20)
    server = Server(crawl.time, latency=lambda _: 0.02)
    await crawl.time.run(crawl.pages("blog.example", server))
    assert server.most == 20
    assert server.arrivals[60] <= 0.2
    assert crawl.time.now <= 1.2 * PAGES / 20 * (0.02 + BODY)


async def test_a_server_that_stays_away_is_asked_ten_times_and_the_rest_is_put_off() -> None:
    crawl = Crawl()
    server = Server(crawl.time, status=lambda _: 503)
    await crawl.time.run(crawl.pages("blog.example", server))
    assert 10 <= len(server.refused) <= 15
    assert crawl.read["blog.example"] == 0
    assert crawl.put_off >= PAGES - 5
    assert crawl.time.now <= 100


async def test_five_hosts_have_their_limits_and_intervals_kept_and_their_time_used() -> None:
    crawl = Crawl()
    servers = {f"{name}.example": Server(crawl.time) for name in "abcde"}
    tasks: list[asyncio.Task[None]] = []
    for name, server in servers.items():
        interval = 0.5 if name == "c.example" else 0.0
        tasks += crawl.pages(name, server, pages=100, interval=interval, handshake=0.2)
    await crawl.time.run(tasks)
    assert crawl.read == dict.fromkeys(servers, 100)
    assert max(server.most for server in servers.values()) == 5
    slow = servers.pop("c.example").arrivals
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(slow))
    # Each start waits for the one before to be sent: half a second, and a handshake of 0.1 s on average.
    assert slow[-1] - slow[0] == pytest.approx(99 * 0.6, rel=0.1)
    assert all(server.arrivals[-1] < 6 for server in servers.values())
