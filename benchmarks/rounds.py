"""Ways to do the same work, side by side in one run: in turns, so that a busy machine is busy for all."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    Read: TypeAlias = "Callable[[str], Awaitable[object]]"

_WARM_UP = 2  # rounds: connections are made, caches filled, a careful gate has opened


@dataclass(slots=True)
class Timings:
    """What each round took per page, in seconds: on the clock, and of the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def pages_per_second(self) -> float:
        """The median over the rounds."""
        return 1 / statistics.median(self.wall)

    @property
    def processor_us(self) -> float:
        """Microseconds of processor time per page, the median over the rounds."""
        return statistics.median(self.processor) * 1e6

    def processor_us_over(self, peer: Timings) -> float:
        """Return the microseconds of processor time per page above `peer`'s, the median over the rounds."""
        pairs = zip(self.processor, peer.processor, strict=True)
        return statistics.median(ours - theirs for ours, theirs in pairs) * 1e6

    def ratio(self, peer: Timings) -> tuple[float, float, float]:
        """Return the time a page takes in times of `peer`'s in the same round: median, least, most."""
        rounds = [ours / theirs for ours, theirs in zip(self.wall, peer.wall, strict=True)]
        return statistics.median(rounds), min(rounds), max(rounds)


async def in_turns(
    ways: Mapping[str, Read], *, urls: Callable[[int], Sequence[str]], rounds: int, workers: int
) -> dict[str, Timings]:
    """Read as many `rounds` of pages with each of the `ways` in turn, `workers` at once.

    `urls` is called with a new number for each way and round: parsed addresses are cached, and a way that
    came after another with the same ones would seem faster than it is.
    """
    timings = {name: Timings() for name in ways}
    order = list(ways)
    numbers = itertools.count()
    for number in range(_WARM_UP + rounds):
        for name in order:
            pages = urls(next(numbers))
            wall, processor = await _timed(ways[name], pages, workers)
            if number >= _WARM_UP:
                timings[name].wall.append(wall / len(pages))
                timings[name].processor.append(processor / len(pages))
        order.append(order.pop(0))  # nobody always follows the same one
    return timings


async def _timed(read: Read, urls: Sequence[str], workers: int) -> tuple[float, float]:
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            await read(url)

    wall, processor = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
    return time.perf_counter() - wall, time.process_time() - processor
