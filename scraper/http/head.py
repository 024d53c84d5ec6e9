"""What a server says of a file without sending it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

_LONGEST_LENGTH = 18  # digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The answer to a HEAD, after redirects; `url` is the final address.

    `length` is the size of the file in bytes, None where the answer does not say it; `ranges` tells whether
    the server says that it gives parts of the file (RFC 9110, section 14.3).
    """

    url: str
    status: int
    length: int | None
    content_type: str
    ranges: bool
    etag: str | None

    @classmethod
    def of(cls, response: aiohttp.ClientResponse) -> Head:
        """Return what the headers of `response` say."""
        return cls(
            url=str(response.url),
            status=response.status,
            length=length_of(response.headers),
            content_type=response.content_type,
            ranges="bytes" in response.headers.get("Accept-Ranges", "").lower(),
            etag=response.headers.get("ETag"),
        )


def is_uncoded(headers: Mapping[str, str]) -> bool:
    """Return whether the body of an answer is the file as it is, not compressed for the way."""
    return headers.get("Content-Encoding", "").strip().lower() in {"", "identity"}


def length_of(headers: Mapping[str, str]) -> int | None:
    """Return the length of the file that an answer announces: that of a compressed answer says nothing."""
    text = headers.get("Content-Length", "").strip()
    if not is_uncoded(headers) or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= _LONGEST_LENGTH else None
