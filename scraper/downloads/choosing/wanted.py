"""Which links of a post go into the queue, which do not, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from filters.wants import ALL, Wants
from scraper.downloads.choosing.checksums import declared_checksum
from scraper.downloads.choosing.preference import prefers, rank
from scraper.downloads.choosing.stems import stems_of
from scraper.downloads.choosing.variants import access, variants_of
from storage.records import DownloadState, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.downloads.choosing.variants import Variant
    from storage.records import Link, Post

_EXPIRES = -10
_UNSURE = 10
_UNKNOWN: Mapping[str, DownloadState] = MappingProxyType({})
_EVERYTHING = Wants()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLink:
    """A link of a post, whether it is to be `queued`, and `why` not."""

    link: Link
    queued: bool
    why: str | None = None


def plan_links(
    post: Post, wants: Wants = _EVERYTHING, *, states: Mapping[str, DownloadState] = _UNKNOWN
) -> tuple[PlannedLink, ...]:
    """Return what is to become of each link of `post`, in its order.

    Of links that offer the same music one variant is queued: the preferred, else the best that can be had
    whole; of mirrors of one file the one that is easiest to fetch; of a split archive all parts. `states` are
    those of downloads by the key of their links: what is under way or done stays the choice, what has failed
    for good leaves it to the next.
    """
    refused = [wants.refuses(link) for link in post.links]
    groups: dict[int | str, list[Link]] = {}
    for link, reason in zip(post.links, refused, strict=True):
        if reason is None:
            shared = None if wants.prefer == ALL else link.group
            groups.setdefault(link.key if shared is None else shared, []).append(link)
    spared: dict[str, str] = {}
    for links in groups.values():
        spared |= _spared(links, wants.prefer, states)
    why = [reason or spared.get(link.key) for link, reason in zip(post.links, refused, strict=True)]
    return tuple(
        PlannedLink(link=link, queued=reason is None, why=reason)
        for link, reason in zip(post.links, why, strict=True)
    )


def wanted_downloads(
    post: Post, wants: Wants = _EVERYTHING, *, states: Mapping[str, DownloadState] = _UNKNOWN
) -> tuple[WantedDownload, ...]:
    """Return what to queue for `post`: the queued part of `plan_links`, each with a file stem.

    Links that expire come first, those that may not be music last.
    """
    links = [planned.link for planned in plan_links(post, wants, states=states) if planned.queued]
    return tuple(
        WantedDownload(
            key=link.key,
            url=link.url,
            host=link.host,
            kind=link.kind,
            format=link.format,
            stem=stem,
            referer=post.url,
            priority=_EXPIRES * link.expires + _UNSURE * (not link.sure),
            checksum=declared_checksum(link.url),
        )
        for link, stem in zip(links, stems_of(links, post), strict=True)
    )


def _spared(links: Sequence[Link], prefer: str | None, states: Mapping[str, DownloadState]) -> dict[str, str]:
    """Return why those of `links`, which offer the same music, are not queued that are not, by key."""
    failed = {link.key for link in links if states.get(link.key) is DownloadState.FAILED}
    held = {link.key for link in links if link.key in states} - failed

    def order(variant: Variant) -> tuple[bool, bool, bool, bool, bool, bool, tuple[int, int], int]:
        return (
            _is_lost(variant, failed),
            held.isdisjoint(link.key for link in variant.links),
            not variant.complete,
            not variant.fetchable,
            not any(link.sure for link in variant.links),
            not (prefer is not None and prefers(prefer, variant.format, variant.quality)),
            rank(variant.format, variant.quality),
            min(map(access, variant.links)),
        )

    best = min(variants_of(links), key=order)
    if _is_lost(best, failed):
        return {link.key: "nothing that offers this music could be fetched" for link in links}
    chosen = {link.key: link for link in best.chosen(failed=failed, held=held)}
    hosts = " and ".join(dict.fromkeys(link.host for link in chosen.values()))
    why = dict.fromkeys(
        (link.key for link in links),
        f"the same music is queued{f' as {best}' if str(best) else ''}, from {hosts}",
    )
    why |= dict.fromkeys((link.key for link in best.links), f"a mirror of it is queued, from {hosts}")
    why |= dict.fromkeys(failed, "it failed for good before")
    return {key: reason for key, reason in why.items() if key not in chosen}


def _is_lost(variant: Variant, failed: set[str]) -> bool:
    return any(failed.issuperset(link.key for link in mirrors) for mirrors in variant.parts.values())
