"""The text of a title: what is taken out of it, and where its brackets and quotation marks stand."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MAX_TITLE = 1000
"""What a title has behind this many characters is not read."""

_MAX_KEPT = 64  # one title is looked at for the same marks again and again

# Controls, soft hyphens, zero-width and bidi marks, tags, lone surrogates. The joiners U+200C and U+200D stay
# between letters that change their shape by them (Arabic, Indic) and inside emoji.
_SHAPED = "\u0600-\u1fff\u2190-\u2bff\u2e80-\ufdff\ufe0f\ufe70-\ufefc\U00010000-\U0001fbff"
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_IDLE_JOINER = re.compile(f"(?<![{_SHAPED}])[\u200c\u200d]|[\u200c\u200d](?![{_SHAPED}])")

DASHES = "-‐‑‒–—―−﹘﹣－"
_DASH = re.compile(rf"\s(?:[{DASHES}⸺⸻֊〰]+|[~〜～])\s")
_LOOSE_DASH = re.compile(r"(?<=\S)(?:\s[–—―]+(?=\S)|[–—―]+\s)(?=\S)")
_BAR = re.compile(r"\s(?:\|+|//|·|•|｜|¦)\s")

_OPENERS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】", "〔": "〕"}
_CLOSERS = {closer: opener for opener, closer in _OPENERS.items()}
_BRACKET = re.compile("[" + re.escape("".join(_OPENERS) + "".join(_CLOSERS)) + "]")
SQUARE = "[［【"

# Opening marks and what closes them: https://en.wikipedia.org/wiki/Quotation_mark#Summary_table
_QUOTES = {
    '"': '"”', "“": '”"“', "„": '“”"', "”": "”“", "‟": "”", "«": "»", "»": "«»", "‹": "›", "›": "‹›",
    "‘": "’'", "‚": "‘’", "'": "'’", "´": "´'’", "`": "`´'’", "❛": "❜", "❝": "❞", "＂": "＂", "״": "״",
    "〝": "〞〟", "「": "」", "『": "』", "《": "》", "〈": "〉",
}  # fmt: skip
_SINGLE = "‘‚'´`"
_SPACED = {"«": "»", "‹": "›"}  # in French, with blanks inside
_TIGHT = "「『《〈"
_QUOTE = re.compile("[" + re.escape("".join(_QUOTES)) + "]")
_OPEN_OR_CLOSE = {mark: re.compile(f"[{mark}{closers}]") for mark, closers in _QUOTES.items()}


class Span(NamedTuple):
    """Brackets or quotation marks of a text: its characters from `start` to `end`, marks included."""

    start: int
    end: int

    def inside(self, text: str) -> str:
        """Return what stands between the marks."""
        return text[self.start + 1 : self.end - 1].strip()


def clean(text: str) -> str:
    """Return `text` in NFC on one line: no controls, no bidi or zero-width marks, single blanks."""
    seen = text[:MAX_TITLE]
    if not seen.isprintable():  # white space is not, and nothing of what is unseen
        seen = _IDLE_JOINER.sub("", _UNSEEN.sub("", seen))
    if not seen.isascii():
        seen = unicodedata.normalize("NFC", seen)[:MAX_TITLE]
    return " ".join(seen.split())


@lru_cache(maxsize=_MAX_KEPT)
def bracket_groups(text: str) -> tuple[Span, ...]:
    """Return the outermost pairs of brackets; a bracket without its partner is an ordinary character."""
    if not _BRACKET.search(text):
        return ()
    opened: list[tuple[str, int]] = []
    waiting = dict.fromkeys(_OPENERS, 0)
    groups: list[Span] = []
    for match in _BRACKET.finditer(text):
        bracket, place = match.group(), match.start()
        if bracket in _OPENERS:
            opened.append((bracket, place))
            waiting[bracket] += 1
        elif waiting[_CLOSERS[bracket]]:
            found = None
            while found != _CLOSERS[bracket]:
                found, start = opened.pop()
                waiting[found] -= 1
            while groups and groups[-1].start > start:
                groups.pop()
            groups.append(Span(start, place + 1))
    return tuple(groups)


@lru_cache(maxsize=_MAX_KEPT)
def quoted(text: str) -> tuple[Span, ...]:
    """Return what stands in quotation marks of any script, leftmost first and never nested.

    An apostrophe opens nothing, an inch sign neither; where marks do not say where they end, the last
    possible end before the next opening mark of the kind is taken.
    """
    spans: list[Span] = []
    end = 0
    for match in _QUOTE.finditer(text):
        start = match.start()
        if start >= end and _opens(text, start):
            closing = _closing(text, start)
            if closing is not None:
                end = closing + 1
                spans.append(Span(start, end))
    return tuple(spans)


def _opens(text: str, place: int) -> bool:
    if place + 1 >= len(text) or (text[place + 1].isspace() and text[place] not in _SPACED):
        return False
    before = text[place - 1 : place]
    return (
        text[place] in _TIGHT
        or not before
        or before.isspace()
        or before in _OPENERS
        or before in DASHES + ":：/"
    )


def _closing(text: str, start: int) -> int | None:
    mark = text[start]
    if text[start + 1].isspace():
        spaced = text.find(f" {_SPACED[mark]}", start + 2)
        return spaced + 1 if spaced > 0 else None
    closers = _QUOTES[mark]
    found = None
    for match in _OPEN_OR_CLOSE[mark].finditer(text, start + 1):
        place = match.start()
        if text[place] in closers and _closes(text, place):
            found = place
            if mark in _TIGHT:
                break
        elif text[place] == mark and _opens(text, place):
            break
    if found is None or found == start + 1 or (mark in _SINGLE and _DASH.search(text, start, found)):
        return None
    return found


def _closes(text: str, place: int) -> bool:
    if text[place] in "」』》〉":
        return True
    after = text[place + 1 : place + 2]
    return not text[place - 1].isspace() and (not after or not after.isalnum())


@lru_cache(maxsize=_MAX_KEPT)
def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    if not pattern.search(text):
        return (text,)
    hidden = iter([*sorted([*bracket_groups(text), *quoted(text)]), Span(len(text) + 1, len(text) + 1)])
    span = next(hidden)
    pieces, last = [], 0
    for match in pattern.finditer(text):
        while span.end <= match.start():
            span = next(hidden)
        if match.end() > span.start:
            continue
        pieces.append(text[last : match.start()])
        last = match.end()
    return *pieces, text[last:]


def split_dashes(text: str) -> tuple[str, ...]:
    """Split at dashes with blanks on both sides, outside brackets and quotation marks."""
    return _split(_DASH, text)


def split_loose_dashes(text: str) -> tuple[str, ...]:
    """Split at long dashes with a blank on one side; a hyphen parts nothing so: ``Rock- und Popmusik``."""
    return _split(_LOOSE_DASH, text)


def split_bars(text: str) -> tuple[str, ...]:
    """Split at ``|``, ``//``, ``·`` and ``•`` with blanks around, outside brackets and quotation marks."""
    return _split(_BAR, text)
