"""Folders that cannot be looked into or written to: one line, whatever the command."""

from __future__ import annotations

import errno
import json
import pathlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer


@pytest.fixture
def forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder into which nobody may look, not even who may do everything elsewhere."""
    folder, exists = tmp_path / "forbidden", pathlib.Path.exists

    def looking(path: Path) -> bool:
        if folder in path.parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return exists(path)

    folder.mkdir()
    monkeypatch.setattr(pathlib.Path, "exists", looking)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("blogs", "list"),
        ("--genres", "house"),
        ("explain", "http://127.0.0.1/a/"),
        ("download",),
    ],
    ids=" ".join,
)
def test_a_database_that_nobody_may_look_at_is_one_line(
    scrape: Callable[..., Any], forbidden: Path, command: tuple[str, ...]
) -> None:
    ran = scrape(*command, "--database", str(forbidden / "x.db"))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "The database cannot be looked at (Permission denied)" in ran.err
    assert "Check the rights of its folder" in ran.err


@pytest.mark.parametrize("command", [("status",), ("download", "--dry-run")], ids=" ".join)
def test_the_room_of_a_folder_that_nobody_may_look_at_is_that_of_the_one_above(
    scrape: Callable[..., Any], served: DemoServer, forbidden: Path, command: tuple[str, ...]
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--max-posts", "3")
    ran = scrape(*command, "--to", str(forbidden / "music"), "--allow-private", "--json")
    assert json.loads(ran.out)["free_bytes"] > 0


@pytest.mark.parametrize("plan", [(), ("--dry-run",), ("--json",)], ids=["run", "plan", "json"])
def test_a_file_in_place_of_the_folder_is_one_line_and_no_table(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path, plan: tuple[str, ...]
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--max-posts", "3")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ran = scrape("download", "--to", str(tmp_path / "file"), "--allow-private", *plan)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "is no folder" in ran.err


@pytest.mark.parametrize("port", ["99999", "7" * 5000, "-1", "x", "é", "", "²"])
def test_a_port_that_is_none_is_as_good_as_no_port(
    scrape: Callable[..., Any], tmp_path: Path, port: str
) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "port").write_text(port, encoding="utf-8")
    assert scrape("demo", "--folder", str(tmp_path / "demo"), "--quiet", database=False).code == 0


def test_a_folder_that_the_demo_cannot_write_to_is_one_line(
    scrape: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "demo" / "port").mkdir(parents=True)  # whoever runs this: it cannot be written over
    ran = scrape("demo", "--folder", str(tmp_path / "demo"), database=False)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "The folder of the demo cannot be written" in ran.err
    assert "Name another with --folder" in ran.err
