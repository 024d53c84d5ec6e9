"""What repeats on the posts of a blog: prints counted over pages, so that furniture shows itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

ENOUGH: Final = 3
"""What stands on that many posts, and on at least half of those looked at, is furniture."""

MAX_PRINTS: Final = 2_000
"""So many are remembered of a blog, the most frequent ones."""

_MEMORY: Final = 8
"""Posts that the memory of a blog is made of. The fewer, the sooner a new theme counts instead of the old."""

_AT_WORK: Final = 20_000


@dataclass(slots=True)
class Repeats:
    """How many of the `posts` that were looked at have each print; what is rare is forgotten in time.

    `of` are prints of the keys of the last of these posts.
    """

    posts: int = 0
    times: dict[int, int] = field(default_factory=dict)
    of: deque[int] = field(default_factory=lambda: deque(maxlen=2 * _MEMORY))

    def add(self, key: str, prints: Iterable[int]) -> None:
        """Count the prints of one more post; one that is read again, edited, is not counted again."""
        own = int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        if own in self.of:
            return
        if self.posts >= 2 * _MEMORY or len(self.times) > _AT_WORK:
            self._fade()
        self.of.append(own)
        self.posts += 1
        for each in prints:
            self.times[each] = self.times.get(each, 0) + 1

    @property
    def known(self) -> bool:
        """Whether enough posts were looked at to tell what is furniture."""
        return self.posts >= ENOUGH

    def furniture(self) -> frozenset[int]:
        """Return the prints of what stands on at least three posts and on at least half of them."""
        least = max(ENOUGH, -(-self.posts // 2))
        return frozenset(each for each, times in self.times.items() if times >= least)

    def memory(self) -> Repeats:
        """Return what a later run begins with: faded to few posts, and the most frequent prints only."""
        kept = Repeats(posts=self.posts, times=dict(self.times), of=self.of.copy())
        while kept.posts > _MEMORY:
            kept._fade()
        frequent = sorted(kept.times.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_PRINTS]
        return Repeats(posts=kept.posts, times=dict(frequent), of=kept.of)

    def _fade(self) -> None:
        """Halve all counts; what was on one post only is forgotten."""
        self.posts //= 2
        self.times = {each: times // 2 for each, times in self.times.items() if times > 1}
