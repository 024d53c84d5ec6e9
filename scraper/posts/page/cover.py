"""The picture that goes with a post."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope

_MAX_LOOKED_AT: Final = 20
_LEAST: Final = 100
"""Pixels: what is declared to be narrower or lower is an icon, a smiley or a counter."""
# Where lazy pictures keep their address until a script shows them.
_SOURCES = ("data-src", "data-lazy-src", "data-orig-file", "data-original", "src")
_NO_PICTURE = re.compile(
    r"emoji|smil(?:ey|ies)|gravatar|avatar|spacer|pixel|blank\.|1x1|badge|button|icon|logo|/feeds?/|stats?\.",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")


def find_cover(scope: Scope, *, stated: str | None, listed: str | None, base: str) -> str | None:
    """Return the absolute address of the post's picture, None where it has none.

    In this order: what the page states (`og:image`), what the listing says, the first picture of the post
    that is none of its small ones.
    """
    for address in chain((stated, listed), _shown(scope)):
        if address and (found := fetch_url(address, base)):
            return found
    return None


def _shown(scope: Scope) -> Iterator[str]:
    images = chain.from_iterable(part.iter("img") for part in scope.parts())
    for image in islice(images, _MAX_LOOKED_AT):
        if not (_is_small(image, "width") or _is_small(image, "height")):
            sources = ((image.get(name) or "").strip() for name in _SOURCES)
            address = next((each for each in sources if each and not each.startswith("data:")), "")
            if address and not _NO_PICTURE.search(address):
                yield address


def _is_small(image: HtmlElement, side: str) -> bool:
    declared = _NUMBER.match(image.get(side) or "")
    return declared is not None and int(declared[1]) < _LEAST
