"""Run ``scrape`` and measure how late its event loop is: ``python -m benchmarks.loop_lateness FILE WORDS…``.

A loop that runs callbacks without a pause lets nobody else go on. `FILE` gets one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.cli.app import main as scrape

if TYPE_CHECKING:
    from collections.abc import Coroutine

_T = TypeVar("_T")

_TICK = 0.005  # seconds


class _Watch:
    """Runs coroutines as `asyncio.run` does, wakes every few milliseconds, and notes how late it was."""

    def __init__(self) -> None:
        self.lateness: list[float] = []
        self._run = asyncio.run

    def run(self, main: Coroutine[Any, Any, _T]) -> _T:
        return self._run(self._watched(main))

    async def _watched(self, main: Coroutine[Any, Any, _T]) -> _T:
        waking = asyncio.create_task(self._wake())
        try:
            return await main
        finally:
            waking.cancel()

    async def _wake(self) -> None:
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.lateness.append(max(0.0, time.perf_counter() - slept - _TICK))


def figures(lateness: list[float]) -> dict[str, Any]:
    """Return the median, the 99th percentile and the most of `lateness` (seconds), in milliseconds."""
    ordered = sorted(lateness) or [0.0]
    return {
        "wakes": len(lateness),
        "median_ms": round(ordered[len(ordered) // 2] * 1000, 2),
        "p99_ms": round(ordered[len(ordered) * 99 // 100] * 1000, 2),
        "worst_ms": round(ordered[-1] * 1000, 2),
    }


def main(words: list[str]) -> int:
    """Run the command, write the figures, return its exit code."""
    output, *arguments = words
    watch = _Watch()
    asyncio.run = watch.run  # type: ignore[assignment]  # what the command begins its loop with
    try:
        return scrape(arguments)
    finally:
        Path(output).write_text(json.dumps(figures(watch.lateness)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
