"""Which blogs are read when none is named: those of the configuration, and those that are followed."""

from __future__ import annotations

import asyncio
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from scraper.cli import values
from scraper.cli.exits import UsageError
from scraper.cli.presence import database_is_there
from scraper.http.addresses.identity import fetch_url, post_key
from scraper.settings import ConfigError, database_path, load_config
from storage.blogs import Blogs
from storage.database import Database
from storage.location import locate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable


async def open_existing(options: argparse.Namespace) -> Database | None:
    """Open the database that `options` name, None where there is none; it is not created."""
    path = locate(options.database or database_path())
    return await Database.open(path) if await asyncio.to_thread(database_is_there, path) else None


def configured_blogs(options: argparse.Namespace) -> list[str]:
    """Return the blogs that config.toml lists. Raises `ConfigError` where one is no address."""
    try:
        return [values.blog_address(text) for text in load_config(options.config).get("blogs", [])]
    except ArgumentTypeError as error:
        raise ConfigError(f"blogs in the configuration: {error}") from error


async def unnamed_blogs(options: argparse.Namespace) -> list[str]:
    """Return the blogs that a run reads without being told: each once, however it is spelled."""
    configured = configured_blogs(options)
    database = await open_existing(options)
    if database is None:
        return one_spelling(configured)
    async with database:
        return one_spelling([*configured, *await Blogs(database).followed()])


def checked_address(url: str) -> str:
    """Return `url` where it can be asked for. Raises `UsageError`; nothing is asked."""
    if fetch_url(url, url) is None:
        raise UsageError(
            "This is no address that can be asked for",
            where=url,
            next_step="Copy it from the browser, such as https://blog.example/",
        )
    return url


def one_spelling(blogs: Iterable[str]) -> list[str]:
    """Return `blogs` in their order, of several spellings of one address the first.

    >>> one_spelling(["https://b.example/", "http://www.b.example", "https://c.example/"])
    ['https://b.example/', 'https://c.example/']
    """
    found: dict[str, str] = {}
    for blog in blogs:
        found.setdefault(post_key(blog), blog)
    return list(found.values())
