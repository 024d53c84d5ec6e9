"""Which row each post of a batch goes to: a pure decision.

A post is known by its key. One whose key is not stored is known by its listed id: then it has moved to
another address, and its row goes with it. The row of a key that is stored stays that of this key, and takes
the listed id from whichever row of the blog had it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import Post, ReadPost


@dataclass(slots=True, kw_only=True)
class Place:
    """A row of `posts`, stored (`id`) or to be (None), and what is to stand in it.

    `entry` is the last reading of its post, None while the batch has none. Moments are POSIX seconds UTC.
    """

    id: int | None
    key: str
    blog_id: int
    listed_id: str | None = None
    modified: float | None = None
    matched: tuple[str, ...] = ()
    matched_at: float | None = None
    entry: ReadPost | None = None


class Step(NamedTuple):
    """A change of a stored row that makes room for others: its key from here on, and no listed id."""

    id: int
    key: str


class Places:
    """The rows that a batch touches. Its posts are put in one after the other, as if each came by itself.

    `steps` are what stored rows go through meanwhile. Made in this order they keep keys and listed ids
    unique, and so does, after them, writing the places.
    """

    def __init__(self, stored: Iterable[Place]) -> None:
        """Begin with the stored rows that have a key or a listed id of the batch, each once."""
        self.steps: list[Step] = []
        self._places = list(stored)
        self._by_key = {place.key: place for place in self._places}
        self._by_listed = {
            (place.blog_id, place.listed_id): place for place in self._places if place.listed_id is not None
        }
        self._stored_keys = frozenset(self._by_key)

    def put(self, entry: ReadPost, *, blog_id: int, now: float) -> None:
        """Find the place of `entry`, whose blog has the row `blog_id`, and let it stand there."""
        key, named = storable(entry.post.key), stored_id(entry.post)
        holder = None if named is None else self._by_listed.get((blog_id, named))
        place = self._by_key.get(key) or holder or self._new(key, blog_id)
        if holder is not None and holder is not place:
            self._settle(holder, key=holder.key, blog_id=holder.blog_id, listed_id=None)
        # What this reading does not tell, an earlier one of the same blog may have told.
        known = place.listed_id if place.blog_id == blog_id else None
        before = (place.blog_id, place.listed_id)
        self._settle(place, key=key, blog_id=blog_id, listed_id=named or known)
        if entry.post.modified is not None or before != (blog_id, place.listed_id):
            place.modified = entry.post.modified
        place.matched = tuple(dict.fromkeys(place.matched + entry.matched))
        place.matched_at = now if entry.matched else place.matched_at
        place.entry = entry

    def written(self) -> list[Place]:
        """Return the places in which a post of the batch stands, in the order in which rows came to be."""
        return [place for place in self._places if place.entry is not None]

    def left(self) -> set[str]:
        """Return the keys that were stored and are no longer."""
        return set(self._stored_keys - self._by_key.keys())

    def _new(self, key: str, blog_id: int) -> Place:
        place = Place(id=None, key=key, blog_id=blog_id)
        self._places.append(place)
        return place

    def _settle(self, place: Place, *, key: str, blog_id: int, listed_id: str | None) -> None:
        before, after = (place.blog_id, place.listed_id), (blog_id, listed_id)
        if place.id is not None and (place.key != key or (place.listed_id is not None and before != after)):
            self.steps.append(Step(place.id, key))
        self._by_key.pop(place.key, None)
        if place.listed_id is not None:
            self._by_listed.pop((place.blog_id, place.listed_id), None)
        place.key, place.blog_id, place.listed_id = key, blog_id, listed_id
        self._by_key[key] = place
        if listed_id is not None:
            self._by_listed[blog_id, listed_id] = place


def stored_id(post: Post) -> str | None:
    """Return the listed id of a post as it is stored; an empty one tells nothing."""
    return storable(post.listed_id) if post.listed_id else None
