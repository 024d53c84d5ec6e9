"""The bare loop, and the bare loop with one layer of the client around it: what each of them costs."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from yarl import URL

from scraper.http.addresses.guard import check_url
from scraper.http.answers.challenges import challenge_of
from scraper.http.answers.freshness import fresh_for
from scraper.http.answers.statuses import verdict_of_status
from scraper.http.bodies.reading import read_body
from scraper.http.page import MAX_PAGE_BYTES
from scraper.http.politeness.gate import HostGate
from scraper.http.politeness.hosts import host_of
from scraper.http.retry import retried

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

    from benchmarks.rounds import Read
    from scraper.http.session import Limits

    BareRead: TypeAlias = Callable[[str | URL], Awaitable[object]]

_OK = 200


def bare(session: aiohttp.ClientSession) -> BareRead:
    """Return the peer: what anybody would write with aiohttp."""

    async def read(url: str | URL) -> bytes:
        async with session.get(url) as response:
            return await response.read()

    return read


def layers(session: aiohttp.ClientSession, limits: Limits) -> dict[str, Read]:
    """Return the bare loop with each of the client's layers by itself, by name, and with guard and gate."""
    read = bare(session)
    return {
        "guard + gate": _gated(read, limits, guarded=True),
        "guard": _guarded(read),
        "gate": _gated(read, limits, guarded=False),
        "retry": _retried(read, limits),
        "deadlines": _bounded(read, limits),
        "capped body": _capped(session),
        "challenge, freshness": _understood(session),
    }


def _guarded(read: BareRead) -> Read:
    async def guarded(url: str) -> object:
        target = URL(url, encoded=True)
        check_url(target, allow_private=True)
        return await read(target)

    return guarded


def _gated(read: BareRead, limits: Limits, *, guarded: bool) -> Read:
    gate = HostGate(concurrency=limits.concurrency, per_host=limits.per_host)

    async def gated(url: str) -> object:
        target = URL(url, encoded=True)
        if guarded:
            check_url(target, allow_private=True)
        turn = gate.turn(host_of(target))
        if not gate.begin_at_once(turn):
            await gate.begin(turn)
        try:
            turn.sent()
            body = await read(target)
            turn.judge(verdict_of_status(_OK))
            return body
        finally:
            gate.end(turn)

    return gated


def _retried(read: BareRead, limits: Limits) -> Read:
    async def again(url: str) -> object:
        return await retried(partial(read, url), attempts=limits.attempts, sleep=asyncio.sleep)

    return again


def _bounded(read: BareRead, limits: Limits) -> Read:
    async def bounded(url: str) -> object:
        async with asyncio.timeout(limits.headers_timeout), asyncio.timeout(limits.page_timeout):
            return await read(url)

    return bounded


def _capped(session: aiohttp.ClientSession) -> Read:
    async def capped(url: str) -> object:
        async with session.get(url) as response:
            return await read_body(response, max_bytes=MAX_PAGE_BYTES)

    return capped


def _understood(session: aiohttp.ClientSession) -> Read:
    async def understood(url: str) -> object:
        async with session.get(url) as response:
            body = await response.read()
            challenge = challenge_of(response.status, response.headers, body)
            return challenge, fresh_for(response.headers, now=time.time())

    return understood
