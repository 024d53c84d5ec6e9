"""One file from its address into its part: gone on with where that is sure, checked when it is whole."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from yarl import URL

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.asking import REFUSALS, Kept, Verdict, Way, headers_of_all, judge
from scraper.downloads.fetching.body import Bounds, SeamError, pieces_after, pieces_from_start, pour
from scraper.downloads.fetching.digests import algorithms_of, broken_one, declared_by, declared_checksum
from scraper.downloads.fetching.moments import moment_of
from scraper.downloads.fetching.ranges import read_range
from scraper.downloads.fetching.received import Received
from scraper.downloads.part.journal import Origin
from scraper.downloads.part.part import SEAM
from scraper.downloads.part.version import Version, version_of
from scraper.http.addresses.redirects import without_credentials
from scraper.http.answers.statuses import UNSATISFIABLE
from scraper.http.errors import FetchError
from scraper.http.head import is_uncoded, length_of
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from scraper.downloads.fetching.bandwidth import Bandwidth
    from scraper.downloads.fetching.digests import Digest
    from scraper.downloads.part.part import Part
    from scraper.http.client import Client

_log = logging.getLogger(__name__)

# After these a later try may go on from what is there; other answers say something about the file itself.
_KEPT_AFTER = frozenset({Reason.TOO_SLOW, Reason.HTML_INSTEAD, Reason.EMPTY_BODY, Reason.DISK_FULL})


async def transfer(
    client: Client,
    url: str,
    part: Part,
    *,
    max_bytes: int,
    on_bytes: Callable[[int], None],
    bandwidth: Bandwidth | None = None,
    checksum: str | None = None,
    enough_room: Callable[[int], None] | None = None,
    announced: Callable[[int | None], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Received:
    """Fetch `url` into `part`, going on with what is there if that is of the same file, and sync it.

    `on_bytes` is told the size of each chunk. `checksum` is what the post declares, ``sha256:<hex>``.
    `enough_room` is told how many bytes are still to come, 0 where nobody knows: once when that is known,
    then every 16 MiB; it raises where they do not fit. `announced` is told how many bytes the server says
    that the whole file has, None where what it said this of turned out to be a page.

    Raises `FetchError`, `DownloadError` (too-large, empty-body, too-slow, not-audio,
    html-instead-of-media, checksum-mismatch) and `OSError`. After what a later call or claim can go on
    from, `part` keeps what has come and is `resumable`; after the rest it holds what was refused, for who
    wants to see it. A file that is known to be whole is not `resumable` either; its journal stays until
    `part` is removed, so that a crash before it is published costs no second transfer.
    """
    bounds = Bounds(
        max_bytes=max_bytes,
        on_bytes=on_bytes,
        bandwidth=bandwidth,
        enough_room=enough_room,
        clock=clock,
        announced=announced,
    )
    try:
        return await _Transfer(client, url, part, bounds, declared_checksum(checksum)).run()
    except DownloadError as error:
        if error.reason not in _KEPT_AFTER:
            part.origin = None
        await (part.put_down() if part.resumable else part.flush())
        raise
    except BaseException:
        await part.put_down()
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """An answer whose body is in the part; `rest` means that more of the file is to be asked for."""

    response: aiohttp.ClientResponse
    length_known: bool
    digests: tuple[Digest, ...] = ()
    rest: bool = False


class _Transfer:
    """One try: the rest on condition, the rest as it is, the whole; each is asked for once at most."""

    def __init__(self, client: Client, url: str, part: Part, bounds: Bounds, own: Digest | None) -> None:
        self._client = client
        self._url = url
        self._part = part
        self._bounds = bounds
        self._own = (own,) if own is not None else ()
        self._resumed_from = 0

    async def run(self) -> Received:
        """Return what came in the end."""
        await self._part.load(self._url)
        way = Way.CONDITIONAL
        while True:
            outcome = await self._ask(way)
            if isinstance(outcome, Way):
                way = outcome
            elif outcome.rest:  # it has brought a good deal: so this ends
                await self._part.write()  # the seam of what follows is read from the disk
                way = Way.CONDITIONAL
            else:
                return await self._finish(outcome)

    async def _ask(self, way: Way) -> _Came | Way:
        """Return what came, or how to ask instead."""
        kept, seam = (None, b"") if way is Way.WHOLE else await self._look()
        headers, home = (kept.headers(way), kept.origin.answered) if kept else (headers_of_all(), None)
        try:
            async with self._client.stream(self._url, headers=headers, home=home) as response:
                if kept is None:
                    return await self._take_all(response)
                return await self._take(response, way, kept, seam)
        except FetchError as error:
            if kept is None or error.status not in REFUSALS:
                raise
            return Way.PLAIN if way is Way.CONDITIONAL else Way.WHOLE

    async def _take(self, response: aiohttp.ClientResponse, way: Way, kept: Kept, seam: bytes) -> _Came | Way:
        same_host = response.url.host == URL(kept.origin.answered).host
        verdict = judge(kept, way, status=response.status, headers=response.headers, same_host=same_host)
        match verdict:
            case Verdict.GO_ON:
                return await self._take_rest(response, kept, seam)
            case Verdict.WHOLE:
                return await self._take_all(response)
            case Verdict.COMPLETE:
                self._resumed_from = kept.size
                await self._part.also_hash(algorithms_of(self._own))
                return _Came(response=response, length_known=True, digests=self._own)
            case Verdict.ASK_PLAINLY:
                return Way.PLAIN
        return Way.WHOLE

    async def _look(self) -> tuple[Kept | None, bytes]:
        """Return what is there, if it can be gone on from, with its last bytes."""
        part = self._part
        if part.origin is None or not part.resumable or part.origin.asked != self._url:
            return None, b""
        seam = await part.seam()
        return Kept(origin=part.origin, size=part.size, start=part.size - SEAM), seam

    async def _take_all(self, response: aiohttp.ClientResponse) -> _Came:
        where, announced = str(response.url), length_of(response.headers)
        self._bounds.admit(announced, have=0, where=where)
        digests = self._declared(response, partial=False)
        self._resumed_from = 0
        pieces = pieces_from_start(
            response,
            max_bytes=self._bounds.max_bytes,
            redirected=_redirected(self._url, response),
            begin=partial(self._part.start, self._origin(response, announced), algorithms_of(digests)),
            refused=self._hold,
        )
        size = await pour(pieces, self._part, self._bounds, have=0, total=announced, where=where)
        if size == 0:
            raise DownloadError(Reason.EMPTY_BODY, where)
        if announced is not None and size != announced:
            raise FetchError(Reason.SHORT_BODY, where, detail=f"{size:,} of {announced:,} bytes")
        return _Came(response=response, length_known=_says_its_end(response), digests=digests)

    async def _take_rest(self, response: aiohttp.ClientResponse, kept: Kept, seam: bytes) -> _Came | Way:
        where, part = str(response.url), self._part
        came = read_range(response.headers.get("Content-Range"))
        if came is None:
            return Way.WHOLE
        self._bounds.admit(came.total, have=kept.size, where=where)
        digests = self._declared(response, partial=True)
        await part.also_hash(algorithms_of(digests))
        part.origin = replace(kept.origin, total=came.total)
        pieces = pieces_after(response, seam, length=came.length)
        try:
            size = await pour(pieces, part, self._bounds, have=kept.size, total=came.total, where=where)
        except SeamError as error:
            _log.debug("%s is fetched from the start: %s", where, error)
            part.start(None)
            return Way.WHOLE
        self._resumed_from = self._resumed_from or kept.size
        if size != came.last + 1:
            raise FetchError(Reason.SHORT_BODY, where, detail=f"{size:,} of {came.last + 1:,} bytes")
        return _Came(response=response, length_known=True, digests=digests, rest=not came.to_the_end)

    async def _finish(self, came: _Came) -> Received:
        part, response, headers = self._part, came.response, came.response.headers
        actual = await part.finish()
        if (broken := broken_one(came.digests, actual)) is not None:
            detail = f"{broken.algorithm} by {broken.source}: {broken.value.hex()[:16]}… is declared"
            raise DownloadError(Reason.CHECKSUM, str(response.url), detail=detail)
        # A 206 need not repeat what the answer before it said.
        version = part.origin.version if part.origin is not None else Version(etag=None, last_modified=None)
        if came.length_known:
            part.origin = None  # there is nothing to go on to, whatever becomes of it
        modified = headers.get("Last-Modified", version.last_modified)
        return Received(
            size=part.size,
            sha256=actual["sha256"].hex(),
            address=str(response.url),
            content_type="" if response.status == UNSATISFIABLE else response.content_type,
            etag=headers.get("ETag", version.etag),
            last_modified=modified,
            modified=moment_of(modified),
            length_known=came.length_known,
            resumed_from=self._resumed_from,
        )

    def _origin(self, response: aiohttp.ClientResponse, total: int | None) -> Origin | None:
        """Return what the bytes of an answer are of, None where they cannot be gone on from."""
        headers = response.headers
        version = version_of(headers) if is_uncoded(headers) else None
        if version is None or headers.get("Accept-Ranges", "").strip().lower() == "none":
            return None
        return Origin(
            key=self._part.key, asked=self._url, answered=str(response.url), version=version, total=total
        )

    def _declared(self, response: aiohttp.ClientResponse, *, partial: bool) -> tuple[Digest, ...]:
        declared = declared_by(response.headers, partial=partial)
        return self._own if declared is None else (*self._own, declared)

    def _hold(self, head: bytes, reason: Reason) -> None:
        """Keep the beginning of what was refused, unless a later try may need what is there."""
        if self._bounds.announced is not None:
            self._bounds.announced(None)
        if reason not in _KEPT_AFTER or not self._part.resumable:
            self._part.start(None)
            self._part.take(head)


def _redirected(url: str, response: aiohttp.ClientResponse) -> bool:
    return response.url != without_credentials(URL(url, encoded=url.isascii())).with_fragment(None)


def _says_its_end(response: aiohttp.ClientResponse) -> bool:
    chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    return chunked or "Content-Length" in response.headers
