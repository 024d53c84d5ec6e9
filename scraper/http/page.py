"""An answer that was read in full."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scraper.http.answers.statuses import NOT_MODIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.http.bodies.large import Permit

MAX_PAGE_BYTES: Final = 15_000_000
"""Bytes of a page, on the wire and after decompression; a larger one is refused, never shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer read in full. `status` is 200, or 304 with an empty body; `url` is the final address.

    `moved_to` is the address that the one asked for has moved to for good, by redirects that say so;
    `fresh_for` the seconds in which the server says that asking again is of no use; `headers` are all that
    came, to be looked up in any case of letters. Few large pages are held
    at a time: who has made use of the body calls `free`.
    """

    url: str
    status: int
    body: bytes
    content_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None
    fresh_for: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    permit: Permit | None = field(default=None, repr=False, compare=False)

    def free(self) -> None:
        """Make room for another large page; the body stays readable while the page is held."""
        if self.permit is not None:
            self.permit.release()

    @property
    def unchanged(self) -> bool:
        """Whether the server said that nothing changed since the validators sent (304)."""
        return self.status == NOT_MODIFIED
