"""What failed in a drain, by reason: what it means, what to do, and which files it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from scraper.cli.queue_rows import downloads_text
from scraper.cli.report import next_command, utc_time
from scraper.cli.wrapping import WIDTH, fitted, wrapped
from scraper.stopping import moment
from storage.reasons import explain, in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scraper.downloads.draining.counts import DrainCounts, FailedDownload

_NAME_WIDTH = 44
_LONGEST_DETAIL = 280  # columns


def failure_lines(options: argparse.Namespace, counts: DrainCounts) -> list[str]:
    """Return a heading for each reason of failure and below it the files, the most frequent reason first.

    What was seen of a file stands behind its name if there is room, else below.
    At most 80 columns wide, but for commands to type.
    """
    lines: list[str] = []
    for reason, number in counts.failed.most_common():
        said = explain(reason)
        lines += wrapped(f"{number:,} failed, {reason}: {said.sentence}; {said.next_step}", then="  ")
        named = counts.failures.get(reason, [])
        lines += [line for failed in named for line in _lines_of(failed)]
        if named and number > len(named):
            whole = next_command(f"queue list --reason {reason}", options)
            lines.append(f"    and {number - len(named):,} more: {whole}")
    return lines


def later_lines(counts: DrainCounts, *, now: float) -> Iterator[str]:
    """Yield a line for each reason of what is tried again later, with when the first of it is due."""
    for reason, number in counts.later.most_common():
        due = counts.earliest.get(reason)
        at = "" if due is None else f", {'now' if due <= now else f'from {moment(due, now=now)}'}"
        yield from wrapped(
            f"{downloads_text(number)} tried again later{at}: {reason}, {explain(reason).sentence}", then="  "
        )


def failures_object(counts: DrainCounts) -> dict[str, Any]:
    """Return the same for --json: of each reason the first failures by name, and when the others are due."""
    return {
        "failures": [
            {
                "id": failed.id,
                "name": failed.name,
                "url": failed.url,
                "reason": str(failed.reason),
                "detail": failed.detail,
            }
            for named in counts.failures.values()
            for failed in named
        ],
        "due_by_reason": {str(reason): utc_time(due) for reason, due in counts.earliest.items()},
    }


def _lines_of(failed: FailedDownload) -> list[str]:
    start = f"  {failed.id:>6}  "
    what = failed.name or failed.url
    if in_words(failed.reason, failed.detail) == explain(failed.reason).sentence:  # nothing to add
        return [f"{start}{fitted(what, WIDTH - len(start))}".rstrip()]
    detail = fitted(failed.detail or "", _LONGEST_DETAIL).rstrip()
    if cell_len(detail) <= WIDTH - len(start) - _NAME_WIDTH - 2:
        return [f"{start}{fitted(what, _NAME_WIDTH)}  {detail}".rstrip()]
    below = wrapped(detail, first=" " * len(start))
    return [fitted(line, WIDTH).rstrip() for line in (f"{start}{fitted(what, WIDTH - len(start))}", *below)]
