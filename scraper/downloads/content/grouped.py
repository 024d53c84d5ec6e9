"""The judgement of several files in one call: to ask a process costs as much as to judge a small file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.downloads.content.refused import RefusedError
    from scraper.downloads.content.verdict import Content


def judge_all(paths: Sequence[Path], *, to_the_end: bool) -> list[Content | RefusedError | OSError]:
    """Return the verdicts on the files `paths`, or why one cannot be read, in their order. Blocks."""
    # Only where it is done: the libraries of all formats take longer to load than a small file to come.
    from scraper.downloads.content.judging import judge_path  # noqa: PLC0415

    verdicts: list[Content | RefusedError | OSError] = []
    for path in paths:
        try:
            verdicts.append(judge_path(path, to_the_end=to_the_end))
        except OSError as error:
            verdicts.append(error.with_traceback(None))
    return verdicts
