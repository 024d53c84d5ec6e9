"""Ctrl-C while the program is still being imported, and Ctrl-C once more."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.cli import app

ROOT = Path(__file__).parents[3]
# Presses Ctrl-C in the middle of the imports, as a person who has thought better of it does.
RUN = """
import os, signal, sys

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "argparse":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
{before}
from scraper.cli.app import main
sys.exit(main(["--version"]))
"""


# Presses it once more while what the first one stopped is given back.
TWICE = """
import asyncio, os, signal
from scraper.cli import program
from storage.unbroken import unbroken

async def give_back():
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(0.01)
    print("given back")

class Slow:
    async def run(self, options):
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(60)
        finally:
            await unbroken(give_back())

try:
    asyncio.run(program._until_signalled(Slow(), None))
except KeyboardInterrupt:
    print("interrupted")
"""


def _run(before: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", RUN.format(before=before)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_an_interrupt_during_the_imports_is_one_line_and_130() -> None:
    ran = _run()
    assert (ran.returncode, ran.stderr) == (130, "scrape: interrupted before it began\n")


def test_a_second_interrupt_breaks_nothing_off() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", TWICE]
    ran = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert (ran.stdout, ran.stderr) == ("given back\ninterrupted\n", "")


def test_where_interrupts_are_ignored_they_stay_ignored() -> None:
    ran = _run("signal.signal(signal.SIGINT, signal.SIG_IGN)")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("cratedig ")


@pytest.mark.parametrize("words", [["--version"], ["--frobnicate"]])
def test_afterwards_an_interrupt_is_pythons_again(words: list[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(SystemExit):
        app.main(words)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_right_before_a_command_begins_warns_of_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    def interrupted(_work: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scraper.cli.program.asyncio.run", interrupted)
    assert app.main(["status"]) == 130
    gc.collect()
    assert capsys.readouterr().err.count("\n") == 1
    assert list(recwarn) == []
