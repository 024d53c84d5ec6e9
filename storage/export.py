"""The export format, as text, piece by piece: pure renderers that hold one post at a time."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from storage.records import DownloadState
from storage.text import REPLACEMENT, storable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from datetime import datetime

    from storage.records import Download, Link, MatchedPost

EXPORT_SCHEMA = 1

CSV_COLUMNS = (
    "url",
    "blog",
    "title",
    "artist",
    "track",
    "version",
    "label",
    "published",
    "genres",
    "matched",
    "cover",
    "link_url",
    "link_kind",
    "link_host",
    "link_format",
    "link_name",
    "download_state",
    "download_path",
    "download_bytes",
    "download_sha256",
    "download_reason",
    "link_quality",
    "link_group",
    "link_part",
    "passwords",
)
"""The header of the CSV: the post, repeated for each of its links, the link, and its download."""

# Control characters and marks that steer a terminal, a line reader or the direction of text. JSON
# escapes only those below U+0020 by itself; all of these can stand in strings only.
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# https://owasp.org/www-community/attacks/CSV_Injection; full-width forms count in East Asian locales.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_SEPARATOR = "; "


async def render_json(
    posts: AsyncIterator[MatchedPost], *, genres: Sequence[str], generated: datetime
) -> AsyncIterator[str]:
    """Yield one JSON object with all posts, one a line; `genres` are those of the query."""
    head = {"schema": EXPORT_SCHEMA, "generated": generated.isoformat(), "genres": list(genres)}
    yield _json(head)[:-1] + ', "posts": ['
    separator = "\n"
    async for post in posts:
        yield separator + _json(post_object(post))
        separator = ",\n"
    yield "\n]}\n"


async def render_jsonl(posts: AsyncIterator[MatchedPost]) -> AsyncIterator[str]:
    """Yield JSON Lines: the object of one post a line."""
    async for post in posts:
        yield _json(post_object(post)) + "\n"


async def render_csv(posts: AsyncIterator[MatchedPost]) -> AsyncIterator[str]:
    """Yield CSV (RFC 4180) with CSV_COLUMNS: a row for each link, one for a post without links.

    Several genres stand in one cell, separated by ``; ``. A cell that a spreadsheet would take for a
    formula begins with an apostrophe.
    """
    yield _csv([CSV_COLUMNS])
    async for post in posts:
        yield _csv(_csv_rows(post_object(post)))


def post_object(matched: MatchedPost) -> dict[str, Any]:
    """Return a post as the export has it: plain dictionaries, lists, strings and numbers."""
    post = matched.post
    return {
        "url": post.url,
        "blog": post.blog,
        "title": post.title,
        "artist": post.artist,
        "track": post.track,
        "version": post.version,
        "label": post.label,
        "published": post.published.text if post.published else None,
        "genres": list(post.genres),
        "matched": list(matched.matched),
        "cover": post.cover,
        "passwords": list(post.passwords),
        "links": [_link_object(link, matched.downloads.get(link.key)) for link in post.links],
    }


def _link_object(link: Link, download: Download | None) -> dict[str, Any]:
    return {
        "url": link.url,
        "kind": str(link.kind),
        "host": link.host,
        "format": link.format,
        "name": link.name,
        "quality": link.quality,
        "group": link.group,
        "part": link.part,
        "download": _download_object(download) if download and link.kind.queued else None,
    }


def _download_object(download: Download) -> dict[str, Any]:
    # Before a download is done its path is a plan, not a file.
    done = download.state is DownloadState.DONE
    return {
        "state": str(download.state),
        "path": download.path if done else None,
        "bytes": download.bytes if done else None,
        "sha256": download.sha256 if done else None,
        "reason": None if download.reason is None else str(download.reason),
    }


def _json(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", storable(text))


def _csv_rows(post: dict[str, Any]) -> Iterator[list[str]]:
    named = [
        *(post[name] for name in ("url", "blog", "title", "artist", "track", "version", "label", "published"))
    ]
    named += [_SEPARATOR.join(post["genres"]), _SEPARATOR.join(post["matched"]), post["cover"]]
    for link in post["links"] or [{}]:
        about = [link.get(name) for name in ("url", "kind", "host", "format", "name")]
        download = link.get("download") or {}
        outcome = [download.get(name) for name in ("state", "path", "bytes", "sha256", "reason")]
        offers = [link.get(name) for name in ("quality", "group", "part")]
        cells = [*named, *about, *outcome, *offers, _SEPARATOR.join(post["passwords"])]
        yield [_cell(value) for value in cells]


def _cell(value: str | int | None) -> str:
    if value is None:
        return ""
    text = _CONTROL.sub(REPLACEMENT, storable(str(value)))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: Iterator[list[str]] | Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
