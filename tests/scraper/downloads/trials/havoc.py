"""Workers that are killed and stopped at random moments, as a seed decides."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.scraper.downloads.trials.points import CLAIM, POINTS
from tests.scraper.downloads.trials.state import is_locked

if TYPE_CHECKING:
    from random import Random

    from tests.scraper.downloads.trials.nursery import Worker
    from tests.scraper.downloads.trials.shop import Shop
    from tests.scraper.downloads.trials.trial import Trial

TEAM = 4
"""Workers at a time."""
MOST_TURNS = 6
"""A download that sees eight workers vanish is given up: so many may."""

_STOPS = 0.25
_AT_POINTS = 0.5
_LONGEST_LIFE = 0.15
"""Seconds that a worker lives at most after the request that its moment counts from."""

_LONGEST_WAY = 0.5
"""Seconds that one lives at most that is to come by a point."""


@dataclass(slots=True)
class Toll:
    """What was done to workers; names of those that did not end by themselves."""

    kills: int = 0
    stops: int = 0
    killed: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)

    @property
    def interrupted(self) -> set[str]:
        """Return the names of all that lost what they held."""
        return self.killed | self.stopped


class Havoc:
    """Lets teams of workers work on a trial until one after the other meets its fate."""

    def __init__(self, trial: Trial, shop: Shop, rng: Random) -> None:
        self.toll = Toll()
        self._trial = trial
        self._shop = shop
        self._rng = rng
        self._sleepers: list[Worker] = []

    async def turn(self) -> None:
        """Let one team meet its fates, while what was stopped in the turn before goes on; then leases run out."""
        awakened, self._sleepers = self._sleepers, []
        team = [await self._begin() for _ in range(TEAM)]
        for worker in awakened:
            worker.signal(signal.SIGCONT)
        await asyncio.gather(*team, *(self._end(worker, signal.SIGKILL) for worker in awakened))
        self._trial.let_leases_run_out()

    async def rest(self) -> None:
        """Let what still lies stopped go on while others have its downloads, and end it."""
        for worker in self._sleepers:
            worker.signal(signal.SIGCONT)
        await asyncio.gather(*(self._end(worker, signal.SIGKILL) for worker in self._sleepers))

    async def _begin(self) -> asyncio.Task[None]:
        number = signal.SIGSTOP if self._rng.random() < _STOPS else signal.SIGKILL
        if self._rng.random() < _AT_POINTS:
            worker = await self._trial.start(point=self._point(number))
            return asyncio.create_task(self._meet_at_point(worker, number))
        return asyncio.create_task(self._end(await self._trial.start(), number))

    def _point(self, number: int) -> dict[str, Any]:
        at = self._rng.choice(POINTS)
        nth = self._rng.randint(1, 3 if at == CLAIM else 8)
        return {"at": at, "when": self._rng.choice(["before", "after"]), "nth": nth, "signal": number}

    async def _end(self, worker: Worker, number: signal.Signals) -> None:
        """Send `worker` the signal at some moment."""
        requests = self._shop.asked.total() + self._rng.randint(0, 10)
        life = self._rng.uniform(0, _LONGEST_LIFE)
        waits = {asyncio.create_task(worker.ended()), asyncio.create_task(self._shop.asked_for(requests))}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=_LONGEST_WAY)
        await asyncio.wait([asyncio.create_task(worker.ended())], timeout=life)
        for wait in waits:
            wait.cancel()
        worker.signal(number)
        await self._meet(worker)

    async def _meet_at_point(self, worker: Worker, number: signal.Signals) -> None:
        """Wait until `worker` comes by its point, or as long as it may live."""
        await asyncio.wait([asyncio.create_task(worker.quiet())], timeout=_LONGEST_WAY)
        worker.signal(number)
        await self._meet(worker)

    async def _meet(self, worker: Worker) -> None:
        await worker.quiet()
        while worker.is_stopped and await asyncio.to_thread(is_locked, self._trial.database):
            # Stopped in the middle of a transaction: SQLite lets nobody else write then, so nobody takes over.
            worker.signal(signal.SIGCONT)
            await asyncio.wait(
                [asyncio.create_task(worker.quiet())], timeout=self._rng.uniform(0, _LONGEST_LIFE)
            )
            worker.signal(signal.SIGSTOP)
            await worker.quiet()
        if worker.is_stopped:
            self.toll.stops += 1
            self.toll.stopped.add(worker.name)
            self._sleepers.append(worker)
        else:
            assert await worker.ended() in {0, signal.SIGKILL}
            self.toll.kills += worker.killed
            if worker.killed:
                self.toll.killed.add(worker.name)
