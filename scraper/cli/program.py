"""Finds the command, reads its options, runs it, and turns its end into an exit code."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scraper.cli.console import say, speak_utf8
from scraper.cli.exits import Exit, UsageError, exit_code_of
from scraper.cli.logs import set_up_logging
from scraper.cli.parsing import Parser, parse
from scraper.settings import load_config
from storage.errors import CratedigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


class Command(Protocol):
    """What a module of this folder offers: its parser, and what it does."""

    def build_parser(self) -> Parser:
        """Return the parser of the command's options."""

    async def run(self, options: argparse.Namespace) -> Exit:
        """Do it."""


MAIN = "main_job"
# The command's name -> its module in this folder. Imported when it runs, so that --help stays fast.
COMMANDS = {
    "download": "download",
    "export": "export",
    "queue": "queue",
    "explain": "explain",
    "blogs": "blogs",
    "status": "status",
    "demo": "demo",
}
_WITHOUT_CONFIG = frozenset({"scrape demo"})  # it shows the defaults
_OPTIONS_WITH_VALUE = frozenset({"--database", "--config"})


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process, and return its exit code."""
    try:
        words = list(sys.argv[1:] if arguments is None else arguments)
        speak_utf8()
        command, rest = _find_command(words)
        return int(_run(command, rest))
    except CratedigError as error:
        say(f"scrape: {error}")
        return int(exit_code_of(error))
    except KeyboardInterrupt:
        say("scrape: interrupted. All that was done is kept; run the same command again to go on.")
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read stdout has left (scrape export - | head): not a failure, and nothing left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.DONE)


def _run(command: Command, words: Sequence[str]) -> Exit:
    parser = command.build_parser()
    asks = not {"-h", "--help", "--version"}.isdisjoint(words)
    config = {} if asks or parser.prog in _WITHOUT_CONFIG else load_config(_config_option(words))
    options = parse(parser, words, config=config)
    set_up_logging(verbose=options.verbose, quiet=options.quiet)
    work = _until_signalled(command, options)
    try:
        return asyncio.run(work)
    finally:
        work.close()  # Ctrl-C may have come before it began


async def _until_signalled(command: Command, options: argparse.Namespace) -> Exit:
    # SIGTERM ends a run as Ctrl-C does: what is under way is given back, what is done is kept. asyncio itself
    # would raise a second Ctrl-C wherever the program is then, be it with a lock in its hands: it would hang.
    task = asyncio.ensure_future(command.run(options))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as it is behind nohup and in the background
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # a closed terminal; with nohup the run goes on
        loop.add_signal_handler(signal.SIGHUP, task.cancel)
    loop.call_soon(_look_for_garbage)
    try:
        return await task
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise
        raise KeyboardInterrupt from None


def _look_for_garbage() -> None:
    """Begin to, at the first pause of a command: most that it needs is imported then, and stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _find_command(words: list[str]) -> tuple[Command, list[str]]:
    """Return the command that `words` name, and the words without its name; without one, the main job."""
    position = 0
    while position < len(words) and words[position].startswith("--"):
        position += 2 if words[position] in _OPTIONS_WITH_VALUE else 1
    name = words[position] if position < len(words) else None
    if name in COMMANDS and _only_common(words[:position]):
        return _load(COMMANDS[name]), words[:position] + words[position + 1 :]
    if name is not None and position == 0:
        _require_no_slip(name)
    return _load(MAIN), words


def _require_no_slip(name: str) -> None:
    """Raise `UsageError` for a first word that is nearly a command; with a dot or slash it is an address."""
    if name == "help":
        raise UsageError("help is an option", next_step="Try: scrape --help")
    near = [] if set(".:/") & set(name) else get_close_matches(name, COMMANDS, n=1, cutoff=0.7)
    if near:
        raise UsageError(f"There is no command {name[:60]!r}", next_step=f"Did you mean scrape {near[0]}?")


def _only_common(words: Sequence[str]) -> bool:
    flags = {"--json", "--quiet", "--verbose", "--no-progress", "--allow-private"} | _OPTIONS_WITH_VALUE
    return all(word.split("=", 1)[0] in flags for word in words if word.startswith("--"))


def _load(module: str) -> Command:
    command: Command = import_module(f"scraper.cli.{module}")
    return command


def _config_option(words: Sequence[str]) -> Path | None:
    parser = Parser(add_help=False)
    parser.add_argument("--config", type=Path, default=os.environ.get("CRATEDIG_CONFIG"))
    known, _ = parser.parse_known_args(list(words))
    config: Path | None = known.config
    return config
