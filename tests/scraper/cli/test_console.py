"""Streams that are not there: closed before the program began, as ``>&-`` does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.console import put
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.demo.server import DemoServer


def test_a_closed_stdout_is_an_error_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(StorageError) as caught:
        put("data")
    assert str(caught.value) == (
        "The output cannot be written: stdout: it is closed. Check where it is sent to."
    )


def test_a_run_goes_to_its_end_where_stderr_is_closed(
    scrape: Callable[..., Any], served: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stderr", None)
        assert scrape(served.url, "--genres", "house", "techno", "--allow-private").code == 0
    assert scrape("export", "--format", "jsonl").out.count("\n") == 21
