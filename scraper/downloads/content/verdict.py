"""What the examination of a file gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file is. The ending is given without its dot."""

    extension: str
    seconds: float | None = None
    """How long the music is, as far as its container tells."""
    entries: int | None = None
    """Files in an archive, where they can be listed."""
    music: int | None = None
    """Those of them that are called like music."""
    encrypted: int = 0
    """Those of them that need a password."""
