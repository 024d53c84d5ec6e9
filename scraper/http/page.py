"""An answer that was read in full."""

from __future__ import annotations

from dataclasses import dataclass

_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer read in full. `status` is 200, or 304 with an empty body; `url` is the final address.

    `moved_to` is the address that the one asked for has moved to for good, by redirects that say so;
    `fresh_for` the seconds in which the server says that asking again is of no use.
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

    @property
    def unchanged(self) -> bool:
        """Whether the server said that nothing changed since the validators sent (304)."""
        return self.status == _NOT_MODIFIED
