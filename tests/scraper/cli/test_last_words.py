"""What a run of the main job says last: true, and with the next command to type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer

ANY = ("--genres", "any", "--allow-private")


def test_a_run_that_finds_nothing_says_so(scrape: Callable[..., Any], served: DemoServer) -> None:
    scrape(served.url, *ANY)
    assert scrape(served.url, *ANY).err.splitlines()[-1] == "Nothing new since the last run."


def test_a_run_that_finds_nothing_new_says_what_still_waits(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    scrape(served.url, *ANY)
    waiting = json.loads(scrape("status", "--json").out)["downloads"]["waiting"]
    assert waiting > 1
    scrape("queue", "pause")
    said = scrape(served.url, *ANY, "--download", "--to", str(tmp_path / "music")).err.splitlines()
    assert said[-2] == "Nothing new since the last run."
    assert said[-1].startswith(f"{waiting} downloads wait; scrape status ")


def test_links_that_are_newly_queued_of_posts_that_had_matched_are_something_new(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    scrape(served.url, *ANY)
    last = scrape(served.url, *ANY, "--prefer", "all").err.splitlines()[-1]
    assert last.startswith("Next: scrape download ")


def test_a_dry_run_of_another_query_says_that_it_matches_what_it_reads_only(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    scrape(served.url, "--genres", "gospel", "--allow-private")
    dry = scrape(served.url, *ANY, "--dry-run")
    said = dry.err.splitlines()[-2:]
    assert said[0] == "Nothing new since the last run."
    assert said[1] == "A dry run matches only what it reads: with --full all of the blog."
    full = scrape(served.url, *ANY, "--dry-run", "--full")
    assert "Nothing new" not in full.err
