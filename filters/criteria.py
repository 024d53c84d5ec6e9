"""Which posts a person wants, and why a post is not among them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from filters.counted import BlogDefaults, Counted, counted_genres, text_genres
from filters.free_text import phrases, said
from filters.query import QueryError, canonical_genres
from filters.wants import Wants
from filters.window import Window, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filters.graph import GenreGraph
    from storage.records import Post

ANY = "any"
"""The word that asks for all genres, and what a post then matches."""


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

    Times are POSIX seconds. Unless `exact`, a genre stands for all that is a kind of it. With `from_text`
    running text counts where a post states no genre; `defaults` count where nothing else does. Of the
    phrases `text` one must be said, of `exclude_text` none; a link that `wants` allows must be there.
    """

    genres: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exact: bool = False
    since: float | None = None
    until: float | None = None
    from_text: bool = False
    defaults: BlogDefaults = field(default_factory=BlogDefaults)
    text: tuple[str, ...] = ()
    exclude_text: tuple[str, ...] = ()
    wants: Wants = field(default_factory=Wants)

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
        from_text: bool = False,
        defaults: BlogDefaults | None = None,
        text: Sequence[str] = (),
        exclude_text: Sequence[str] = (),
        wants: Wants | None = None,
    ) -> Self:
        """Return the criteria of a person's words: aliases, store labels and sets count; "any" alone is all.

        Errors: UnknownGenreError naming the word and the nearest genres; QueryError for an empty window and
        for texts without a letter.
        """
        anything = [word.strip().casefold() for word in genres] in ([], [ANY])
        if since is not None and until is not None and Window(since=since, until=until).empty:
            raise QueryError(
                "no post can match",
                where=f"since {moment_text(since)} until {moment_text(until)}",
                next_step="Swap the dates",
            )
        otherwise = f"Use --genres {ANY} to keep every post"
        return cls(
            genres=() if anything else canonical_genres(genres, graph, otherwise=otherwise),
            exclude=canonical_genres(exclude, graph, otherwise="Check its spelling, or leave it out"),
            exact=exact,
            since=since,
            until=until,
            from_text=from_text,
            defaults=defaults or BlogDefaults(),
            text=phrases(text),
            exclude_text=phrases(exclude_text),
            wants=wants or Wants(),
        )

    def counted(self, post: Post, graph: GenreGraph) -> Counted:
        """Return which genres of `post` count for this query, and by what."""
        return counted_genres(post, graph, from_text=self.from_text, defaults=self.defaults)

    def as_counted(self, post: Post, graph: GenreGraph) -> Post:
        """Return `post` with the genres that count for this query."""
        genres = self.counted(post, graph).genres
        return post if genres == post.genres else replace(post, genres=genres)

    def matches_any_of(self, names: Iterable[str], post: Post, graph: GenreGraph) -> bool:
        """Return whether one of the genres `names` is among those of `post` that count for this query."""
        return bool(self._among(names, self.counted(post, graph), graph))

    def match(self, post: Post, graph: GenreGraph, *, now: float) -> Match:
        """Return which queried genres `post` has, or why it is not wanted. `now` is POSIX seconds.

        Exclusion wins; an unknown date is no reason to drop a post, nor is one too far in the future
        to be true; a date known to the day, week or month counts if any moment of it is in the window.
        """
        counted = self.counted(post, graph)
        reason = self._excluded(counted, graph) or self._refused(post, now)
        reason = reason or self._unsaid(post) or self.wants.misses(post.links)
        if reason is not None:
            return Match(matched=(), reason=reason)
        if matched := self._matched(counted, graph):
            return Match(matched=matched, reason=None)
        if counted.genres:
            reason = f"genres {counted.describe()}, not {' or '.join(self.genres)}"
        else:
            named = text_genres(post, graph)
            reason = f"no genre found but in its text: {', '.join(named)}" if named else "no genre found"
        return Match(matched=(), reason=reason)

    def glance(self, outline: Post, graph: GenreGraph, *, now: float) -> Match:
        """Return the most that a post can match whose evidence and links are not at hand.

        Where this is no match, `match` of the whole post is none either.
        """
        may_be_told = self.from_text and not outline.genres
        counted = self.counted(outline, graph)
        reason = self._refused(outline, now)
        if not may_be_told:
            reason = reason or self._excluded(counted, graph)
        if reason is not None:
            return Match(matched=(), reason=reason)
        matched = (self.genres or (ANY,)) if may_be_told else self._matched(counted, graph)
        return Match(matched=matched, reason=None if matched else "no genre found")

    def describe(self) -> str:
        """Return the query as one line for messages; equal criteria have equal lines."""
        parts = [", ".join(self.genres) or "any genre"]
        if self.exact:
            parts[0] += " exactly"
        if self.exclude:
            parts.append(f"without {', '.join(self.exclude)}")
        parts += Window(since=self.since, until=self.until).describe()
        if self.from_text:
            parts.append("from text")
        parts += [f"{', '.join(genres)} for {blog}" for blog, genres in self.defaults.genres]
        if self.text:
            parts.append(f"saying {_quoted(self.text)}")
        if self.exclude_text:
            parts.append(f"not saying {_quoted(self.exclude_text)}")
        return "; ".join([*parts, *self.wants.describe()])

    def _matched(self, counted: Counted, graph: GenreGraph) -> tuple[str, ...]:
        return self._among(self.genres, counted, graph) if self.genres else (ANY,)

    def _among(self, queried: Iterable[str], counted: Counted, graph: GenreGraph) -> tuple[str, ...]:
        meant = set(counted.genres)
        if not self.exact:
            meant.update(*map(graph.ancestors, counted.genres))
        return tuple(name for name in queried if name in meant)

    def _excluded(self, counted: Counted, graph: GenreGraph) -> str | None:
        excluded = self._among(self.exclude, counted, graph)
        return f"excluded: {', '.join(excluded)}" if excluded else None

    def _refused(self, post: Post, now: float) -> str | None:
        """Return what speaks against a post, be it whole or an outline."""
        if outside := Window(since=self.since, until=self.until).excludes(post.published, now=now):
            return outside
        unwanted = said(self.exclude_text, post)
        return f"excluded: it says {_quoted(unwanted)}" if unwanted else None

    def _unsaid(self, post: Post) -> str | None:
        if not self.text or said(self.text, post):
            return None
        return f"it does not say {_quoted(self.text)}"


def _quoted(words: Sequence[str]) -> str:
    return " or ".join(f"'{word}'" for word in words)
