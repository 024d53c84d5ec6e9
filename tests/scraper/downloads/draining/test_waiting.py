"""What hosts that wait, rest or are to be left alone mean to a drain, and to the other hosts."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from yarl import URL

from scraper.downloads.content.examiner import Examiner
from scraper.downloads.content.verdict import Content
from scraper.downloads.draining.drain import Drain
from scraper.downloads.draining.failing import UNSAID_WAIT
from scraper.downloads.settings import DrainSettings
from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError
from scraper.http.politeness.hosts import host_of
from storage.holds import HostHolds
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import DownloadState, LinkKind, Post, ReadPost, Selection, WantedDownload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    import aiohttp

    from storage.database import Database
    from storage.holds import Hold
    from storage.records import Download
    from tests.scraper.downloads.conftest import Crate

    MakeDrain = Callable[..., Drain]


class Hooked:
    """A client that runs `before` each request: it may wait there, as at the gate, or raise."""

    def __init__(self, client: Client, before: Callable[[str], Awaitable[None]]) -> None:
        self.limits = client.limits
        self.asked: list[str] = []
        self._client = client
        self._before = before

    @asynccontextmanager
    async def stream(self, url: str, **how: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        self.asked.append(url)
        await self._before(url)
        async with self._client.stream(url, **how) as response:
            yield response

    async def heed_holds(self) -> Sequence[Hold]:
        return await self._client.heed_holds()


class CountingQueue(Queue):
    """A queue that counts what was handed out."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.claimed: Counter[str] = Counter()
        self.claims = 0

    async def claim(self, **how: Any) -> list[Download]:
        self.claims += 1
        claimed = await super().claim(**how)
        self.claimed.update(download.host for download in claimed)
        return claimed


@pytest.fixture
def counting(database: Database) -> CountingQueue:
    return CountingQueue(database)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what waits be seen to wait soon."""
    monkeypatch.setattr("scraper.downloads.draining.room.PATIENCE", 0.01)


@pytest.fixture
def drain(counting: CountingQueue, once: Client, folder: Crate) -> MakeDrain:
    def make(**changed: Any) -> Drain:
        given: dict[str, Any] = {
            "queue": counting, "client": once, "folder": folder.path, "concurrency": 8, "settings": DrainSettings(max_bytes=10**8),
        }  # fmt: skip
        return Drain(**(given | changed))

    return make


async def _enqueue(database: Database, url: str, host: str, count: int) -> None:
    wanted = tuple(
        WantedDownload(key=f"{host}{n}", url=f"{url}/{host}/{n}", host=host, kind=LinkKind.DIRECT)
        for n in range(count)
    )
    post = Post(url=f"https://b.example/{host}", key=host, blog="https://b.example/", title=host)
    await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=wanted)])


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)


def _left_alone(url: str, **more: Any) -> FetchError:
    given: dict[str, Any] = {"retry_after": 3600.0, "detail": "left alone", "asked": False}
    return FetchError(Reason.RATE_LIMITED, url, **(given | more))


@pytest.mark.parametrize("concurrency", [1, 2, 8, 20])
async def test_hosts_that_wait_a_minute_between_files_keep_no_other_host_waiting(
    *, serve: Any, music: Any, database: Database, counting: CountingQueue, once: Client, drain: MakeDrain,
    concurrency: int,
) -> None:  # fmt: skip
    minute_over = asyncio.Event()

    async def stand_in_line(url: str) -> None:
        if "/slow" in url:
            await minute_over.wait()

    async with serve(music) as url:
        for number in range(3):
            await _enqueue(database, url, f"slow{number}", 50)
        await _enqueue(database, url, "fast", 20)
        drained = drain(client=Hooked(once, stand_in_line), concurrency=concurrency)
        task = asyncio.create_task(drained.run())
        await _until(lambda: drained.counts.done == 20)
        slow = [counting.claimed[f"slow{number}"] for number in range(3)]
        assert max(slow) <= 5, "no more than a share of each is kept from other processes"
        assert min(slow) >= 1
        minute_over.set()
        counts = await task
    assert (counts.done, counts.put_back) == (170, 0)


@pytest.mark.parametrize("slow_by", ["Crawl-delay", "Retry-After"])
@pytest.mark.parametrize("concurrency", [1, 8])
async def test_hosts_that_ask_for_patience_keep_no_other_host_waiting(
    *, serve: Any, music: Any, database: Database, counting: CountingQueue, drain: MakeDrain,
    slow_by: str, concurrency: int,
) -> None:  # fmt: skip
    async def patience(request: web.BaseRequest) -> web.StreamResponse:
        if slow_by == "Retry-After" and request.path != "/robots.txt":
            return web.Response(status=503, headers={"Retry-After": "25"})
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nCrawl-delay: 60")
        return await music(request)  # type: ignore[no-any-return]

    limits = Limits(concurrency=concurrency, per_host=5, read_timeout=60)
    async with AsyncExitStack() as stack:
        for number in range(3):
            url = await stack.enter_async_context(serve(patience))
            await _enqueue(database, url, f"slow{number}", 50)
        await _enqueue(database, await stack.enter_async_context(serve(music)), "fast", 20)
        client = await stack.enter_async_context(Client(allow_private=True, limits=limits))
        drained = drain(client=client, concurrency=concurrency)
        task = asyncio.create_task(drained.run())
        done = [DownloadState.DONE]
        async with asyncio.timeout(50):  # less than the Crawl-delay
            while len(await counting.list(Selection(states=done, host="fast"))) < 20:
                assert not task.done()
                await asyncio.wait([task], timeout=0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    for number in range(3):
        assert len(await counting.list(Selection(states=done, host=f"slow{number}"))) <= 1
    assert (await counting.counts())[DownloadState.RUNNING] == 0


async def test_a_host_has_its_full_share_while_others_wait(
    *, serve: Any, wav: Any, database: Database, once: Client, drain: MakeDrain
) -> None:
    abreast, minute_over = asyncio.Barrier(5), asyncio.Event()

    async def stand_in_line(url: str) -> None:
        if "/slow" in url:
            await minute_over.wait()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        """Begin, so that it moves, and end when five are on their way."""
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        await response.prepare(request)
        await response.write(wav(request.path)[:2048])
        await abreast.wait()
        await response.write(wav(request.path)[2048:])
        return response

    async with serve(answer) as url:
        for number in range(3):
            await _enqueue(database, url, f"slow{number}", 50)
        await _enqueue(database, url, "fast", 20)
        drained = drain(client=Hooked(once, stand_in_line))
        task = asyncio.create_task(drained.run())
        await _until(lambda: drained.counts.done == 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert drained.counts.running == {}


async def test_a_download_that_sleeps_before_another_try_keeps_nothing_but_its_claim(
    *, serve: Any, music: Any, database: Database, drain: MakeDrain, folder: Crate
) -> None:
    asleep: list[float] = []
    awake = asyncio.Event()

    async def sleep(seconds: float) -> None:
        asleep.append(seconds)
        await awake.wait()

    tired = 2

    async def begins_and_breaks_off(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal tired
        if not tired:
            return await music(request)  # type: ignore[no-any-return]
        tired -= 1
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        await response.prepare(request)
        await response.write(b"RIFF")
        assert request.transport is not None
        request.transport.close()
        return response

    limits = Limits(concurrency=1, per_host=1, attempts=3, read_timeout=60)
    async with (
        serve(begins_and_breaks_off) as slow,
        serve(music) as fast,
        Client(allow_private=True, obey_robots=False, limits=limits) as client,
    ):
        await _enqueue(database, slow, "slow0", 1)
        await _enqueue(database, slow, "slow1", 1)
        await _enqueue(database, fast, "fast", 5)
        drained = drain(client=client, concurrency=1, sleep=sleep)
        task = asyncio.create_task(drained.run())
        await _until(lambda: drained.counts.done == 5)
        assert (len(asleep), len(drained.counts.running)) == (2, 2)
        assert list(folder.incomplete.iterdir()) == []
        awake.set()
        counts = await task
    assert (counts.done, counts.put_back) == (7, 0)


async def test_no_more_are_verified_at_once_than_twice_as_many_as_asked_for(
    *, serve: Any, music: Any, database: Database, once: Client, drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    at_once, most, go_on = 0, 0, asyncio.Event()

    async def slowly(*_: object, **__: object) -> Content:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await go_on.wait()
        at_once -= 1
        return Content(extension="wav")

    in_line, gate_opens = 0, asyncio.Event()

    async def stand_in_line(_: str) -> None:
        nonlocal in_line
        in_line += 1
        await gate_opens.wait()

    monkeypatch.setattr(Examiner, "examine", slowly)
    async with serve(music) as url:
        for host in "abcdef":
            await _enqueue(database, url, host, 1)
        drained = drain(client=Hooked(once, stand_in_line), concurrency=2)
        task = asyncio.create_task(drained.run())
        await _until(lambda: in_line == 6)
        gate_opens.set()
        await _until(lambda: drained.counts.bytes == 6 * 4096 and at_once == 4)
        go_on.set()
        assert (await task).done == 6
    assert most == 4


async def test_no_more_are_under_way_than_asked_for_and_no_more_than_twice_as_many_are_finished_meanwhile(
    *, serve: Any, music: Any, database: Database, once: Client, drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What a kill makes the next run fetch again is bounded by it."""
    monkeypatch.setattr("scraper.downloads.draining.room.PATIENCE", 20.0)
    go_on = asyncio.Event()

    async def slowly(*_: object, **__: object) -> Content:
        await go_on.wait()
        return Content(extension="wav")

    async def at_once(_: str) -> None:
        assert len(hooked.asked) - drained.counts.done <= 3 + 2 * 3

    monkeypatch.setattr(Examiner, "examine", slowly)
    async with serve(music) as url:
        for host in "abcdefgh":
            await _enqueue(database, url, host, 2)
        hooked = Hooked(once, at_once)
        drained = drain(client=hooked, concurrency=3)
        task = asyncio.create_task(drained.run())
        await _until(lambda: drained.counts.bytes >= 2 * 3 * 4096)
        for _ in range(1000):
            await asyncio.sleep(0)
        assert 2 * 3 <= len(hooked.asked) <= 3 + 2 * 3
        go_on.set()
        assert (await task).done == 16


async def test_a_host_that_asks_for_an_hour_is_left_alone_at_little_cost(
    *, serve: Any, database: Database, counting: CountingQueue, once: Client, drain: MakeDrain
) -> None:
    asked, begun = 0, database.now()

    async def patience(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.Response(status=429, headers={"Retry-After": "3600"})

    async with serve(patience) as url:
        await _enqueue(database, url, "b.example", 40)
        first = await drain().run()
        before = asked
        second = await drain().run()
    assert before == asked <= 5, "only those that were on their way when the host said so"
    assert counting.claims <= 6, "what is left is not claimed one by one"
    assert 0 < second.put_back <= 5
    (left,) = first.left_alone.values()
    assert (left.downloads, left.reason) == (first.put_back, Reason.RATE_LIMITED)
    assert left.until == pytest.approx(database.now() + 3600, abs=20)
    waiting = await counting.list(Selection(states=[DownloadState.WAITING]), limit=100)
    assert len(waiting) == 40
    assert sum(row.attempts for row in waiting) == asked, "what was not asked for keeps its tries"
    for row in waiting:
        assert row.reason is None or row.due > begun + 3599, "nobody comes back before the hour is over"
        assert row.due >= begun + 3600 or not row.attempts


async def test_what_is_put_off_is_due_when_the_host_may_be_asked_and_is_not_counted_as_tried(
    *, serve: Any, music: Any, database: Database, counting: CountingQueue, once: Client, drain: MakeDrain
) -> None:
    async def refuse(url: str) -> None:
        if "/held" in url:
            raise _left_alone(url)

    async with serve(music) as url, serve(music) as held:
        await _enqueue(database, held, "held", 30)
        await _enqueue(database, url, "fast", 10)
        counts = await drain(client=Hooked(once, refuse)).run(most=3)
    assert (counts.done, counts.failed) == (3, {})
    assert counts.later == {Reason.RATE_LIMITED: counting.claimed["held"]}
    assert counting.claimed["held"] <= 5
    put_off = await counting.list(Selection(reason=Reason.RATE_LIMITED))
    assert {row.attempts for row in put_off} == {0}
    assert all(row.due == pytest.approx(row.updated + 3600, abs=60) for row in put_off)


async def test_a_redirect_to_a_host_that_is_left_alone_leaves_the_other_files_of_the_first(
    *, serve: Any, music: Any, database: Database, once: Client, drain: MakeDrain
) -> None:
    async def refuse_odd(url: str) -> None:
        if int(url[-1]) % 2:
            raise _left_alone("https://node1.cdn.example/file")

    async with serve(music) as url:
        await _enqueue(database, url, "hoster", 10)
        counts = await drain(client=Hooked(once, refuse_odd)).run(most=10)
    assert (counts.done, counts.put_back) == (5, 5)
    assert [(host, left.downloads) for host, left in counts.left_alone.items()] == [("node1.cdn.example", 5)]


@pytest.mark.parametrize(
    ("reason", "later", "failed"),
    [(Reason.ROBOTS_UNREACHABLE, 1, 0), (Reason.TLS, 0, 1)],
    ids=["may pass", "stays"],
)
async def test_a_failure_remembered_of_the_host_costs_a_try_only_if_it_stays(
    *, serve: Any, music: Any, database: Database, counting: CountingQueue, once: Client, drain: MakeDrain,
    reason: Reason, later: int, failed: int,
) -> None:  # fmt: skip
    async def remember(url: str) -> None:
        raise FetchError(reason, url, asked=False)

    async with serve(music) as url:
        await _enqueue(database, url, "b.example", 1)
        counts = await drain(client=Hooked(once, remember)).run()
    assert (counts.later[reason], counts.failed[reason]) == (later, failed)
    (row,) = await counting.list()
    assert row.attempts == failed
    assert not later or row.due == pytest.approx(row.updated + UNSAID_WAIT, abs=60)


async def test_a_host_is_asked_again_in_the_same_run_when_its_time_has_come(
    *, serve: Any, music: Any, database: Database, once: Client, drain: MakeDrain
) -> None:
    refused, hour_over = 0, asyncio.Event()

    async def refuse_at_first(url: str) -> None:
        nonlocal refused
        if "/slow" in url:
            await hour_over.wait()
        elif refused < 5:
            refused += 1
            raise _left_alone(url, retry_after=0.05)

    async with serve(music) as url:
        await _enqueue(database, url, "slow", 1)
        await _enqueue(database, url, "b.example", 10)
        drained = drain(client=Hooked(once, refuse_at_first))
        task = asyncio.create_task(drained.run())
        await _until(lambda: drained.counts.done >= 5)
        hour_over.set()
        await task
    assert drained.counts.done >= 6


async def test_what_another_process_was_asked_for_is_heeded_with_the_next_heartbeat(
    *, serve: Any, music: Any, database: Database, counting: CountingQueue, folder: Crate
) -> None:  # 25
    asked: list[str] = []
    is_told, let_go = False, asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        if request.path.endswith("/0"):
            await let_go.wait()
        return await music(request)  # type: ignore[no-any-return]

    class Watched(Client):
        async def heed_holds(self) -> Sequence[Hold]:
            told = is_told
            holds = await super().heed_holds()
            if told:
                let_go.set()
            return holds

    limits = Limits(per_host=1, attempts=1)
    async with (
        serve(answer) as url,
        Watched(
            allow_private=True, obey_robots=False, limits=limits, hold_store=HostHolds(database)
        ) as client,
    ):
        await _enqueue(database, url, "a", 5)
        drain = Drain(
            queue=counting, client=client, folder=folder.path, concurrency=1, lease=0.6,
            settings=DrainSettings(max_bytes=10**8),
        )  # fmt: skip
        task = asyncio.create_task(drain.run())
        await _until(lambda: bool(asked))
        until = time.time() + 600
        group = host_of(URL(url)).group
        await HostHolds(database).save(group, until=until, reason=Reason.RATE_LIMITED)
        is_told = True
        counts = await asyncio.wait_for(task, 120)
    assert asked == ["/a/0"]
    assert counts.done == 1
    assert counts.put_back <= 1, "the others are not even claimed"
    assert counts.left_alone[group].downloads == 4
