"""The writer: batches in order, nothing lost, nobody waits for ever."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from scraper.store import BATCH, StoreStage
from storage.errors import StorageError
from storage.records import Post, ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


@dataclass
class Counts:
    new: int = 0
    queued: int = 0


@dataclass
class Keeper:
    """Keeps batches; `gate` holds each save until it is set, `error` is raised by the save number `at`."""

    error: Exception | None = None
    at: int = 0
    gate: asyncio.Event | None = None
    batches: list[list[str]] = field(default_factory=list)
    started: int = 0

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        self.started += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None and self.started > self.at:
            raise self.error
        self.batches.append([read.post.key for read in batch])
        return Saved(new=len(batch), queued=2 * len(batch))

    @property
    def kept(self) -> list[str]:
        return [key for batch in self.batches for key in batch]


def read(number: int) -> ReadPost:
    return ReadPost(post=Post(url=f"u{number}", key=f"k{number}", blog="b", title=""))


async def test_everything_put_is_stored_in_order_and_counted() -> None:
    keeper, counts = Keeper(), Counts()
    async with asyncio.timeout(60), StoreStage(keeper, counts) as stage:
        for number in range(300):
            await stage.put(read(number))
    assert keeper.kept == [f"k{number}" for number in range(300)]
    assert max(map(len, keeper.batches)) <= BATCH
    assert (counts.new, counts.queued) == (300, 600)


async def test_flushed_comes_back_once_everything_put_before_is_stored() -> None:
    keeper = Keeper()
    async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
        for number in range(100):
            await stage.put(read(number))
        await stage.flushed()
        assert len(keeper.kept) == 100


async def test_no_more_than_two_batches_are_held_while_storage_is_slow() -> None:
    keeper = Keeper(gate=asyncio.Event())
    put = 0

    async def fill(stage: StoreStage) -> None:
        nonlocal put
        for number in range(1000):
            await stage.put(read(number))
            put = number + 1

    async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
        filling = asyncio.create_task(fill(stage))
        for _ in range(500):
            await asyncio.sleep(0)
        assert put <= 2 * BATCH
        assert keeper.gate is not None
        keeper.gate.set()
        await filling
    assert len(keeper.kept) == 1000


@pytest.mark.parametrize(
    "error",
    [StorageError("the disk is full"), RuntimeError("a bug")],
    ids=["a known error", "an unknown error"],
)
async def test_an_error_of_storage_reaches_all_who_put_and_wait_and_nobody_hangs(error: Exception) -> None:
    keeper = Keeper(error=error, at=1)
    raised: list[BaseException] = []

    async def work(stage: StoreStage, start: int) -> None:
        try:
            for number in range(start, start + 500):
                await stage.put(read(number))
            await stage.flushed()
        except type(error) as caught:
            raised.append(caught)

    with pytest.raises(type(error)):
        async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
            await asyncio.gather(*(work(stage, 1000 * worker) for worker in range(5)))
    assert raised == [error] * 5
    assert len(keeper.batches) == 1


async def test_an_error_on_the_last_batch_is_raised_on_leaving() -> None:
    with pytest.raises(StorageError):
        async with asyncio.timeout(60), StoreStage(Keeper(error=StorageError("full")), Counts()) as stage:
            await stage.put(read(1))


async def test_the_error_of_the_body_goes_before_that_of_storage() -> None:
    async def body() -> None:
        async with asyncio.timeout(60), StoreStage(Keeper(error=StorageError("full")), Counts()) as stage:
            await stage.put(read(1))
            raise KeyError

    with pytest.raises(KeyError):
        await body()


async def test_flushed_after_an_error_raises_it() -> None:
    async with asyncio.timeout(60):
        stage = StoreStage(Keeper(error=StorageError("full")), Counts())
        await stage.__aenter__()
        await stage.put(read(1))
        with pytest.raises(StorageError):
            await stage.flushed()
        with pytest.raises(StorageError):
            await stage.__aexit__(None, None, None)


@pytest.mark.parametrize("cancels", [1, 2, 5], ids=["once", "twice", "again and again"])
async def test_on_cancellation_what_was_put_is_stored_before_the_error_goes_on(cancels: int) -> None:
    keeper = Keeper(gate=asyncio.Event())

    async def work() -> None:
        async with StoreStage(keeper, Counts()) as stage:
            for number in range(BATCH + 20):
                await stage.put(read(number))
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    for _ in range(50):
        await asyncio.sleep(0)
    for _ in range(cancels):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done()
    assert keeper.gate is not None
    keeper.gate.set()
    async with asyncio.timeout(60):
        await asyncio.wait({task})
    assert task.cancelled()
    assert len(keeper.kept) == BATCH + 20


async def test_somebody_cancelled_while_waiting_for_a_flush_leaves_the_writer_alive() -> None:
    keeper = Keeper(gate=asyncio.Event())
    async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
        await stage.put(read(1))
        waiting = asyncio.create_task(stage.flushed())
        for _ in range(5):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert keeper.gate is not None
        keeper.gate.set()
        await stage.put(read(2))
        await stage.flushed()
        assert keeper.kept == ["k1", "k2"]


@dataclass
class Acts:
    """Acts for `then`: each notes its name and how many posts were kept when it was done."""

    keeper: Keeper
    done: list[tuple[str, int]] = field(default_factory=list)
    error: Exception | None = None

    def named(self, name: str) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            if self.error is not None:
                raise self.error
            self.done.append((name, len(self.keeper.kept)))

        return act


async def test_what_is_to_be_done_then_is_done_once_all_that_was_put_before_is_stored() -> None:
    keeper = Keeper()
    acts = Acts(keeper)
    async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
        for number in range(3 * BATCH):
            await stage.put(read(number))
            if number % 50 == 49:
                stage.then(acts.named(str(number + 1)))
        await stage.flushed()
        assert [name for name, _ in acts.done] == ["50", "100", "150"]
    assert all(kept >= int(name) for name, kept in acts.done)


async def test_what_is_to_be_done_then_is_done_where_nothing_was_put() -> None:
    keeper = Keeper()
    acts = Acts(keeper)
    async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
        stage.then(acts.named("at once"))
        await stage.flushed()
        assert acts.done == [("at once", 0)]
        stage.then(acts.named("at the end"))
    assert acts.done == [("at once", 0), ("at the end", 0)]
    assert keeper.batches == []


async def test_what_is_to_be_done_then_is_never_done_where_storing_failed() -> None:
    keeper = Keeper(error=StorageError("the disk is full"), at=1)
    acts = Acts(keeper)

    async def work() -> None:
        async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
            await stage.put(read(1))
            stage.then(acts.named("stored"))
            with suppress(StorageError):
                await stage.flushed()
                await stage.put(read(2))
                stage.then(acts.named("not stored"))
                await stage.flushed()
            stage.then(acts.named("later"))

    with pytest.raises(StorageError):
        await work()
    assert acts.done == [("stored", 1)]


async def test_what_goes_wrong_then_reaches_whoever_waits() -> None:
    keeper = Keeper()
    acts = Acts(keeper, error=StorageError("locked"))

    async def work() -> None:
        async with asyncio.timeout(60), StoreStage(keeper, Counts()) as stage:
            await stage.put(read(1))
            stage.then(acts.named("one"))
            await stage.flushed()

    with pytest.raises(StorageError, match=r"(?i)locked"):
        await work()


async def test_on_cancellation_what_is_to_be_done_then_is_done_after_what_was_put_before() -> None:
    keeper = Keeper(gate=asyncio.Event())
    acts = Acts(keeper)

    async def work() -> None:
        async with StoreStage(keeper, Counts()) as stage:
            for number in range(BATCH + 20):
                await stage.put(read(number))
            stage.then(acts.named("all"))
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    for _ in range(50):
        await asyncio.sleep(0)
    task.cancel()
    assert keeper.gate is not None
    keeper.gate.set()
    async with asyncio.timeout(60):
        await asyncio.wait({task})
    assert acts.done == [("all", BATCH + 20)]
