"""The table `default_genres` of config.toml: what the posts of a blog are that say nothing of genre. Pure."""

from __future__ import annotations

from argparse import ArgumentTypeError
from functools import lru_cache
from typing import TYPE_CHECKING

from filters.counted import BlogDefaults
from filters.query import UnknownGenreError, canonical_genres
from scraper.cli import values
from scraper.http.addresses.identity import post_key
from scraper.settings import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from filters.graph import GenreGraph

_identity = lru_cache(maxsize=1000)(post_key)


def default_genres(table: Mapping[str, Sequence[str]], graph: GenreGraph) -> BlogDefaults:
    """Return the genres of posts without one, by blog; a blog is the same however its address is spelled.

    Raises `ConfigError` for what is no address or no genre, and for a blog that stands there twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for address, words in table.items():
        where = f"default_genres of {address} in the configuration"
        blog = _identity(_checked(address, where))
        if blog in found:
            raise ConfigError(
                "A blog has default genres twice", where=where, next_step="Leave one of its spellings"
            )
        found[blog] = _genres(words, graph, where)
    return BlogDefaults(genres=tuple(sorted(found.items())), identity=_identity)


def _checked(address: str, where: str) -> str:
    try:
        return values.blog_address(address)
    except ArgumentTypeError as error:
        raise ConfigError(str(error), where=where) from error


def _genres(words: Sequence[str], graph: GenreGraph, where: str) -> tuple[str, ...]:
    try:
        names = canonical_genres(words, graph, otherwise="Check its spelling, or leave it out")
    except UnknownGenreError as error:
        raise ConfigError(error.what, where=where, next_step=error.next_step) from error
    return graph.most_specific(names)
