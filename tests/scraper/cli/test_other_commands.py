"""download, export, queue list, status and demo."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.demo.server import DemoServer


@pytest.fixture
def crate(scrape: Callable[..., Any], served: DemoServer) -> DemoServer:
    """A database into which the fixture blog was scraped for house and techno."""
    assert scrape(served.url, "--genres", "house", "techno", "--allow-private", "--quiet").code == 0
    return served


def _download(scrape: Callable[..., Any], folder: Path, *words: str) -> Any:
    return scrape("download", "--to", str(folder), "--allow-private", *words)


def test_download_fetches_everything_once(
    scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path
) -> None:
    first = json.loads(_download(scrape, tmp_path / "music", "--json").out)
    before = len(crate.requests)
    second = json.loads(_download(scrape, tmp_path / "music", "--json").out)
    assert (first["downloaded"], first["failed_by_reason"]) == (21, {"not-audio": 1})
    assert (second["downloaded"], second["outcome"], len(crate.requests)) == (0, "done", before)


def test_a_page_called_mp3_is_kept_as_failed_with_its_reason(
    scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path
) -> None:
    assert _download(scrape, tmp_path / "music").code == 1
    listed = scrape("queue", "list", "--state", "failed")
    assert listed.code == 0
    assert "not-audio" in listed.out
    found = json.loads(scrape("queue", "list", "--reason", "not-audio", "--json").out)["downloads"]
    assert [(item["state"], item["path"]) for item in found] == [("failed", None)]
    assert found[0]["url"].endswith("sable-foundry-vault-door.mp3")


def test_download_tries_no_more_than_asked_for(
    scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path
) -> None:
    result = json.loads(_download(scrape, tmp_path / "music", "--max", "5", "--json").out)
    assert result["downloaded"] + result["download_failed"] == 5
    assert result["waiting"] == 17


def test_export_tells_what_became_of_each_download(
    scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path
) -> None:
    _download(scrape, tmp_path / "music")
    target = tmp_path / "crate.json"
    assert scrape("export", str(target)).code == 0
    export = json.loads(target.read_text(encoding="utf-8"))
    downloads = [link["download"] for post in export["posts"] for link in post["links"] if link["download"]]
    done = [download for download in downloads if download["state"] == "done"]
    assert len(done) == 21
    assert all(Path(download["path"]).stat().st_size == download["bytes"] for download in done)
    assert [download["reason"] for download in downloads if download["state"] == "failed"] == ["not-audio"]


def test_export_as_lines_and_as_a_table(scrape: Callable[..., Any], crate: DemoServer) -> None:
    lines = [json.loads(line) for line in scrape("export", "--format", "jsonl").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(scrape("export", "-", "--format", "csv").out)))
    assert len(lines) == 21
    assert {row["url"] for row in rows} == {post["url"] for post in lines}
    assert len(rows) == sum(max(1, len(post["links"])) for post in lines)


def test_export_can_be_narrowed(scrape: Callable[..., Any], crate: DemoServer) -> None:
    export = json.loads(scrape("export", "--genres", "deep house", "--since", "2025-06-01").out)
    assert export["genres"] == ["deep house"]
    assert export["posts"]
    assert all(post["genres"] == ["deep house"] or "deep house" in post["genres"] for post in export["posts"])
    assert all(post["published"] >= "2025-06" for post in export["posts"])


def test_a_quiet_download_says_what_failed_and_nothing_else(
    scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path
) -> None:
    ran = _download(scrape, tmp_path / "music", "--quiet")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "not-audio" in ran.err


def test_status_counts_what_is_kept(scrape: Callable[..., Any], crate: DemoServer, tmp_path: Path) -> None:
    before = json.loads(scrape("status", "--json").out)
    _download(scrape, tmp_path / "music")
    after = json.loads(scrape("status", "--json").out)
    assert (before["posts"], before["matched"], before["downloads"]["waiting"]) == (52, 21, 22)
    assert (after["downloads"]["done"], after["failed_by_reason"]) == (21, {"not-audio": 1})
    assert [run["command"] for run in after["runs"]] == ["download", "scrape"]
    assert [blog["complete"] for blog in after["blogs"]] == [True]
    assert "not-audio" in scrape("status").out


def test_the_demo_goes_as_it_should_and_runs_twice(scrape: Callable[..., Any], tmp_path: Path) -> None:
    folder = str(tmp_path / "my demo")
    first = scrape("demo", "--folder", folder, database=False)
    second = scrape("demo", "--folder", folder, "--json", "--quiet", database=False)
    assert first.code == 0
    assert folder in first.err
    (look,) = (line for line in first.err.splitlines() if line.startswith("  scrape "))
    assert scrape(*shlex.split(look)[1:]).out.endswith("\n1 download\n"), "it can be typed as it stands"
    assert "21 files" in first.err
    assert second.code == 0
    assert json.loads(second.out) == {"folder": folder, "downloaded": 21, "failed": 1, "ok": True}
    assert len(json.loads((tmp_path / "my demo" / "crate.json").read_text(encoding="utf-8"))["posts"]) == 21


def test_the_demo_says_when_its_folder_cannot_be_made(scrape: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ran = scrape("demo", "--folder", str(tmp_path / "file" / "demo"), database=False)
    assert ran.code == 3
    assert "--folder" in ran.err
