"""Matched posts to a file or stdout, in one of the export formats."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.cli.console import put
from storage.export import render_csv, render_json, render_jsonl
from storage.export_file import write_export

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from storage.records import MatchedPost

STDOUT = "-"


async def write_posts(
    posts: AsyncIterator[MatchedPost], target: str, chosen: str, *, genres: Sequence[str]
) -> None:
    """Write `posts` in the format `chosen` to the file `target`, or to stdout for ``-``.

    `genres` are those of the query. Raises `StorageError` when the file cannot be written.
    """
    chunks = _render(posts, chosen, genres)
    if target != STDOUT:
        await write_export(chunks, Path(target))
        return
    async for chunk in chunks:
        await asyncio.to_thread(put, chunk)


def _render(posts: AsyncIterator[MatchedPost], chosen: str, genres: Sequence[str]) -> AsyncIterator[str]:
    match chosen:
        case "csv":
            return render_csv(posts)
        case "jsonl":
            return render_jsonl(posts)
        case _:
            return render_json(
                posts, genres=list(genres) or ["any"], generated=datetime.now(UTC).replace(microsecond=0)
            )
