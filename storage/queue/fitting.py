"""What may enter the queue: bounded, so that no stranger's link makes it heavy or strange."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from storage.errors import UnfitDownloadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import WantedDownload

LONGEST_URL: Final = 8192
"""Bytes of an address or a key."""
LONGEST_HOST: Final = 255
"""Characters: RFC 1035, section 2.3.4, and a port would still be refused elsewhere."""
LONGEST_STEM: Final = 1000
LONGEST_FORMAT: Final = 32
_PRIORITIES: Final = range(-(2**31) + 1, 2**31)
"""What an INTEGER of PostgreSQL holds; the least one is below all that waits."""
_CHECKSUM = re.compile("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}")


def fitting(wish: WantedDownload) -> WantedDownload:
    """Return `wish` as the queue keeps it: what only describes the file is cut or dropped where too long.

    Raises `UnfitDownloadError` where key, address, host or priority cannot be kept.
    """
    for name, text in (("key", wish.key), ("address", wish.url)):
        if not 0 < len(text) <= LONGEST_URL or len(text.encode(errors="replace")) > LONGEST_URL:
            raise _unfit(f"Its {name} is empty or longer than {LONGEST_URL} bytes", wish)
    if not 0 < len(wish.host) <= LONGEST_HOST:
        raise _unfit(f"Its host is empty or longer than {LONGEST_HOST} characters", wish)
    # Not `in` alone: 1.0 and True are in a range of integers.
    if type(wish.priority) is not int or wish.priority not in _PRIORITIES:
        raise _unfit("Its priority is not a number that the queue can sort by", wish)
    checksum = None if wish.checksum is None else wish.checksum.lower()
    return replace(
        wish,
        stem=None if wish.stem is None else wish.stem[:LONGEST_STEM],
        referer=_if_short(wish.referer, LONGEST_URL),
        format=_if_short(wish.format, LONGEST_FORMAT),
        checksum=checksum if checksum is not None and _CHECKSUM.fullmatch(checksum) else None,
    )


def fitting_ones(wanted: Iterable[WantedDownload]) -> tuple[list[WantedDownload], list[UnfitDownloadError]]:
    """Return those that may enter, and what is wrong with the others."""
    fit, refused = [], []
    for wish in wanted:
        try:
            fit.append(fitting(wish))
        except UnfitDownloadError as error:
            refused.append(error)
    return fit, refused


def _if_short(text: str | None, most: int) -> str | None:
    # Half an address or half an extension would be another one.
    return text if text is not None and len(text) <= most else None


def _unfit(what: str, wish: WantedDownload) -> UnfitDownloadError:
    return UnfitDownloadError(
        f"The download cannot be queued: {what[:1].lower()}{what[1:]}",
        where=wish.url[:200],
        next_step="Look at the post that names it",
    )
