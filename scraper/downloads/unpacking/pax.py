"""Extended headers of tar archives."""

from __future__ import annotations

import re
from typing import Final

from scraper.downloads.content.refused import broken

_LENGTH: Final = re.compile(rb"(\d{1,6}) ([^=]{1,200})=")


def read_pax(data: bytes) -> dict[str, str]:
    r"""Return the records ``LENGTH KEY=VALUE`` of `data`. Raises `RefusedError` where they are broken.

    >>> read_pax(b"14 path=a.mp3\n")
    {'path': 'a.mp3'}
    """
    records: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        found = _LENGTH.match(data, at)
        end = at + int(found[1]) if found else at
        if found is None or end <= found.end() or end > len(data):
            raise broken("broken tar: an extended header that cannot be read")
        records[found[2].decode("utf-8", "replace")] = data[found.end() : end - 1].decode("utf-8", "replace")
        at = end
    return records
