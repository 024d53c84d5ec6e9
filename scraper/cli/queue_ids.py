"""Downloads that a person names by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.queue import Queue
    from storage.records import Download

_TOLD = 5  # numbers that an error names


async def chosen_by_id(queue: Queue, ids: Sequence[int]) -> list[Download]:
    """Return the downloads with these ids, in their order. Raises `UsageError` if one is not there."""
    found = {one: await queue.get(one) for one in ids}
    missing = [str(one) for one, item in found.items() if item is None]
    if missing:
        what = f"There is no download {missing[0]}"
        if len(missing) > 1:
            what = (
                f"There are no downloads {', '.join(missing[:_TOLD])}{' …' if len(missing) > _TOLD else ''}"
            )
        raise UsageError(what, next_step="See those that are there with scrape queue list")
    return [item for item in found.values() if item is not None]
