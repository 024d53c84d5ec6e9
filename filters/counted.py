"""Which genres of a post count for a query, and by what: stated, in its running text, or its blog's."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from filters.graph import GenreGraph
    from storage.records import Post


class Basis(StrEnum):
    """By what the genres of a post count."""

    STATED = "stated"
    """The post says so itself: a label, its categories and tags, a hashtag, its address."""
    TEXT = "text"
    """Its running text names them, and the query asks for that."""
    BLOG = "default of the blog"
    """The person has said what the posts of the blog are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The genres that count for a post, the most specific; `basis` is None where there are none."""

    genres: tuple[str, ...] = ()
    basis: Basis | None = None

    def describe(self) -> str:
        """Return the genres as a clause, with their basis where the post does not state them."""
        aside = "" if self.basis in {None, Basis.STATED} else f" ({self.basis})"
        return f"{', '.join(self.genres)}{aside}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogDefaults:
    """What posts without a genre are, by blog: pairs of a blog's identity and canonical genres.

    `identity` returns the identity of a blog's address.
    """

    genres: tuple[tuple[str, tuple[str, ...]], ...] = ()
    identity: Callable[[str], str] = field(default=str, compare=False)

    def of(self, blog: str) -> tuple[str, ...]:
        """Return the genres of the posts of `blog` that have none otherwise."""
        return dict(self.genres).get(self.identity(blog), ()) if self.genres else ()


def counted_genres(post: Post, graph: GenreGraph, *, from_text: bool, defaults: BlogDefaults) -> Counted:
    """Return which genres count for `post`: those it states, else its text's if asked for, else its blog's.

    A post without its evidence has no text.
    """
    if post.genres:
        return Counted(genres=post.genres, basis=Basis.STATED)
    if from_text and (said := text_genres(post, graph)):
        return Counted(genres=said, basis=Basis.TEXT)
    if default := defaults.of(post.blog):
        return Counted(genres=default, basis=Basis.BLOG)
    return Counted()


def text_genres(post: Post, graph: GenreGraph) -> tuple[str, ...]:
    """Return the most specific genres that the running text of `post` names."""
    return graph.most_specific(one.genre for one in post.evidence if one.trust is Trust.PROSE)
