"""How a file is asked for, and whether an answer goes on with what is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from scraper.downloads.fetching.ranges import read_range, read_total
from scraper.downloads.part.version import version_of
from scraper.http.head import is_uncoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.downloads.part.journal import Origin
    from scraper.downloads.part.version import Version

ENOUGH: Final = 1 << 20
"""Bytes that are worth another request; fewer are fetched again."""

REFUSALS: Final = frozenset({400, 412, 501})
"""Statuses by which servers refuse a Range or its condition rather than answer without it."""

_WHOLE, _PART, _BEYOND = 200, 206, 416

# The file as it is, not compressed for the way: its length and hash are then those of the file.
_AS_IT_IS = {"Accept": "audio/*, application/octet-stream, */*;q=0.5", "Accept-Encoding": "identity"}


class Way(Enum):
    """How a file is asked for."""

    CONDITIONAL = auto()
    """The rest, if the file is still the same: If-Range."""
    PLAIN = auto()
    """The rest, from servers that do not understand the condition: the answer must prove that it fits."""
    WHOLE = auto()
    """All of it."""


class Verdict(Enum):
    """What an answer is good for."""

    GO_ON = auto()
    """It brings what was asked for."""
    WHOLE = auto()
    """It brings the file from its start."""
    COMPLETE = auto()
    """There is no more: what is there is the file."""
    ASK_PLAINLY = auto()
    ASK_FOR_ALL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is there: `size` bytes of `origin`; asked for are those from `start` on."""

    origin: Origin
    size: int
    start: int

    def headers(self, way: Way) -> dict[str, str]:
        """Return the headers that ask for the rest."""
        asked = headers_of_all() | {"Range": f"bytes={self.start}-"}
        return asked | {"If-Range": self.origin.version.condition} if way is Way.CONDITIONAL else asked


def headers_of_all() -> dict[str, str]:
    """Return the headers that ask for a whole file."""
    return dict(_AS_IT_IS)


def judge(kept: Kept, way: Way, *, status: int, headers: Mapping[str, str], same_host: bool) -> Verdict:
    """Return what an answer to a Range is good for. Sources: RFC 9110, sections 13.1.5, 14.4 and 15.3.7.

    `same_host` tells whether the host answers that what is there came from: to another one no condition
    goes along, and only an entity tag can tell that it has the same file.
    """
    conditional = way is Way.CONDITIONAL and same_host
    if status == _WHOLE:
        if conditional and _took_it_for_changed(kept, headers):
            return Verdict.ASK_PLAINLY
        return Verdict.WHOLE
    if status == _BEYOND:
        same = version_of(headers) == kept.origin.version
        total = read_total(headers.get("Content-Range"))
        return (
            Verdict.COMPLETE
            if same and total == kept.size == (kept.origin.total or total)
            else Verdict.ASK_FOR_ALL
        )
    if status != _PART or not _fits(kept, headers):
        return Verdict.ASK_FOR_ALL
    ours = kept.origin.version
    proven = _has_tag(ours, headers) if ours.etag is not None else same_host and _has_date(ours, headers)
    # An answer to If-Range need not repeat the date: RFC 9110, section 15.3.7.
    implied = ours.etag is None and conditional and "Last-Modified" not in headers
    return Verdict.GO_ON if proven or implied else Verdict.ASK_FOR_ALL


def _took_it_for_changed(kept: Kept, headers: Mapping[str, str]) -> bool:
    """Whether the server sends all of a file that has not changed, although it could send a part."""
    ranges = headers.get("Accept-Ranges", "").strip().lower() == "bytes"
    return ranges and kept.size >= ENOUGH and version_of(headers) == kept.origin.version


def _fits(kept: Kept, headers: Mapping[str, str]) -> bool:
    """Whether the bytes of a 206 are those that were asked for, and enough of them."""
    is_multipart = headers.get("Content-Type", "").strip().lower().startswith("multipart/")
    if is_multipart or not is_uncoded(headers):
        return False
    came = read_range(headers.get("Content-Range"))
    if came is None or came.total is None or came.first != kept.start:
        return False
    if came.total != (kept.origin.total or came.total) or came.total < kept.size:
        return False
    if headers.get("Content-Length", str(came.length)).strip() != str(came.length):
        return False
    return came.to_the_end or came.length >= ENOUGH


def _has_tag(ours: Version, headers: Mapping[str, str]) -> bool:
    dated = ours.last_modified is None or "Last-Modified" not in headers or _has_date(ours, headers)
    return dated and headers.get("ETag", "").strip() == ours.etag


def _has_date(ours: Version, headers: Mapping[str, str]) -> bool:
    return headers.get("Last-Modified", "").strip() == ours.last_modified
