"""What a drain would fetch, how much, from where, and what it would pass over and why; nothing is fetched."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.resolvers import file_address
from scraper.http.errors import FetchError
from scraper.http.politeness.hosts import host_of
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from storage.holds import Hold
    from storage.records import Download, Pause

MOST_ASKED: Final = 200
"""Files whose size is asked for."""
SECONDS_ASKED: Final = 10.0
"""Seconds for all of these questions."""

# Answers to a HEAD that say nothing of the file: the server may know only GET, or be busy just now.
_OF_THE_FILE: Final = frozenset({Reason.ROBOTS, Reason.NOT_FOUND, Reason.GONE, Reason.BLOCKED_ADDRESS})


class Why(StrEnum):
    """Why a download would be passed over now, beside the reasons of failures."""

    QUEUE_PAUSED = "queue-paused"
    HOST_PAUSED = "host-paused"
    NOT_DUE = "not-due"
    LEFT_ALONE = "left-alone"
    BEYOND_MAX = "beyond-max"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file that would be asked for at `address`; `size` in bytes, None where nobody has said it yet."""

    download: Download
    address: str
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A download that would be passed over, and until when (POSIX seconds UTC) where that is known.

    With a `Reason` it would be tried and fail.
    """

    download: Download
    why: Why | Reason
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a drain would do with the downloads that wait."""

    files: tuple[PlannedFile, ...]
    skipped: tuple[Skipped, ...]

    @property
    def known_bytes(self) -> int:
        """The bytes of the files whose size is known."""
        return sum(file.size for file in self.files if file.size is not None)

    @property
    def unknown(self) -> int:
        """How many files are of unknown size."""
        return sum(file.size is None for file in self.files)


def in_order(waiting: Iterable[Download]) -> list[Download]:
    """Return `waiting` as a drain would claim them: by priority, then the hosts in turn. Pure."""
    before: Counter[tuple[int, str]] = Counter()
    ranked: list[tuple[int, int, str, Download]] = []
    for download in sorted(waiting, key=lambda one: (one.due, one.id)):
        turn = (download.priority, download.host)
        ranked.append((download.priority, before[turn], download.host, download))
        before[turn] += 1
    return [download for *_, download in sorted(ranked, key=lambda one: one[:3])]


def draw_up(
    waiting: Iterable[Download],
    *,
    pauses: Sequence[Pause],
    holds: Sequence[Hold],
    now: float,
    max_bytes: int,
    most: int | None = None,
) -> Plan:
    """Return what would become of `waiting`, in their order, at `now` (POSIX seconds UTC). Pure."""
    paused = {pause.host: pause for pause in pauses if pause.until is None or pause.until > now}
    left_alone = {hold.group: hold for hold in holds if hold.until > now}
    files: list[PlannedFile] = []
    skipped: list[Skipped] = []
    tries = 0
    for download in waiting:
        found = _halted(download, paused, now=now) or _looked_at(download, left_alone, max_bytes=max_bytes)
        if isinstance(found, PlannedFile) or isinstance(found.why, Reason):
            tries += 1  # what fails without a request is a try as well
            if most is not None and tries > most:
                found = Skipped(download=download, why=Why.BEYOND_MAX)
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            files.append(found)
    return Plan(files=tuple(files), skipped=tuple(skipped))


def _halted(download: Download, paused: Mapping[str | None, Pause], *, now: float) -> Skipped | None:
    for host, why in ((None, Why.QUEUE_PAUSED), (download.host, Why.HOST_PAUSED)):
        if (pause := paused.get(host)) is not None:
            return Skipped(download=download, why=why, until=pause.until)
    if download.due > now:
        return Skipped(download=download, why=Why.NOT_DUE, until=download.due)
    return None


def _looked_at(
    download: Download, left_alone: Mapping[str, Hold], *, max_bytes: int
) -> PlannedFile | Skipped:
    try:
        address = file_address(download)
        group = host_of(URL(address, encoded=address.isascii())).group
    except DownloadError as error:
        return Skipped(download=download, why=error.reason)
    except ValueError:
        return Skipped(download=download, why=Reason.URL_INVALID)
    if (hold := left_alone.get(group)) is not None:
        return Skipped(download=download, why=Why.LEFT_ALONE, until=hold.until)
    if download.size is not None and download.size > max_bytes:
        return Skipped(download=download, why=Reason.TOO_LARGE)
    return PlannedFile(download=download, address=address, size=download.size)


async def with_sizes(
    plan: Plan,
    size_of: Callable[[str], Awaitable[int | None]],
    *,
    max_bytes: int,
    most: int = MOST_ASKED,
    seconds: float = SECONDS_ASKED,
) -> Plan:
    """Return `plan` with the sizes that servers announce within `seconds`, asked for at most `most` files.

    `size_of` asks for one address and raises `FetchError`. What is gone, forbidden by robots.txt or too
    large is passed over then; what could not be asked stays, of unknown size.
    """
    asked = [file for file in plan.files if file.size is None][:most]
    found = await _ask(asked, size_of, seconds=seconds)
    files: list[PlannedFile] = []
    skipped: list[Skipped] = []
    for file in plan.files:
        said = found.get(file.download.id)
        if isinstance(said, int) and said > max_bytes:
            said = Reason.TOO_LARGE
        if isinstance(said, Reason):
            skipped.append(Skipped(download=file.download, why=said))
        else:
            files.append(file if said is None else replace(file, size=said))
    return Plan(files=tuple(files), skipped=(*plan.skipped, *skipped))


async def _ask(
    files: Sequence[PlannedFile], size_of: Callable[[str], Awaitable[int | None]], *, seconds: float
) -> dict[int, int | Reason]:
    found: dict[int, int | Reason] = {}

    async def ask(file: PlannedFile) -> None:
        try:
            size = await size_of(file.address)
        except FetchError as error:
            if error.reason in _OF_THE_FILE:
                found[file.download.id] = error.reason
        else:
            if size is not None:
                found[file.download.id] = size

    tasks = [asyncio.create_task(ask(file)) for file in files]
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error
    return found
