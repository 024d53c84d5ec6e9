"""How far a walk has come: up to where all that it gave was dealt with."""

from __future__ import annotations

from collections import deque


class Reached:
    """Follows the posts that a walk gives, in any order, and says which of its places are left behind.

    A place counts once every post before it was dealt with. After a post that a later run has to look for
    again (`lose`), no further place does.
    """

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._places: deque[tuple[set[str], str]] = deque()
        self._lost = False

    def begin(self, key: str) -> None:
        """Note that the post `key` is going to be read."""
        self._open.add(key)

    def place(self, place: str) -> None:
        """Note that the walk is at `place`, after all posts that it gave so far."""
        self._places.append((set(self._open), place))

    def done(self, key: str) -> str | None:
        """Note that the post `key` was dealt with; return the furthest place that is left behind by it."""
        self._open.discard(key)
        for keys, _ in self._places:
            keys.discard(key)
        place = None
        while self._places and not self._places[0][0]:
            _, place = self._places.popleft()
        return None if self._lost else place

    def lose(self) -> None:
        """Note that a post is to be looked for again."""
        self._lost = True
