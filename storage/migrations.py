"""How a database of an older cratedig becomes one of today.

The statements are those of their time and never change; tests hold them against the schema. They are
written for SQLite, the only database that ever had an older version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from storage.schema import SCHEMA_VERSION, metadata, schema_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_STEPS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        "ALTER TABLE blogs ADD COLUMN feed TEXT",
        "ALTER TABLE blogs ADD COLUMN listed_at REAL",
        "ALTER TABLE blogs ADD COLUMN gone_since REAL",
        "ALTER TABLE validators ADD COLUMN answered TEXT",
        "ALTER TABLE validators ADD COLUMN fresh_until REAL",
        "ALTER TABLE validators ADD COLUMN moved_to TEXT",
        "ALTER TABLE validators ADD COLUMN moved_at REAL",
        """CREATE TABLE unreadable (
            post_key TEXT NOT NULL, blog_id INTEGER NOT NULL, url TEXT NOT NULL, times INTEGER NOT NULL,
            tried_at REAL NOT NULL, PRIMARY KEY (post_key), FOREIGN KEY(blog_id) REFERENCES blogs (id)
        ) WITHOUT ROWID, STRICT""",
        "CREATE INDEX ix_unreadable_blog_id ON unreadable (blog_id)",
        """CREATE TABLE holds (
            host_group TEXT NOT NULL, until REAL NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (host_group)
        ) WITHOUT ROWID, STRICT""",
    ),
    2: (
        "ALTER TABLE blogs ADD COLUMN platform TEXT",
        "ALTER TABLE blogs ADD COLUMN way TEXT",
        "ALTER TABLE blogs ADD COLUMN way_address TEXT",
        "ALTER TABLE blogs ADD COLUMN announced INTEGER",
        "ALTER TABLE blogs ADD COLUMN marker REAL",
        "ALTER TABLE blogs ADD COLUMN resume TEXT",
        "ALTER TABLE blogs ADD COLUMN failures INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE blogs ADD COLUMN due REAL",
        "ALTER TABLE blogs ADD COLUMN followed INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE posts ADD COLUMN listed_id TEXT",
        "ALTER TABLE posts ADD COLUMN modified REAL",
        "CREATE INDEX posts_read ON posts (blog_id, updated)",
        "CREATE UNIQUE INDEX posts_listed ON posts (blog_id, listed_id) WHERE listed_id IS NOT NULL",
    ),
    3: (
        "ALTER TABLE blogs ADD COLUMN furniture TEXT",
        "ALTER TABLE posts ADD COLUMN passwords TEXT DEFAULT '[]' NOT NULL",
        "ALTER TABLE posts ADD COLUMN partial INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE links ADD COLUMN quality TEXT",
        "ALTER TABLE links ADD COLUMN group_number INTEGER",
        "ALTER TABLE links ADD COLUMN part INTEGER",
        "ALTER TABLE links ADD COLUMN unsure INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE links ADD COLUMN expires INTEGER DEFAULT 0 NOT NULL",
    ),
    4: (
        "ALTER TABLE downloads ADD COLUMN checksum TEXT",
        "ALTER TABLE downloads ADD COLUMN size INTEGER",
        """CREATE TABLE pauses (
            host TEXT NOT NULL, since REAL NOT NULL, until REAL, reason TEXT, PRIMARY KEY (host)
        ) WITHOUT ROWID, STRICT""",
        """CREATE TABLE pruned (
            "key" TEXT NOT NULL, sha256 TEXT, pruned REAL NOT NULL, PRIMARY KEY ("key")
        ) WITHOUT ROWID, STRICT""",
        "DROP INDEX downloads_waiting",
        "CREATE INDEX downloads_waiting ON downloads (priority, host, due, id) WHERE state = 'waiting'",
        "CREATE INDEX downloads_content ON downloads (sha256) WHERE sha256 IS NOT NULL",
    ),
}
"""The statements that lead from a version to the next."""

_ADDED: Final[Mapping[int, frozenset[str]]] = {
    1: frozenset({"holds", "unreadable"}),
    4: frozenset({"pauses", "pruned"}),
}
"""Tables that the step from a version adds."""


def tables_of(version: int) -> frozenset[str]:
    """Return the tables that a database of `version` has."""
    later = (tables for step, tables in _ADDED.items() if step >= version)
    return frozenset(metadata.tables).difference(*later)


def migrate(connection: Connection, version: int) -> None:
    """Bring a database of `version` to SCHEMA_VERSION in the transaction of `connection`."""
    for step in range(version, SCHEMA_VERSION):
        for statement in _STEPS[step]:
            connection.exec_driver_sql(statement)
    connection.execute(schema_version.update().values(version=SCHEMA_VERSION))
