"""What a download queue promises, whatever keeps it. docs/queue.md tells the rules behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storage.backoff import Again, GiveUp
    from storage.reasons import Reason
    from storage.records import (
        Download,
        DownloadState,
        Finished,
        Intents,
        Pause,
        Selection,
        WaitingHost,
        WantedDownload,
    )

    # Inside the class `list` is the method.
    _Downloads: TypeAlias = list[Download]
    _Pauses: TypeAlias = list[Pause]
    _WaitingHosts: TypeAlias = list[WaitingHost]

LONGEST_LEASE = 3600.0
"""Seconds. A lease that ends later than this from now was given by a clock that has been set back since."""


class DownloadQueue(Protocol):
    """Hands out downloads to any number of workers at once. Each operation happens as a whole or not at all.

    A claim gives each download a token. Every change of a claimed download asks for it: whoever lost the
    lease to another can change nothing any more. He gets `LeaseLostError`, or the id among the lost, and
    leaves the download and its file alone. Who gives one back without a file (`fail`, `put_off`, `release`)
    tells its `size` with it, what a server announced: that is kept. Moments are POSIX seconds UTC,
    durations seconds.
    """

    async def enqueue(self, wanted: Sequence[WantedDownload]) -> int:
        """Queue what is not known yet; return how many are new.

        A key is queued once, whatever became of it, pruned ones included. Raises `UnfitDownloadError` for
        what no queue should hold; then nothing is queued.
        """

    async def claim(self, *, limit: int, lease: float = 60.0, skip_hosts: Collection[str] = ()) -> _Downloads:
        """Take at most `limit` downloads that are due, for `lease` seconds; each claim counts as an attempt.

        By priority. Within one, hosts take turns, claim after claim; within a host by due time and id. What
        has a lease that ran out is given again. Nothing is given of hosts in `skip_hosts` or paused ones.
        """

    async def heartbeat(self, jobs: Sequence[Download], *, lease: float) -> frozenset[int]:
        """Keep `jobs` for `lease` seconds from now; return the ids of those that are no longer held."""

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> str | None:
        """Record where the file of `job` is about to be published, and what it is: an intent.

        After a crash between publishing and `complete`, the next worker recognises the file by it. Where
        another download has the same content, its path is returned, and `path` is not recorded.
        """

    async def verified_many(self, intended: Sequence[Finished]) -> Intents:
        """Record many intents, in order: the second of two with the same content finds the first.

        The same content is had by what is done, or runs and recorded its intent before. What says `own` is
        recorded all the same: the other's file was not there.
        """

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file of `job` is published under `path`. To complete again changes nothing."""

    async def complete_many(self, finished: Sequence[Finished]) -> frozenset[int]:
        """Record many published files; return the ids of those that were not held any more."""

    async def fail(
        self, job: Download, reason: Reason, detail: str | None = None, *, retry_after: float | None = None
    ) -> Again | GiveUp:
        """Record a failed attempt and return what follows, as storage.backoff decides: another, or none.

        `retry_after` is what the server asked for, in seconds from now.
        """

    async def put_off(
        self, job: Download, *, until: float, reason: Reason, detail: str | None = None
    ) -> None:
        """Let `job` wait until then for a cause not its own: no attempt is used.

        It waits for LONGEST_RETRY_AFTER at most.
        """

    async def release(self, job: Download) -> None:
        """Give `job` back as it was before it was claimed."""

    async def release_many(self, jobs: Sequence[Download]) -> frozenset[int]:
        """Give many back, all at once; return the ids of those that were not held any more."""

    async def sweep(self) -> int:
        """Let what vanished workers held wait again; return how many. A claim does it too.

        What saw too many workers vanish fails as crashed. What a clock that was ahead wrote waits from now
        on, as long as it was to, at most LONGEST_RETRY_AFTER.
        """

    async def retry(self, selection: Selection) -> int:
        """Let failed and cancelled downloads wait again, due now and with all tries; return how many."""

    async def hurry(self, selection: Selection) -> int:
        """Let what waits for a later moment be due now, with the tries that it has left; return how many."""

    async def cancel(self, selection: Selection) -> int:
        """Cancel what waits or runs; return how many. A worker learns of it at its next change."""

    async def prune(self, selection: Selection, *, before: float) -> int:
        """Forget what is done, failed or cancelled and was last changed before then; return how many.

        The keys stay known: none of it is queued again.
        """

    async def pause(
        self, host: str | None, *, reason: Reason | None = None, until: float | None = None
    ) -> None:
        """Give out nothing of `host`, or nothing at all (None), until then or until it is resumed.

        A pause takes the place of an earlier one. What runs goes on.
        """

    async def resume(self, host: str | None) -> bool:
        """End the pause of `host`, or that of the whole queue (None); return whether there was one."""

    async def pauses(self) -> _Pauses:
        """Return the pauses that are not over, that of the whole queue first, then by host."""

    async def get(self, id: int) -> Download | None:  # noqa: A002 - what the command line calls it
        """Return the download with this id."""

    async def list(self, selection: Selection, *, limit: int = 100) -> _Downloads:
        """Return at most `limit` downloads, the last changed first."""

    async def counts(self, selection: Selection) -> dict[DownloadState, int]:
        """Return how many downloads are in each state; every state is named."""

    async def failed_by_reason(self) -> dict[Reason, int]:
        """Return how many downloads failed for each reason, the most frequent first."""

    async def waiting_total(self) -> int:
        """Return how many downloads wait, due or not, paused or not."""

    async def paused_total(self) -> int:
        """Return how many of those that wait do so behind a pause."""

    async def waiting_by_host(self, limit: int) -> _WaitingHosts:
        """Return the hosts for which most waits, at most `limit` of them, paused or not."""

    async def heads(self, limit: int) -> _Downloads:
        """Return what waits first for each host in each priority, at most `limit`, by priority and host.

        It may be due or not, paused or not.
        """

    async def next_due(self) -> float | None:
        """Return the earliest instant at which a claim can find something, None if there is none to be seen.

        A running download counts with the end of its lease: its worker may have vanished. A pause counts
        until it ends by itself.
        """
