"""What of a page is furniture: the rules of furniture.toml, and removing it from a cut-out node."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_ELEMENTS: Final = 20_000
"""A post of more elements is cut off there."""

DOOMED: Final = "cratedig-furniture"
"""The tag of an element that `strip_furniture` is to remove whatever it is."""

_LONG_CLASS = 300
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What an element is known by: its tag, whole class tokens, id, role, item type or item property."""

    tags: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    itemtypes: frozenset[str] = frozenset()
    itemprops: frozenset[str] = frozenset()

    def found_on(self, element: HtmlElement) -> str | None:
        """Return what `element` is known by, such as ``.entry-content``, or None."""
        if element.tag in self.tags:
            return f"<{element.tag}>"
        value = element.get("class")
        token = _known_class(self.classes, value) if value else None
        return f".{token}" if token else self._named_on(element)

    def _named_on(self, element: HtmlElement) -> str | None:
        for attribute, known in (("id", self.ids), ("role", self.roles)):
            if known and (value := element.get(attribute)) and value.strip().lower() in known:
                return f"{attribute} {value.strip()}"
        if self.itemtypes and (value := element.get("itemtype")):
            return _known_item(self.itemtypes, value)
        if self.itemprops and (value := element.get("itemprop")):
            return _known_item(self.itemprops, value)
        return None


def _known_item(known: frozenset[str], value: str) -> str | None:
    names = (word.rstrip("/").rsplit("/", 1)[-1] for word in value.lower().split())
    return next((f"microdata {name}" for name in names if name in known), None)


@lru_cache(maxsize=8192)
def _known_class_cached(classes: frozenset[str], value: str) -> str | None:
    return next((token for token in value.lower().split() if token in classes), None)


def _known_class(classes: frozenset[str], value: str) -> str | None:
    # Pages repeat few values of the class attribute; a long one is no such value and not worth keeping.
    if len(value) > _LONG_CLASS:
        return next((token for token in value.lower().split() if token in classes), None)
    return _known_class_cached(classes, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureRules:
    """The content of furniture.toml."""

    container: Marks
    content: Marks
    meta: Marks
    surroundings: Marks
    furniture: Marks
    id_prefixes: tuple[str, ...]
    spared: frozenset[str]
    clouds: frozenset[str]
    unseen: frozenset[str]
    headings: frozenset[str]
    short_sections: frozenset[str]
    script_types: frozenset[str]
    script_classes: frozenset[str]
    audio_endings: tuple[str, ...]


@cache
def rules() -> FurnitureRules:
    """Return the rules of furniture.toml, read once."""
    data = tomllib.loads(Path(__file__).with_name("furniture.toml").read_text(encoding="utf-8"))
    extra = data["furniture"]
    return FurnitureRules(
        container=_marks(data["container"]),
        content=_marks(data["content"]),
        meta=_marks(data["meta"]),
        surroundings=_marks(data["surroundings"]),
        furniture=_marks(extra),
        id_prefixes=tuple(extra["id_prefixes"]),
        spared=frozenset(extra["spared_classes"]),
        clouds=frozenset(extra["clouds"]),
        unseen=frozenset(extra["unseen"]),
        headings=frozenset(phrase for phrases in data["headings"].values() for phrase in phrases),
        short_sections=frozenset(data["short_sections"]["phrases"]),
        script_types=frozenset(data["scripts"]["types"]),
        script_classes=frozenset(data["scripts"]["classes"]),
        audio_endings=tuple(data["scripts"]["audio_endings"]),
    )


def _marks(table: dict[str, Any]) -> Marks:
    names = ("tags", "classes", "ids", "roles", "itemtypes", "itemprops")
    return Marks(**{name: frozenset(table.get(name, ())) for name in names})


def class_tokens(element: HtmlElement) -> list[str]:
    """Return the class tokens of `element` in lower case."""
    return (element.get("class") or "").lower().split()


def is_furniture(element: HtmlElement) -> bool:
    """Whether `element` itself is furniture, wherever it stands."""
    known = rules()
    named = known.furniture.found_on(element) or (element.get("id") or "").lower().startswith(
        known.id_prefixes
    )
    if not named or element.tag in {"html", "body", "main"}:
        return False
    tokens = class_tokens(element)
    if not known.clouds.isdisjoint(tokens):
        return sum(1 for _ in islice(element.iter("a"), _MAX_OWN_TAGS + 1)) > _MAX_OWN_TAGS
    return known.spared.isdisjoint(tokens)


def stands_in_furniture(element: HtmlElement, seen: dict[HtmlElement, bool]) -> bool:
    """Whether `element` or one of its ancestors is furniture or hidden; `seen` remembers the answers."""
    path = []
    verdict = False
    here = element
    while here is not None:
        if here in seen:
            verdict = seen[here]
            break
        path.append(here)
        here = here.getparent()
    for step in reversed(path):
        verdict = verdict or step.tag in _APART or _must_go(step)
        seen[step] = verdict
    return verdict


def is_hidden(element: HtmlElement) -> bool:
    """Whether `element` itself is hidden by its attributes."""
    if element.get("hidden") not in {None, "until-found"}:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def strip_furniture(root: HtmlElement, *, by_words: bool = False) -> None:
    """Remove from `root`, in place, all that is not the post; the text behind what goes stays.

    With `by_words` a paragraph of nothing but "Related posts" or "3 comments" counts as a heading: pages
    without marks have such.
    """
    for count, element in enumerate(root.iter(etree.Element)):
        if count > MAX_ELEMENTS:
            element.tag = _BEYOND
        elif element is not root and _must_go(element):
            element.tag = DOOMED
    # One pass of lxml instead of a removal each, which would copy the text behind every time.
    etree.strip_elements(root, DOOMED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    etree.strip_elements(root, _BEYOND)
    known = rules()
    for heading in list(root.iter(*_HEADINGS, *(_PARAGRAPHS if by_words else ()))):
        words = _plain(heading)
        if words in known.headings and (heading.tag in _HEADINGS or words not in known.short_sections):
            _remove_section(heading, root)


def _must_go(element: HtmlElement) -> bool:
    if element.tag == "script":
        return not _carries_tracks(element)
    if element.tag == "noscript":
        return next(element.iter(*_EMBEDDING), None) is None
    if element.tag == "form":
        return _asks_for_text(element)
    return bool(element.keys() or element.tag in rules().furniture.tags) and (
        is_furniture(element) or is_hidden(element) or _is_unseen(element)
    )


def _is_unseen(element: HtmlElement) -> bool:
    """Whether it is for screen readers only, and neither a title, a link's text nor the label of a value."""
    value = element.get("class")
    if not value or element.tag in {"h1", "a"} or _known_class(rules().unseen, value) is None:
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
        if sibling.tag == "footer" or rules().meta.found_on(sibling):
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
