"""Where a text may be cut: never inside what a reader sees as one character."""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ: invisible, needed inside words of some scripts and inside emoji."""

_MARKS = frozenset({"Mn", "Me", "Mc"})


def cut(text: str, limit: int) -> str:
    """Return the longest beginning of `text` in whole characters that has at most `limit` bytes of UTF-8.

    Where the first character alone is longer (letters with hundreds of marks) it is cut after all. The
    boundaries are those of extended grapheme clusters, https://www.unicode.org/reports/tr29/, but for the
    few signs that belong to what follows them.
    """
    data = text.encode()
    if len(data) <= limit:
        return text
    kept = data[: max(0, limit)].decode(errors="ignore")
    end = len(kept)
    while end and not _is_boundary(text, end):
        end -= 1
    return kept[: end or len(kept)]


def is_mark(char: str) -> bool:
    """Return whether `char` changes the character before it and is nothing of its own."""
    return unicodedata.category(char) in _MARKS


def _is_boundary(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if is_mark(after) or after in JOINERS or before == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        start = place
        while start and _is_flag_letter(text[start - 1]):
            start -= 1
        return (place - start) % 2 == 0
    return not _is_inside_syllable(before, after)


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_inside_syllable(before: str, after: str) -> bool:
    # Rules GB6 to GB8: a leading consonant, a vowel, a trailing consonant of Hangul. What can be composed
    # is one code point in NFC; old Korean and single letters are not.
    first, second = _jamo(before), _jamo(after)
    return second in {"L": "LVS", "V": "VT", "S": "VT", "T": "T"}.get(first, "") if second else False


def _jamo(char: str) -> str:
    if "\u1100" <= char <= "\u115f" or "\ua960" <= char <= "\ua97c":
        return "L"
    if "\u1160" <= char <= "\u11a7" or "\ud7b0" <= char <= "\ud7c6":
        return "V"
    if "\u11a8" <= char <= "\u11ff" or "\ud7cb" <= char <= "\ud7fb":
        return "T"
    return "S" if "\uac00" <= char <= "\ud7a3" else ""
