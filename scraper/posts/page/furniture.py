"""What of a page is furniture, by the rules of furniture.toml, and removing it from a cut-out node."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree

from scraper.posts.page.kinds import (
    FURNITURE,
    HEADING,
    LOOKED_INTO,
    META,
    SUSPECT,
    TOLD,
    UNSEEN,
    VEILED,
    all_of_kinds,
    kinds_of,
)
from scraper.posts.page.marks import class_tokens, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

MAX_ELEMENTS: Final = 20_000
"""A post of more elements is cut off there."""

DOOMED: Final = "cratedig-furniture"
"""The tag of an element that `strip_furniture` is to remove whatever it is."""

_MAX_HEADING = 100
_MAX_OWN_TAGS = 12
_MAX_TEXTS = 20
_BEYOND = "cratedig-beyond"
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_APART = frozenset({"script", "style", "noscript", "template"})
_PARAGRAPHS = ("p", "div", "center", "dt")
_ENTRY_FIELDS = frozenset({"text", "email", "search", "password", "url", "tel", ""})
_EMBEDDING = ("iframe", "audio", "video", "embed", "object")
_WORDPRESS_POST = "type-post"
_POST_NUMBER = re.compile(r"post-\d{1,12}")
_POST_TAGS = ("article", "div", "li", "section")


def is_furniture(element: HtmlElement) -> bool:
    """Whether `element` itself is furniture, wherever it stands."""
    if not kinds_of(element) & FURNITURE or element.tag in {"html", "body", "main"}:
        return False
    known = rules()
    tokens = class_tokens(element)
    if not known.clouds.isdisjoint(tokens):
        return sum(1 for _ in islice(element.iter("a"), _MAX_OWN_TAGS + 1)) > _MAX_OWN_TAGS
    return known.spared.isdisjoint(tokens)


def stands_in_furniture(element: HtmlElement, seen: dict[HtmlElement, bool]) -> bool:
    """Whether `element` or one of its ancestors is furniture or hidden; `seen` remembers the answers."""
    path: list[HtmlElement] = []
    here: HtmlElement | None = element
    while here is not None and here not in seen:
        path.append(here)
        here = here.getparent()
    verdict = here is not None and seen[here]
    for step in reversed(path):
        if not verdict:
            kinds = kinds_of(step)
            verdict = bool(kinds & SUSPECT) and (step.tag in _APART or _must_go(step, kinds))
        seen[step] = verdict
    return verdict


def is_suspect(element: HtmlElement) -> bool:
    """Whether `element` may be furniture or hidden: cheap to tell, and most elements are neither."""
    return bool(kinds_of(element) & SUSPECT)


def is_hidden(element: HtmlElement) -> bool:
    """Whether `element` itself is hidden by its attributes."""
    if element.get("hidden") not in {None, "until-found"}:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def strip_furniture(root: HtmlElement, *, by_words: bool = False) -> int:
    """Remove from `root`, in place, all that is not the post; the text behind what goes stays.

    Returned are the kinds of what was in it, those that page/kinds.py has as TOLD among them.

    With `by_words` a paragraph of nothing but "Related posts" or "3 comments" counts as a heading: pages
    without marks have such.
    """
    seen = 0
    every = root.iter(etree.Element)
    for element, kinds in all_of_kinds(islice(every, MAX_ELEMENTS + 1), SUSPECT | TOLD):
        seen |= kinds
        if kinds & SUSPECT and element is not root and _must_go(element, kinds):
            element.tag = DOOMED
    beyond = False
    for element in every:
        element.tag, beyond = _BEYOND, True
    for element in _other_posts(root):
        element.tag = DOOMED
    # One pass of lxml instead of a removal each, which would copy the text behind every time.
    etree.strip_elements(root, DOOMED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    if beyond:
        etree.strip_elements(root, _BEYOND)
    paragraphs = _PARAGRAPHS if by_words else ()
    known = rules()
    for heading in list(root.iter(*_HEADINGS, *paragraphs)) if seen & HEADING or by_words else ():
        words = _plain(heading)
        if words in known.headings and (heading.tag in _HEADINGS or words not in known.short_sections):
            _remove_section(heading, root)
    return seen


def _other_posts(root: HtmlElement) -> list[HtmlElement]:
    """Return the posts that a widget shows within the post `root`: WordPress numbers each (post_class).

    Source: https://developer.wordpress.org/reference/functions/get_post_class/
    """
    if _WORDPRESS_POST not in (root.get("class") or "").lower():
        return []
    tokens = class_tokens(root)
    own = _numbers(tokens) if _WORDPRESS_POST in tokens else set()
    if not own:
        return []
    return [
        element
        for element in root.iter(*_POST_TAGS)
        if element is not root
        and _WORDPRESS_POST in (element.get("class") or "")
        and own.isdisjoint(_numbers(class_tokens(element)))
    ]


def _numbers(tokens: Iterable[str]) -> set[str]:
    return {token for token in tokens if _POST_NUMBER.fullmatch(token)}


def _must_go(element: HtmlElement, kinds: int) -> bool:
    """Whether `element`, which is suspect by its `kinds`, is furniture, hidden or says nothing."""
    if kinds & LOOKED_INTO:
        return _says_nothing(element)
    if kinds & FURNITURE and is_furniture(element):
        return True
    return bool(kinds & VEILED and is_hidden(element)) or bool(kinds & UNSEEN and _is_unseen(element))


def _says_nothing(element: HtmlElement) -> bool:
    """Whether a script, a form or what stands for a script holds nothing of the post."""
    if element.tag == "script":
        return not _carries_tracks(element)
    if element.tag == "noscript":
        return next(element.iter(*_EMBEDDING), None) is None
    return _asks_for_text(element)


def _is_unseen(element: HtmlElement) -> bool:
    """Whether what is for screen readers only is neither a title, a link's text nor the label of a value."""
    if element.tag in {"h1", "a"}:
        return False
    if next(element.iterancestors("a", "button"), None) is not None:
        return False
    return not "".join(islice(element.itertext(), _MAX_TEXTS)).rstrip().endswith((":", "："))


def _carries_tracks(script: HtmlElement) -> bool:
    known = rules()
    if (script.get("type") or "").lower() in known.script_types:
        return True
    if not known.script_classes.isdisjoint(class_tokens(script)):
        return True
    text = (script.text or "").lower()
    return any(ending in text for ending in known.audio_endings)


def _asks_for_text(form: HtmlElement) -> bool:
    """Whether a form is there to write into.

    One that has only buttons may be a download, and ASP.NET puts one around the whole page.
    """
    if next(form.iter("article", "main", "h1"), None) is not None:
        return False
    if next(form.iter("textarea"), None) is not None:
        return True
    return any((field.get("type") or "").lower() in _ENTRY_FIELDS for field in form.iter("input"))


def _remove_section(heading: HtmlElement, root: HtmlElement) -> None:
    """Remove `heading` and what follows, up to a heading of its rank, a meta line or the parent's end."""
    start = heading
    while start.getnext() is None and start.getprevious() is None and start.getparent() not in {None, root}:
        start = start.getparent()
    parent = start.getparent()
    if parent is None:
        return
    doomed = [start]
    for sibling in start.itersiblings():
        if sibling.tag == "footer" or kinds_of(sibling) & META:
            break
        if sibling.tag in _HEADINGS and (sibling.tag <= heading.tag or heading.tag not in _HEADINGS):
            break
        doomed.append(sibling)
    for element in doomed:
        element.tail = None
        parent.remove(element)


def _plain(heading: HtmlElement) -> str:
    """Return the words of a heading in lower case, without a count and punctuation at its end."""
    text = ""
    for piece in heading.itertext():
        text = f"{text} {piece.strip()}" if piece.strip() else text
        if len(text) > _MAX_HEADING:
            break
    words = text[:_MAX_HEADING].split()
    if len(words) > 1 and words[0].isdecimal():
        del words[0]
    elif len(words) > 1 and words[-1].strip("()[]").isdecimal():
        del words[-1]
    return " ".join(words).rstrip(" :.!?…»>→-–").lower()
