"""Names by a person's template: ``{blog}/{artist} - {title}``. A grammar of its own, never str.format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.naming.component import MAX_BYTES, UNTITLED, component, folder_name, safe_name
from scraper.downloads.naming.fields import FIELDS, TELLING
from scraper.downloads.naming.tidy import Words, filled
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

MAX_FOLDERS: Final = 5
"""How many folders deep a template may put files."""

MAX_PATH_BYTES: Final = 800
"""Bytes of the whole path below the folder for files, in UTF-8: macOS allows 1,024 from the root."""

_MAX_LENGTH = 500
_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_MEANT: Final = {
    "track": "title",
    "song": "title",
    "mix": "version",
    "remix": "version",
    "site": "blog",
    "ext": "format",
    "extension": "format",
    "file": "name",
    "filename": "name",
    "published": "date",
}
_NEAR = 0.75  # how alike a word must be to a field to be taken for a slip of the pen


class NameTemplateError(CratedigError):
    """A template that cannot name files; `nearest` is the field that was probably meant."""

    def __init__(self, what: str, *, nearest: str | None = None, next_step: str | None = None) -> None:
        super().__init__(what, next_step=f"Did you mean {{{nearest}}}?" if nearest else next_step)
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class _Field:
    """The first of `names` that has a value, else the word `otherwise`."""

    names: tuple[str, ...]
    otherwise: str | None = None


_Level = tuple[Words | _Field, ...]


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """How files are named. Use `parse`.

    ``{field}`` stands for a value of `FIELDS`, ``{artist|label|Unknown}`` for the first that there is, the
    last of which may be a word; ``{{`` and ``}}`` are braces. ``/`` makes folders, never one in a value.
    What has no value leaves no brackets and separators behind, a folder without a name is ``unknown``, a
    file without one is called ``{name}``. The ending is added by content, and ``{part}`` by itself where the
    file is one part of many.
    """

    text: str
    _levels: tuple[_Level, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the template that `text` describes. Raises `NameTemplateError`."""
        _refuse_paths(text)
        levels = tuple(_levels_of(text))
        if len(levels) > MAX_FOLDERS + 1:
            raise NameTemplateError(f"a name template makes at most {MAX_FOLDERS} folders")
        for level in levels[:-1]:
            _refuse_unnamed(level, text)
        if TELLING.isdisjoint(_fields(levels[-1])):
            step = "Add {name} or {title} behind the last /"
            raise NameTemplateError(f"all files would get one name from {_shown(text)}", next_step=step)
        return cls(text, levels)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it asks for."""
        return frozenset().union(*map(_fields, self._levels))

    def render(self, values: Mapping[str, str | None], extension: str) -> PurePosixPath:
        """Return the path of a file with these `values`, below the folder for files, each part of it safe.

        `extension` is that of its content, without its dot. `values` are those of `name_values`.
        """
        known = {**values, "format": extension}
        if "version" not in self.fields and known.get("title") and known.get("version"):
            known["title"] = f"{known['title']} ({known['version']})"
        *folders, stem = (filled(_value(piece, known) for piece in level) for level in self._levels)
        if not component(stem, otherwise=""):
            stem = known.get("name") or UNTITLED
        if (part := known.get("part")) and "part" not in _fields(self._levels[-1]):
            # Cut before it, so that the parts of an archive with a long name still find each other.
            limit = MAX_BYTES - len(extension) - len(part) - 2
            stem = f"{component(stem.removesuffix(f'.{part}'), limit=limit)}.{part}"
        room = (MAX_PATH_BYTES - MAX_BYTES) // max(1, len(folders)) - 1
        above = (folder_name(folder, limit=min(MAX_BYTES, room)) for folder in folders)
        return PurePosixPath(*above, safe_name(stem, extension))


def _fields(level: _Level) -> frozenset[str]:
    return frozenset(name for piece in level if isinstance(piece, _Field) for name in piece.names)


def _value(piece: Words | _Field, values: Mapping[str, str | None]) -> Words | str | None:
    if isinstance(piece, Words):
        return piece
    # What would vanish in a name is no value; of what is long, more than a name can hold.
    found = (value for name in piece.names if (value := values.get(name)) and component(value, otherwise=""))
    return next(found, piece.otherwise)


def _levels_of(text: str) -> Iterator[_Level]:
    level: list[Words | _Field] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in {"{{", "}}"}:
            level.append(Words(token[0]))
        elif token in {"{", "}"}:
            raise NameTemplateError(
                f"a {token} stands alone in {_shown(text)}", next_step=f"Write {token * 2}"
            )
        elif token.startswith("{"):
            level.append(_field(token[1:-1]))
        else:
            words, *more = token.split("/")
            level.append(Words(words))
            for words in more:
                yield tuple(level)
                level = [Words(words)]
    yield tuple(level)


def _field(text: str) -> _Field:
    *names, last = (name.strip() for name in text.split("|"))
    for name in names:
        if name not in FIELDS:
            raise _unknown(name)
    if last in FIELDS:
        return _Field((*names, last))
    if not names or not last or get_close_matches(last.casefold(), FIELDS, n=1, cutoff=_NEAR):
        raise _unknown(last)
    return _Field(tuple(names), last)


def _unknown(name: str) -> NameTemplateError:
    word = name.casefold()[:60]
    near = _MEANT.get(word) or next(iter(get_close_matches(word, FIELDS, n=1)), None)
    step = f"The fields are {', '.join(FIELDS)}"
    return NameTemplateError(f"a name template has no field {_shown(name)}", nearest=near, next_step=step)


def _refuse_paths(text: str) -> None:
    if len(text) > _MAX_LENGTH:
        raise NameTemplateError(f"a name template has at most {_MAX_LENGTH} characters")
    if "\\" in text:
        raise NameTemplateError("folders are separated by / in a name template, also on Windows")
    if text.startswith(("/", "~")) or re.match(r"[A-Za-z]:", text):
        raise NameTemplateError(f"a name template stays below the folder for files, {_shown(text)} does not")


def _refuse_unnamed(level: _Level, text: str) -> None:
    words = "".join(piece.text for piece in level if isinstance(piece, Words))
    if not _fields(level) and (words.startswith("..") or not component(words, otherwise="")):
        raise NameTemplateError(f"a folder without a name stands in {_shown(text)}")


def _shown(text: str) -> str:
    return ascii(text[:60]) if not text.isprintable() else f"'{text[:60]}'"


PLAIN: Final = NameTemplate.parse("{name}")
"""How files are named where nobody says otherwise."""
