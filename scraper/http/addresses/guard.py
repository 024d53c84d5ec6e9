"""Which addresses are connected to: a pure judgement of ports, literals and what names resolve to.

A check of a name before the request could be tricked by one that resolves differently a moment later
(DNS rebinding), so names are judged in the resolver, whose answer is what the socket connects to.
aiohttp skips the resolver for IP literals: those are judged in `check_url`.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeAlias

from yarl import URL

from scraper.http.addresses.identity import MAX_URL_LENGTH
from scraper.http.errors import FetchError
from storage.reasons import Reason

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Networks: TypeAlias = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

# What fetch_url leaves nowhere in an address: it would end the request line, or mean "/" to others.
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f\\]")
_IPV4_BITS = 0xFFFF_FFFF


class BlockedAddressError(OSError):
    """A name that resolves only to addresses that are not connected to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    ports: frozenset[int]
    handed_out: _Networks
    not_public: _Networks
    local: _Networks
    not_local: _Networks
    inner: tuple[tuple[ipaddress.IPv6Network, int], ...]


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("scraper.http.addresses").joinpath("guard.toml").read_text("utf-8"))
    public, local = raw["public"], raw["local"]
    return _Table(
        ports=frozenset(raw["ports"]["browsers"] + raw["ports"]["stores"]),
        handed_out=_networks(public["inside"]),
        not_public=_networks(public["outside"]),
        local=_networks(local["inside"]),
        not_local=_networks(local["outside"]),
        inner=tuple((ipaddress.IPv6Network(name), shift) for name, shift in raw["inner"].items()),
    )


def is_public(address: str) -> bool:
    """Return whether `address`, an IPv4 or IPv6 literal, is reachable on the public internet.

    IPv4 addresses inside IPv6 (mapped, 6to4, NAT64) are judged as the IPv4 address they lead to.
    Raises ValueError where `address` is no literal.
    """
    ip = _parse(address)
    table = _table()
    if isinstance(ip, ipaddress.IPv6Address):
        inner = next((shift for network, shift in table.inner if ip in network), None)
        if inner is not None:
            ip = ipaddress.IPv4Address(int(ip) >> inner & _IPV4_BITS)
        elif not _within(ip, table.handed_out):
            return False
    return not _within(ip, table.not_public)


def is_local(address: str) -> bool:
    """Return whether `address` is loopback or in a home or company network: what --allow-private adds.

    Link-local and metadata addresses are not: they give away the secrets of machines in a cloud.
    """
    ip = _parse(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return _within(ip, _table().local) and not _within(ip, _table().not_local)


def may_connect(address: str, *, allow_private: bool) -> bool:
    """Return whether a socket may connect to `address`, an IPv4 or IPv6 literal."""
    return is_public(address) or (allow_private and is_local(address))


def check_url(url: URL, *, allow_private: bool) -> None:
    """Raise `FetchError` unless `url` may be requested: scheme, length, port, host, and literal address."""
    sent = url.raw_path_qs  # aiohttp wants it as well and finds it cached, unlike the whole text
    if len(sent) > MAX_URL_LENGTH:
        raise FetchError(Reason.URL_TOO_LONG, f"{str(url)[:200]}…")
    if _UNSENDABLE.search(sent):
        raise FetchError(Reason.URL_INVALID, ascii(str(url))[1:-1], detail="a control character or a space")
    fault = _fault_of_origin(url.scheme, url.raw_host, url.explicit_port, allow_private=allow_private)
    if fault is not None:
        reason, detail = fault
        raise FetchError(reason, str(url), detail=detail)


@lru_cache(maxsize=4096)
def _fault_of_origin(
    scheme: str, host: str | None, port: int | None, *, allow_private: bool
) -> tuple[Reason, str] | None:
    if scheme not in {"http", "https"}:
        return Reason.UNSUPPORTED_SCHEME, scheme or "no scheme"
    if not host:
        return Reason.URL_INVALID, "no host"
    if port in _table().ports:
        return Reason.BLOCKED_PORT, f"port {port}"
    literal = _literal(host)
    if literal is None and (_UNSENDABLE.search(host) or not _is_name(host)):
        return Reason.URL_INVALID, "no such host name"
    if literal is not None and not may_connect(literal, allow_private=allow_private):
        return Reason.BLOCKED_ADDRESS, literal
    return None


def _is_name(host: str) -> bool:
    try:
        return bool(URL.build(scheme="http", host=host, encoded=True).host)
    except ValueError:  # a name that IDNA refuses, such as xn--a
        return False


def _literal(host: str) -> str | None:
    """Return the address that `host` spells, also in the old forms (octal, short, one number), or None."""
    name = host.rstrip(".")
    try:
        return str(_parse(name))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, UnicodeError, ValueError):
        return None  # a name: the resolver judges what it leads to


def _parse(address: str) -> _Address:
    return ipaddress.ip_address(address.split("%", 1)[0])


def _networks(names: list[str]) -> _Networks:
    return tuple(map(ipaddress.ip_network, names))


def _within(ip: _Address, networks: _Networks) -> bool:
    return any(ip in network for network in networks)
