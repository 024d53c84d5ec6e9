"""Names that are one safe path component on every system, whatever strangers wrote."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from scraper.downloads.naming.graphemes import JOINERS, cut, is_mark

MAX_BYTES = 240
"""Bytes of a whole name in UTF-8: below the 255 that file systems allow, with room for endings."""

UNTITLED = "untitled"

_MOST_READ = 4096  # characters: putting a long run of marks into order takes quadratic time
_MARK_DIGITS = 8

# Names that Windows keeps for devices, whatever ending follows:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file; CLOCK$ is one of MS-DOS.
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789"
}
_REPLACED = str.maketrans(
    {
        "/": "-",
        "\\": "-",
        "|": "-",
        ":": "-",
        '"': "'",
        "<": "‹",
        ">": "›",
        "\u2215": "-",
        "\u2800": " ",
    }
)
_ANGLES = re.compile("<([^<>]*)>")
# What systems refuse, with what makes an emoji of it: a keycap without its key would sit on its neighbour.
_REFUSED = re.compile("[?*]\ufe0f?\u20e3?")
_REMOVED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that nobody sees: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0d\U000e0100-\U000e01ef]"
)
# Between Latin letters joiners and variation selectors do nothing but make two names look the same.
_STRAY = re.compile("(?<![0-9#\u00a9\u00ae\u0300-\U0010ffff])[\u200c\u200d\ufe0e\ufe0f]+")
_NOT_FIRST = _NOT_LAST = f" .-~{JOINERS}"
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
# Explorer opens another folder in place of one that is called so.
_CLASS = re.compile(r"\.(?=\{[0-9a-f-]{36}\}$)", re.IGNORECASE)


def safe_name(stem: str, extension: str) -> str:
    """Return ``stem.extension`` as one path component that is valid on Linux, macOS and Windows.

    NFC, without controls, bidirectional marks, unseen letters and lone surrogates, without leading dots,
    dashes and tildes, no device name, at most `MAX_BYTES` bytes: what is longer is cut between characters
    and ends in ``~`` and 8 hex digits of the whole stem's SHA-256. `extension` is given without its dot.
    """
    if not _EXTENSION.fullmatch(extension):
        raise ValueError(f"not a file extension: {extension!r}")
    return f"{component(stem, limit=MAX_BYTES - len(extension) - 1)}.{extension}"


def folder_name(text: str, *, limit: int = MAX_BYTES) -> str:
    """Return `text` as the safe name of a folder; see `component`. ``unknown`` where nothing is left."""
    return _CLASS.sub(" ", component(text, limit=limit, otherwise="unknown"))


def component(text: str, *, limit: int = MAX_BYTES, otherwise: str = UNTITLED) -> str:
    """Return `text` as one safe path component of at most `limit` bytes; `otherwise` where nothing is left.

    The same text always becomes the same name, and a name made safe stays as it is. `limit` is 20 at least.
    """
    clean = _clean(text[:_MOST_READ]) or otherwise
    device, dot, rest = clean.partition(".")
    if unicodedata.normalize("NFKC", device).strip().casefold() in _DEVICES:
        clean = f"{device}_{dot}{rest}"
    if len(text) <= _MOST_READ and len(clean.encode()) <= limit:
        return clean
    whole = clean if len(text) <= _MOST_READ else text
    mark = f"~{hashlib.sha256(whole.encode(errors='surrogatepass')).hexdigest()[:_MARK_DIGITS]}"
    return f"{_cut(clean, limit - len(mark)) or otherwise}{mark}"


def with_suffix_of(name: str, digits: str) -> str:
    """Return `name` with ``~`` and `digits` of its file's hash before the ending; without digits, `name`."""
    if not digits:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{marked(stem, digits, limit=MAX_BYTES - len(extension) - 1)}{dot}{extension}"


def marked(text: str, digits: str, *, limit: int = MAX_BYTES) -> str:
    """Return the component `text` with ``~`` and `digits`, in at most `limit` bytes."""
    mark = f"~{digits}"
    return f"{_cut(text, limit - len(mark)) or UNTITLED}{mark}"


def same_name_key(name: str) -> str:
    """Return what two names have in common that some file system takes for one: case and spelling of letters.

    macOS and Windows do not tell case; macOS does not tell NFC from NFD. Equal keys are one name here on
    every system, so that a folder can be moved between them.
    """
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", folded)


def _clean(text: str) -> str:
    # What one pass removes brings others together: letters compose, joiners get other neighbours.
    while (clean := _cleaned_once(text)) != text:
        text = clean
    return text


def _cleaned_once(text: str) -> str:
    accepted = _ANGLES.sub(r"(\1)", _REFUSED.sub("", unicodedata.normalize("NFC", text)))
    composed = accepted.translate(_REPLACED)
    seen = "".join(char for char in _UNSEEN.sub("", composed) if _stays(char))
    return _trimmed(unicodedata.normalize("NFC", _STRAY.sub("", _SPACES.sub(" ", seen))))


def _trimmed(text: str) -> str:
    start = 0
    while start < len(text) and (text[start] in _NOT_FIRST or is_mark(text[start])):
        start += 1
    return text[start:].rstrip(_NOT_LAST)


def _stays(char: str) -> bool:
    return (
        " " <= char <= "~"
        or char in "\t\n\r"
        or char in JOINERS
        or unicodedata.category(char) not in _REMOVED_CATEGORIES
    )


def _cut(text: str, limit: int) -> str:
    return cut(text, limit).rstrip(_NOT_LAST)
