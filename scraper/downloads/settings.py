"""What a person may choose about the files of a drain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.downloads.naming.template import NameTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainSettings:
    """How large files may be, what they are called, and what is written beside them."""

    max_bytes: int
    name: NameTemplate | None = None
    """How files are named; None: by the post, or by the link in a post with several."""
    sidecar: bool = False
    """Whether a JSON file beside each says where it came from."""
    unpack: bool = False
    """Whether the music in archives is taken out of them, beside the archive."""
    keep_rejected: bool = False
    """Whether what is no music is kept apart, with the reason."""
    bandwidth: int | None = None
    """Bytes a second in all; None: as fast as it goes."""
    keep_free: int | None = None
    """Bytes of the volume that stay free; None: 64 MB, of a small volume a hundredth."""
