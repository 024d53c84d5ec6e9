"""Which addresses are connected to: public ones, judged where the connection is made.

A check before the request could be tricked by a name that resolves differently a moment later (DNS
rebinding), so names are judged in the resolver, whose answer is what the socket connects to. aiohttp
skips the resolver for IP literals: those are judged in `check_url`.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from scraper.http.errors import FetchError
from scraper.http.identity import MAX_URL_LENGTH
from storage.reasons import Reason

if TYPE_CHECKING:
    from yarl import URL

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: leads to the IPv4 address in its last 32 bits
# IPv4-compatible (RFC 4291, 2.5.5.1), site-local (RFC 3879), local-use translation (RFC 8215).
_NEVER_PUBLIC = tuple(map(ipaddress.IPv6Network, ("::/96", "fec0::/10", "64:ff9b:1::/48")))

# Ports of other protocols that browsers refuse for http: WHATWG Fetch, section "Port blocking".
_BLOCKED_PORTS = frozenset(
    {1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104}
    | {109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514}
    | {515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723}
    | {2049, 3306, 3659, 4045, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080}
    | {11211, 27017}
)


class BlockedAddressError(OSError):
    """A name that resolves to addresses that are not public only."""


def is_public(address: str) -> bool:
    """Return whether `address`, an IPv4 or IPv6 literal, is reachable on the public internet.

    IPv4 addresses inside IPv6 (mapped, 6to4, Teredo, NAT64) are judged as the IPv4 address they lead to.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _translated(ip)
        if inner is not None:
            ip = inner
        elif any(ip in network for network in _NEVER_PUBLIC):
            return False
    return ip.is_global and not ip.is_multicast


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None


def is_local(address: str) -> bool:
    """Return whether `address` is loopback or in a home or company network: what --allow-private adds.

    Link-local addresses are not: 169.254.169.254 gives away the secrets of machines in a cloud.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback or (ip.is_private and not (ip.is_link_local or ip.is_unspecified or ip.is_reserved))


def _may_connect(address: str, *, allow_private: bool) -> bool:
    return is_public(address) or (allow_private and is_local(address))


def check_url(url: URL, *, allow_private: bool) -> None:
    """Raise `FetchError` unless `url` may be requested: scheme, length, port, and literal address."""
    text = str(url)
    if url.scheme not in {"http", "https"}:
        raise FetchError(Reason.UNSUPPORTED_SCHEME, text, detail=url.scheme or "no scheme")
    if len(text) > MAX_URL_LENGTH:
        raise FetchError(Reason.URL_TOO_LONG, f"{text[:200]}…")
    try:
        host = url.host
    except ValueError as error:  # a name that IDNA refuses, such as xn--a
        raise FetchError(Reason.URL_INVALID, text, detail="no such host name") from error
    if not host:
        raise FetchError(Reason.URL_INVALID, text, detail="no host")
    if url.port in _BLOCKED_PORTS:
        raise FetchError(Reason.BLOCKED_PORT, text, detail=f"port {url.port}")
    try:
        allowed = _may_connect(host, allow_private=allow_private)
    except ValueError:
        return  # a name: the resolver judges what it leads to
    if not allowed:
        raise FetchError(Reason.BLOCKED_ADDRESS, text, detail=host)


class GuardedResolver(AbstractResolver):
    """A resolver that hands on public addresses, and with `allow_private` those of local networks."""

    def __init__(self, *, allow_private: bool, inner: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve `host`; raise `BlockedAddressError` when none of its addresses may be connected to."""
        results = await self._inner.resolve(host, port, family)
        allowed = [
            result for result in results if _may_connect(result["host"], allow_private=self._allow_private)
        ]
        if results and not allowed:
            raise BlockedAddressError(f"{host} is {results[0]['host']}")
        return allowed

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()
