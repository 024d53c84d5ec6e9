"""Hosts that asked an earlier run, or another process, for more patience than a run has."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from scraper.downloads.draining.drain import Drain
from scraper.downloads.draining.held import hosts_held
from scraper.downloads.settings import DrainSettings
from scraper.http.client import Client, Limits
from scraper.http.politeness.hosts import host_of
from storage.database import Database
from storage.holds import Hold, HostHolds
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind, Selection, WantedDownload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from scraper.downloads.draining.counts import DrainCounts
    from tests.scraper.downloads.conftest import Crate

    MakeDrain = Callable[..., Drain]

HOUR = 3600.0


class CountingQueue(Queue):
    """A queue that counts what was handed out."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.claimed: Counter[str] = Counter()

    async def claim(self, **how: Any) -> list[Download]:
        claimed = await super().claim(**how)
        self.claimed.update(download.host for download in claimed)
        return claimed


@pytest.fixture
def queue(database: Database) -> CountingQueue:
    return CountingQueue(database)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[Client]:
    """A client that keeps what it is asked for, as runs have it."""
    limits = Limits(attempts=1, read_timeout=5)
    store = HostHolds(database)
    async with Client(allow_private=True, obey_robots=False, limits=limits, hold_store=store) as opened:
        yield opened


@pytest.fixture
def drain(queue: CountingQueue, client: Client, folder: Crate) -> MakeDrain:
    def make(**changed: Any) -> Drain:
        given: dict[str, Any] = {
            "queue": queue, "client": client, "folder": folder.path, "concurrency": 8,
            "settings": DrainSettings(max_bytes=10**8),
        }  # fmt: skip
        return Drain(**(given | changed))

    return make


async def _enqueue(queue: Queue, host: str, *urls: str) -> None:
    await queue.enqueue([WantedDownload(key=url, url=url, host=host, kind=LinkKind.DIRECT) for url in urls])


def _group(url: str) -> str:
    return host_of(URL(url)).group


async def _hold(database: Database, group: str, seconds: float = HOUR) -> float:
    until = time.time() + seconds
    await HostHolds(database).save(group, until=until, reason=Reason.RATE_LIMITED)
    return until


async def _waiting(queue: Queue) -> list[Download]:
    return await queue.list(Selection(states=[DownloadState.WAITING]), limit=1000)


async def test_a_run_claims_nothing_of_a_host_that_an_earlier_one_was_asked_to_leave_alone(
    *, serve: Any, music: Any, queue: CountingQueue, client: Client, drain: MakeDrain
) -> None:  # 25
    async def patience(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "3600"})

    async with serve(patience) as held, serve(music) as other:
        await _enqueue(queue, "held.example", *(f"{held}/{n}" for n in range(30)))
        first = await drain().run()
        after_first, claimed = await _waiting(queue), queue.claimed.copy()
        await _enqueue(queue, "other.example", *(f"{other}/{n}" for n in range(3)))
        second = await drain().run()
        third = await drain().run()
    assert (first.put_back, claimed["held.example"]) == (claimed["held.example"], first.put_back)
    assert 0 < first.put_back <= 5
    assert queue.claimed - claimed == {"other.example": 3}
    assert await _waiting(queue) == after_first, "not a row was touched"
    assert (second.done, second.put_back, third.put_back, third.failed) == (3, 0, 0, {})
    for counts in (first, second, third):
        (left,) = counts.left_alone.items()
        assert (left[0], left[1].downloads, left[1].reason) == (_group(held), 30, Reason.RATE_LIMITED)
        assert left[1].until == pytest.approx(time.time() + HOUR, abs=60)


async def test_a_hold_that_a_run_waits_for_keeps_nothing_from_being_claimed(
    *, serve: Any, music: Any, queue: CountingQueue, database: Database, drain: MakeDrain
) -> None:
    async with serve(music) as url:
        await _enqueue(queue, "a.example", f"{url}/1")
        await _hold(database, _group(url), 0.1)
        counts = await drain().run()
    assert (counts.done, counts.left_alone) == (1, {})


async def test_what_was_held_is_fetched_when_the_hold_is_over(
    *, serve: Any, music: Any, tmp_path: Path, folder: Crate
) -> None:
    begun = time.time()
    now = begun

    async def run() -> tuple[DrainCounts, Counter[str]]:
        """Run as a process of its own would: nothing is known but what the database holds."""
        async with (
            await Database.open(tmp_path / "crate.db", clock=lambda: now) as database,
            Client(allow_private=True, obey_robots=False, hold_store=HostHolds(database)) as client,
        ):
            queue = CountingQueue(database)
            await _enqueue(queue, "a.example", f"{url}/1", f"{url}/2")
            if now == begun:
                await HostHolds(database).save(_group(url), until=begun + HOUR, reason=Reason.RATE_LIMITED)
                await client.heed_holds()
            drain = Drain(
                queue=queue, client=client, folder=folder.path, concurrency=8,
                settings=DrainSettings(max_bytes=10**8), clock=lambda: now,
            )  # fmt: skip
            return await drain.run(), queue.claimed

    async with serve(music) as url:
        held, claimed = await run()
        now = begun + HOUR + 1
        after, _ = await run()
    assert (held.done, held.put_back, claimed) == (0, 0, {})
    assert (after.done, after.left_alone) == (2, {})


async def test_a_host_with_one_priority_that_leads_elsewhere_is_not_passed_over(
    *, serve: Any, music: Any, queue: CountingQueue, database: Database, drain: MakeDrain
) -> None:
    async with serve(music) as held, serve(music) as free:
        await _enqueue(queue, "both.example", f"{held}/1")
        wish = WantedDownload(key="2", url=f"{free}/2", host="both.example", kind=LinkKind.DIRECT, priority=1)
        await queue.enqueue([wish])
        await _hold(database, _group(held))
        counts = await drain().run()
    assert (counts.done, counts.put_back) == (1, 1)
    (row,) = await _waiting(queue)
    assert (row.attempts, row.reason) == (0, Reason.RATE_LIMITED)


async def test_what_a_redirect_leads_to_is_put_off_until_the_hold_is_over(
    *, serve: Any, music: Any, queue: CountingQueue, database: Database, drain: MakeDrain
) -> None:
    async with serve(music) as node:

        async def send_on(request: web.BaseRequest) -> web.StreamResponse:
            raise web.HTTPFound(f"{node}{request.path}")

        async with serve(send_on) as hoster:
            await _enqueue(queue, "hoster.example", *(f"{hoster}/{n}" for n in range(3)))
            until = await _hold(database, _group(node))
            first = await drain().run()
            claimed = queue.claimed.copy()
            second = await drain().run()
    assert (first.done, first.put_back, second.put_back) == (0, 3, 0)
    assert queue.claimed == claimed == {"hoster.example": 3}
    for row in await _waiting(queue):
        assert row.attempts == 0
        assert row.due == pytest.approx(until, abs=5)


def _head(host: str, url: str, *, kind: LinkKind = LinkKind.DIRECT) -> Download:
    return Download(
        id=1, key=url, url=url, host=host, state=DownloadState.WAITING, attempts=0, due=0.0, created=0.0,
        updated=0.0, kind=kind,
    )  # fmt: skip


def _holds(*groups: str) -> dict[str, Hold]:
    return {
        group: Hold(group=group, until=1000.0 - number, reason=Reason.RATE_LIMITED)
        for number, group in enumerate(groups)
    }


DRIVE = "https://drive.google.com/file/d/0123456789abcdef/view"


@pytest.mark.parametrize(
    ("heads", "held", "hosts"),
    [
        pytest.param([("a.example", "https://a.example/1")], ["a.example"], {"a.example"}, id="itself"),
        pytest.param([("a.example", "https://www.a.example/1")], ["a.example"], {"a.example"}, id="www"),
        pytest.param([("a.example", "https://a.example/1")], ["b.example"], set(), id="another"),
        pytest.param(
            [("x.blogspot.com", "https://x.blogspot.com/1"), ("y.blogspot.de", "https://y.blogspot.de/2")],
            ["blogspot.com"],
            {"x.blogspot.com", "y.blogspot.de"},
            id="a platform",
        ),
        pytest.param(
            [("drive.google.com", DRIVE)],
            ["drive.usercontent.google.com"],
            {"drive.google.com"},
            id="where the resolver leads",
        ),
        pytest.param([("drive.google.com", DRIVE)], ["drive.google.com"], set(), id="not what it says"),
        pytest.param([("a.example", "https://a.example:8080/1")], ["a.example"], set(), id="port"),
        pytest.param(
            [("a.example", "https://a.example/1"), ("a.example", "https://a.example:8080/1")],
            ["a.example"],
            set(),
            id="not all of it",
        ),
        pytest.param([("a.example", "https://[broken/1")], ["a.example"], set(), id="no address"),
    ],
)
def test_a_host_is_held_where_all_of_it_leads_to_what_is_held(
    heads: list[tuple[str, str]], held: list[str], hosts: set[str]
) -> None:
    assert hosts_held([_head(*head) for head in heads], _holds(*held)).keys() == hosts


def test_a_file_that_no_resolver_knows_is_claimed_and_fails() -> None:
    head = _head("hoster.example", "https://hoster.example/1", kind=LinkKind.HOSTER)
    assert hosts_held([head], _holds("hoster.example")) == {}


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=6),
    st.sets(st.sampled_from("xyz")),
)
def test_the_hold_of_a_host_is_the_one_that_ends_first(heads: list[tuple[str, str]], held: set[str]) -> None:
    holds = _holds(*sorted(f"{name}.example" for name in held))
    found = hosts_held([_head(host, f"https://{name}.example/") for host, name in heads], holds)
    for host in {host for host, _ in heads}:
        leads_to = {f"{name}.example" for of, name in heads if of == host}
        if leads_to <= holds.keys():
            assert found[host].until == min(holds[group].until for group in leads_to)
        else:
            assert host not in found
