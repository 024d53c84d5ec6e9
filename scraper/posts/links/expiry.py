"""Whether an address works for a limited time only: signed addresses, and hosts that forget."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from scraper.http.addresses.identity import host_suffixes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    hosts: frozenset[str]
    signed: tuple[frozenset[str], ...]
    names: frozenset[str]


def expires(host: str, query: str) -> bool:
    """Return whether an address of `host` (lower case) with `query` stops working after some time.

    Sources: expiring.toml, of which all parameters of one line have to be there.

    >>> expires("b.example", "X-Amz-Expires=600&X-Amz-Signature=ab"), expires("b.example", "expires=1")
    (True, False)
    """
    if _is_of_short_lived(host):
        return True
    if not query:
        return False
    table = _table()
    names = {part.partition("=")[0].lower() for part in query.split("&") if "=" in part}
    return not names.isdisjoint(table.names) and any(signed <= names for signed in table.signed)


@lru_cache(maxsize=2048)
def _is_of_short_lived(host: str) -> bool:
    return any(domain in _table().hosts for domain in host_suffixes(host))


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("scraper.posts.links").joinpath("expiring.toml").read_text("utf-8"))
    signed = tuple(frozenset(name.lower() for name in names) for names in raw["signed"]["parameters"])
    return _Table(hosts=frozenset(raw["hosts"]["names"]), signed=signed, names=frozenset().union(*signed))
