"""A download as a worker holds it, for tests that need no more of one than that it is there."""

from __future__ import annotations

from storage.records import Download, DownloadState, LinkKind


def some_download(number: int, *, name: str | None = None) -> Download:
    """Return the download called `number`, whose file is to be called `name`."""
    return Download(
        id=number,
        key=f"k{number}",
        url=f"https://files.example/{number}.mp3",
        host="files.example",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0.0,
        created=0.0,
        updated=0.0,
        kind=LinkKind.DIRECT,
        stem=name,
    )
