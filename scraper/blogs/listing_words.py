"""listing.toml, read once: the names by which listings, their entries and their paging are known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingWords:
    """The sets of listing.toml, one field for each of its lists."""

    entry_elements: frozenset[str]
    entry_types: frozenset[str]
    entry_classes: frozenset[str]
    locked_classes: frozenset[str]
    furniture_elements: frozenset[str]
    furniture_outside_entries: frozenset[str]
    furniture_roles: frozenset[str]
    furniture_ids: frozenset[str]
    furniture_classes: frozenset[str]
    furniture_unless: frozenset[str]
    permalink_rels: frozenset[str]
    permalink_classes: frozenset[str]
    not_post_first: frozenset[str]
    not_post_only: frozenset[str]
    not_post_last: frozenset[str]
    not_post_inner: frozenset[str]
    not_post_queries: frozenset[str]
    not_post_endings: tuple[str, ...]
    post_queries: frozenset[str]
    older_rels: frozenset[str]
    older_classes: frozenset[str]
    older_parents: frozenset[str]
    older_ids: frozenset[str]
    older_words: frozenset[str]


@cache
def listing_words() -> ListingWords:
    """Return the words of listing.toml."""
    data = tomllib.loads(files("scraper.blogs").joinpath("listing.toml").read_text(encoding="utf-8"))
    entries, furniture, permalinks = data["entries"], data["furniture"], data["permalinks"]
    not_posts, older = data["not_posts"], data["older"]
    return ListingWords(
        entry_elements=frozenset(entries["elements"]),
        entry_types=frozenset(entries["types"]),
        entry_classes=frozenset(entries["classes"]),
        locked_classes=frozenset(entries["locked"]),
        furniture_elements=frozenset(furniture["elements"]),
        furniture_outside_entries=frozenset(furniture["outside_entries"]),
        furniture_roles=frozenset(furniture["roles"]),
        furniture_ids=frozenset(furniture["ids"]),
        furniture_classes=frozenset(furniture["classes"]),
        furniture_unless=frozenset(furniture["unless"]),
        permalink_rels=frozenset(permalinks["rels"]),
        permalink_classes=frozenset(permalinks["classes"]),
        not_post_first=frozenset(not_posts["first_segments"]),
        not_post_only=frozenset(not_posts["only_segments"]),
        not_post_last=frozenset(not_posts["last_segments"]),
        not_post_inner=frozenset(not_posts["inner_segments"]),
        not_post_queries=frozenset(not_posts["queries"]),
        not_post_endings=tuple(not_posts["endings"]),
        post_queries=frozenset(not_posts["post_queries"]),
        older_rels=frozenset(older["rels"]),
        older_classes=frozenset(older["classes"]),
        older_parents=frozenset(older["parents"]),
        older_ids=frozenset(older["ids"]),
        older_words=frozenset(older["words"]),
    )
