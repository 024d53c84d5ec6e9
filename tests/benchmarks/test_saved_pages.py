"""The benchmark of saved pages over a few of them: its lines and fields, never its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import saved_pages
from benchmarks.page_samples import URL, ordinary_pages

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_line_for_each_folder_and_one_for_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for number, sample in enumerate(ordinary_pages(20_000)):
            (tmp_path / name / f"{number}.html").write_bytes(sample.body)
            (tmp_path / name / f"{number}.url").write_text(f"{URL}\n")
    folders = [str(tmp_path / "one"), str(tmp_path / "two"), "--rounds", "1"]
    saved_pages.main(folders)
    assert len(capsys.readouterr().out.splitlines()) == 4
    saved_pages.main([*folders, "--json"])
    one, two, both = json.loads(capsys.readouterr().out)
    assert (one["pages"], two["pages"], both["pages"]) == ("one", "two", "all")
    assert both["number"] == one["number"] + two["number"] == 2 * len(ordinary_pages(20_000))
    assert (one["kb"], one["ratio"] > 1) == (20.0, True)
