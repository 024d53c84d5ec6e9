"""The tables, with types that let SQLite keep them STRICT and PostgreSQL hold the same values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    or_,
    text,
)
from sqlalchemy.dialects import sqlite

from storage.records import DownloadState
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.types import TypeEngine

SCHEMA_VERSION = 5
"""Raised with each change to the tables, together with a step in storage.migrations."""


class SafeText(TypeDecorator[str]):
    """Text that any database can hold: see storage.text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        del dialect
        return None if value is None else storable(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """A tuple of names, in order, as a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        """Write the array."""
        del dialect
        return json.dumps([storable(name) for name in value or ()], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Read the array."""
        del dialect
        return tuple(json.loads(value)) if value and value != "[]" else ()


class Counts(TypeDecorator[dict[str, int]]):
    """Named counts as a JSON object."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, int] | None, dialect: Dialect) -> str:
        """Write the object."""
        del dialect
        return json.dumps(dict(value or {}))

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, int]:
        """Read the object."""
        del dialect
        return dict(json.loads(value)) if value else {}


# STRICT tables know INTEGER, REAL and TEXT only; on PostgreSQL the same columns need 64 bits.
_Number: TypeEngine[int] = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
_Instant: TypeEngine[float] = Double().with_variant(sqlite.REAL(), "sqlite")

metadata = MetaData()


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def _partial(
    name: str, *columns: ColumnElement[Any], where: ColumnElement[bool], unique: bool = False
) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


schema_version = _table("schema_version", Column("version", Integer, nullable=False))

blogs = _table(
    "blogs",
    Column("id", _Number, primary_key=True),
    Column("url", SafeText, nullable=False, unique=True),
    Column("title", SafeText),
    Column("complete", Integer, nullable=False),
    Column("last_read", _Instant),
    Column("reason", SafeText),
    Column("feed", SafeText),
    Column("listed_at", _Instant),
    Column("gone_since", _Instant),
    Column("platform", SafeText),
    Column("way", SafeText),
    Column("way_address", SafeText),
    Column("announced", _Number),
    Column("marker", _Instant),
    Column("resume", SafeText),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("due", _Instant),
    Column("followed", Integer, nullable=False, server_default=text("0")),
    Column("furniture", SafeText),
)

posts = _table(
    "posts",
    Column("id", _Number, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("url", SafeText, nullable=False),
    Column("blog_id", _Number, ForeignKey("blogs.id"), nullable=False, index=True),
    Column("title", SafeText, nullable=False),
    Column("artist", SafeText),
    Column("track", SafeText),
    Column("version", SafeText),
    Column("label", SafeText),
    Column("featuring", Names, nullable=False),
    Column("published_text", SafeText),
    Column("published_precision", SafeText),
    Column("published_at", _Instant),
    # published_at, or a stand-in below every date: paging needs a value to go on from.
    Column("order_at", _Instant, nullable=False),
    Column("genres", Names, nullable=False),
    Column("cover", SafeText),
    Column("matched", Names, nullable=False),
    Column("matched_at", _Instant),
    Column("created", _Instant, nullable=False),
    Column("updated", _Instant, nullable=False),
    Column("listed_id", SafeText),
    Column("modified", _Instant),
    Column("passwords", Names, nullable=False, server_default=text("'[]'")),
    Column("partial", Integer, nullable=False, server_default=text("0")),
    Index("posts_read", "blog_id", "updated"),
)

post_genres = _table(
    "post_genres",
    Column("post_id", _Number, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("genre", SafeText, nullable=False),
    Column("trust", Integer, nullable=False),
    Column("source", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
    sqlite_with_rowid=False,
)

links = _table(
    "links",
    Column("post_id", _Number, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("key", SafeText, nullable=False),
    Column("url", SafeText, nullable=False),
    Column("kind", SafeText, nullable=False),
    Column("host", SafeText, nullable=False),
    Column("format", SafeText),
    Column("name", SafeText),
    Column("text", SafeText),
    Column("quality", SafeText),
    Column("group_number", Integer),
    Column("part", Integer),
    Column("unsure", Integer, nullable=False, server_default=text("0")),
    Column("expires", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("post_id", "key"),
    sqlite_with_rowid=False,
)

downloads = _table(
    "downloads",
    Column("id", _Number, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("url", SafeText, nullable=False),
    Column("host", SafeText, nullable=False),
    Column("state", SafeText, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", _Instant, nullable=False),
    Column("created", _Instant, nullable=False),
    Column("updated", _Instant, nullable=False),
    Column("kind", SafeText, nullable=False),
    Column("format", SafeText),
    Column("stem", SafeText),
    Column("referer", SafeText),
    Column("lease_until", _Instant),
    Column("token", SafeText),
    Column("reason", SafeText),
    Column("detail", SafeText),
    Column("path", SafeText),
    Column("bytes", _Number),
    Column("sha256", SafeText),
    Column("checksum", SafeText),
    Column("size", _Number),
)


def in_state(state: DownloadState) -> ColumnElement[bool]:
    """Return the condition that a download is in `state`, written so that a partial index can serve it.

    The planner must see the value itself: with a bound parameter it cannot tell that the index applies.
    """
    return downloads.c.state == literal_column(f"'{state.value}'")


# What is neither waiting nor running. An index on all states would be cheap to ask and dear to keep, and the
# planner would take it for the claims as well.
IS_SETTLED = ~or_(in_state(DownloadState.WAITING), in_state(DownloadState.RUNNING))
IS_MATCHED = posts.c.matched_at.is_not(None)

_partial(
    "posts_listed", posts.c.blog_id, posts.c.listed_id, where=posts.c.listed_id.is_not(None), unique=True
)
# By host: a claim goes from host to host, whatever waits for each.
_partial(
    "downloads_waiting",
    downloads.c.priority,
    downloads.c.host,
    downloads.c.due,
    downloads.c.id,
    where=in_state(DownloadState.WAITING),
)
_partial("downloads_running", downloads.c.lease_until, where=in_state(DownloadState.RUNNING))
_partial("downloads_settled", downloads.c.state, downloads.c.reason, where=IS_SETTLED)
_partial("downloads_content", downloads.c.sha256, where=downloads.c.sha256.is_not(None))
_partial("posts_matched", posts.c.order_at, posts.c.id, where=IS_MATCHED)

runs = _table(
    "runs",
    Column("id", _Number, primary_key=True),
    Column("command", SafeText, nullable=False),
    Column("query", SafeText, nullable=False),
    Column("started", _Instant, nullable=False),
    Column("finished", _Instant),
    Column("outcome", SafeText),
    Column("counts", Counts, nullable=False),
)

validators = _table(
    "validators",
    Column("url", SafeText, primary_key=True),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
    Column("saved", _Instant, nullable=False),
    Column("answered", SafeText),
    Column("fresh_until", _Instant),
    Column("moved_to", SafeText),
    Column("moved_at", _Instant),
    sqlite_with_rowid=False,
)

robots = _table(
    "robots",
    Column("origin", SafeText, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("body", SafeText, nullable=False),
    Column("fetched", _Instant, nullable=False),
    sqlite_with_rowid=False,
)

unreadable = _table(
    "unreadable",
    Column("post_key", SafeText, primary_key=True),
    Column("blog_id", _Number, ForeignKey("blogs.id"), nullable=False, index=True),
    Column("url", SafeText, nullable=False),
    Column("times", Integer, nullable=False),
    Column("tried_at", _Instant, nullable=False),
    sqlite_with_rowid=False,
)

holds = _table(
    "holds",
    Column("host_group", SafeText, primary_key=True),
    Column("until", _Instant, nullable=False),
    Column("reason", SafeText, nullable=False),
    sqlite_with_rowid=False,
)

EVERY_HOST = ""
"""Stands for all hosts in the table of pauses: a pause of the whole queue."""

pauses = _table(
    "pauses",
    Column("host", SafeText, primary_key=True),
    Column("since", _Instant, nullable=False),
    Column("until", _Instant),
    Column("reason", SafeText),
    sqlite_with_rowid=False,
)

pruned = _table(
    "pruned",
    Column("key", SafeText, primary_key=True),
    Column("sha256", SafeText),
    Column("pruned", _Instant, nullable=False),
    sqlite_with_rowid=False,
)
