"""Which requests share a budget: the host of an address, and the platform that it belongs to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yarl import URL

_DEFAULT_PORTS = {"http": 80, "https": 443}
_REMEMBERED = 4096  # hosts: each request asks for its host


@dataclass(frozen=True, slots=True)
class Host:
    """Whom a request is addressed to.

    `name` is what a Crawl-delay counts for: the host in lower case and ASCII, without "www." and final dot,
    with ":port" where that is not the scheme's. `group` is what shares one budget: the platform's domain,
    or the name where no platform is known.
    """

    name: str
    group: str


def host_of(url: URL) -> Host:
    """Return the host of an absolute `url`."""
    return _host(url.raw_host or "", url.explicit_port, url.scheme)


@lru_cache(maxsize=_REMEMBERED)
def _host(raw: str, port: int | None, scheme: str) -> Host:
    host = raw.lower().removesuffix(".")
    bare = host.removeprefix("www.")
    if "." in bare:  # www.com is a host by itself
        host = bare
    group = _platform(host)
    if port not in {None, _DEFAULT_PORTS.get(scheme)}:
        host = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Host(name=host, group=group or host)


def _platform(host: str) -> str | None:
    platforms = _platforms()
    labels = host.rsplit(".", _deepest())[-_deepest() :]
    suffixes = (".".join(labels[start:]) for start in range(len(labels)))
    return next((platforms[suffix] for suffix in suffixes if suffix in platforms), None)


@cache
def _platforms() -> Mapping[str, str]:
    data = tomllib.loads(files("scraper.http.politeness").joinpath("platforms.toml").read_text("utf-8"))
    return {domain: group for group, table in data.items() for domain in table["domains"]}


@cache
def _deepest() -> int:
    return max(domain.count(".") + 1 for domain in _platforms())
