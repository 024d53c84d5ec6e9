"""By what the elements of a page are known: the rules of furniture.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

Look: TypeAlias = Callable[[str], "str | None"]
"""From the value of an attribute to the mark that it has, such as ``.entry-content``, or None."""

# Where each kind of mark of the data file stands, in the order in which they are told.
_ATTRIBUTES = {
    "class": "classes", "id": "ids", "role": "roles", "itemtype": "itemtypes", "itemprop": "itemprops",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What an element is known by: its tag, whole class tokens, id, role, item type or item property.

    `looks` are by attribute.
    """

    tags: frozenset[str]
    classes: frozenset[str]
    looks: Mapping[str, Look]

    def found_on(self, element: HtmlElement) -> str | None:
        """Return what `element` is known by, such as ``.entry-content``, or None."""
        if element.tag in self.tags:
            return f"<{element.tag}>"
        stated = ((look, element.get(attribute)) for attribute, look in self.looks.items())
        return next((mark for look, value in stated if value and (mark := look(value))), None)


def class_look(classes: frozenset[str]) -> Look:
    """Return what knows these class tokens."""

    def look(value: str) -> str | None:
        return next((f".{token}" for token in value.lower().split() if token in classes), None)

    return look


def _name_look(attribute: str, names: frozenset[str]) -> Look:
    return lambda value: f"{attribute} {value.strip()}" if value.strip().lower() in names else None


def _item_look(known: frozenset[str]) -> Look:
    def look(value: str) -> str | None:
        names = (word.rstrip("/").rsplit("/", 1)[-1] for word in value.lower().split())
        return next((f"microdata {name}" for name in names if name in known), None)

    return look


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureRules:
    """The content of furniture.toml."""

    container: Marks
    content: Marks
    meta: Marks
    surroundings: Marks
    furniture: Marks
    spared: frozenset[str]
    clouds: frozenset[str]
    unseen: frozenset[str]
    """Class tokens of what is for screen readers only."""
    veiled: Look
    """Knows the styles that may hide what has them."""
    filing: tuple[str, ...]
    """Parts of class attributes that may file a post."""
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
        spared=frozenset(extra["spared_classes"]),
        clouds=frozenset(extra["clouds"]),
        unseen=frozenset(extra["unseen"]),
        veiled=lambda style: style if "none" in (said := style.lower()) or "hidden" in said else None,
        filing=tuple(data["filing"]["class_parts"]),
        headings=frozenset(phrase for phrases in data["headings"].values() for phrase in phrases),
        short_sections=frozenset(data["short_sections"]["phrases"]),
        script_types=frozenset(data["scripts"]["types"]),
        script_classes=frozenset(data["scripts"]["classes"]),
        audio_endings=tuple(data["scripts"]["audio_endings"]),
    )


def _marks(table: dict[str, Any]) -> Marks:
    looks: dict[str, Look] = {}
    for attribute, name in _ATTRIBUTES.items():
        known = frozenset(table.get(name, ()))
        if attribute == "class":
            looks[attribute] = class_look(known)
        elif known:
            is_item = attribute.startswith("item")
            looks[attribute] = _item_look(known) if is_item else _name_look(attribute, known)
    if prefixes := tuple(table.get("id_prefixes", ())):
        looks["id"] = _id_look(looks["id"], prefixes)
    tags, classes = frozenset(table.get("tags", ())), frozenset(table.get("classes", ()))
    return Marks(tags=tags, classes=classes, looks=looks)


def _id_look(whole: Look, prefixes: tuple[str, ...]) -> Look:
    return lambda value: whole(value) or (f"id {value}" if value.lower().startswith(prefixes) else None)


def class_tokens(element: HtmlElement) -> list[str]:
    """Return the class tokens of `element` in lower case."""
    return (element.get("class") or "").lower().split()
