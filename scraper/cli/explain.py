"""scrape explain URL: one post, what was read from where, and why it matches or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.cli import parsing, values

if TYPE_CHECKING:
    import argparse

    from scraper.cli.exits import Exit

_EPILOG = """\
The page is asked for as a run would ask for it, and read as a run would read it; nothing is kept. Genres are
trusted by where they stand: 1 a label or structured data, 2 categories, tags and title brackets, 3 hashtags
and addresses, 4 running text, which counts only with --from-text.

examples:
  scrape explain https://blog.example/2026/11/a-post/
  scrape explain https://blog.example/2026/11/a-post/ --genres house --json
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape explain",
        description="Show how one post is understood: its genres and links with the evidence for each, what "
        "was passed over, and whether and why it matches.",
        epilog=_EPILOG,
    )
    parser.add_argument("url", nargs="?", metavar="URL", type=values.post_address, help="address of a post")
    parsing.add_filters(parser)
    parsing.add_connections(parser, concurrency=2)
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Read the post and tell."""
    from scraper.cli.explain_run import explain  # noqa: PLC0415 - --help needs none of it

    return await explain(options)
