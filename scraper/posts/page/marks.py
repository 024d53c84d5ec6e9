"""By what the elements of a page are known: the rules of furniture.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

Look: TypeAlias = Callable[[str], "str | None"]
"""From the value of an attribute to the mark that it has, such as ``.entry-content``, or None."""

_LONG_CLASS = 300
_KEPT = 4096  # pages repeat few values of the class attribute
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
    looks: Mapping[str, Look]

    def found_on(self, element: HtmlElement) -> str | None:
        """Return what `element` is known by, such as ``.entry-content``, or None."""
        if element.tag in self.tags:
            return f"<{element.tag}>"
        stated = ((look, element.get(attribute)) for attribute, look in self.looks.items())
        return next((mark for look, value in stated if value and (mark := look(value))), None)

    def is_on(self, element: HtmlElement) -> bool:
        """Whether `element` is known by anything; sooner than `found_on` tells, for most have no mark."""
        return element.tag in self.tags or has_any(element, self.looks)


def has_any(element: HtmlElement, looks: Mapping[str, Look]) -> bool:
    """Whether an attribute of `element` has one of the marks that `looks` know."""
    for attribute, value in element.items():  # noqa: SIM110 - asked of every element: a generator costs more
        if attribute in looks and looks[attribute](value):
            return True
    return False


def class_look(classes: frozenset[str]) -> Look:
    """Return what knows these class tokens."""

    def look(value: str) -> str | None:
        return next((f".{token}" for token in value.lower().split() if token in classes), None)

    kept = lru_cache(maxsize=_KEPT)(look)
    return lambda value: kept(value) if len(value) <= _LONG_CLASS else look(value)


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
    holder: Marks
    """Containers and contents."""
    meta: Marks
    surroundings: Marks
    furniture: Marks
    id_prefixes: tuple[str, ...]
    spared: frozenset[str]
    clouds: frozenset[str]
    telling: Mapping[str, Look]
    """What furniture, and what nobody sees, has in its attributes; what has none of it is neither."""
    unseen: Look
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
    furniture = _marks(extra)
    return FurnitureRules(
        container=_marks(data["container"]),
        content=_marks(data["content"]),
        holder=_marks(data["container"], data["content"]),
        meta=_marks(data["meta"]),
        surroundings=_marks(data["surroundings"]),
        furniture=furniture,
        id_prefixes=tuple(extra["id_prefixes"]),
        spared=frozenset(extra["spared_classes"]),
        clouds=frozenset(extra["clouds"]),
        telling={**furniture.looks, **_telling(extra)},
        unseen=class_look(frozenset(extra["unseen"])),
        headings=frozenset(phrase for phrases in data["headings"].values() for phrase in phrases),
        short_sections=frozenset(data["short_sections"]["phrases"]),
        script_types=frozenset(data["scripts"]["types"]),
        script_classes=frozenset(data["scripts"]["classes"]),
        audio_endings=tuple(data["scripts"]["audio_endings"]),
    )


def _telling(extra: dict[str, Any]) -> dict[str, Look]:
    ids, prefixes = frozenset(extra["ids"]), tuple(extra["id_prefixes"])
    return {
        "class": class_look(frozenset(extra["classes"]) | frozenset(extra["unseen"])),
        "id": lambda value: (
            value if value.strip().lower() in ids or value.lower().startswith(prefixes) else None
        ),
        "hidden": lambda _: "hidden",
        "style": lambda value: value if "none" in (said := value.lower()) or "hidden" in said else None,
    }


def _marks(*tables: dict[str, Any]) -> Marks:
    """Return the marks of all `tables` together."""
    looks: dict[str, Look] = {}
    for attribute, name in _ATTRIBUTES.items():
        known = frozenset(value for table in tables for value in table.get(name, ()))
        if attribute == "class":
            looks[attribute] = class_look(known)
        elif known:
            is_item = attribute.startswith("item")
            looks[attribute] = _item_look(known) if is_item else _name_look(attribute, known)
    return Marks(tags=frozenset(tag for table in tables for tag in table.get("tags", ())), looks=looks)


def class_tokens(element: HtmlElement) -> list[str]:
    """Return the class tokens of `element` in lower case."""
    return (element.get("class") or "").lower().split()
