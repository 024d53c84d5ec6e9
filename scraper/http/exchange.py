"""One request and its answer: in its turn, and with what the answer tells the gate."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from scraper.http.answers.retry_after import retry_after_of
from scraper.http.answers.statuses import FIRST_ERROR, reason_of_status, verdict_of_failure, verdict_of_status
from scraper.http.errors import FetchError
from scraper.http.politeness.gate import HostHeldError
from scraper.http.politeness.hosts import host_of
from scraper.http.session import end
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import aiohttp
    from yarl import URL

    from scraper.http.politeness.gate import HostGate
    from scraper.http.politeness.holds import Holds
    from scraper.http.politeness.hosts import Host
    from scraper.http.politeness.turn import Turn
    from scraper.http.session import Session


# What a server says itself binds later runs too; that it was silent or away may have been our network.
_SAID = frozenset({Reason.RATE_LIMITED, Reason.SERVER_ERROR})


class Exchanges:
    """Sends requests one by one, each when the gate gives it its turn."""

    def __init__(self, session: Session, gate: HostGate, holds: Holds) -> None:
        self._session = session
        self._gate = gate
        self._holds = holds

    @asynccontextmanager
    async def open(
        self, url: URL, headers: Mapping[str, str], *, interval: float, method: str = "GET"
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield the answer to a request for `url`, whatever its status, its body unread.

        It is sent `interval` seconds or more after the last request to its host. The turn is held until
        the block ends. Raises `FetchError`; `asked` is false where the host is to be left alone for longer
        than a run waits.
        """
        host = host_of(url)
        turn = self._gate.turn(host, interval=interval)
        if not self._gate.begin_at_once(turn):
            await self._wait(turn, url)
        try:
            response = await self._answer(method, url, headers, turn)
            try:
                await self._heed(response, host, turn)
                yield response
            except FetchError as error:
                if error.status is None:  # not what the answer says, but what became of its body
                    turn.lose(error.reason)
                raise
            finally:
                end(response)
        finally:
            self._gate.end(turn)

    async def _wait(self, turn: Turn, url: URL) -> None:
        try:
            await self._gate.begin(turn)
        except HostHeldError as held:
            if held.reason in _SAID:
                await self._holds.keep(turn.host, held.seconds, held.reason)
            detail = f"{turn.host.group} is left alone for {held.seconds:.0f} s more"
            raise FetchError(
                held.reason, str(url), retry_after=held.seconds, detail=detail, asked=False
            ) from held

    async def _answer(
        self, method: str, url: URL, headers: Mapping[str, str], turn: Turn
    ) -> aiohttp.ClientResponse:
        try:
            return await self._session.send(method, url, headers, turn)
        except FetchError as error:
            turn.judge(verdict_of_failure(error), error.reason)
            raise

    async def _heed(self, response: aiohttp.ClientResponse, host: Host, turn: Turn) -> None:
        """Tell the gate how the host is, and when it wants to be asked again."""
        status = response.status
        if (seconds := retry_after_of(response)) is not None:
            # Before the verdict, which may let the next request go.
            await self._holds.begin(host, seconds, reason_of_status(status))
        turn.judge(verdict_of_status(status), reason_of_status(status) if status >= FIRST_ERROR else None)
