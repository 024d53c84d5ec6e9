"""Names to addresses. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.http.addresses.guard import BlockedAddressError
from scraper.http.addresses.resolver import GuardedResolver, LookupThreads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC = "93.184.216.34"


class Tarpit:
    """A name server that answers for names with "slow" only when it is `over`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.over = threading.Event()

    def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked.append(host)
        if "slow" in host:
            self.over.wait(300)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))]

    async def has_been_asked(self, names: int) -> None:
        async with asyncio.timeout(60):
            while len(self.asked) < names:  # noqa: ASYNC110 - threads ask, of which the loop hears nothing
                await asyncio.sleep(0)


@pytest.fixture
def tarpit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tarpit]:
    tarpit = Tarpit()
    monkeypatch.setattr(socket, "getaddrinfo", tarpit.getaddrinfo)
    yield tarpit
    tarpit.over.set()


@pytest.fixture
async def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move the clock of the loop on by so many seconds."""
    loop = asyncio.get_running_loop()
    clock, passed = loop.time, 0.0

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(loop, "time", lambda: clock() + passed)
    return move


def look_up(resolver: LookupThreads, *, slow: int) -> list[asyncio.Task[Any]]:
    return [asyncio.create_task(resolver.resolve(f"slow{number}.example")) for number in range(slow)]


@pytest.mark.parametrize(
    ("found", "allow_private", "allowed"),
    [
        pytest.param([PUBLIC], False, [PUBLIC], id="public"),
        pytest.param(["10.0.0.1", PUBLIC, "::1"], False, [PUBLIC], id="2-public among private ones"),
        pytest.param(["127.0.0.1"], True, ["127.0.0.1"], id="loopback when asked for"),
        pytest.param(
            ["169.254.169.254", "192.168.1.7", "fe80::1"], True, ["192.168.1.7"], id="4-link-local never"
        ),
    ],
)
async def test_a_name_gives_only_addresses_that_may_be_connected_to(
    lead: Callable[..., None], found: list[str], allow_private: bool, allowed: list[str]
) -> None:
    lead({"b.example": found})
    resolver = GuardedResolver(allow_private=allow_private)
    assert [result["host"] for result in await resolver.resolve("b.example", 80)] == allowed


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"],
)
async def test_4_a_name_that_leads_to_secrets_or_nowhere_is_refused(
    lead: Callable[..., None], address: str, allow_private: bool
) -> None:
    lead({"b.example": [address]})
    with pytest.raises(BlockedAddressError, match=r"b\.example"):
        await GuardedResolver(allow_private=allow_private).resolve("b.example")


async def test_3_a_name_that_moves_inside_is_judged_each_time_anew(lead: Callable[..., None]) -> None:
    resolver = GuardedResolver(allow_private=False)
    lead({"b.example": [PUBLIC]})
    assert await resolver.resolve("b.example")
    lead({"b.example": ["127.0.0.1"]})
    with pytest.raises(BlockedAddressError):
        await resolver.resolve("b.example")


async def test_a_name_that_nobody_knows_is_an_os_error(lead: Callable[..., None]) -> None:
    lead({})
    with pytest.raises(OSError, match="not known"):
        await GuardedResolver(allow_private=False).resolve("b.example")


async def test_a_slow_name_is_given_up(tarpit: Tarpit) -> None:
    with pytest.raises(TimeoutError, match="slow"):
        await LookupThreads(timeout=0.01).resolve("slow.example")


async def test_a_slow_name_holds_up_neither_other_names_nor_threads_for_files(tarpit: Tarpit) -> None:
    resolver = LookupThreads()
    slow = look_up(resolver, slow=10)
    assert (await resolver.resolve("quick.example"))[0]["host"] == PUBLIC
    assert await asyncio.to_thread(lambda: "free") == "free"
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()


async def test_a_name_behind_more_slow_ones_than_are_asked_at_once_is_asked_when_they_are_given_up(
    tarpit: Tarpit, pass_time: Callable[[float], None]
) -> None:
    resolver = LookupThreads(timeout=60)
    slow = look_up(resolver, slow=40)
    quick = asyncio.create_task(resolver.resolve("quick.example"))
    for asked in (16, 32):
        await tarpit.has_been_asked(asked)
        pass_time(61)
    async with asyncio.timeout(60):
        assert (await quick)[0]["host"] == PUBLIC
    await tarpit.has_been_asked(41)
    assert len(tarpit.asked) == 41
    pass_time(61)
    answers = await asyncio.gather(*slow, return_exceptions=True)
    assert all(isinstance(answer, TimeoutError) for answer in answers)


async def test_names_without_number_get_no_threads_without_number(
    tarpit: Tarpit, pass_time: Callable[[float], None]
) -> None:
    resolver = LookupThreads(timeout=60)
    slow = look_up(resolver, slow=200)
    for asked in (16, 32, 48, 64):
        await tarpit.has_been_asked(asked)
        pass_time(61)
    await asyncio.gather(*slow[:64], return_exceptions=True)
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(tarpit.asked) == 64, "their threads still wait"
    assert not any(task.done() for task in slow[64:])
    tarpit.over.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*slow[64:])


async def test_a_lookup_that_is_cancelled_leaves_its_place_at_once(tarpit: Tarpit) -> None:
    resolver = LookupThreads()
    tasks = look_up(resolver, slow=16)
    await tarpit.has_been_asked(16)
    for task in tasks:
        task.cancel()
    async with asyncio.timeout(60):
        assert await resolver.resolve("quick.example")
    assert not tarpit.over.is_set()


async def test_lookups_that_are_cancelled_before_their_turn_cost_no_place(tarpit: Tarpit) -> None:
    resolver = LookupThreads()
    for _ in range(5):
        tasks = look_up(resolver, slow=80)
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        tarpit.over.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*look_up(resolver, slow=100))


def test_a_program_that_is_done_does_not_wait_for_a_name_server() -> None:
    program = """
import asyncio, socket, threading
from scraper.http.addresses.resolver import LookupThreads
socket.getaddrinfo = lambda *_, **__: threading.Event().wait(600)
async def main():
    try:
        await LookupThreads(timeout=0.01).resolve("slow.example")
    except TimeoutError:
        print("given up")
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        timeout=300,
        check=True,
        text=True,
        cwd=Path(__file__).parents[4],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "."},
    )
    assert done.stdout == "given up\n"
    assert done.stderr == ""
