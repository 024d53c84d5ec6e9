"""Alarms that call back at a moment of a clock: one a key, set only where somebody waits for time to pass."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

Key = TypeVar("Key", bound="Hashable")


class Alarms(Generic[Key]):
    """Calls `ring` with a key once `clock` shows the key's moment, never earlier; `sleep` passes the time."""

    def __init__(
        self,
        ring: Callable[[Key], None],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._ring = ring
        self._clock = clock
        self._sleep = sleep
        self._set: dict[Key, tuple[float, asyncio.Task[None]]] = {}
        self._closed = False

    def set(self, key: Key, moment: float) -> None:
        """Ring for `key` at `moment`, or earlier if its alarm is already set for earlier."""
        if self._closed:
            return
        if key in self._set:
            set_for, task = self._set[key]
            if set_for <= moment:
                return
            task.cancel()
        self._set[key] = moment, asyncio.create_task(self._wait(key, moment))

    async def close(self) -> None:
        """Cancel all that are set; none is set any more."""
        self._closed = True
        tasks = [task for _, task in self._set.values()]
        self._set.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, key: Key, moment: float) -> None:
        while (left := moment - self._clock()) > 0:
            await self._sleep(left)
        del self._set[key]
        self._ring(key)
