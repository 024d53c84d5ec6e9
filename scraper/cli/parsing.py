"""The command line as argparse reads it: the option groups that commands share.

A value is looked for in this order: the command line, the environment (``CRATEDIG_`` and the option's
name), config.toml, the default written here.
"""

from __future__ import annotations

import argparse
import os
import textwrap
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from scraper import __version__
from scraper.cli import values
from scraper.cli.defaults import SETTINGS, TABLES, setting, take_default
from scraper.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


_UNKNOWN = "unrecognized arguments: "


class _Paragraphs(argparse.RawDescriptionHelpFormatter):
    """Fills paragraphs to the width of the terminal; lists and examples, which are indented, stay."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = textwrap.dedent(text).split("\n\n")
        return "\n\n".join(_filled(paragraph, width, indent) for paragraph in paragraphs)


def _filled(paragraph: str, width: int, indent: str) -> str:
    lines = paragraph.splitlines()
    if any(line.startswith(" ") for line in lines):
        return textwrap.indent(paragraph, indent)
    return textwrap.fill(" ".join(lines), width, initial_indent=indent, subsequent_indent=indent)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports mistakes as `UsageError`, one clear line.

    `without` names the options that neither config.toml nor the environment speak for in this command;
    `words` are those that are parsed, for a mistake is often one of another word than argparse names.
    """

    def __init__(self, *, without: frozenset[str] = frozenset(), **options: Any) -> None:
        self.without = without
        self.words: Sequence[str] = ()
        super().__init__(allow_abbrev=False, formatter_class=_Paragraphs, **options)

    def error(self, message: str) -> NoReturn:
        """Raise the mistake instead of ending the process."""
        step = f"Try: {self.prog} --help"
        head, missing, _ = message.partition(": expected ")
        if missing:
            message = f"{head}: a value is missing; a word that begins with - is taken for an option"
        for slip, meant in self._slips():
            message = message if message.startswith(_UNKNOWN) else f"{_UNKNOWN}{slip}"
            step = f"Did you mean {meant}?"
            break
        raise UsageError(message, next_step=step)

    def _slips(self) -> Iterator[tuple[str, str]]:
        """Yield each word that is nearly an option, with the option.

        After one that is unknown argparse may take the value for something else, and complain of that.
        """
        known = self._option_string_actions
        for word in takewhile(lambda word: word != "--", self.words):
            option = word.split("=", 1)[0][:60]
            if option.startswith("-") and option not in known:
                yield from ((option, near) for near in get_close_matches(option, known, n=1, cutoff=0.75))


class Words(argparse.Action):
    """Several words after one option, which may be repeated; the first use puts the default aside."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add `values` to what this option was given before."""
        del parser, option_string
        before = getattr(namespace, self.dest)
        given = list(values or ())
        setattr(namespace, self.dest, given if before is self.default else [*before, *given])


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    group = parser.add_argument_group("common options")
    group.add_argument(
        "--database",
        metavar="PATH",
        type=values.database,
        help="where posts and queue are kept (default: the user's data folder)",
    )
    group.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help="settings to use (default: config.toml in the user's config folder)",
    )
    group.add_argument(
        "--json", action="store_true", help="print one JSON object on stdout instead of tables"
    )
    group.add_argument("--quiet", action="store_true", help="print nothing but data and errors")
    group.add_argument(
        "--verbose", action="store_true", help="say more on stderr: every post that failed, and why"
    )
    group.add_argument(
        "--no-progress", action="store_true", help="no progress bar (there is none without a terminal)"
    )
    group.add_argument(
        "--allow-private",
        action="store_true",
        help="also connect to addresses that are not public: loopback, home network",
    )
    group.add_argument("--version", action="version", version=f"cratedig {__version__}")


def add_filters(parser: argparse.ArgumentParser, *, queues: bool = True) -> None:
    """Add the options that say which posts and links are wanted; `queues` unless no link is queued."""
    group = parser.add_argument_group("which posts")
    group.add_argument(
        "--genres",
        nargs="+",
        action=Words,
        metavar="GENRE",
        help="genres to keep; house also keeps deep house and the like; 'any' keeps all",
    )
    group.add_argument(
        "--exclude-genres",
        nargs="+",
        action=Words,
        metavar="GENRE",
        default=[],
        help="drop posts of these genres, whatever else they are",
    )
    group.add_argument(
        "--exact-genres", action="store_true", help="house means house alone, not its descendants"
    )
    group.add_argument(
        "--from-text",
        action="store_true",
        help="where a post states no genre, take what its running text names: finds more, and errs more",
    )
    group.add_argument("--since", type=values.moment, metavar="DATE|7d", help="posts published since then")
    group.add_argument("--until", type=values.moment, metavar="DATE", help="posts published before then")
    group.add_argument(
        "--text",
        nargs="+",
        action=Words,
        metavar="WORDS",
        default=[],
        help="posts that say one of these in title, artist, label or links; 'nina kraviz' is one phrase",
    )
    group.add_argument(
        "--exclude-text",
        nargs="+",
        action=Words,
        metavar="WORDS",
        default=[],
        help="drop posts that say one of these there",
    )
    _add_links(parser.add_argument_group("which links"), queues=queues)
    if not queues:
        parser.set_defaults(prefer=None)


def _add_links(group: argparse._ArgumentGroup, *, queues: bool) -> None:
    group.add_argument(
        "--kinds",
        nargs="+",
        action=Words,
        type=values.link_kind,
        metavar="KIND",
        default=[],
        help="links of these kinds only: direct, archive, hoster; posts without one do not match",
    )
    group.add_argument(
        "--formats",
        nargs="+",
        action=Words,
        type=values.file_format,
        metavar="FORMAT",
        default=[],
        help="links to these formats only, such as flac mp3 zip; one that names no format may be any",
    )
    if queues:
        group.add_argument(
            "--prefer",
            type=values.preference,
            metavar="FORMAT|QUALITY",
            help="of the same music in several forms queue this one, such as mp3, 320, lossless, or 'all' "
            "(default: the best); what is queued already stays",
        )


def add_connections(parser: argparse.ArgumentParser, *, concurrency: int) -> None:
    """Add the options that bound how hard servers are asked."""
    group = parser.add_argument_group("connections")
    group.add_argument(
        "--concurrency",
        type=values.connections,
        default=concurrency,
        metavar="N",
        help="connections in all (default: %(default)s)",
    )
    group.add_argument(
        "--per-host",
        type=values.connections,
        default=5,
        metavar="N",
        help="connections to one host (default: %(default)s)",
    )
    group.add_argument(
        "--delay",
        type=values.seconds,
        default=0.0,
        metavar="SECONDS",
        help="at least this long between two requests to one host (default: none; Crawl-delay is kept)",
    )
    group.add_argument(
        "--no-robots", action="store_true", help="do not read robots.txt: for your own blog only"
    )


def add_download_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where files go, how large they may be, and what they are called."""
    group = parser.add_argument_group("files")
    group.add_argument(
        "--to",
        type=values.folder,
        metavar="DIR",
        help="where files are put (default: cratedig in the user's music folder)",
    )
    group.add_argument(
        "--max-size",
        type=values.size,
        default=values.size("2G"),
        metavar="SIZE",
        help="refuse larger files, such as 500M (default: 2G)",
    )
    group.add_argument(
        "--bandwidth", type=values.rate, metavar="RATE", help="bytes a second in all, such as 2M or 500k"
    )
    group.add_argument(
        "--name",
        type=values.name_template,
        metavar="TEMPLATE",
        help="how files are named, such as '{blog}/{artist} - {title}' (default: by post and link)",
    )
    group.add_argument(
        "--sidecar", action="store_true", help="write a JSON file beside each: post, address, hash, times"
    )
    group.add_argument(
        "--unpack",
        action="store_true",
        help="take the music out of zip and tar archives, into a folder beside; tries the post's passwords",
    )
    group.add_argument(
        "--keep-rejected",
        action="store_true",
        help="keep what came in place of music apart, with the reason",
    )


def parse(
    parser: Parser,
    arguments: Sequence[str],
    *,
    config: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
) -> argparse.Namespace:
    """Parse `arguments`, with `config` and `environment` behind them. Raises `UsageError`."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to list its options
        if action.dest not in parser.without:
            take_default(action, config, environment)
    parser.set_defaults(**{key: config.get(key, {}) for key in TABLES})
    for key, dest in SETTINGS.items():
        parser.set_defaults(**{dest: setting(key, config, environment)})
    parser.words = arguments
    return parser.parse_args(arguments)
