"""What a transfer gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that came: `size` in bytes, `sha256` in hexadecimal, `address` the final one.

    `content_type` is empty where the last answer was not about a file (416: what is there is all of it).

    `last_modified` stands as it was sent, `modified` is that moment in POSIX seconds UTC, None where it is
    none or no honest one. Where `length_known` is false the connection's end was taken for the file's.
    Bytes up to `resumed_from` were there before this try.
    """

    size: int
    sha256: str
    address: str
    content_type: str
    etag: str | None
    last_modified: str | None
    modified: float | None
    length_known: bool
    resumed_from: int
