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


@pytest.fixture
def tarpit(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A name server that never answers for names with "slow": the names asked for."""
    asked: list[str] = []
    over = threading.Event()

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        if "slow" in host:
            over.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield asked
    over.set()


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


async def test_a_slow_name_is_given_up(tarpit: list[str]) -> None:
    with pytest.raises(TimeoutError, match="slow"):
        await LookupThreads(timeout=0.01).resolve("slow.example")


async def test_a_slow_name_holds_up_neither_other_names_nor_threads_for_files(tarpit: list[str]) -> None:
    resolver = LookupThreads()
    slow = [asyncio.create_task(resolver.resolve(f"slow{number}.example")) for number in range(10)]
    assert (await resolver.resolve("quick.example"))[0]["host"] == PUBLIC
    assert await asyncio.to_thread(lambda: "free") == "free"
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()


async def test_names_without_number_get_no_threads_without_number(tarpit: list[str]) -> None:
    resolver = LookupThreads(timeout=0.05)
    names = [resolver.resolve(f"slow{number}.example") for number in range(200)]
    answers = await asyncio.gather(*names, return_exceptions=True)
    assert all(isinstance(answer, TimeoutError) for answer in answers)
    assert 0 < len(tarpit) <= 16


async def test_a_lookup_that_is_cancelled_leaves_its_place_when_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        over.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = LookupThreads(timeout=5)
    tasks = [asyncio.create_task(resolver.resolve(f"{number}.example")) for number in range(16)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    over.set()
    assert await resolver.resolve("next.example")


def test_a_program_that_is_done_does_not_wait_for_a_name_server() -> None:
    program = """
import asyncio, socket, threading
from scraper.http.addresses.resolver import LookupThreads
socket.getaddrinfo = lambda *_, **__: threading.Event().wait(60)
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
        timeout=30,
        check=True,
        text=True,
        cwd=Path(__file__).parents[4],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "."},
    )
    assert done.stdout == "given up\n"
    assert done.stderr == ""
