"""What is kept beside a part file: which file it is of, and how far its bytes are sure. Pure.

The first line is JSON and names the origin; each further one is a mark, a size and the SHA-256 of so many
bytes. Nothing is trusted that the bytes do not bear out, so lines need no fsync and may be cut or foreign.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from scraper.downloads.part.version import Version

MOST_BYTES: Final = 8_000_000
"""Of a journal that are read: marks of some 80 GB."""

_FORMAT = 1
_LONGEST_TEXT = 9000
_MARK = re.compile(rb'\{"size": (\d{1,18}), "sha256": "([0-9a-f]{64})"\}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the bytes of a part come from.

    `key` is the download's, `asked` the address that was asked for, `answered` the one at the end of the
    redirects, `version` what the server calls the file, `total` its size in bytes where that is known.
    """

    key: str
    asked: str
    answered: str
    version: Version
    total: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """The SHA-256 of the first `size` bytes, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A journal that was read; `marks` grow in size."""

    origin: Origin
    marks: tuple[Mark, ...]

    @property
    def size(self) -> int:
        """The bytes that its last mark speaks of."""
        return self.marks[-1].size if self.marks else 0


def header_line(origin: Origin) -> bytes:
    """Return the first line of the journal of a part from `origin`."""
    values = {
        "format": _FORMAT,
        "key": origin.key,
        "asked": origin.asked,
        "answered": origin.answered,
        "etag": origin.version.etag,
        "last_modified": origin.version.last_modified,
        "total": origin.total,
    }
    return json.dumps(values).encode() + b"\n"


def mark_line(mark: Mark) -> bytes:
    """Return the line of `mark`."""
    return b'{"size": %d, "sha256": "%b"}\n' % (mark.size, mark.sha256.encode())


def read_journal(data: bytes) -> Journal | None:
    """Return what a journal says, None where its first line is none of ours.

    Marks that are cut, or do not grow, are passed over.
    """
    head, _, rest = data.partition(b"\n")
    origin = _read_origin(head)
    if origin is None:
        return None
    marks: list[Mark] = []
    for line in rest.split(b"\n"):
        found = _MARK.fullmatch(line)
        if found and int(found[1]) > (marks[-1].size if marks else 0):
            marks.append(Mark(int(found[1]), found[2].decode()))
    return Journal(origin=origin, marks=tuple(marks))


def _read_origin(line: bytes) -> Origin | None:
    if len(line) > 10 * _LONGEST_TEXT:
        return None
    try:
        values: Any = json.loads(line)
        if not isinstance(values, dict) or values["format"] != _FORMAT:
            return None
        version = Version(etag=_text(values["etag"]), last_modified=_text(values["last_modified"]))
        texts = {name: _text(values[name]) for name in ("key", "asked", "answered")}
        total = values["total"]
    except (ValueError, KeyError, RecursionError):
        return None
    known = {name: text for name, text in texts.items() if text is not None}
    if len(known) < len(texts) or not version.condition or not (total is None or type(total) is int):
        return None
    return Origin(**known, version=version, total=total)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError("no text of a journal")
    return value
