"""Addresses inside addresses: what a redirect wrapper leads to, also where it is encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import ipaddress
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.http.addresses.identity import fetch_url, host_suffixes
from scraper.posts.links.file_names import extension, last_segment
from scraper.posts.links.hosts import find_host, formats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from urllib.parse import SplitResult

_MAX_DEPTH = 3
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_REFUSED = re.compile(r"(?:javascript|vbscript|file|data|blob|ftp|gopher|about):", re.IGNORECASE)


def unwrap(url: str, *, page: str) -> str | None:
    """Return the address that `url` finally leads to, as far as that can be read from it; often itself.

    `url` is an address as `fetch_url` gives it, `page` that of the post. Targets may be
    percent-encoded twice, base64 (also urlsafe), reversed or ROT13. None where a wrapper leads to what
    is not fetched: another scheme, or an address that is not public unless the post's is not either.
    """
    for _ in range(_MAX_DEPTH):
        values = [value for value in _carried(urlsplit(url)) if value]
        target = next((found for value in values if (found := _read(value, url))), None)
        if target is None:
            return None if any(_is_other_scheme(value) for value in values) else url
        if _is_private(target) and not _is_private(page):
            return None
        url = target
    return url


def only_mentions(parts: SplitResult) -> bool:
    """Whether a page carries an address without leading there: a sharing button, a login."""
    return not _anywhere("never").isdisjoint(parts.path.lower().split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrapper:
    path: str
    parameters: frozenset[str]


def _carried(parts: SplitResult) -> Iterator[str]:
    host = parts.hostname or ""
    for domain in host_suffixes(host):
        wrapper = _wrappers().get(domain)
        if wrapper is not None and parts.path.startswith(wrapper.path):
            yield from _values(parts, wrapper.parameters) if wrapper.parameters else iter([parts.query])
            return
    if find_host(host) is not None or only_mentions(parts):
        return
    segments = parts.path.split("/")
    for at, segment in enumerate(segments[:-1]):
        if segment.lower() in _anywhere("segments"):
            yield "/".join(segments[at + 1 :]) + (f"?{parts.query}" if parts.query else "")
    if extension(last_segment(parts)) not in formats().music:
        yield from _values(parts, _anywhere("parameters"))
        yield parts.query


def _values(parts: SplitResult, names: frozenset[str]) -> Iterator[str]:
    # A plus is a plus in base64: it is not read as a space.
    pairs = parse_qsl(parts.query.replace("+", "%2B"))
    return (value for name, value in pairs if name.lower() in names)


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


def _is_private(url: str) -> bool:
    try:
        return not ipaddress.ip_address(urlsplit(url).hostname or "").is_global
    except ValueError:  # a name, judged where it is resolved
        return (urlsplit(url).hostname or "") == "localhost"


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("scraper.posts.links").joinpath("wrappers.toml").read_text("utf-8"))


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
