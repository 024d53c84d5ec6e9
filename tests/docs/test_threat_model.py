"""The threat model names tests: each of them exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/threat-model.md").read_text("utf-8")))
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 40
    assert named - there == set()


def test_every_folder_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs/threat-model.md").read_text("utf-8")
    folders = re.findall(r"`((?:scraper|tests)/[\w/]*/)`", text)
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
