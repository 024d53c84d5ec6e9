"""What stands on many posts of a blog and belongs to none of them, as the database keeps it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogFurniture:
    """What is known of the furniture of a blog.

    `prints` tells on how many of the `posts` looked at last each piece of their pages stood, by its 64-bit
    print; `of` are prints of these posts' keys, so that none is counted twice. `links` are the keys of links
    that stand on most posts.
    """

    posts: int = 0
    of: tuple[int, ...] = ()
    prints: Mapping[int, int] = field(default_factory=dict)
    links: frozenset[str] = frozenset()

    def written(self) -> str:
        """Return it as the text that `read_furniture` reads: JSON, with the prints in hexadecimal."""
        return json.dumps(
            {
                "posts": self.posts,
                "of": [f"{each:x}" for each in self.of],
                "prints": {f"{each:x}": times for each, times in self.prints.items()},
                "links": sorted(map(storable, self.links)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def read_furniture(written: str | None) -> BlogFurniture:
    """Return what `written` says, nothing for None."""
    if not written:
        return BlogFurniture()
    said = json.loads(written)
    return BlogFurniture(
        posts=said["posts"],
        of=tuple(int(each, 16) for each in said["of"]),
        prints={int(each, 16): times for each, times in said["prints"].items()},
        links=frozenset(said["links"]),
    )
