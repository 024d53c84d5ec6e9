"""The statements of the queue say the same to every database that is meant to share them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects import postgresql, sqlite

import storage.queue
from storage.queue.choosing import conditions
from storage.queue.entering import entering
from storage.records import DownloadState, Selection
from storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}  # type: ignore[no-untyped-call]


def _statements() -> Iterator[tuple[str, Select[Any] | Insert | Update | Delete]]:
    """Yield every statement that a module of the queue builds when it is loaded."""
    for module in pkgutil.iter_modules(storage.queue.__path__, "storage.queue."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Select | Insert | Update | Delete):
                yield f"{module.name}.{name}", value


STATEMENTS = dict(_statements())


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_compiles_for_every_database(name: str, dialect: str) -> None:
    assert str(STATEMENTS[name].compile(dialect=DIALECTS[dialect]))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_database_has_its_word_for_entering_what_is_not_there(dialect: str) -> None:
    words = str(entering(dialect).compile(dialect=DIALECTS[dialect])).replace('"key"', "key")
    assert "ON CONFLICT (key) DO NOTHING" in words


def test_all_of_them_are_looked_at() -> None:
    names = {name.rpartition(".")[2] for name in STATEMENTS}
    assert {"_TAKE", "_TAKE_OTHERS", "_TAKE_BACK", "_CUT", "_HELD", "_COMPLETE", "_RELEASE", "_PARK"} <= names


def test_workers_of_a_database_with_row_locks_pass_over_each_others_rows() -> None:
    take = str(STATEMENTS["storage.queue.claiming._TAKE"].compile(dialect=DIALECTS["postgresql"]))
    assert "FOR UPDATE SKIP LOCKED" in take


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_selections_and_tables_compile_for_every_database(dialect: object) -> None:
    chosen = conditions(Selection(ids=[1], states=[DownloadState.DONE], host="a"))
    assert [str(one.compile(dialect=dialect)) for one in chosen]  # type: ignore[arg-type]
    assert {"downloads", "pauses", "pruned"} <= metadata.tables.keys()
