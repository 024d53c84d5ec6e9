"""Values that a post states behind a label: ``Genre: Deep House``, ``Style – X / Y``, dl, tables, lists."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scraper.posts.page.lines import EDGE, TextLine
from scraper.posts.statements.label_words import MAX_WORD, LabelKind, kind_of, opens_label

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["MAX_VALUE", "LabelKind", "LabelValue", "labels_of"]

MAX_VALUE = 200
_MAX_BARE = 60
_MAX_ITEMS = 10
_MAX_SMALL_WORDS = 3

# What may stand between a label and its value. A hyphen counts only beside a space, and an edge of an
# inline element only where nothing stronger follows. All ways begin with a set of characters, which is what
# `re` passes over the soonest.
_SIGNS = "–—»›→•·⇒⇨➜➔➡►▶"
_SEPARATOR = re.compile(rf"[:：|｜={_SIGNS}{EDGE}]|\s[{_SIGNS}~-]|-\s")
_MORE = re.compile(rf"[\s{EDGE}]*[:：|｜=–—»›→•·⇒⇨➜➔➡►▶\ufe0f>~-]*[\s{EDGE}]*")
# Leaders of release notes: "GENRE ......: Techno".
_LEADERS = " \t._…"
_COLON = re.compile("[:：]")
_LEADING = re.compile(r"^[\W_]+")
_BEFORE_LABEL = re.compile(r"[|｜•·/;,()\[\]–—-]\s*$")
_CLOSERS = {"(": ")", "[": "]", EDGE: EDGE}
_NUMBERED = re.compile(r"^\W{0,3}\d{1,3}\s?[.):]")
_LETTER = re.compile(r"[^\W_]")
_NAMES = frozenset({LabelKind.ARTIST, LabelKind.TITLE, LabelKind.ALBUM, LabelKind.LABEL})
_TRIM = f" \t,;|｜/•·–—-:：=>{EDGE}"


_CellLabel: TypeAlias = "tuple[LabelKind, str]"


class LabelValue(NamedTuple):
    """A value behind its label.

    `value` has at most 200 characters; `parts` are the inline elements or cells that it is made of, where
    there are several. `text` is the label with the value, as read. `sure` is false where the label has no
    separator of its own or stands within a line: such a value counts only if it makes sense.
    """

    kind: LabelKind
    value: str
    parts: tuple[str, ...]
    text: str
    sure: bool = True


class _Label(NamedTuple):
    """Where a label stands in a line, and where its value begins."""

    kind: LabelKind
    start: int
    end: int
    sure: bool


def labels_of(lines: Sequence[TextLine]) -> list[LabelValue]:
    """Return the labelled values of these lines, in order of appearance."""
    if not any(line.cell for line in lines):
        return _labels_of_plain(lines)
    found: list[LabelValue] = []
    columns: list[_CellLabel] = []
    for group, chunk in groupby(lines, key=lambda line: line.group if line.cell else 0):
        if not group:
            found.extend(_labels_of_plain(list(chunk)))
            continue
        cells = [list(cell) for _, cell in groupby(chunk, key=lambda line: line.cell)]
        labels = [_cell_label(cell) for cell in cells]
        if len(columns) > 1 and len(cells) == len(columns) and not any(labels):
            found.extend(
                _joined(*column, [line.text for line in cell])
                for column, cell in zip(columns, cells, strict=True)
            )
            continue
        columns = [label for label in labels if label] if all(labels) else []
        if not columns:
            found.extend(_labels_of_cells(cells, labels))
    return found


def _labels_of_plain(lines: Sequence[TextLine]) -> list[LabelValue]:
    found: list[LabelValue] = []
    last, last_opened = -2, ""
    for position, line in enumerate(lines):
        # Of most lines the first word tells that no label begins there, and no colon that none follows.
        opens = opens_label(line.text) or (EDGE in line.marked and opens_label(line.marked))
        if opens or ":" in line.text or "：" in line.text:
            values = _labels_in_line(line) or (_label_above(lines, position) if opens else [])
            opened = _label_apart(line, values) if opens else None
            if opened:
                # A list of words set apart, each with a value: such a line alone may be a sentence.
                if last == position - 1 and opened != last_opened:
                    found[-1:] = [_as_name(found[-1])]
                    values = [_as_name(values[0])]
                last, last_opened = position, opened
            found += values
    return found


def _label_apart(line: TextLine, values: Sequence[LabelValue]) -> str | None:
    """Return the label, folded, that is set apart from the rest of its line by nothing but its element."""
    if len(values) != 1 or values[0].sure or not line.marked.startswith(EDGE):
        return None
    label, edge, behind = line.marked[1:].partition(EDGE)
    word = label.strip()
    if not edge or kind_of(word) is not values[0].kind or any(link.text == word for link in line.links):
        return None
    value = values[0].value
    is_prose = value[:1].islower() and len(value.split()) > _MAX_SMALL_WORDS
    return word.casefold() if behind.replace(EDGE, "").strip(_TRIM) == value and not is_prose else None


def _as_name(label: LabelValue) -> LabelValue:
    return label._replace(sure=True) if label.kind in _NAMES else label


def _labels_in_line(line: TextLine) -> list[LabelValue]:
    text = line.marked
    first = _label_at_start(text)
    labels = [first] if first else []
    if ":" in text or "：" in text:
        labels += _labels_within(text, first)
    values = []
    for number, label in enumerate(labels):
        end = labels[number + 1].start if number + 1 < len(labels) else len(text)
        end = _close(text, label, end)
        if label.end >= end:
            continue
        value, parts = _value(text[label.end : end])
        if value and (label.sure or len(value) <= _MAX_BARE):
            stated = " ".join(text[label.start : end].replace(EDGE, "").split())
            values.append(
                LabelValue(
                    kind=label.kind, value=value, parts=parts, text=stated[:MAX_VALUE], sure=label.sure
                )
            )
    return values


def _close(text: str, label: _Label, end: int) -> int:
    """Return where the value of a label ends that stands in brackets or in an inline element with it."""
    closer = _CLOSERS.get(text[max(0, label.start - 1) : label.start])
    if closer == EDGE and EDGE in text[label.start : label.end]:
        return end
    closing = text.find(closer, label.end, end) if closer else -1
    return closing if closing > label.end else end


def _label_at_start(text: str) -> _Label | None:
    lead = _LEADING.match(text)
    start = lead.end() if lead else 0
    for separator in _SEPARATOR.finditer(text, start, start + 2 * MAX_WORD):
        word = text[start : separator.start()].replace(EDGE, "").rstrip(_LEADERS)
        if len(word) > MAX_WORD:  # and so are those up to the next separators
            break
        if kind := kind_of(word):
            more = _MORE.match(text, separator.start())
            end = more.end() if more else separator.end()
            sure = bool(text[separator.start() : end].strip(f" {EDGE}"))
            return _Label(kind=kind, start=start, end=end, sure=sure)
    return None


def _labels_within(text: str, first: _Label | None) -> list[_Label]:
    """Return the labels behind the first value of a line: known words in front of a colon."""
    found: list[_Label] = []
    begin = first.end if first else 0
    free = first is not None or _NUMBERED.match(text) is not None
    lower = bool(first) and text[first.start].islower() if first else False
    for colon in _COLON.finditer(text, begin):
        if text[max(0, colon.start() - 1)].isdecimal():
            continue  # a time of day or a length: no label ends in a digit
        before = text[begin : colon.start()].replace(EDGE, " ")
        word = _last_label(before)
        if not word:
            continue
        start = text.rfind(word.split()[0], begin, colon.start())
        ahead = text[begin:start].replace(EDGE, "")
        if word[0].islower() and not lower:
            continue
        whole = text[start - 1] == EDGE and text.find(EDGE, colon.end()) > colon.end() + 1
        if free or whole or not ahead.strip() or _BEFORE_LABEL.search(ahead):
            kind = kind_of(word)
            more = _MORE.match(text, colon.start())
            if kind and start >= 0:
                end = more.end() if more else colon.end()
                found.append(_Label(kind=kind, start=start, end=end, sure=first is not None))
                begin = end
    return found


def _last_label(before: str) -> str | None:
    """Return the longest label, of up to four words, that `before` ends with."""
    words = before[-2 * MAX_WORD :].split()[-4:]
    for number in range(len(words)):
        word = _LEADING.sub("", " ".join(words[number:]))
        if kind_of(word):
            return word
    return None


def _value(marked: str) -> tuple[str, tuple[str, ...]]:
    value = " ".join(marked.replace(EDGE, "").split())[:MAX_VALUE].strip(_TRIM)
    for opening, closing in ("()", "[]", "{}"):
        value = value.rstrip(opening + _TRIM)
        if value.endswith(closing) and value.count(opening) < value.count(closing):
            value = value[:-1].rstrip(_TRIM)
    parts = tuple(part.strip(_TRIM) for part in marked[: 2 * MAX_VALUE].split(EDGE) if part.strip(_TRIM))
    return value, parts if len(parts) > 1 else ()


def _label_above(lines: Sequence[TextLine], position: int) -> list[LabelValue]:
    """Return the value of a label that stands alone in its line: the next line, or the items of a list."""
    line = lines[position]
    below = lines[position + 1 : position + 1 + _MAX_ITEMS]
    if not below or below[0].group or len(line.text) > MAX_WORD:
        return []
    word = _LEADING.sub("", line.text)
    sure = bool(_COLON.search(word[-2:]))
    kind = kind_of(word.rstrip(_TRIM))
    if kind is None or (kind is LabelKind.OTHER and _LETTER.search(below[0].text, 0, MAX_VALUE)):
        return []  # what is under such a word, as "Download", nobody asks for
    heading = line.block in {"h1", "h2", "h3", "h4", "h5", "h6"}
    items = [item.text for item in below if item.block == "li"] if below[0].block == "li" else []
    if not sure and (heading or items or len(below[0].text) > _MAX_BARE):
        return []
    if kind_of(below[0].text.rstrip(_TRIM)) or _labels_in_line(below[0]):
        return []
    values = items if items and line.block != "li" else [below[0].text]
    return [_joined(kind, line.text, values, sure=sure)]


def _joined(kind: LabelKind, label: str, values: Sequence[str], *, sure: bool = True) -> LabelValue:
    value = ", ".join(values)[:MAX_VALUE].strip(_TRIM)
    parts = tuple(values) if len(values) > 1 else ()
    stated = f"{label.rstrip(_TRIM)}: {value}"[:MAX_VALUE]
    return LabelValue(kind=kind, value=value, parts=parts, text=stated, sure=sure)


def _cell_label(cell: Sequence[TextLine]) -> _CellLabel | None:
    text = cell[0].text
    kind = kind_of(_LEADING.sub("", text).rstrip(_TRIM)) if len(cell) == 1 else None
    return (kind, text) if kind else None


def _labels_of_cells(
    cells: Sequence[Sequence[TextLine]], labels: Sequence[_CellLabel | None]
) -> list[LabelValue]:
    """Return the labels of one table row or definition list: a label's values stand in the cells after it."""
    found: list[LabelValue] = []
    current: _CellLabel | None = None
    values: list[str] = []
    for cell, label in zip([*cells, ()], [*labels, None], strict=True):
        ends = not cell or label or cell[0].block == "dt"
        if ends:
            if current and values:
                found.append(_joined(*current, values))
            current, values = label, []
        elif current:
            values.extend(line.text for line in cell)
        if cell and not label and not current:
            found.extend(_labels_of_plain(cell))
    return found
