"""What `scrape explain` does, once its options are understood."""

from __future__ import annotations

import json
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from filters.criteria import ANY
from scraper.blogs.addresses import PostAddresses
from scraper.cli.blog_sources import checked_address, open_existing
from scraper.cli.console import put, say
from scraper.cli.exits import Exit, UsageError
from scraper.cli.explain_object import explain_object
from scraper.cli.explain_report import Explanation, explain_lines
from scraper.cli.query import criteria_of, graph_of
from scraper.cli.report import next_command
from scraper.cli.resources import open_sparing_client
from scraper.cli.values import post_address
from scraper.cli.word_addresses import take_addresses
from scraper.downloads.choosing.wanted import plan_links
from scraper.explaining import KnownPost, ReadNow, known_post, read_now, unknown_post
from scraper.http.errors import FetchError
from scraper.own_players import MOST
from scraper.posts.worker.aside import Aside
from storage.blogs import Blogs
from storage.errors import CratedigError
from storage.posts import Posts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from filters.graph import GenreGraph
    from scraper.http.client import Client
    from storage.database import Database
    from storage.records import DownloadState, Post

_LATER = "Run the command again later"


async def explain(options: argparse.Namespace) -> Exit:
    """Read the post and print what it says; of one that cannot be read now, what is stored.

    Raises what reading raised where nothing is stored either.
    """
    url = checked_address(_address(options))
    options.genres = options.genres or [ANY]
    criteria = criteria_of(options, graph := graph_of(options))
    async with AsyncExitStack() as stack:
        database = await open_existing(options)
        if database is not None:
            await stack.enter_async_context(database)
        known = await _known(url, database)
        client = await stack.enter_async_context(open_sparing_client(options, database, most=1 + MOST))
        aside = await stack.enter_async_context(Aside())
        now, failed = await _read(known, client, graph, aside)
    post = _post(known, now)
    counted = criteria.counted(post, graph)
    match = criteria.match(post, graph, now=time.time())
    told = Explanation(
        known=known,
        now=now,
        post=post,
        criteria=criteria,
        counted=counted,
        match=match,
        kinship=_kinship(match.matched, counted.genres, graph),
        planned=plan_links(post, criteria.wants, states=_states(known)),
    )
    if options.json:
        put(json.dumps(explain_object(told), ensure_ascii=True) + "\n")
    else:
        put("".join(f"{line}\n" for line in explain_lines(told)))
    if known.stored is None and not options.quiet and PostAddresses(known.blog).key_of(url) is None:
        look = next_command(f"blogs check {known.blog}", options)
        say(f"scrape: by its address a run would not take this for a post. Look at the blog: {look}")
    if failed is not None:
        say(f"scrape: its page could not be read now, so this is what was stored: {failed}")
    return Exit.DONE if failed is None else Exit.SOME_FAILED


def _address(options: argparse.Namespace) -> str:
    found = take_addresses(options, post_address, command="scrape explain")
    addresses: list[str] = [*([options.url] if options.url else []), *found]
    if len(addresses) != 1:
        raise UsageError(
            "One post is explained at a time" if addresses else "No post is named",
            next_step="Give the address of one post, such as https://blog.example/2026/11/a-post/",
        )
    return addresses[0]


async def _read(
    known: KnownPost, client: Client, graph: GenreGraph, aside: Aside
) -> tuple[ReadNow, None] | tuple[None, CratedigError]:
    try:
        return await read_now(known, client=client, graph=graph, now=time.time(), aside=aside), None
    except CratedigError as error:
        if known.stored is not None:
            return None, error
        if isinstance(error, FetchError) and error.transient:  # nobody but the user tries it again
            raise CratedigError(error.what, where=error.where, next_step=_LATER) from error
        raise


def _post(known: KnownPost, now: ReadNow | None) -> Post:
    if now is not None:
        return now.understood.post
    if known.stored is None:
        raise ValueError(known.url)  # then reading raised
    return known.stored.post


async def _known(url: str, database: Database | None) -> KnownPost:
    if database is None:
        return unknown_post(url)
    return await known_post(url, posts=Posts(database), blogs=Blogs(database))


def _kinship(matched: Sequence[str], genres: Sequence[str], graph: GenreGraph) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, genre)
        for name in matched
        for genre in genres
        if genre == name or name in graph.ancestors(genre)
    )


def _states(known: KnownPost) -> dict[str, DownloadState]:
    """Return what has become of the post's links, by their keys."""
    downloads = known.stored.downloads if known.stored is not None else {}
    return {key: download.state for key, download in downloads.items()}
