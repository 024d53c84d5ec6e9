"""One process at a time reads a blog."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import StorageError
from storage.turns import Turns

BLOG = "https://b.example/"
HOLDER = """
import sys
from pathlib import Path
from storage.turns import Turns
with Turns(Path(sys.argv[1])).take(sys.argv[2]) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def _holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), BLOG],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_a_blog_that_another_process_reads_is_left_alone_until_that_one_dies(tmp_path: Path) -> None:
    path = tmp_path / "crate.sqlite3"
    with closing(Turns(path)) as turns, _holder(path) as other:
        with turns.take(BLOG) as mine:
            assert not mine
        with turns.take("https://c.example/") as mine:
            assert mine, "other blogs are free"
        other.kill()
        other.wait()
        with turns.take(BLOG) as mine:
            assert mine


def test_a_turn_is_given_back_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "crate.sqlite3"
    with closing(Turns(path)) as turns:
        with turns.take(BLOG) as mine:
            assert mine
        with _holder(path) as other:
            other.kill()


def test_a_folder_that_cannot_hold_locks_is_named(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "none" / "crate.sqlite3")
    with pytest.raises(StorageError, match=r"none/crate\.sqlite3-reading"), turns.take(BLOG):
        pass
