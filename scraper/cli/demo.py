"""scrape demo: the whole job on loopback against the small blog that comes with the program."""

from __future__ import annotations

import asyncio
import json
import shlex
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yarl import URL

from scraper.cli import download, explain, export, main_job, parsing, values
from scraper.cli.console import put
from scraper.cli.exits import Exit
from scraper.settings import ConfigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from scraper.demo.server import DemoServer

_GENRES = ("house", "techno")
_DATABASE = "cratedig.sqlite3"
_MUSIC = "music"
_EXPORT = "crate.json"
_POST = "2025/05/wren-coil-copper-wire/"
_PORT = "port"
_EPILOG = """\
It serves a blog of invented artists on 127.0.0.1, scrapes it, downloads what matches and exports it as
JSON. Nothing leaves this machine. Everything is kept in its folder: neither --database nor your
configuration count. Run it twice: the second run finds nothing new and fetches next to nothing. Remove the
folder to begin anew.
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape demo", description="Try everything against a small blog on this machine.", epilog=_EPILOG
    )
    parser.add_argument(
        "--folder",
        type=values.folder,
        default=Path("cratedig-demo"),
        metavar="DIR",
        help="where the demo keeps its data (default: %(default)s)",
    )
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Serve the blog, run the commands of a day, and say what they did."""
    from scraper.cli.console import say  # noqa: PLC0415 - --help needs none of these
    from scraper.demo.site import site_folder  # noqa: PLC0415

    folder: Path = options.folder.expanduser()
    await asyncio.to_thread(_make, folder)
    async with _serve(site_folder(), folder) as server:
        commands = [
            ["scrape", server.url, "--genres", *_GENRES],
            ["scrape", "download", "--to", str(folder / _MUSIC)],
            ["scrape", "export", str(folder / _EXPORT)],
        ]
        if not (options.json or options.quiet):  # it has nothing but words to show
            commands.append(["scrape", "explain", f"{server.url}{_POST}", "--genres", *_GENRES])
        for words in commands:
            whole = [*words, "--database", str(folder / _DATABASE), "--allow-private"]
            if not options.quiet:
                say(f"$ {shlex.join(whole)}")
            await _run([*whole[1:], *_flags(options)])
    return await _conclude(options, folder)


def _flags(options: argparse.Namespace) -> list[str]:
    names = [name for name in ("no_progress", "quiet", "verbose") if getattr(options, name)]
    return [f"--{name.replace('_', '-')}" for name in names]


async def _run(words: list[str]) -> None:
    # The demo shows the defaults: neither the user's configuration nor the environment changes it.
    command = {"download": download, "export": export, "explain": explain}.get(words[0], main_job)
    rest = words if command is main_job else words[1:]
    await command.run(parsing.parse(command.build_parser(), rest, config={}, environment={}))


async def _conclude(options: argparse.Namespace, folder: Path) -> Exit:
    from scraper.cli.console import say  # noqa: PLC0415
    from storage.database import Database  # noqa: PLC0415
    from storage.queue import Queue  # noqa: PLC0415
    from storage.reasons import Reason  # noqa: PLC0415
    from storage.records import DownloadState  # noqa: PLC0415

    async with await Database.open(folder / _DATABASE) as database:
        counts, failed = await Queue(database).counts(), await Queue(database).failed_by_reason()
    done = counts[DownloadState.DONE]
    as_it_should = done > 0 and failed == {Reason.NOT_AUDIO: 1} and sum(counts.values()) == done + 1
    if options.json:
        result = {
            "folder": str(folder),
            "downloaded": done,
            "failed": sum(failed.values()),
            "ok": as_it_should,
        }
        put(json.dumps(result) + "\n")
    elif as_it_should and not options.quiet:
        say(
            f"The demo went as it should: {done} files in {folder / _MUSIC}, and one link refused on purpose:"
        )
        say("an .mp3 that is an HTML page. Look at it with:")
        look = ["scrape", "queue", "list", "--state", "failed", "--database", str(folder / _DATABASE)]
        say(f"  {shlex.join(look)}")
        say(f"The matched posts as JSON: {folder / _EXPORT}")
    if not as_it_should:
        reasons = ", ".join(f"{number} {reason}" for reason, number in failed.items()) or "none"
        say(f"scrape: the demo did not go as it should: {done} files, failed: {reasons}.")
        say(f"Remove {folder} and try again.")
    return Exit.DONE if as_it_should else Exit.SOME_FAILED


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error, "made") from error


def _unusable(folder: Path, error: OSError, how: str) -> ConfigError:
    return ConfigError(
        f"The folder of the demo cannot be {how}",
        where=f"{folder}: {error.strerror}",
        next_step="Name another with --folder",
    )


def _last_port(kept: Path) -> int:
    """Return the port of the last run, 0 where there was none."""
    try:
        last = kept.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return 0
    return int(last) if last.isdigit() and len(last) <= 5 and int(last) < 65_536 else 0  # noqa: PLR2004


@asynccontextmanager
async def _serve(site: Path, folder: Path) -> AsyncIterator[DemoServer]:
    """Serve the blog at the address of the last run if that is free, so that a second run knows it."""
    from scraper.demo.server import DemoServer  # noqa: PLC0415

    kept = folder / _PORT
    try:
        server = await DemoServer(site, port=await asyncio.to_thread(_last_port, kept)).__aenter__()
    except OSError:
        server = await DemoServer(site).__aenter__()
    try:
        try:
            await asyncio.to_thread(kept.write_text, str(URL(server.url).port), encoding="ascii")
        except OSError as error:
            raise _unusable(folder, error, "written") from error
        yield server
    finally:
        await server.__aexit__(None, None, None)
