"""The hosts that music blogs link to: a table of data and the search in it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from scraper.http.addresses.identity import host_suffixes
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One form of address of a host. `match` is tried at the start of path, query and fragment."""

    match: str
    kind: LinkKind | None
    query: str | None = None
    """A parameter that must be there; its value is known to `key` under its name."""
    key: str | None = None
    fetch: str | None = None
    follow: str | None = None
    """The parameter that holds the address of the item which this one plays."""

    def read(self, tail: str) -> re.Match[str] | None:
        """Return the match of the shape in `tail`, the part of an address behind its host."""
        return _compiled(self.match).match(tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A known host: canonical `name`, the kind of its links, and the shapes that are kept."""

    name: str
    kind: LinkKind | None
    shapes: tuple[Shape, ...]
    excluded: str | None
    profile: str | None
    """Pages of artists, labels and their collections: told apart from other pages of the host."""
    said: bool
    """Whether only links whose text offers a download are kept."""

    def excludes(self, tail: str) -> bool:
        """Whether `tail` is the bare host or a page of the host itself, as its prices."""
        return tail in {"", "/"} or _starts(self.excluded, tail)

    def is_profile(self, tail: str) -> bool:
        """Whether `tail` is the page of an artist or a label, which lists music and is none."""
        return _starts(self.profile, tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """File extensions, lower case without the dot, by what stands behind them."""

    audio: frozenset[str]
    archive: frozenset[str]
    page: frozenset[str]
    script: frozenset[str]
    image: frozenset[str]
    other: frozenset[str]
    music: frozenset[str]
    """What is downloaded: audio and archives of it."""


@lru_cache(maxsize=2048)
def find_host(host: str) -> Host | None:
    """Return the entry of `host`, or of the nearest domain above it; None for unknown hosts.

    >>> found = find_host("www12.zippyshare.com")
    >>> found and found.name
    'zippyshare.com'
    >>> find_host("notrapidgator.net") is None
    True
    """
    table = _table()
    return next((table[domain] for domain in host_suffixes(host) if domain in table), None)


@cache
def formats() -> Formats:
    """Return the table of file extensions."""
    table = {name: frozenset(extensions) for name, extensions in _raw()["formats"].items()}
    return Formats(**table, music=table["audio"] | table["archive"])


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("scraper.posts.links").joinpath("hosts.toml").read_text("utf-8"))


@cache
def _table() -> Mapping[str, Host]:
    table: dict[str, Host] = {}
    for group in _raw()["hosts"]:
        kind = LinkKind(group["kind"]) if "kind" in group else None
        shapes = tuple(_shape(raw, kind) for raw in group.get("shapes", ()))
        for domains in group["hosts"]:
            name = group.get("name", domains[0])
            host = Host(
                name=name,
                kind=kind,
                shapes=shapes,
                excluded=group.get("not"),
                profile=group.get("profile"),
                said=group.get("said", False),
            )
            table.update(dict.fromkeys(domains, host))
    return table


def _shape(raw: dict[str, Any], kind: LinkKind | None) -> Shape:
    return Shape(**{**raw, "kind": LinkKind(raw["kind"]) if "kind" in raw else kind})


def _starts(pattern: str | None, tail: str) -> bool:
    return pattern is not None and _compiled(pattern).match(tail) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
