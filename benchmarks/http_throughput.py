"""What politeness and safety cost: pages per second of the client beside a bare aiohttp loop.

Run it with ``python -m benchmarks.http_throughput``; see README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import aiohttp

from benchmarks import http_layers
from benchmarks.page_server import page_server
from benchmarks.rounds import in_turns
from scraper.http.client import Client, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.rounds import Read, Timings

_BARE = "bare aiohttp loop"
_JUDGED = "guard + gate"
_CLIENT_NO_ROBOTS = "Client.get, no robots"
_CLIENT = "Client.get"
_TARGET = 1.10  # what guard and gate may take, in times of the bare loop


async def measure(*, hosts: int, workers: int, rounds: int, pages: int) -> dict[str, Any]:
    """Return the figures of one run: `rounds` of `pages` from `hosts` ports, read by `workers` at once.

    Times are ratios to the bare loop as [median, least, most] of the rounds.
    """
    with page_server(ports=hosts) as ports:

        def urls(number: int) -> list[str]:
            return [f"http://127.0.0.1:{ports[i % hosts]}/2026/11/{number}-{i}/" for i in range(pages)]

        async with AsyncExitStack() as stack:
            ways = await _ways(stack, workers)
            timings = await in_turns(ways, urls=urls, rounds=rounds, workers=workers)
    bare = timings[_BARE]
    return {
        "hosts": hosts,
        "workers": workers,
        "rounds": rounds,
        "pages": pages,
        "target": {"what": _JUDGED, "ratio": _TARGET, "kept": timings[_JUDGED].ratio(bare)[0] <= _TARGET},
        "ways": {name: _figures(timing, bare) for name, timing in timings.items()},
    }


async def _ways(stack: AsyncExitStack, workers: int) -> dict[str, Read]:
    limits = Limits(concurrency=workers, per_host=workers)
    polite = await stack.enter_async_context(Client(limits=limits, allow_private=True))
    without = await stack.enter_async_context(Client(limits=limits, allow_private=True, obey_robots=False))
    session = await stack.enter_async_context(_bare_session(limits))
    return {
        _BARE: http_layers.bare(session),
        **http_layers.layers(session, limits),
        _CLIENT_NO_ROBOTS: without.get,
        _CLIENT: polite.get,
    }


def _bare_session(limits: Limits) -> aiohttp.ClientSession:
    """Return a session with the settings of the client's own."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=75, ttl_dns_cache=600),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "benchmark"},
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=limits.connect_timeout, sock_read=limits.read_timeout
        ),
    )


def _figures(timing: Timings, bare: Timings) -> dict[str, Any]:
    return {
        "pages_per_second": round(timing.pages_per_second),
        "ratio": [round(value, 3) for value in timing.ratio(bare)],
        "processor_us": round(timing.processor_us, 1),
        "processor_us_over_bare": round(timing.processor_us_over(bare), 1),
    }


def _print_table(run: dict[str, Any]) -> None:
    print(
        f"1 KB pages, {run['hosts']} host(s), {run['workers']} at once, "
        f"{run['rounds']} rounds of {run['pages']} pages"
    )
    print(f"{'':24}{'pages/s':>9}{'time ÷ bare (least–most)':>28}{'CPU µs/page':>13}{'over bare':>11}")
    for name, way in run["ways"].items():
        median, least, most = way["ratio"]
        ratio = f"{median:.2f} ({least:.2f}–{most:.2f})"
        print(
            f"{name:24}{way['pages_per_second']:>9,}{ratio:>28}"
            f"{way['processor_us']:>13.1f}{way['processor_us_over_bare']:>+11.1f}"
        )
    target = run["target"]
    print(f"{target['what']} at most {target['ratio']:.2f}: {'kept' if target['kept'] else 'MISSED'}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with 1 and with 5 hosts, and print a table of each, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 5], help="how many hosts, one run each")
    parser.add_argument("--workers", type=int, default=20, help="pages read at once")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--pages", type=int, default=100, help="pages in a round")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args(arguments)
    size = {"workers": options.workers, "rounds": options.rounds, "pages": options.pages}
    runs = [asyncio.run(measure(hosts=hosts, **size)) for hosts in options.hosts]
    if options.json:
        print(json.dumps({"runs": runs}))
        return
    for run in runs:
        _print_table(run)


if __name__ == "__main__":
    main()
