"""What commands open from their options: the database, the HTTP client, the query."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from filters.criteria import Criteria
from filters.graph import GenreGraph, default_graph
from filters.wants import Wants
from scraper.blogs.sparing_client import MOST, SparingClient
from scraper.cli.blog_genres import default_genres
from scraper.cli.exits import UsageError
from scraper.cli.memory import give_back_large_buffers
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
    if not create and not await asyncio.to_thread(path.exists):
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


def graph_of(options: argparse.Namespace) -> GenreGraph:
    """Return the genre graph, with the user's own genre file over it where the configuration names one."""
    return GenreGraph.load(Path(options.genre_file)) if options.genre_file else default_graph()


def criteria_of(options: argparse.Namespace, graph: GenreGraph) -> Criteria:
    """Return the query of `options`.

    Raises `UnknownGenreError`, `UsageError` where no genre is named, and `ConfigError` for what is no blog
    or no genre in the table `default_genres`.
    """
    if not options.genres:
        raise UsageError(
            "No genres are named",
            next_step="Name them, such as --genres house techno, or use --genres any to keep every post",
        )
    return Criteria.parse(
        options.genres,
        exclude=options.exclude_genres,
        exact=options.exact_genres,
        since=options.since,
        until=options.until,
        from_text=options.from_text,
        defaults=default_genres(options.default_genres, graph),
        text=options.text,
        exclude_text=options.exclude_text,
        wants=Wants.parse(kinds=options.kinds, formats=options.formats, prefer=options.prefer),
        graph=graph,
    )
