"""Whether memory stays flat in a blog of 100,000 posts, by REST, by a feed with pages, by HTML pages.

Run it with ``python -m benchmarks.long_blog``; see README.md. Exit code 1: a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.command_run import run_scrape
from benchmarks.long_blog_faces import Face
from benchmarks.long_blog_judge import Figures, SizeReport, broken_promises, growth, processor_growth
from benchmarks.long_blog_server import long_blog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.long_blog_server import ServedBlog

_PARTS = (4, 2, 1)  # of all posts: a quarter, a half, all


def measure(face: Face, *, posts: int, per_page: int) -> SizeReport:
    """Return what it took to read a blog of so many `posts` twice."""
    with (
        TemporaryDirectory(prefix="cratedig-long-blog-") as name,
        long_blog(face, posts=posts, per_page=per_page) as blog,
    ):
        folder = Path(name)
        first, second = (_read(blog, folder) for _ in range(2))
        stored, different, queued = _counted(folder / "database.sqlite3")
    return SizeReport(
        posts=posts, first=first, second=second, stored=stored, different=different, queued=queued
    )


def _read(blog: ServedBlog, folder: Path) -> Figures:
    arguments = [blog.url, "--genres", "any", "--allow-private", "--no-progress"]
    run = run_scrape([*arguments, "--database", str(folder / "database.sqlite3")], folder=folder)
    if run.exit_code:
        print(run.said, file=sys.stderr)
    return Figures(
        seconds=run.seconds,
        processor=run.processor,
        peak_mb=run.peak_mb,
        requests=blog.requests(),
        exit_code=run.exit_code,
    )


def _counted(database: Path) -> tuple[int, int, int]:
    """Return how many posts are stored, how many different ones these are, and how many downloads wait.

    No two posts of the blog have a title in common; looked for by address, one that is listed at two would
    be two.
    """
    if not database.exists():
        return 0, 0, 0
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        query = (
            "SELECT (SELECT count(*) FROM posts), (SELECT count(DISTINCT title) FROM posts), "
            "(SELECT count(*) FROM downloads)"
        )
        stored, different, queued = connection.execute(query).fetchone()
    return stored, different, queued


def _object(sizes: Sequence[SizeReport]) -> dict[str, Any]:
    reports = [asdict(report) | {"posts_per_second": round(report.posts_per_second)} for report in sizes]
    for report in reports:
        for run in (report["first"], report["second"]):
            run |= {name: round(run[name], 2) for name in ("seconds", "processor", "peak_mb")}
    return {
        "sizes": reports,
        "growth": round(growth(sizes), 2),
        "processor_growth": round(processor_growth(sizes), 2),
        "broken": broken_promises(sizes),
    }


def _print_head() -> None:
    print(
        f"{'way':7}{'posts':>9}{'seconds':>9}{'CPU s':>8}{'posts/s':>9}{'peak MB':>9}{'requests':>10}"
        f"   again: {'seconds':>7}{'peak MB':>9}{'requests':>10}"
    )


def _print_line(face: Face, report: SizeReport) -> None:
    first, second = report.first, report.second
    print(
        f"{face:7}{report.posts:>9,}{first.seconds:>9.1f}{first.processor:>8.1f}"
        f"{report.posts_per_second:>9,.0f}{first.peak_mb:>9.0f}{sum(first.requests.values()):>10,}"
        f"{second.seconds:>17.1f}{second.peak_mb:>9.0f}{sum(second.requests.values()):>10,}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table or one JSON object, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--posts", type=int, default=100_000, help="of the longest blog")
    parser.add_argument("--ways", nargs="+", type=Face, choices=tuple(Face), default=tuple(Face))
    parser.add_argument("--per-page", type=int, default=10, help="posts a page of the feed and of the lists")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args(arguments)
    if options.posts < _PARTS[0] or options.per_page < 1:
        parser.error(f"at least {_PARTS[0]} posts, and at least one a page")
    if not options.json:
        _print_head()
    reports: dict[Face, list[SizeReport]] = {}
    for face in options.ways:
        for part in _PARTS:
            report = measure(face, posts=options.posts // part, per_page=options.per_page)
            reports.setdefault(face, []).append(report)
            if not options.json:
                _print_line(face, report)
    broken = [f"{face}: {one}" for face, sizes in reports.items() for one in broken_promises(sizes)]
    if options.json:
        ways = {str(face): _object(sizes) for face, sizes in reports.items()}
        print(json.dumps({"posts": options.posts, "per_page": options.per_page, "ways": ways}))
    else:
        for face, sizes in reports.items():
            print(
                f"{face}: in the longest blog a post takes {growth(sizes):.2f} times as long as in the "
                f"shortest, and {processor_growth(sizes):.2f} times as much of the processor"
            )
        print("\n".join(f"BROKEN  {sentence}" for sentence in broken) or "every promise kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
