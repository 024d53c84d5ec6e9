"""Which addresses are connected to. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from scraper.http.client import Client
from scraper.http.errors import FetchError
from scraper.http.guard import BlockedAddressError, GuardedResolver, check_url, is_local, is_public
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:7f00:1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b:1::1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
    ],
)
def test_addresses_are_judged_by_where_they_lead(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("file:///etc/passwd", Reason.UNSUPPORTED_SCHEME, id="1"),
        pytest.param("ftp://b.example/x.mp3", Reason.UNSUPPORTED_SCHEME, id="14"),
        pytest.param("http://127.0.0.1:22/", Reason.BLOCKED_PORT, id="2-loopback"),
        pytest.param("http://[::1]/", Reason.BLOCKED_ADDRESS, id="2-loopback6"),
        pytest.param("http://[::ffff:7f00:1]/", Reason.BLOCKED_ADDRESS, id="2-mapped"),
        pytest.param("http://169.254.169.254/latest/meta-data", Reason.BLOCKED_ADDRESS, id="4"),
        pytest.param("http://b.example:25/", Reason.BLOCKED_PORT, id="10-smtp"),
        pytest.param("http://b.example:6379/", Reason.BLOCKED_PORT, id="10-redis"),
        pytest.param("http://b.example:11211/", Reason.BLOCKED_PORT, id="10-memcached"),
        pytest.param("http://b.example/" + "a" * 70_000, Reason.URL_TOO_LONG, id="8"),
    ],
)
def test_what_must_not_be_asked_for_is_refused_before_any_connection(url: str, reason: Reason) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(URL(url), allow_private=False)
    assert caught.value.reason is reason


def test_private_addresses_are_allowed_only_when_asked_for_and_ports_never() -> None:
    check_url(URL("http://127.0.0.1:8080/"), allow_private=True)
    with pytest.raises(FetchError):
        check_url(URL("http://127.0.0.1:6379/"), allow_private=True)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.7", True),
        ("10.0.0.1", True),
        ("fd00::7", True),
        ("169.254.169.254", False),
        ("::ffff:169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("93.184.216.34", False),
    ],
)
def test_4_private_means_this_machine_and_home_networks_and_no_secrets_of_a_cloud(
    address: str, local: bool
) -> None:
    assert is_local(address) is local


class _Names(AbstractResolver):
    """A resolver that gives fixed addresses."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        return


async def test_a_name_gives_only_its_public_addresses() -> None:
    resolver = GuardedResolver(allow_private=False, inner=_Names(["10.0.0.1", "93.184.216.34"]))
    assert [result["host"] for result in await resolver.resolve("b.example")] == ["93.184.216.34"]


async def test_a_name_that_leads_inside_is_refused_where_the_connection_is_made() -> None:
    resolver = GuardedResolver(allow_private=False, inner=_Names(["127.0.0.1"]))
    with pytest.raises(BlockedAddressError):
        await resolver.resolve("rebinding.example")


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0177.0.0.1", "0x7f.1", "0"])
async def test_2_other_spellings_of_loopback_are_refused_by_the_client(host: str) -> None:
    # aiohttp refuses numbers that are no canonical IPv4 address; what it lets pass, our resolver judges.
    async with Client(obey_robots=False) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(f"http://{host}/")
    assert caught.value.reason in {Reason.BLOCKED_ADDRESS, Reason.URL_INVALID}
