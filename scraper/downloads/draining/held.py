"""Hosts that servers asked to leave alone: nothing of them is claimed, what waits for them is counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.resolvers import file_address
from scraper.http.politeness.hosts import host_of
from scraper.http.retry import MAX_PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scraper.downloads.draining.counts import DrainCounts
    from scraper.downloads.draining.room import Room
    from scraper.http.client import Client
    from storage.holds import Hold
    from storage.queue import Queue
    from storage.records import Download

MOST_HEADS: Final = 5000
"""Hosts of the queue that are looked at; of those behind them a few downloads are claimed and put off."""


class HeldHosts:
    """Tells the room of a drain which hosts to claim nothing of, because of holds longer than a run waits.

    `clock` tells POSIX seconds UTC.
    """

    def __init__(
        self, *, queue: Queue, client: Client, counts: DrainCounts, room: Room, clock: Callable[[], float]
    ) -> None:
        self._queue = queue
        self._client = client
        self._counts = counts
        self._room = room
        self._clock = clock
        self._holds: dict[str, Hold] = {}
        self._hosts: dict[str, Hold] = {}

    async def look(self) -> None:
        """Heed what this and other processes were asked for since the last look."""
        now = self._clock()
        holds = {
            hold.group: hold
            for hold in await self._client.heed_holds()
            if hold.until - now > MAX_PATIENCE
        }  # fmt: skip
        if holds == self._holds:
            return
        self._holds = holds
        self._hosts = hosts_held(await self._queue.heads(MOST_HEADS), holds) if holds else {}
        for host, hold in self._hosts.items():
            self._room.leave_alone(host, hold.until - now)

    async def count(self) -> None:
        """Look once more, and count what waits for hosts that are left alone."""
        await self.look()
        if not self._hosts:
            return
        waiting: Counter[str] = Counter()
        for one in await self._queue.waiting_by_host(MOST_HEADS):
            if (hold := self._hosts.get(one.host)) is not None:
                waiting[hold.group] += one.waiting
        for group, number in waiting.items():
            self._counts.hold_back(self._holds[group], number)


def hosts_held(heads: Iterable[Download], holds: Mapping[str, Hold]) -> dict[str, Hold]:
    """Return the hosts whose `heads` all lead to groups in `holds`, each with the hold that ends first. Pure.

    What a redirect leads to is seen by nobody before it is asked for.
    """
    found: dict[str, Hold | None] = {}
    for head in heads:
        hold = holds.get(_group_of(head))
        known = found.setdefault(head.host, hold)
        if hold is None or known is None:
            found[head.host] = None
        elif hold.until < known.until:
            found[head.host] = hold
    return {host: hold for host, hold in found.items() if hold is not None}


def group_at(url: str) -> str:
    """Return the name of the group of hosts that an absolute address belongs to. Raises `ValueError`."""
    return host_of(URL(url, encoded=url.isascii())).group


def _group_of(download: Download) -> str:
    try:
        return group_at(file_address(download))
    except (DownloadError, ValueError):
        return ""  # claimed, it fails at once
