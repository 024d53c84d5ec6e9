"""Rows of the download queue: from a wish to a row, from a row to a record."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind

if TYPE_CHECKING:
    from sqlalchemy import Row

    from storage.records import WantedDownload

_Named = TypeVar("_Named", bound=StrEnum)


def as_download(row: Row[*tuple[Any, ...]]) -> Download:
    """Return the record of a row that has all columns of `downloads`.

    Words that only a newer cratedig knows are handed on as they are: see `unknown_word`.
    """
    return Download(
        id=row.id,
        key=row.key,
        url=row.url,
        host=row.host,
        state=named(DownloadState, row.state),
        attempts=row.attempts,
        due=row.due,
        created=row.created,
        updated=row.updated,
        kind=named(LinkKind, row.kind),
        format=row.format,
        stem=row.stem,
        referer=row.referer,
        lease_until=row.lease_until,
        token=row.token,
        reason=None if row.reason is None else named(Reason, row.reason),
        detail=row.detail,
        path=row.path,
        bytes=row.bytes,
        sha256=row.sha256,
        checksum=row.checksum,
        priority=row.priority,
        size=row.size,
    )


def as_row(wish: WantedDownload, *, now: float) -> dict[str, Any]:
    """Return the row of a download that waits from now on."""
    return {
        "key": wish.key,
        "url": wish.url,
        "host": wish.host,
        "state": DownloadState.WAITING,
        "priority": wish.priority,
        "attempts": 0,
        "due": now,
        "created": now,
        "updated": now,
        "kind": wish.kind,
        "format": wish.format,
        "stem": wish.stem,
        "referer": wish.referer,
        "checksum": wish.checksum,
    }


def named(kind: type[_Named], value: str) -> _Named:
    """Return the member of `kind` for `value`, or a stand-in that says the same and equals no member."""
    member = kind._value2member_map_.get(value)
    if member is not None:
        return cast("_Named", member)
    stand_in = str.__new__(kind, value)
    stand_in._name_ = stand_in._value_ = value
    return stand_in


def unknown_word(download: Download) -> str | None:
    """Return what a download says that this cratedig does not know: its kind, its reason; None if nothing."""
    if download.kind not in _KINDS:
        return f"kind {download.kind}"
    if download.reason is not None and download.reason not in _REASONS:
        return f"reason {download.reason}"
    return None


# By their values: a stand-in has the hash of its name, as members have.
_KINDS = frozenset(LinkKind)
_REASONS = frozenset(Reason)
