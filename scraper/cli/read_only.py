"""What earlier runs have learned of hosts, for a look that writes nothing down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.holds import HostHolds
from storage.robots import RobotsFiles

if TYPE_CHECKING:
    from storage.database import Database
    from storage.holds import Hold
    from storage.reasons import Reason
    from storage.robots import RobotsFile


class KnownHolds:
    """The holds of a database; new ones are forgotten with the look."""

    def __init__(self, database: Database) -> None:
        self._kept = HostHolds(database)

    async def active(self) -> list[Hold]:
        """Return the holds that are not over."""
        return await self._kept.active()

    async def save(self, group: str, *, until: float, reason: Reason) -> None:
        """Keep nothing."""


class KnownRobots:
    """The robots.txt files of a database; new ones are forgotten with the look."""

    def __init__(self, database: Database) -> None:
        self._kept = RobotsFiles(database)

    async def get(self, origin: str, *, max_age: float) -> RobotsFile | None:
        """Return what `origin` answered last, if that is at most `max_age` seconds ago."""
        return await self._kept.get(origin, max_age=max_age)

    async def save(self, origin: str, status: int, text: str) -> None:
        """Keep nothing."""
