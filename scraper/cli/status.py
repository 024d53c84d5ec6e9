"""scrape status: what is kept, what waits for what and until when, what the last runs did, the disk."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.console import put
from scraper.cli.exits import Exit

if TYPE_CHECKING:
    import argparse


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape status",
        description="Say what is kept, what waits for what and until when, what failed and why, how blogs "
        "fare, and what the last runs did.",
    )
    parser.add_argument(
        "--to",
        type=values.folder,
        metavar="DIR",
        help="the folder whose disk is looked at (default: that of downloads)",
    )
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Print the status."""
    from scraper.cli.draining import folder_of  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from scraper.cli.status_facts import gather  # noqa: PLC0415
    from scraper.cli.status_object import status_object  # noqa: PLC0415
    from scraper.cli.status_report import print_status  # noqa: PLC0415

    async with await open_database(options) as database:
        status = await gather(database, folder_of(options))
    if options.json:
        put(json.dumps(status_object(status), ensure_ascii=True) + "\n")
    else:
        print_status(status, now=time.time())
    return Exit.DONE
