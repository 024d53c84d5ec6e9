"""What it costs to understand the saved pages of blogs, in times of what lxml needs to parse them.

Run: ``python -m benchmarks.saved_pages FOLDER …``. A folder holds pages as ``*.html``, each with its
address in a file of the same name that ends in ``.url``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import html

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The costs of one page: its size in bytes, the least times in seconds."""

    size: int
    parsed: float
    understood: float

    @property
    def ratio(self) -> float:
        """How many times its parsing it takes."""
        return self.understood / self.parsed


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the pages that `arguments` name, and print a line a folder and one for all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.saved_pages", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=7, help="readings of a page, the best counts (7)")
    parser.add_argument("--json", action="store_true", help="print one object instead of the table")
    options = parser.parse_args(arguments)
    measured = {folder.name: _folder(folder, options.rounds) for folder in options.folders}
    measured["all"] = [page for pages in measured.values() for page in pages]
    rows = [_row(name, pages) for name, pages in measured.items() if pages]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'pages':24}{'number':>8}{'kB':>6}{'lxml parses':>14}{'understood':>13}{'÷ lxml':>8}")
    for row in rows:
        print(
            f"{row['pages']:24}{row['number']:>8}{row['kb']:>6.0f}{row['parsed_ms']:>11.2f} ms"
            f"{row['understood_ms']:>10.2f} ms{row['ratio']:>8.2f}"
        )


def _folder(folder: Path, rounds: int) -> list[Page]:
    return [_page(path, rounds) for path in sorted(folder.glob("*.html"))]


def _page(path: Path, rounds: int) -> Page:
    body, url = path.read_bytes(), path.with_suffix(".url").read_text().strip()
    # A context a page: what is remembered of a blog must not help.
    context = Context(blog=url, graph=default_graph(), now=1_780_000_000.0)
    ways: list[Callable[[], object]] = [
        lambda: html.document_fromstring(body),
        lambda: read_page(body, "utf-8", url, listed=ListedPost(url=url, key=url), context=context),
    ]
    least = [float("inf")] * len(ways)
    for _ in range(rounds):
        for number, read in enumerate(ways):
            start = time.perf_counter()
            read()
            least[number] = min(least[number], time.perf_counter() - start)
    return Page(size=len(body), parsed=least[0], understood=least[1])


def _row(name: str, pages: Sequence[Page]) -> dict[str, float | int | str]:
    return {
        "pages": name,
        "number": len(pages),
        "kb": statistics.median(page.size for page in pages) / 1e3,
        "parsed_ms": statistics.median(page.parsed for page in pages) * 1e3,
        "understood_ms": statistics.median(page.understood for page in pages) * 1e3,
        "ratio": statistics.median(page.ratio for page in pages),
    }


if __name__ == "__main__":
    main()
