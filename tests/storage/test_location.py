from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import StorageError
from storage.location import locate


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param("/data/crate.db", Path("/data/crate.db"), id="path"),
        pytest.param(Path("/data/crate.db"), Path("/data/crate.db"), id="Path"),
        pytest.param("crate.db", Path("crate.db"), id="relative path"),
        pytest.param("~/crate.db", Path("~/crate.db"), id="home"),
        pytest.param("sqlite:////data/crate.db", Path("/data/crate.db"), id="absolute address"),
        pytest.param("sqlite:///crate.db", Path("crate.db"), id="relative address"),
    ],
)
def test_a_path_or_an_sqlite_address_names_a_file(target: str | Path, path: Path) -> None:
    assert locate(target) == path.expanduser().absolute()
    assert locate(target).is_absolute()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param("postgresql://me:secret@host/db", "not supported yet", id="PostgreSQL"),
        pytest.param("postgres://host/db", "not supported yet", id="PostgreSQL by its short name"),
        pytest.param("postgresql+asyncpg://host/db", "not supported yet", id="PostgreSQL with a driver"),
        pytest.param("mysql://host/db", "not known", id="another database"),
        pytest.param("sqlite://", "not known", id="memory by address"),
        pytest.param(":memory:", "file of its own", id="memory"),
        pytest.param("", "file of its own", id="nothing"),
        pytest.param("a\0b", "file of its own", id="NUL"),
    ],
)
def test_other_targets_are_refused_with_a_next_step(target: str, words: str) -> None:
    with pytest.raises(StorageError, match=words) as caught:
        locate(target)
    assert caught.value.next_step
    assert "secret" not in str(caught.value)
