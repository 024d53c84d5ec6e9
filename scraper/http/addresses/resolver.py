"""Names to addresses, judged: what is returned here is what the socket connects to."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from scraper.http.addresses.guard import BlockedAddressError, may_connect

_TIMEOUT = 10.0  # seconds that one name may take
_MAX_LOOKUPS = 16  # waited for at once
# A lookup that is given up keeps its thread until the system gives up too, by default after 30 s with three
# name servers (man 5 resolv.conf: 5 s, twice each). 16 lookups of 10 s leave at most 48 such threads.
_MAX_THREADS = 64


class LookupThreads(AbstractResolver):
    """The system's resolver, each lookup in a thread of its own.

    In the event loop's pool slow names would take the threads that files and parsing need. These threads
    are daemons: a program that is done does not wait for a name server that is not. `timeout` is in
    seconds, from when a name is asked about: waiting for its turn does not count.
    """

    def __init__(self, *, timeout: float = _TIMEOUT) -> None:
        self._timeout = timeout
        self._slots = asyncio.Semaphore(_MAX_LOOKUPS)
        self._threads = asyncio.Semaphore(_MAX_THREADS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raise OSError where there are none, TimeoutError after too long."""
        async with self._slots:
            await self._threads.acquire()
            answer = self._look_up(host, port, family)
            try:
                async with asyncio.timeout(self._timeout):
                    found = await answer
            except TimeoutError as error:
                raise TimeoutError(f"no answer about {host} in {self._timeout:g} s") from error
        return [
            ResolveResult(
                hostname=host,
                host=sockaddr[0],
                port=sockaddr[1],
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, sockaddr in found
            if isinstance(sockaddr[0], str)  # a number where Python was built without IPv6
        ]

    async def close(self) -> None:
        """Wait for nobody: threads that still look something up end by themselves."""

    def _look_up(self, host: str, port: int, family: socket.AddressFamily) -> asyncio.Future[list[Any]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def settle(found: list[Any], error: Exception | None) -> None:
            self._threads.release()  # the thread has ended, whether or not somebody still waited for it
            if answer.cancelled():
                return
            answer.set_result(found) if error is None else answer.set_exception(error)

        def look_up() -> None:
            found, failed = [], None
            try:
                found = socket.getaddrinfo(
                    host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
                )
            except Exception as error:  # noqa: BLE001 - whoever waits for the name gets it
                failed = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(settle, found, failed)

        threading.Thread(target=look_up, name=f"lookup {host}", daemon=True).start()
        return answer


class GuardedResolver(AbstractResolver):
    """A resolver that hands on public addresses, and with `allow_private` those of local networks."""

    def __init__(self, *, allow_private: bool, inner: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        self._inner = inner or LookupThreads()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve `host`; raise `BlockedAddressError` when none of its addresses may be connected to."""
        results = await self._inner.resolve(host, port, family)
        allowed = [
            result for result in results if may_connect(result["host"], allow_private=self._allow_private)
        ]
        if results and not allowed:
            raise BlockedAddressError(f"{host} is {results[0]['host']}")
        return allowed

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()
