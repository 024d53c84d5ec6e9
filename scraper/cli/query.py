"""What commands make of options about genres: the graph, the query."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from filters.criteria import Criteria
from filters.graph import GenreGraph, default_graph
from filters.wants import Wants
from scraper.cli.blog_genres import default_genres
from scraper.cli.exits import UsageError

if TYPE_CHECKING:
    import argparse


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
