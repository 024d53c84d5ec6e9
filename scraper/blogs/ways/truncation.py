"""Whether the HTML that a listing gives is a post or only its beginning, judged by its end. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from scraper.http.addresses.identity import fetch_url, post_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAIL: Final = 4000  # characters of the end that are looked at
_MAX_FOOTER = 1500
_MAX_BEHIND_PHRASE = 400  # of a feed's footer, markup included: the name of the blog
_EXCERPT = range(
    60, 2000
)  # characters of an excerpt without markup, shorter and longer ones are written by hand
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
# Attributes hold no bracket but in links that nobody means; so no start is looked at twice.
_LINK = re.compile(r"<a\s([^<>]*)>(.{0,300}?)</a\s*>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"""\b(href|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ELLIPSIS = r"(?:…|\.\s?\.\s?\.)"
_MARK = re.compile(rf"\[\s*{_ELLIPSIS}\s*\][\s.»→›>]*$")
_BARE = re.compile(rf"\w\s?{_ELLIPSIS}$")
_MORE_MARK = re.compile(rf"\(([^()]{{2,40}}?)\s*{_ELLIPSIS}\)$")
_MORE_ANCHOR = re.compile(r"#more-\d+$", re.ASCII)
# What wp_trim_words leaves, and the paragraph around it: https://developer.wordpress.org/reference/functions/wp_trim_words/
_PLAIN = re.compile(
    r"\s*(?:<(?:p|div|span)\b[^<>]*>\s*){0,3}[^<]*(?:</(?:p|div|span)>\s*){0,3}", re.IGNORECASE
)
_BLOCK = re.compile(r"<(?:p|div|br|hr)\b", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    begins: tuple[str, ...]
    whole: frozenset[str]
    classes: frozenset[str]
    footers: tuple[str, ...]


@cache
def _words() -> _Words:
    data = tomllib.loads(files("scraper.blogs.ways").joinpath("truncation.toml").read_text(encoding="utf-8"))
    return _Words(
        begins=tuple(data["read_more"]["begins"]),
        whole=frozenset(data["read_more"]["whole"]),
        classes=frozenset(data["classes"]["names"]),
        footers=tuple(data["feed_footers"]["phrases"]),
    )


def is_truncated(content: str, url: str) -> bool:
    """Return whether the HTML `content` is not all of the post at `url`.

    That is: it ends in ``[…]`` or ``(more…)``, near its end a link leads on to the post itself, or it is one
    plain paragraph of an excerpt's length that ends in an ellipsis. What feeds write below posts ("The post …
    appeared first on …") says nothing. Of long content only the end is looked at.

    >>> is_truncated("<p>A fine track. [&hellip;]</p>", "https://b.example/a/")
    True
    >>> is_truncated("<p>To be continued&hellip;</p>", "https://b.example/a/")
    False
    """
    tail = _without_footer(content[-_TAIL:])
    text = _text(tail)
    if _MARK.search(text) or (len(content) < _TAIL and _is_excerpt(tail, text)):
        return True
    more = _MORE_MARK.search(text[-60:])
    if more and _says_more(more[1]):
        return True
    return any(_leads_on(*link) and _is_own(link[0], url) for link in _links(tail))


def _without_footer(tail: str) -> str:
    """Return `tail` before the last block, if that is the footer of a feed."""
    end = tail[-_MAX_FOOTER:].lower()
    at = max(end.rfind(phrase) for phrase in _words().footers)
    if at < 0 or len(end) - at > _MAX_BEHIND_PHRASE:
        return tail
    starts = [block.start() for block in _BLOCK.finditer(tail, 0, len(tail) - len(end) + at)]
    return tail[: starts[-1]] if starts else tail


def _text(markup: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _is_excerpt(markup: str, text: str) -> bool:
    return len(text) in _EXCERPT and bool(_BARE.search(text) and _PLAIN.fullmatch(markup))


def _links(tail: str) -> Iterator[tuple[str, str, str]]:
    """Yield address, class and text of each link."""
    for link in _LINK.finditer(tail):
        values = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(link[1])
        }
        yield values.get("href", ""), values.get("class", ""), _text(link[2])


def _leads_on(href: str, classes: str, text: str) -> bool:
    named = not _words().classes.isdisjoint(classes.lower().split())
    return named or bool(_MORE_ANCHOR.search(href)) or _says_more(text)


def _says_more(text: str) -> bool:
    said = _NOT_LETTERS.sub("", text.casefold().replace("’", "'"))
    words = _words()
    if said in words.whole:
        return True
    return said.startswith(words.begins) and any(
        said.startswith(begin) and not said[len(begin) :][:1].isalpha() for begin in words.begins
    )


def _is_own(href: str, url: str) -> bool:
    target = fetch_url(href, url)
    return target is not None and post_key(target) == post_key(url)
