"""scrape queue: look into the download queue, and steer it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from scraper.cli import parsing, values
from scraper.cli.durations import span
from scraper.cli.exits import Exit, UsageError
from scraper.cli.host_names import as_queued, host
from storage.records import DownloadState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database

_EPILOG = """\
what each takes:
  list                 --state --reason --host --max
  show ID ...
  retry [ID ...]       --state --reason --host; alone: all that failed; what
                       waits for later is tried at once if it is named so
  cancel [ID ...]      --state --reason --host: one of these or an ID
  pause [HOST ...]     --for; without a host: the whole queue
  resume [HOST ...]    without a host: the whole queue
  prune                --state --reason --host --older-than

Cancelled is what waits or runs; retry brings it back. A pause lets what is under way end. What was pruned is
forgotten but for its identity: it is not queued again, and its file stays.

examples:
  scrape queue list --state failed
  scrape queue show 17
  scrape queue retry --reason too-large   # then download --max-size 4G
  scrape queue cancel --host slow.example
  scrape queue pause slow.example --for 2h
  scrape queue prune --state done --older-than 90d
"""

TAKES: Final[dict[str, frozenset[str]]] = {
    "list": frozenset({"--state", "--reason", "--host", "--max"}),
    "show": frozenset(),
    "retry": frozenset({"--state", "--reason", "--host"}),
    "cancel": frozenset({"--state", "--reason", "--host"}),
    "pause": frozenset({"--host", "--for"}),
    "resume": frozenset({"--host"}),
    "prune": frozenset({"--state", "--reason", "--host", "--older-than"}),
}
"""The actions and the options that each of them takes."""

# The states that an action can begin with; the others stay as they are.
_STATES: Final[dict[str, tuple[DownloadState, ...]]] = {
    "list": tuple(DownloadState),
    "retry": (DownloadState.FAILED, DownloadState.CANCELLED, DownloadState.WAITING),
    "cancel": (DownloadState.WAITING, DownloadState.RUNNING),
    "prune": (DownloadState.DONE, DownloadState.FAILED, DownloadState.CANCELLED),
}
_TAKE_IDS: Final = frozenset({"show", "retry", "cancel"})
_TAKE_HOSTS: Final = frozenset({"pause", "resume"})


class _Parser(parsing.Parser):
    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        # ids may stand behind options: scrape queue retry --json 17
        return self.parse_intermixed_args(args, namespace)


class _Given(argparse.Action):
    """Stores the value, and that the option stood on the command line: a default is no order."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        del parser
        setattr(namespace, self.dest, values)
        namespace.given = (*namespace.given, option_string)


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = _Parser(
        prog="scrape queue",
        usage="scrape queue ACTION [ID ... | HOST ...] [options]",
        description="Look into the download queue, and steer it.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "action",
        choices=tuple(TAKES),
        help="list: the downloads, the last changed first; show: everything about one; "
        "retry: let what failed or waits for later be tried now; cancel: do not fetch it; "
        "pause, resume: give out nothing of some hosts, or nothing at all, and go on; "
        "prune: forget what failed or was cancelled long ago",
    )
    parser.add_argument(
        "what", nargs="*", default=[], metavar="ID|HOST", help="number of a download, or a host"
    )
    _add_filters(parser)
    parsing.add_common(parser)
    parser.set_defaults(given=())
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which downloads")
    group.add_argument(
        "--state",
        nargs="+",
        action=_Given,
        choices=[str(state) for state in DownloadState],
        metavar="STATE",
        default=[],
        help=f"only these: {', '.join(DownloadState)}",
    )
    group.add_argument(
        "--reason",
        action=_Given,
        type=values.reason,
        metavar="REASON",
        help="only this reason, such as not-audio",
    )
    group.add_argument(
        "--host", action=_Given, type=host, metavar="HOST", help="only this host, without its port"
    )
    group.add_argument(
        "--max",
        action=_Given,
        type=values.count,
        default=100,
        metavar="N",
        help="at most N (default: %(default)s)",
    )
    group.add_argument(
        "--for",
        dest="pause_for",
        action=_Given,
        type=span,
        metavar="SPAN",
        help="how long the pause lasts, such as 90m or 2h (default: until scrape queue resume)",
    )
    group.add_argument(
        "--older-than",
        action=_Given,
        type=values.past_moment,
        default=values.past_moment("30d"),
        metavar="30d|DATE",
        help="forget what has not changed since then (default: 30d; m is months)",
    )


async def run(options: argparse.Namespace) -> Exit:
    """Do what the action says."""
    _require_fitting(options)
    from scraper.cli.resources import open_database  # noqa: PLC0415 - --help needs none of these

    async with await open_database(options) as database:
        return await _act(options, database)


async def _act(options: argparse.Namespace, database: Database) -> Exit:
    match options.action:
        case "list":
            from scraper.cli.queue_list import list_downloads  # noqa: PLC0415

            return await list_downloads(options, database)
        case "show":
            from scraper.cli.queue_show import show_downloads  # noqa: PLC0415

            return await show_downloads(options, database)
        case "pause" | "resume":
            from scraper.cli.queue_pause import pause_or_resume  # noqa: PLC0415

            return await pause_or_resume(options, database)
        case _:
            from scraper.cli.queue_change import change_downloads  # noqa: PLC0415

            return await change_downloads(options, database)


def _require_fitting(options: argparse.Namespace) -> None:
    """Check that the words fit the action, and turn them into `options.ids` or `options.hosts`."""
    action = options.action
    for option in options.given:
        if option not in TAKES[action]:
            takes = ", ".join(sorted(TAKES[action])) or "no filters"
            raise UsageError(f"{action} takes no {option}", next_step=f"It takes {takes}")
    options.ids, options.hosts = [], []
    if action in _TAKE_IDS:
        options.ids = [_id(word, action) for word in dict.fromkeys(options.what)]
    elif action in _TAKE_HOSTS:
        options.hosts = _hosts(options)
    elif options.what:
        raise _takes_no_id(action, options.what[0])
    if options.host and action != "resume":  # what is paused goes on by the name that it has
        options.host = as_queued(options.host)
    _require_states(options)
    _require_choice(options)


def _require_states(options: argparse.Namespace) -> None:
    fitting = _STATES.get(options.action, ())
    options.states = (
        [DownloadState(state) for state in options.state] if "--state" in TAKES[options.action] else []
    )
    wrong = [state for state in options.states if state not in fitting]
    if wrong:
        raise UsageError(
            f"{options.action} is not for what is {wrong[0]}",
            next_step=f"Use one of {', '.join(fitting)}",
        )


def _require_choice(options: argparse.Namespace) -> None:
    if options.action == "show" and not options.ids:
        raise UsageError("show needs the number of a download", next_step="Try: scrape queue list")
    chosen = options.ids or options.state or options.reason or options.host
    if options.action == "cancel" and not chosen:
        raise UsageError(
            "cancel needs to know which downloads",
            next_step="Give their numbers, or --host HOST, or --state waiting for all that wait",
        )


def _takes_no_id(action: str, word: str) -> UsageError:
    if word.isascii() and word.isdigit() and action == "list":
        step = f"Look at one with scrape queue show {word[:18]}"
    else:
        step = "Choose with --state, --reason or --host"
    return UsageError(f"{action} takes no ID", where=word[:60], next_step=step)


def _id(word: str, action: str) -> int:
    if not word.isascii() or not word.isdigit() or not 0 < len(word) <= 18:  # noqa: PLR2004 - what a row can have
        chosen = "list" if action == "show" else action
        by_host = f"scrape queue {chosen} --host {word[:60]}"
        raise UsageError(
            "This is no number of a download",
            where=word[:60],
            next_step=f"Try: {by_host}" if "." in word else "See them with scrape queue list",
        )
    return int(word)


def _hosts(options: argparse.Namespace) -> list[str]:
    try:
        named = [host(word) for word in options.what]
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error), next_step="Try: scrape queue --help") from error
    found = [*named, *([options.host] if options.host else [])]
    return list(dict.fromkeys(found if options.action == "resume" else map(as_queued, found)))
