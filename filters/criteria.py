"""Which posts a person wants, and why a post is not among them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from filters.split import read_tag
from storage.errors import CratedigError
from storage.records import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filters.graph import GenreGraph
    from storage.records import Post, Published

ANY = "any"
"""The word that asks for all genres, and what a post then matches."""

_DAY = 86_400.0
_MISTYPED_AFTER = 2 * _DAY
"""A date further in the future is a plan or a slip and no reason to drop a post."""


class QueryError(CratedigError):
    """A query that cannot be meant."""


class UnknownGenreError(QueryError):
    """A word of the query is no genre of the graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whether a post is wanted: the queried genres that it `matched`, or the `reason` why not."""

    matched: tuple[str, ...]
    reason: str | None

    def __bool__(self) -> bool:
        return bool(self.matched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A query: canonical `genres` (none = any), without `exclude`, published in [`since`, `until`).

    Times are POSIX seconds. Unless `exact`, a genre stands for all that is a kind of it.
    """

    genres: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exact: bool = False
    since: float | None = None
    until: float | None = None

    @classmethod
    def parse(
        cls,
        genres: Sequence[str],
        *,
        graph: GenreGraph,
        exclude: Sequence[str] = (),
        exact: bool = False,
        since: float | None = None,
        until: float | None = None,
    ) -> Self:
        """Return the criteria of a person's words: aliases, store labels and sets count; "any" alone is all.

        Errors: UnknownGenreError naming the word and the nearest genres; QueryError for an empty window.
        """
        anything = [word.strip().casefold() for word in genres] in ([], [ANY])
        if since is not None and until is not None and since >= until:
            raise QueryError(
                "no post can match",
                where=f"since {_moment(since)} until {_moment(until)}",
                next_step="Swap the dates",
            )
        return cls(
            genres=() if anything else _canonical(genres, graph, f"Use --genres {ANY} to keep every post"),
            exclude=_canonical(exclude, graph, "Check its spelling, or leave it out"),
            exact=exact,
            since=since,
            until=until,
        )

    def match(self, post: Post, graph: GenreGraph, *, now: float) -> Match:
        """Return which queried genres `post` has, or why it is not wanted. `now` is POSIX seconds.

        Exclusion wins; an unknown date is no reason to drop a post, nor is one too far in the future
        to be true; a date known to the day, week or month counts if any moment of it is in the window.
        """
        reason = self._excluded(post, graph) or self._outside(post.published, now)
        if reason:
            return Match(matched=(), reason=reason)
        if not self.genres:
            return Match(matched=(ANY,), reason=None)
        matched = self._among(self.genres, post, graph)
        if matched:
            return Match(matched=matched, reason=None)
        if not post.genres:
            return Match(matched=(), reason="no genre found")
        return Match(matched=(), reason=f"genres {', '.join(post.genres)}, not {' or '.join(self.genres)}")

    def describe(self) -> str:
        """Return the query as one line for messages; equal criteria have equal lines."""
        parts = [", ".join(self.genres) or "any genre"]
        if self.exact:
            parts[0] += " exactly"
        if self.exclude:
            parts.append(f"without {', '.join(self.exclude)}")
        if self.since is not None:
            parts.append(f"since {_moment(self.since)}")
        if self.until is not None:
            parts.append(f"until {_moment(self.until)}")
        return "; ".join(parts)

    def _among(self, queried: Iterable[str], post: Post, graph: GenreGraph) -> tuple[str, ...]:
        meant = set(post.genres)
        if not self.exact:
            meant.update(*map(graph.ancestors, post.genres))
        return tuple(name for name in queried if name in meant)

    def _excluded(self, post: Post, graph: GenreGraph) -> str | None:
        excluded = self._among(self.exclude, post, graph)
        return f"excluded: {', '.join(excluded)}" if excluded else None

    def _outside(self, published: Published | None, now: float) -> str | None:
        if published is None:
            return None
        earliest, span = published.timestamp, _span(published)
        if self.since is not None and (earliest + span <= self.since if span else earliest < self.since):
            return f"published {_shown(published, self.since)}, before {_moment(self.since)}"
        if self.until is not None and self.until <= earliest <= now + _MISTYPED_AFTER:
            return f"published {_shown(published, self.until)}, not before {_moment(self.until)}"
        return None


def _canonical(words: Sequence[str], graph: GenreGraph, otherwise: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for word in words:
        # A set such as "dance" is asked for as a whole: what is most specific is no question here.
        found = graph.resolve(word) or read_tag(word, graph)
        if not found:
            near = graph.nearest(word)
            step = f"Did you mean {' or '.join(near)}? {otherwise}" if near else otherwise
            raise UnknownGenreError(f"no genre is called {word[:60]!r}", next_step=step)
        names.update(dict.fromkeys(found))
    return tuple(names)


def _span(published: Published) -> float:
    """Return how long after its earliest instant a post may have been published, in seconds."""
    match published.precision:
        case Precision.TIME:
            return 0.0
        case Precision.DAY:
            return _DAY
        case Precision.WEEK:
            return 7 * _DAY
        case Precision.MONTH:
            first = datetime.fromtimestamp(published.timestamp, UTC)
            return monthrange(first.year, first.month)[1] * _DAY


def _moment(seconds: float) -> str:
    """Return POSIX seconds as a date, with the time only where it is not midnight UTC."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{seconds:g} s"
    return moment.strftime("%Y-%m-%d" if seconds % _DAY == 0 else "%Y-%m-%dT%H:%MZ")


def _shown(published: Published, limit: float) -> str:
    day = published.text[:10]
    return published.text if _moment(limit).startswith(day) else day
