"""What it costs to understand a post's page, in times of what lxml needs to parse it; and what extremes cost.

Run: ``python -m benchmarks.understanding``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from bs4 import BeautifulSoup
from lxml import html

from benchmarks.page_samples import ONE, SEVERAL, URL, extreme_pages, ordinary_pages
from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.page_samples import Sample
    from scraper.posts.understood import Understood

TARGET: Final = 3.0
"""A page is to be understood in so many times what it takes to parse it."""

_CONTEXT = Context(blog="https://copper-nights.example/", graph=default_graph(), now=1_780_000_000.0)
_EXTREME = "--extreme-page"
_IN_A_ROW: Final = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure as `arguments` say, and print the figures."""
    options = _options(arguments)
    if options.extreme_page is not None:  # in a process of its own, so that its peak is its own
        print(json.dumps(_extreme(extreme_pages()[options.extreme_page])))
        return
    ordinary = [_ordinary(sample, options.rounds) for sample in ordinary_pages(options.size)]
    extreme = [_measured_alone(number) for number in range(0 if options.no_extremes else 3)]
    medians = {
        tracks: statistics.median(row["ratio"] for row in ordinary if row["tracks"] == tracks)
        for tracks in (ONE, SEVERAL)
    }
    if options.json:
        result = {"size": options.size, "ordinary": ordinary, "medians": medians, "extreme": extreme}
        print(json.dumps(result))
        return
    print(
        f"{'page':24}{'tracks':>7}{'lxml parses':>13}{'understood':>12}{'÷ lxml':>8}"
        f"{'BeautifulSoup':>15}{'÷ lxml':>8}"
    )
    for row in ordinary:
        print(
            f"{row['page']:24}{row['tracks']:>7}{row['parsed_ms']:>10.2f} ms{row['understood_ms']:>9.2f} ms"
            f"{row['ratio']:>8.2f}{row['soup_ms']:>12.2f} ms{row['soup_ratio']:>8.2f}"
        )
    for tracks, median in medians.items():
        print(f"{'median':24}{tracks:>7}{median:>33.2f}")
    for row in extreme:
        print(
            f"{row['page']:24}{row['megabytes']:>10.1f} MB{row['seconds']:>10.2f} s"
            f"{row['peak_mb']:>9.0f} MB more at its peak{', a part is read' if row['partial'] else ''}"
        )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how often each page is read (200)")
    parser.add_argument("--size", type=int, default=60_000, help="bytes of an ordinary page (60,000)")
    parser.add_argument("--no-extremes", action="store_true", help="leave out what takes seconds")
    parser.add_argument("--json", action="store_true", help="print one object instead of the table")
    parser.add_argument(_EXTREME, type=int, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def understand(body: bytes) -> Understood:
    """Return what a run would make of the page `body`."""
    return read_page(body, "utf-8", URL, listed=ListedPost(url=URL, key=URL), context=_CONTEXT)


def _ordinary(sample: Sample, rounds: int) -> dict[str, Any]:
    ways: dict[str, Callable[[bytes], object]] = {
        "parsed": html.document_fromstring,
        "understood": understand,
        "soup": lambda body: BeautifulSoup(body, "lxml"),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(-(-rounds // _IN_A_ROW)):
        for name, read in ways.items():
            # In turns, so that a busy moment is busy for all. The first reading of a turn does not count: it
            # finds the caches of the processor full of what the way before it has left there.
            read(sample.body)
            times[name] += [_seconds(read, sample.body) for _ in range(_IN_A_ROW)]
    parsed, understood, soup = (statistics.median(times[name]) for name in ways)
    return {
        "page": sample.name,
        "tracks": sample.tracks,
        "bytes": len(sample.body),
        "parsed_ms": parsed * 1e3,
        "understood_ms": understood * 1e3,
        "ratio": understood / parsed,
        "soup_ms": soup * 1e3,
        "soup_ratio": soup / parsed,
        "target": TARGET,
        "kept": understood / parsed <= TARGET,
    }


def _seconds(read: Callable[[bytes], object], body: bytes) -> float:
    start = time.perf_counter()
    read(body)
    return time.perf_counter() - start


def _measured_alone(number: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.understanding", _EXTREME, str(number)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ourselves
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _extreme(sample: Sample) -> dict[str, Any]:
    import resource  # noqa: PLC0415 - not on every platform

    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    start = time.perf_counter()
    understood = understand(sample.body)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {
        "page": sample.name,
        "megabytes": len(sample.body) / 1e6,
        "seconds": seconds,
        "peak_mb": (peak - before) / 1e6,
        "links": len(understood.post.links),
        "partial": understood.post.partial,
    }


if __name__ == "__main__":
    main()
