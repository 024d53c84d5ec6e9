"""One after another where two downloads turn out to be the same file."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class ContentTurns:
    """Locks by SHA-256: who publishes a content second finds it published."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._wanted: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, sha256: str) -> AsyncIterator[None]:
        """Wait for the turn to publish this content."""
        lock = self._locks.setdefault(sha256, asyncio.Lock())
        self._wanted[sha256] = self._wanted.get(sha256, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._wanted[sha256] -= 1
            if not self._wanted[sha256]:
                del self._wanted[sha256], self._locks[sha256]
