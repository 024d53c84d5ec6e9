"""The table of tracking parameters and of other views of a post: tracking.toml as a value."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingTable:
    """Parts of an address that do not change what it leads to; names in lower case."""

    names: frozenset[str]
    prefixes: tuple[str, ...]
    numbered: frozenset[str]
    by_host: Mapping[str, frozenset[str]]
    fragment_hosts: frozenset[str]
    views: frozenset[str]
    flags: frozenset[str]
    indexes: tuple[str, ...]

    def is_tracking(self, name: str, value: str, host_names: frozenset[str]) -> bool:
        """Whether a parameter only says where a visitor comes from; `host_names` are those of its host."""
        if name in self.names or name in host_names or name.startswith(self.prefixes):
            return True
        return name in self.numbered and value.isdecimal()

    def is_view(self, part: str) -> bool:
        """Whether a parameter, as it stands in the query, only chooses another view of a post."""
        name, _, value = part.partition("=")
        return name.lower() in self.views or (name in self.flags and value in {"0", "1"})


@cache
def tracking_table() -> TrackingTable:
    """Return the table of tracking.toml, read once."""
    raw = tomllib.loads(files("scraper.http.addresses").joinpath("tracking.toml").read_text("utf-8"))
    everywhere, posts = raw["everywhere"], raw["posts"]
    return TrackingTable(
        names=frozenset(everywhere["names"]),
        prefixes=tuple(everywhere["prefixes"]),
        numbered=frozenset(everywhere["numbered"]),
        by_host={host: frozenset(names) for host, names in raw["by_host"].items()},
        fragment_hosts=frozenset(raw["fragments"]["hosts"]),
        views=frozenset(posts["names"]),
        flags=frozenset(posts["flags"]),
        indexes=tuple(f"/{name}" for name in posts["indexes"]),
    )
