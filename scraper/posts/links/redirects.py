"""Addresses inside addresses: what a redirect wrapper leads to, also where it is encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import ipaddress
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scraper.http.addresses.identity import fetch_url, host_suffixes
from scraper.posts.links.address import Address, read_address
from scraper.posts.links.hosts import find_host, formats
from scraper.posts.links.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_DEPTH = 3
_MAX_PAIRS = 50
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_REFUSED = re.compile(r"(?:javascript|vbscript|file|data|blob|ftp|gopher|about):", re.IGNORECASE)


def unwrap(address: Address, *, page: str) -> Address | Why:
    """Return the address that `address` finally leads to, as far as that can be read from it; often itself.

    `page` is the address of the post. Targets may be percent-encoded twice, base64 (also urlsafe),
    reversed or ROT13. A `Why` where a wrapper leads to what is not fetched: another scheme, or an
    address that is not public unless the post's is not either.
    """
    for _ in range(_MAX_DEPTH):
        values = [value for value in _carried(address) if value]
        target = next((found for value in values if (found := _read(value, address.url))), None)
        if target is None:
            return Why.OTHER_SCHEME if any(_is_other_scheme(value) for value in values) else address
        inner = read_address(target)
        if _is_private(inner.host) and not _is_private(urlsplit(page).hostname or ""):
            return Why.PRIVATE
        address = inner
    return address


def only_mentions(path: str) -> bool:
    """Whether a page carries an address without leading there: a sharing button, a login."""
    return not _anywhere("never").isdisjoint(path.lower().split("/"))


def shares(path: str) -> bool:
    """Whether a page hands an address on to the visitor's friends."""
    return not _anywhere("sharing").isdisjoint(path.lower().split("/"))


def leading_words() -> frozenset[str]:
    """Return the segments behind which a path without a query may hold another address, in lower case."""
    return _anywhere("segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrapper:
    path: str
    parameters: frozenset[str]


def _carried(address: Address) -> Iterator[str]:
    wrapper = _wrapper(address.host)
    if wrapper is not None and address.path.startswith(wrapper.path):
        yield from _values(address.query, wrapper.parameters) if wrapper.parameters else iter([address.query])
        return
    leads_on = not leading_words().isdisjoint(address.path.lower().split("/"))
    if not (address.query or leads_on) or find_host(address.host) is not None or only_mentions(address.path):
        return
    if leads_on:
        segments = address.path.split("/")
        for at, segment in enumerate(segments[:-1]):
            if segment.lower() in _anywhere("segments"):
                yield "/".join(segments[at + 1 :]) + (f"?{address.query}" if address.query else "")
    if address.query and address.ending not in formats().music:
        yield from _values(address.query, _anywhere("parameters"))
        yield address.query


def _values(query: str, names: frozenset[str]) -> Iterator[str]:
    for pair in query.split("&")[:_MAX_PAIRS]:
        name, _, value = pair.partition("=")
        if value and unquote(name).lower() in names:
            yield unquote(value)  # a plus is a plus in base64: it is not read as a space


def _read(value: str, base: str) -> str | None:
    for reading in _readings(value):
        if reading[:8].lower().startswith(("http://", "https://")):
            return fetch_url(reading, base)
    return None


def _readings(value: str) -> Iterator[str]:
    yield value
    yield unquote(value)
    yield from _decoded(value)
    yield value[::-1]
    yield from _decoded(value[::-1])
    yield codecs.decode(value, "rot13")


def _decoded(value: str) -> Iterator[str]:
    text = unquote(value).strip("/")
    if not _ENCODED.fullmatch(text.strip("=")) and not _ENCODED.fullmatch(text):
        return
    plain = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return


def _is_other_scheme(value: str) -> bool:
    return any(_REFUSED.match(reading) for reading in (value, unquote(value), *_decoded(value)))


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:  # a name, judged where it is resolved
        return host == "localhost"


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("scraper.posts.links").joinpath("wrappers.toml").read_text("utf-8"))


@lru_cache(maxsize=2048)
def _wrapper(host: str) -> _Wrapper | None:
    known = _wrappers()
    return next((known[domain] for domain in host_suffixes(host) if domain in known), None)


@cache
def _wrappers() -> Mapping[str, _Wrapper]:
    return {
        host: _Wrapper(path=group["path"], parameters=frozenset(group["parameters"]))
        for group in _raw()["wrappers"]
        for host in group["hosts"]
    }


@cache
def _anywhere(name: str) -> frozenset[str]:
    return frozenset(_raw()["anywhere"][name])
