"""The help of each command, as a terminal of 80 columns shows it."""

from __future__ import annotations

import pytest

from scraper.cli.app import main
from scraper.cli.program import COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_fits_into_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    said = capsys.readouterr().out
    assert "--database" in said or command == "demo"
    assert [line for line in said.splitlines() if len(line) > 80] == []
