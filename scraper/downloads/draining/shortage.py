"""Waiting for room on a full disk: nothing is begun meanwhile, and no download loses a try."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.downloads.draining.disk import Volume
    from scraper.downloads.errors import VolumeError

_log = logging.getLogger(__name__)

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at the disk."""
TRY_AFTER: Final = 30.0
"""Seconds after which a file is tried all the same: a quota shows in no figure but in what it refuses."""


class Shortage:
    """What a drain knows about a disk that took no more. `clock` tells seconds; `patience` is in seconds.

    The patience is for one shortage, from its first error until a file is finished again.
    """

    def __init__(
        self,
        *,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.error: VolumeError | None = None
        """What is waited for, if anything."""
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._room = 0
        self._since: float | None = None

    def began(self, error: VolumeError, volume: Volume) -> None:
        """Note that the disk took no more. Raises `error` where it is something else, or none is to wait."""
        if error.reason is not Reason.DISK_FULL or self._patience <= 0:
            raise error
        if self.error is None:
            self.error, self._room = error, max(0, volume.room())
        if self._since is None:
            self._since = self._clock()
            _log.warning("%s Waiting for room, %.0f seconds at most.", error, self._patience)

    def over(self) -> None:
        """Note that a file was finished: the next shortage has all patience again."""
        if self.error is None:
            self._since = None

    async def wait(self, volume: Volume) -> None:
        """Return when there is more room, or when only a try can tell.

        Raises what the disk said when patience is at its end.
        """
        error, try_at = self.error, self._clock() + TRY_AFTER
        while (
            error is not None and self._clock() < try_at and (volume.room() <= self._room or volume.is_low())
        ):
            if self._since is not None and self._clock() - self._since >= self._patience:
                raise error
            await self._sleep(LOOK_EVERY)
        self.error = None
