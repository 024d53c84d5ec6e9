"""scrape [BLOG …] --genres house techno: read blogs, keep the posts that match, queue their links."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.exits import Exit, UsageError
from scraper.cli.word_addresses import take_addresses

if TYPE_CHECKING:
    import argparse

_EPILOG = """\
commands:
  scrape download    fetch what is queued into verified files
  scrape export      write the matched posts as JSON, JSON Lines or CSV
  scrape queue       look into the download queue, and steer it
  scrape explain     one post: what was read from where, why it matches or not
  scrape blogs       follow blogs, see how they fare: add, remove, list, check
  scrape status      what is kept, what waits, what the last runs did
  scrape demo        try all of it against a small blog on this machine
  'scrape COMMAND --help' says more.

exit codes:
  0 done   1 some items failed, the rest is kept   2 wrong usage
  3 configuration   4 nothing matched and --fail-if-empty
  130 interrupted, all that was done is kept

examples:
  scrape https://blog.example/ --genres house techno
  scrape --genres any --download --quiet     # what is followed, for cron
  scrape https://blog.example/ --genres any --text 'nina kraviz' --prefer 320
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the main job."""
    parser = parsing.Parser(
        prog="scrape",
        without=frozenset({"blogs"}),  # what is named and what is not are told apart
        usage="scrape [BLOG ...] --genres GENRE [GENRE ...] [options]\n       scrape COMMAND [options]",
        description="Read music blogs, keep the posts of some genres, and queue their links for download.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "blogs",
        nargs="*",
        metavar="BLOG",
        type=values.blog_address,
        help="address of a blog (default: those of the configuration, and those followed)",
    )
    parsing.add_filters(parser)
    group = parser.add_argument_group("this run")
    group.add_argument(
        "--max-posts", type=values.count, metavar="N", help="read at most N new posts of each blog"
    )
    group.add_argument("--full", action="store_true", help="read everything again, as if never run")
    group.add_argument(
        "--download", action="store_true", help="fetch what is queued afterwards, as scrape download does"
    )
    group.add_argument(
        "--export",
        metavar="FILE",
        type=values.export_target,
        help="write the posts that this run newly matched as JSON; - is stdout",
    )
    group.add_argument("--dry-run", action="store_true", help="read and match, but keep nothing")
    group.add_argument("--fail-if-empty", action="store_true", help="exit with 4 when nothing matched")
    parsing.add_connections(parser, concurrency=20)
    parsing.add_download_options(parser)
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Do the main job."""
    from scraper.cli.blog_sources import unnamed_blogs  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.console import stderr_console  # noqa: PLC0415
    from scraper.cli.draining import folder_of  # noqa: PLC0415
    from scraper.cli.main_run import MainRun  # noqa: PLC0415
    from scraper.cli.query import criteria_of, graph_of  # noqa: PLC0415
    from scraper.cli.resources import open_client, open_database  # noqa: PLC0415
    from scraper.downloads.publishing.folder import check_folder  # noqa: PLC0415
    from storage.export_file import check_target  # noqa: PLC0415
    from storage.turns import Turns  # noqa: PLC0415

    addresses = take_addresses(options, values.blog_address, command="scrape")
    options.blogs = list(dict.fromkeys([*options.blogs, *addresses]))
    if options.json and options.export == "-":
        raise UsageError("--json and --export - both write to stdout", next_step="Give --export a file")
    if options.dry_run and options.download:
        raise UsageError(
            "--dry-run keeps nothing that --download could fetch", next_step="Leave one of them out"
        )
    named = bool(options.blogs)
    if not named:
        options.blogs = await unnamed_blogs(options)
    if not options.blogs:
        raise UsageError(
            "No blog is named, and none is followed",
            next_step="Give its address before --genres, or follow it with scrape blogs add",
        )
    criteria = criteria_of(options, graph := graph_of(options))
    # What would fail at the end of a long run is better said at its beginning.
    if options.export and options.export != "-":
        await asyncio.to_thread(check_target, Path(options.export))
    if options.download:
        await asyncio.to_thread(check_folder, folder_of(options))
    console = stderr_console()
    async with (
        await open_database(options, create=True) as database,
        open_client(options, database) as client,
    ):
        with closing(Turns(database.path)) as turns:
            run = MainRun(
                options=options,
                graph=graph,
                criteria=criteria,
                database=database,
                client=client,
                console=console,
                turns=turns,
                only_due=not (named or options.full),
            )
            return await run.do()
