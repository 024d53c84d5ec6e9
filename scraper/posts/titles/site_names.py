"""The blog's own name in the title of its page."""

from __future__ import annotations

import re

from scraper.posts.titles.text import DASHES, clean

_SEPARATOR = re.compile(rf"\s+(?:[{DASHES}]+|\|+|//?|::?|[«»‹›<>·•~←→])\s+|\s*[:：]\s+")
_PLAIN_SEPARATOR = re.compile(rf"\s*[{DASHES}:：]")
_NAME = re.compile(r"[\W_]+")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+)(?:\.[\w-]+)*\.[a-z]{2,}/?", re.IGNORECASE)


def strip_site_name(title: str, site: str | None, *, heading: str | None = None) -> str:
    """Return the title of a page without the name of its blog; nothing is taken away on a guess.

    `site` is the blog's name or host, taken off either end; `heading` the post's own heading or
    ``og:title``, preferred where it is what `title` begins or ends with.

    >>> strip_site_name("Kora – Lines | My Blog", "My Blog")
    'Kora – Lines'
    """
    whole = clean(title)
    return _without_site(whole, site) or _by_heading(whole, heading) or whole


def is_site_in(title: str, name: str) -> bool:
    """Whether `title` is `name` with something before or behind it, parted by a dash, a bar or the like.

    >>> is_site_in("My Blog: Kora – Lines", "My Blog"), is_site_in("My Blog Party", "My Blog")
    (True, False)
    """
    whole = clean(title)
    return (_without_site(whole, name) or whole) != whole


def is_named_after(title: str, name: str) -> bool:
    """Whether `title` has `name` where only a site's can stand: at its end, or before a bar or the like.

    A dash or a colon behind it parts artist and title as well, unless the rest is parted once more.

    >>> is_named_after("Sets - My Blog", "My Blog"), is_named_after("Kora - Lines", "Kora")
    (True, False)
    """
    whole = clean(title)
    left = _without_site(whole, name)
    if left is None or whole.startswith(left):
        return left is not None
    start = len(whole) - len(left)
    between = next(found.group() for found in _SEPARATOR.finditer(whole) if found.end() == start)
    return not _PLAIN_SEPARATOR.match(between) or _SEPARATOR.search(left) is not None


def goes_on(title: str, place: int) -> bool:
    """Whether a dash or a colon that parts a title stands in `title` at `place`.

    >>> goes_on("Kora – Lines", 4)
    True
    """
    separator = _SEPARATOR.match(title, place)
    return bool(separator and _PLAIN_SEPARATOR.match(separator.group()))


def _without_site(whole: str, site: str | None) -> str | None:
    names = _names(clean(site)) if site else frozenset()
    found = list(_SEPARATOR.finditer(whole))
    if not found or not names:
        return None
    # The blog's name may have separators of its own, so every one is tried from the middle of the title out.
    for separator in found:
        if _key(whole[separator.end() :]) in names:
            return whole[: separator.start()] or None
    for separator in found:
        if _key(whole[: separator.start()]) in names:
            return whole[separator.end() :] or None
    return None


def _names(site: str) -> frozenset[str]:
    host = _HOST.fullmatch(site)
    keys = {_key(site), _key(host[1]) if host else "", _key(site.removeprefix("www.")) if host else ""}
    return frozenset(key for key in keys if key)


def _key(text: str) -> str:
    return _NAME.sub("", text).casefold()


def _by_heading(whole: str, heading: str | None) -> str | None:
    own = clean(heading) if heading else ""
    if not own or not whole.startswith(own):
        return None
    after = _SEPARATOR.match(whole, len(own))
    # Artist, in the heading alone, is no title: Kora – Lines | My Blog.
    if not after or (_PLAIN_SEPARATOR.match(after.group()) and not _SEPARATOR.search(own)):
        return None
    return own if not _SEPARATOR.search(whole, after.end()) else None
