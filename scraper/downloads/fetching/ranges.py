"""Content-Range as answers write it: RFC 9110, section 14.4. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes +([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_NONE = re.compile(r"bytes +\*/([0-9]{1,18})")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class ContentRange:
    """Bytes from `first` to `last`, that one included, of `total`; None where that is not said."""

    first: int
    last: int
    total: int | None

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return self.last - self.first + 1

    @property
    def to_the_end(self) -> bool:
        """Whether they are the last ones of the file."""
        return self.total is not None and self.last == self.total - 1


def read_range(text: str | None) -> ContentRange | None:
    """Return the range that an answer with 206 says it holds, None for what is none.

    >>> read_range("bytes 10-99/100")
    ContentRange(first=10, last=99, total=100)
    """
    found = _RANGE.fullmatch(text.strip()) if text and len(text) <= _LONGEST else None
    if found is None:
        return None
    first, last, total = int(found[1]), int(found[2]), None if found[3] == "*" else int(found[3])
    return ContentRange(first, last, total) if first <= last and (total is None or last < total) else None


def read_total(text: str | None) -> int | None:
    """Return the size of the file that an answer with 416 tells.

    >>> read_total("bytes */100")
    100
    """
    found = _NONE.fullmatch(text.strip()) if text and len(text) <= _LONGEST else None
    return int(found[1]) if found else None
