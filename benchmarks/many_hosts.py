"""Thousands of hosts asked once each: how many files (sockets) are open at once, and whether they suffice.

Run it with ``python -m benchmarks.many_hosts``, on Linux, where all of 127.0.0.0/8 is loopback; see
README.md. Exit code 1: not every page was read.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import resource
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.page_server import page_server
from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPEN_FILES = Path("/proc/self/fd")
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - for as long as it runs
_HOSTS_PER_NET = 250


async def measure(*, port: int, hosts: int, concurrency: int) -> dict[str, Any]:
    """Return what it took to ask each of as many `hosts` for one page and its robots.txt."""
    urls = iter(
        f"http://127.1.{number // _HOSTS_PER_NET}.{1 + number % _HOSTS_PER_NET}:{port}/"
        for number in range(hosts)
    )
    failed: Counter[str] = Counter()
    peak = 0
    started = time.monotonic()
    async with Client(limits=Limits(concurrency=concurrency), allow_private=True) as client:

        async def work() -> None:
            nonlocal peak
            for url in urls:
                try:
                    await client.get(url)
                except FetchError as error:
                    failed[f"{error.reason}: {error.detail}"] += 1
                peak = max(peak, _open_files())

        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
        seconds = time.monotonic() - started
    return {
        "hosts": hosts,
        "concurrency": concurrency,
        "read": hosts - failed.total(),
        "failed": dict(failed),
        "open_files_peak": peak,
        "seconds": round(seconds, 2),
    }


def _open_files() -> int:
    try:
        return sum(1 for _ in _OPEN_FILES.iterdir())
    except OSError as error:
        if error.errno == errno.EMFILE:  # to look takes one, too
            return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        raise


@contextmanager
def _at_most(files: int) -> Iterator[None]:
    """Let this process have as many `files` open at once, as ``ulimit -n`` does, until the block ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures or one JSON object, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hosts", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=100, help="requests at once")
    parser.add_argument("--open-files", type=int, default=1024, help="what the system allows")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args(arguments)
    # The limit comes after the server, which is not judged.
    with page_server(ports=1, address=_EVERY_ADDRESS) as (port,), _at_most(options.open_files):
        result = asyncio.run(measure(port=port, hosts=options.hosts, concurrency=options.concurrency))
    result["open_files_allowed"] = options.open_files
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"{result['read']:,} of {result['hosts']:,} hosts read in {result['seconds']} s, "
            f"{result['open_files_peak']:,} files open at most of {result['open_files_allowed']:,} allowed"
        )
        for failure, times in result["failed"].items():
            print(f"{times:,} × {failure}")
    return 0 if result["read"] == result["hosts"] else 1


if __name__ == "__main__":
    sys.exit(main())
