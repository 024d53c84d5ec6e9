"""What docs/json.md says of the objects that commands print, and what an object has, in the same terms."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[3] / "docs" / "json.md"
SCALARS = frozenset({"string", "integer", "number", "boolean", "null", "moment"})

_HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| `([a-z0-9_.\[\]{}]+)` \| ([^|`]+) \| [^|]*\|$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```json\n(.+?)^```$", re.MULTILINE | re.DOTALL)

Fields = dict[str, frozenset[str]]
"""The types of each field, by its path: ``runs[].outcome``, ``reasons{}.sentence``."""


def sections() -> dict[str, str]:
    """Return the text below each heading of the page."""
    parts = _HEADING.split(PAGE.read_text("utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def examples(heading: str) -> list[Any]:
    """Return the objects that a section shows."""
    return [json.loads(text) for text in _EXAMPLE.findall(sections()[heading])]


def documented(heading: str) -> Fields:
    """Return the fields that the tables of a section describe, those of the shapes that they name included."""
    found: Fields = {}
    for path, words in _ROW.findall(sections()[heading]):
        types = frozenset(word.partition("(")[0].strip() for word in words.split(" or "))
        found[path] = frozenset(map(_plain, types))
        for word in types:
            opening, shape = _shape(word)
            if shape is not None:
                inner = documented(shape).items()
                found |= {f"{path}{opening}.{name}": kinds for name, kinds in inner if name}
    return found


def _plain(word: str) -> str:
    """Return the type without its shape: ``list of download`` is a list."""
    return word if word.startswith("map of") else word.partition(" ")[0]


def _shape(word: str) -> tuple[str, str | None]:
    kind, _, name = word.replace(" of ", " ").partition(" ")
    opening = {"list": "[]", "map": "{}", "object": ""}.get(kind, "")
    return opening, name if name and name not in SCALARS | {"object"} else None


def observed(value: Any, fields: Fields, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and type of each field of `value`; `fields` tell which objects are maps."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from observed(item, fields, f"{path}[]")
            else:
                assert isinstance(item, str), f"{path} is a list of {item!r}"
        return
    if not isinstance(value, dict):
        return
    of = next((kind.removeprefix("map of ") for kind in fields.get(path, ()) if kind.startswith("map")), None)
    for name, item in value.items():
        if of is None:
            inner = f"{path}.{name}" if path else name
            yield inner, kind_of(item, fields.get(inner, frozenset()))
        else:
            inner = f"{path}{{}}"
            assert of == kind_of(item, frozenset({of})), f"{path} has {item!r}"
        yield from observed(item, fields, inner)


def kind_of(value: Any, wanted: frozenset[str]) -> str:
    """Return the type of `value`; of several that it has, one that is `wanted`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() if "number" not in wanted:
            return "integer"
        case int() | float():
            return "number"
        case str():
            return "moment" if "moment" in wanted and _is_moment(value) else "string"
        case list():
            return "list"
        case _:
            return next((kind for kind in wanted if kind.startswith("map of")), "object")


def _is_moment(text: str) -> bool:
    moment = datetime.fromisoformat(text)
    return moment.utcoffset() == timedelta() and moment.isoformat(timespec="seconds") == text
