"""The matching key: two spellings of one genre have the same key."""

from __future__ import annotations

import re
from unicodedata import normalize

_ACUTE = str.maketrans({"\u00b4": "'", "\u0384": "'"})
"""Accents typed as apostrophes; NFKC would turn them into a space and a combining mark."""

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point: soft hyphen, zero width, directions, variation selectors."""

_MARKS = re.compile("[\u0300-\u036f]+")
"""Latin, Greek and Cyrillic accents; the voicing marks of kana are letters' parts and stay."""

_UNIFIED = str.maketrans(
    dict.fromkeys("‘’‚‛ʹʻʼʽˈ′‵`＇", "'")
    | dict.fromkeys("‐‑‒–—―−⸺⸻〜﹘﹣－", "-")
    | dict.fromkeys("⁄∕╱⧸", "/")
    | dict.fromkeys("‧∙⋅•", "·")
)

_FOLDED = str.maketrans(dict.fromkeys("&+", " and ") | dict.fromkeys("-_/.,·・", " ") | {"'": None})


def normalise(text: str) -> str:
    """Return `text` in NFKC without invisible characters, with one kind of apostrophe, dash and slash.

    Letters keep their case and accents.
    """
    if text.isascii():
        return text.replace("`", "'")
    text = _INVISIBLE.sub("", normalize("NFKC", text.translate(_ACUTE)))
    return normalize("NFKC", text).translate(_UNIFIED)


def matching_key(text: str) -> str:
    """Return the key under which a name of a genre is looked up; idempotent.

    NFKC, case-folded, accents stripped; ``&``, ``+``, ``'n'`` and a lone ``n`` become "and"; other
    apostrophes go; ``- _ / . , · ・`` become a space; spaces are squeezed.

    >>> matching_key("Drum’n’Bass"), matching_key("2-Step"), matching_key("R&B / Soul")
    ('drum and bass', '2 step', 'r and b soul')
    """
    text = normalise(text).casefold()
    if not text.isascii():
        text = normalize("NFKC", _MARKS.sub("", normalize("NFKD", text))).casefold().translate(_UNIFIED)
    words = text.replace("'n'", " and ").translate(_FOLDED).split()
    if "n" in words:
        words[1:-1] = ["and" if word == "n" else word for word in words[1:-1]]
    return " ".join(words)
