"""Politeness as five servers see it, asked for hundreds of pages at once by one client.

Run it with ``python -m benchmarks.politeness``; see README.md. Exit code 1: a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from benchmarks.polite_hosts import Temper, polite_hosts
from benchmarks.politeness_judge import broken_promises, peak_in_flight, report_of
from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LIMITED_AT = 20


def tempers(*, crawl_delay: float, retry_after: int) -> tuple[Temper, ...]:
    """Return the five hosts: easy-going, slow by its robots.txt, limiting, weak, and far away."""
    return (
        Temper(name="normal"),
        Temper(name="crawl-delay", crawl_delay=crawl_delay),
        Temper(name="429", limited_at=_LIMITED_AT, retry_after=retry_after),
        Temper(name="503", bearable=2),
        Temper(name="late", latency=0.2),
    )


def measure(hosts: tuple[Temper, ...], *, pages: int, per_host: int) -> dict[str, Any]:
    """Ask each of the `hosts` for as many `pages`, all at once; return what they saw and what was broken."""
    limits = Limits(per_host=per_host, concurrency=per_host * len(hosts))
    with polite_hosts(hosts) as running:
        urls = [f"{origin}/page-{number}" for number in range(pages) for origin in running.origins.values()]
        asyncio.run(_read_all(urls, limits))
        log = running.log()
    reports = [report_of(temper, log) for temper in hosts]
    broken = [
        sentence
        for temper, report in zip(hosts, reports, strict=True)
        for sentence in broken_promises(report, temper, pages=pages, per_host=per_host)
    ]
    in_all = peak_in_flight(log)
    if in_all > limits.concurrency:
        broken.append(f"all: {in_all} requests in flight, {limits.concurrency} allowed")
    return {
        "pages": pages,
        "per_host": per_host,
        "peak": in_all,
        "hosts": [asdict(report) for report in reports],
        "broken": broken,
    }


async def _read_all(urls: Iterable[str], limits: Limits) -> None:
    async with Client(limits=limits, allow_private=True) as client:
        answers = await asyncio.gather(*(client.get(url) for url in urls), return_exceptions=True)
    # A page that could not be read is missing in the log of its host, which is what counts.
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, FetchError):
            raise answer


def _print_table(result: dict[str, Any]) -> None:
    print(f"{result['pages']} pages of each host at once, {result['per_host']} requests at once to a host")
    print(
        f"{'host':13}{'pages':>6}{'errors':>8}{'peak':>6}{'smallest interval':>19}{'longest pause':>15}"
        f"{'Retry-After':>13}{'seconds':>9}"
    )
    words = {True: "kept", False: "BROKEN", None: "–"}
    for host in result["hosts"]:
        interval = host["smallest_interval"]
        smallest = "–" if interval is None else f"{interval:.3f} s"
        print(
            f"{host['host']:13}{host['pages']:>6}{host['errors']:>8}{host['peak']:>6}{smallest:>19}"
            f"{host['longest_pause']:>13.2f} s{words[host['retry_after_kept']]:>13}{host['seconds']:>9.1f}"
        )
    print(f"in flight to all of them: {result['peak']} at most")
    print("\n".join(f"BROKEN  {sentence}" for sentence in result["broken"]) or "every promise kept")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table or one JSON object, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=100, help="pages of each host")
    parser.add_argument("--per-host", type=int, default=5, help="requests at once to a host")
    parser.add_argument("--crawl-delay", type=float, default=0.5, help="what the second host asks for")
    parser.add_argument("--retry-after", type=int, default=3, help="what the third host asks for")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args(arguments)
    hosts = tempers(crawl_delay=options.crawl_delay, retry_after=options.retry_after)
    result = measure(hosts, pages=options.pages, per_host=options.per_host)
    if options.json:
        print(json.dumps(result))
    else:
        _print_table(result)
    return 1 if result["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
