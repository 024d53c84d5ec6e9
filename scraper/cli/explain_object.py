"""What `scrape explain --json` prints: one object. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.cli.explain_report import kind_reason
from storage.records import DownloadState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.cli.explain_report import Explanation
    from scraper.downloads.choosing.wanted import PlannedLink
    from scraper.posts.understood import Ignored
    from storage.records import Download, MatchedPost


def explain_object(told: Explanation) -> dict[str, Any]:
    """Return `told` as plain dictionaries, lists, strings and numbers."""
    post, now = told.post, told.now
    title = now.understood.title if now is not None else None
    return {
        "url": told.known.url,
        "blog": told.known.blog,
        "read": None if now is None else {"address": now.address, "bytes": now.size, "partial": post.partial},
        "scope": None if now is None else now.understood.scope,
        "title": {"text": post.title, "source": None if now is None else now.understood.title_source},
        "artist": post.artist,
        "track": post.track,
        "version": post.version,
        "featuring": list(post.featuring),
        "label": post.label,
        "catalogue": None if title is None else title.catalogue,
        "year": None if title is None else title.year,
        "published": None
        if post.published is None
        else {
            "text": post.published.text,
            "precision": str(post.published.precision),
            "source": None if now is None else now.understood.date_source,
        },
        "cover": post.cover,
        "passwords": list(post.passwords),
        "genres": list(told.counted.genres),
        "basis": None if told.counted.basis is None else str(told.counted.basis),
        "evidence": [
            {"genre": one.genre, "trust": int(one.trust), "source": one.source, "text": one.text}
            for one in post.evidence
        ],
        "links": [_link(planned, told.known.stored) for planned in told.planned],
        "ignored": {
            "genres": _ignored(() if now is None else now.understood.ignored_genres),
            "links": _ignored(() if now is None else now.understood.ignored_links),
        },
        "query": told.criteria.describe(),
        "matched": list(told.match.matched),
        "because": [{"query": name, "genre": genre} for name, genre in told.kinship],
        "reason": told.match.reason,
        "stored": None
        if told.known.stored is None
        else {
            "matched": list(told.known.stored.matched),
            "genres": list(told.known.stored.post.genres),
        },
    }


def _link(planned: PlannedLink, stored: MatchedPost | None) -> dict[str, Any]:
    link = planned.link
    download = stored.downloads.get(link.key) if stored is not None and link.kind.queued else None
    return {
        "url": link.url,
        "kind": str(link.kind),
        "why": kind_reason(link),
        "host": link.host,
        "format": link.format,
        "name": link.name,
        "text": link.text,
        "quality": link.quality,
        "group": link.group,
        "part": link.part,
        "sure": link.sure,
        "expires": link.expires,
        "queued": planned.queued,
        "not_queued": planned.why,
        "download": None if download is None else _download(download),
    }


def _download(download: Download) -> dict[str, Any]:
    done = download.state is DownloadState.DONE
    return {
        "state": str(download.state),
        "path": download.path if done else None,
        "bytes": download.bytes if done else None,
        "sha256": download.sha256 if done else None,
        "reason": None if download.reason is None else str(download.reason),
    }


def _ignored(found: Sequence[Ignored]) -> list[dict[str, str]]:
    return [{"what": one.what, "why": one.why} for one in found]
