"""What is to be true of a queue and a folder, at any moment and at the end."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tests.scraper.downloads.trials.ledger import read_ledger, stale_changes

if TYPE_CHECKING:
    from tests.scraper.downloads.trials.shop import Shop

_LONG_FOR_A_TRANSACTION = 0.3
"""Seconds."""


def states(database: Path) -> Counter[str]:
    """Return how many downloads there are of each state."""
    with closing(sqlite3.connect(database)) as connection:
        return Counter(row[0] for row in connection.execute("SELECT state FROM downloads"))


def paths_by_id(database: Path) -> dict[int, str]:
    """Return the path in the shop of each download."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT id, url FROM downloads").fetchall()
    return {number: "/" + url.split("/", 3)[3] for number, url in rows}


def claimers(database: Path) -> dict[str, list[str]]:
    """Return the workers that claimed what is at each path in the shop, one after the other."""
    paths = paths_by_id(database)
    found: dict[str, list[str]] = {path: [] for path in paths.values()}
    for change in read_ledger(database):
        if change.is_claim:
            found[paths[change.id]].append(change.worker)
    return found


def is_locked(database: Path) -> bool:
    """Return whether somebody keeps everybody else from writing for longer than a transaction takes. Blocks."""
    with closing(
        sqlite3.connect(database, timeout=_LONG_FOR_A_TRANSACTION, isolation_level=None)
    ) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        connection.execute("ROLLBACK")
        return False


def check_now(
    database: Path, folder: Path, shop: Shop, addresses: list[str], *, jumped: bool = False
) -> None:
    """See that nothing is lost or broken: to be true after every crash.

    Every file in the folder is whole, one that the shop has, and there once; every row is there; what is
    done is published; nobody changed what he did not hold (see `stale_changes` for `jumped`).
    """
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT url, state, path, sha256 FROM downloads").fetchall()
    assert sorted(row[0] for row in rows) == sorted(addresses)
    wanted = {shop.sha256_of(address) for address in addresses}
    published = digests(folder)
    assert set(published.values()) <= wanted
    assert [digest for digest, times in Counter(published.values()).items() if times > 1] == []
    for url, state, path, sha256 in rows:
        if state == "done":
            assert sha256 == shop.sha256_of(url) == published[Path(path).name]
    assert list(stale_changes(read_ledger(database), jumped=jumped)) == []


def check_end(
    database: Path, folder: Path, shop: Shop, addresses: list[str], *, jumped: bool = False
) -> None:
    """See that beyond that everything is done and nothing is left over."""
    check_now(database, folder, shop, addresses, jumped=jumped)
    assert states(database) == {"done": len(addresses)}
    assert {change.id for change in read_ledger(database) if change.is_claim} == paths_by_id(database).keys()
    with closing(sqlite3.connect(database)) as connection:
        names = {Path(row[0]).name for row in connection.execute("SELECT path FROM downloads")}
    assert set(digests(folder)) == names  # each file is in the table
    assert [path.name for path in (folder / ".incomplete").iterdir()] == []


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each published file by its name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }
