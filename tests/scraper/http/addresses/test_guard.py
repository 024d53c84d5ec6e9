"""Which addresses are connected to. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis.strategies import integers, ip_addresses
from yarl import URL

from scraper.http.addresses.guard import check_url, is_local, is_public
from scraper.http.errors import FetchError
from storage.reasons import Reason


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
        ("::ffff:0:127.0.0.1", False),
        ("192.0.0.8", False),
        ("192.0.0.192", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("198.19.255.255", False),
        ("240.0.0.1", False),
        ("168.63.129.16", False),
        ("100.128.0.1", True),
        ("172.32.0.1", True),
        ("3fff::1", False),
        ("2001:db8::1", False),
        ("2001:0:53aa:64c:0:ffff:80ff:fffe", False),
        ("5f00::1", False),
        ("4000::1", False),
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


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("2130706433", id="2-one number"),
        pytest.param("0177.0.0.1", id="2-octal"),
        pytest.param("0x7f.1", id="2-hexadecimal and short"),
        pytest.param("127.1", id="2-short"),
        pytest.param("0", id="2-zero"),
        pytest.param("127.0.0.1.", id="2-trailing dot"),
        pytest.param("2130706433.", id="2-one number and a dot"),
        pytest.param("１２７.０.０.１", id="2-full-width"),
        pytest.param("①②⑦.⓪.⓪.①", id="2-circled"),
        pytest.param("127。0。0。1", id="2-ideographic full stops"),
        pytest.param("[::]", id="2-unspecified"),
        pytest.param("[::ffff:127.0.0.1]", id="2-mapped"),
        pytest.param("[0:0:0:0:0:ffff:7f00:1]", id="2-mapped in full"),
        pytest.param("[64:ff9b::7f00:1]", id="2-NAT64"),
        pytest.param("[2002:7f00:1::]", id="2-6to4"),
        pytest.param("[fe80::1%25eth0]", id="4-zone"),
        pytest.param("[::1%25lo]", id="2-loopback with a zone"),
        pytest.param("[fd00::1]", id="4-unique local"),
        pytest.param("2852039166", id="4-metadata as one number"),
    ],
)
def test_no_spelling_of_an_inner_address_gets_past(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(URL(f"http://{host}/"), allow_private=False)
    assert caught.value.reason is Reason.BLOCKED_ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "2852039166",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "0.0.0.0",
        "[ff02::1]",
        "224.0.0.251",
    ],
)
def test_4_not_even_allow_private_leads_to_the_secrets_of_a_cloud(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(URL(f"http://{address}/latest/meta-data"), allow_private=True)
    assert caught.value.reason is Reason.BLOCKED_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "http://b.example/a\r\nX-Evil: 1",
        "http://b.example/a\0b",
        "http://b.example/a b",
        "http://b.example/?a\x1bb",
        "http:\\\\b.example\\x",
    ],
    ids=ascii,
)
def test_6_an_address_with_anything_that_means_two_things_is_not_sent(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(URL(url, encoded=True), allow_private=False)
    assert caught.value.reason is Reason.URL_INVALID
    assert all(letter.isprintable() for letter in str(caught.value))


def test_7_a_name_is_shown_as_what_is_asked_for() -> None:
    with pytest.raises(FetchError) as caught:
        check_url(URL("http://аpple.example:25/"), allow_private=False)  # the first letter is Cyrillic
    assert "xn--pple-43d.example" in str(caught.value)


@given(ip_addresses())
def test_every_literal_is_judged_and_none_is_both_public_and_local(ip: object) -> None:
    assert not (is_public(str(ip)) and is_local(str(ip)))


@given(integers(0, 2**32 - 1))
def test_an_ipv4_address_in_ipv6_is_no_more_public_than_itself(number: int) -> None:
    inner = IPv4Address(number)
    for outer in (f"::ffff:{inner}", f"64:ff9b::{inner}", str(IPv6Address(0x2002 << 112 | number << 80))):
        assert is_public(outer) is is_public(str(inner))


def test_public_is_never_more_than_what_the_standard_library_thinks() -> None:
    for number in range(0, 2**32, 999_983):  # a prime step: some 4,000 addresses of all networks
        address = IPv4Address(number)
        assert not is_public(str(address)) or (address.is_global and not address.is_multicast)
