"""Titles that lost their end on the way into a feed."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from scraper.posts.titles.text import clean

_MAX_URL = 8192
_WORD = re.compile(r"[^\W_]+")
_HEART = "3"


def ends_before_heart(title: str, url: str) -> bool:
    """Whether `title` ends where the address of its post goes on with what is left of ``<3``.

    WordPress strips tags from the titles of its feeds with strip_tags of PHP, which takes all behind a ``<``
    that no blank follows (https://www.php.net/manual/en/function.strip-tags.php); slugs keep the words.

    >>> ends_before_heart("A.M.", "https://b.example/2024/08/a-m-3-velvet-return/")
    True
    """
    try:
        path = urlsplit(url[:_MAX_URL]).path
    except ValueError:
        return False
    slug = _words(unquote(path.rstrip("/").rsplit("/", 1)[-1]))
    words = _words(clean(title))
    rest = slug[len(words) :]  # of the number that tells equal slugs apart nothing would follow
    return bool(words) and slug[: len(words)] == words and len(rest) > 1 and rest[0] == _HEART


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
