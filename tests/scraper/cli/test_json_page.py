"""docs/json.md: every field that a command prints is described there, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.program import COMMANDS
from tests.scraper.cli.json_cases import Cases
from tests.scraper.cli.json_tables import documented, examples, observed, sections

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUNS = [heading for heading in sections() if heading.split()[0] == "scrape" and heading != "scrape export"]


@pytest.fixture
def cases(
    scrape: Callable[..., Any], change: Callable[..., None], served: Any, unused_tcp_port: int, tmp_path: Path
) -> Cases:
    nobody = f"http://127.0.0.1:{unused_tcp_port}/"
    return Cases(scrape=scrape, change=change, served=served, nobody=nobody, folder=tmp_path)


@pytest.mark.parametrize("heading", RUNS)
def test_what_a_command_prints_is_what_the_page_describes(cases: Cases, heading: str) -> None:
    fields = documented(heading)
    found: dict[str, set[str]] = {}
    for output in cases.of(heading):
        for path, kind in observed(output, fields):
            found.setdefault(path, set()).add(kind)
    assert sorted(set(found) - set(fields)) == [], "printed, but not described"
    assert sorted(set(fields) - set(found)) == [], "described, but not printed"
    assert {path: kinds for path, kinds in found.items() if not kinds <= fields[path]} == {}


@pytest.mark.parametrize("heading", RUNS)
def test_the_example_of_a_command_has_its_fields_only(heading: str) -> None:
    fields = documented(heading)
    (example,) = examples(heading)
    kinds = dict(observed(example, fields))
    assert kinds
    assert {path for path, kind in kinds.items() if kind not in fields.get(path, ())} == set()
    assert {path for path in fields if not set(".[{") & set(path)} <= kinds.keys()


def test_every_command_has_its_section() -> None:
    from scraper.cli.queue import TAKES

    named = {"scrape", *(f"scrape queue {action}" for action in TAKES)}
    named |= {f"scrape blogs {action}" for action in ("list", "add", "remove", "check")}
    named |= {f"scrape {command}" for command in COMMANDS if command not in {"queue", "blogs"}}
    assert named <= sections().keys()


def test_every_field_has_a_type_that_the_page_explains() -> None:
    known = {"string", "integer", "number", "boolean", "null", "moment", "list", "object"}
    for heading in sections():
        for path, kinds in documented(heading).items():
            plain = {kind.removeprefix("map of ") for kind in kinds}
            assert plain <= known, f"{heading}: {path}"
