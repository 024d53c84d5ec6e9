"""What commands open from their options: the database, the HTTP client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scraper.blogs.sparing_client import MOST, SparingClient
from scraper.cli.memory import give_back_large_buffers
from scraper.cli.presence import database_is_there
from scraper.cli.read_only import KnownHolds, KnownRobots
from scraper.http.client import Client, Limits
from scraper.settings import database_path
from storage.database import Database
from storage.errors import StorageError
from storage.holds import HostHolds
from storage.location import locate
from storage.robots import RobotsFiles

if TYPE_CHECKING:
    import argparse


async def open_database(options: argparse.Namespace, *, create: bool = False) -> Database:
    """Open the database that `options` name, or the user's own. Raises `StorageError`.

    Unless `create`, one that is not there is an error: a slip in its name must not begin an empty one.
    """
    path = locate(options.database or database_path())
    if not create and not await asyncio.to_thread(database_is_there, path):
        raise StorageError(
            "There is no database yet",
            where=str(path),
            next_step="Run scrape BLOG --genres house first, or name another with --database",
        )
    return await Database.open(path)


def open_client(options: argparse.Namespace, database: Database, *, keeps: bool = True) -> Client:
    """Return the HTTP client that `options` describe; robots.txt files and holds are kept in `database`.

    Unless it `keeps` them: then it knows what is kept there and adds nothing.
    """
    give_back_large_buffers()
    return Client(
        limits=Limits(concurrency=options.concurrency, per_host=options.per_host, delay=options.delay),
        allow_private=options.allow_private,
        obey_robots=not options.no_robots,
        robots_store=RobotsFiles(database) if keeps else KnownRobots(database),
        hold_store=HostHolds(database) if keeps else KnownHolds(database),
        contact=options.contact,
        sender=options.sender,
    )


def open_sparing_client(
    options: argparse.Namespace, database: Database | None, *, most: int = MOST
) -> SparingClient:
    """Return a client for a short look, of at most `most` addresses; without `database` it keeps nothing."""
    return SparingClient(
        most=most,
        limits=Limits(concurrency=options.concurrency, per_host=options.per_host, delay=options.delay),
        allow_private=options.allow_private,
        obey_robots=not options.no_robots,
        robots_store=None if database is None else RobotsFiles(database),
        hold_store=None if database is None else HostHolds(database),
        contact=options.contact,
        sender=options.sender,
    )
