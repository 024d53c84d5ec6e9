"""Whether title and links of a post show music, so that "House" among its tags is no building."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.posts.titles.parts import Confidence
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.posts.titles.parts import TitleParts
    from storage.records import Link

_LEADING_TO_MUSIC = frozenset({
    LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER, LinkKind.MANUAL, LinkKind.GATE, LinkKind.STORE,
    LinkKind.EMBED,
})  # fmt: skip
# They show and sell anything.
_ANYTHING = re.compile(r"(?:^|\.)(?:youtube|youtube-nocookie|youtu|vimeo|dailymotion|facebook|amazon|amzn)\.")


def shows_music(title: TitleParts, links: Iterable[Link]) -> bool:
    """Return whether the title names artist and track, or a link surely leads to music."""
    named = bool(title.artist and title.track) and title.confidence >= Confidence.FAIR
    return named or any(
        link.sure and link.kind in _LEADING_TO_MUSIC and not _ANYTHING.search(link.host) for link in links
    )


def own_names(title: TitleParts) -> tuple[str, ...]:
    """Return what the title calls the post's music and its people, the longest first."""
    named = (title.text, title.artist, title.track, title.version, title.label, *title.featuring)
    return tuple(sorted({name for name in named if name}, key=len, reverse=True))
