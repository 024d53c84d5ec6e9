"""scrape export: matched posts as JSON, JSON Lines or CSV, with the state of each download."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.exits import Exit

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from filters.criteria import Criteria
    from filters.graph import GenreGraph
    from storage.posts import Posts
    from storage.records import MatchedPost, Post

_EPILOG = """\
Without --genres, every post that a run has matched is written; with --genres, those of them that match
these. The genres of a post are those that count for the query. CSV has a row for each link; the first row
names the columns.

examples:
  scrape export crate.json
  scrape export - --genres house --since 30d | jq '.posts[].title'
  scrape export crate.csv --format csv
  scrape export - --text 'nina kraviz' --kinds direct --quiet
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape export",
        without=frozenset({"genres", "exclude_genres", "text", "exclude_text", "kinds", "formats"}),
        description="Write the matched posts with the state of each download.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        type=values.export_target,
        help="where to write; - is stdout (default)",
    )
    parser.add_argument(
        "--format", choices=("json", "jsonl", "csv"), default="json", help="default: %(default)s"
    )
    parsing.add_filters(parser, queues=False)
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Write the export."""
    from filters.criteria import ANY  # noqa: PLC0415
    from scraper.cli.exporting import write_posts  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.query import criteria_of, graph_of  # noqa: PLC0415
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from storage.posts import Posts  # noqa: PLC0415

    named = bool(options.genres)
    options.genres = options.genres or [ANY]
    criteria = criteria_of(options, graph := graph_of(options))
    async with await open_database(options) as database:
        posts = Posts(database)
        genres = criteria.genres if named else await posts.matched_names()
        chosen = _chosen(posts, criteria, graph, named=named)
        await write_posts(chosen, options.file, options.format, genres=genres)
    return Exit.DONE


async def _chosen(
    posts: Posts, criteria: Criteria, graph: GenreGraph, *, named: bool
) -> AsyncIterator[MatchedPost]:
    now = time.time()
    async for stored in posts.matched():
        match = criteria.match(stored.post, graph, now=now)
        if match and named:
            yield replace(stored, post=criteria.as_counted(stored.post, graph), matched=match.matched)
        elif match:
            yield replace(stored, post=_as_matched(stored, criteria, graph))


def _as_matched(stored: MatchedPost, criteria: Criteria, graph: GenreGraph) -> Post:
    """Return the post with the genres by which a run has matched it, be it by its running text."""
    asked = replace(criteria, from_text=True)
    if not stored.post.genres and asked.matches_any_of(stored.matched, stored.post, graph):
        criteria = asked
    return criteria.as_counted(stored.post, graph)
