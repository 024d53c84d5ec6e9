"""File names that are one safe path component on every system, whatever strangers wrote."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_BYTES = 240
"""Bytes of a whole name in UTF-8: below the 255 that file systems allow, with room for endings."""

UNTITLED = "untitled"

# Names that Windows keeps for devices, whatever ending follows:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}
_REPLACED = str.maketrans(
    {
        "/": "-",
        "\\": "-",
        "|": "-",
        ":": "-",
        '"': "'",
        "<": "(",
        ">": ")",
        "?": None,
        "*": None,
        "\u2215": "-",
    }
)
_REMOVED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # needed inside words and emoji of some scripts
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def safe_name(stem: str, extension: str) -> str:
    """Return ``stem.extension`` as one path component that is valid on Linux, macOS and Windows.

    NFC, without controls, bidirectional marks and lone surrogates, without leading dots and dashes, no
    device name, at most `MAX_BYTES` bytes: what is longer is cut between characters and ends in ``~``
    and 8 hex digits of the whole stem's SHA-256. `extension` is given without its dot.
    """
    if not _EXTENSION.fullmatch(extension):
        raise ValueError(f"not a file extension: {extension!r}")
    clean = _clean(stem)
    if clean.split(".", 1)[0].strip().lower() in _DEVICES:
        clean = f"{clean}_" if "." not in clean else clean.replace(".", "_.", 1)
    return f"{_shorten(clean, MAX_BYTES - len(extension) - 1)}.{extension}"


def with_suffix_of(name: str, digits: str) -> str:
    """Return `name` with ``~`` and `digits` of its file's hash before the ending; without digits, `name`."""
    if not digits:
        return name
    stem, _, extension = name.rpartition(".")
    mark = f"~{digits}"
    return f"{_cut(stem, MAX_BYTES - len(mark) - len(extension) - 1)}{mark}.{extension}"


def _clean(text: str) -> str:
    kept = "".join(char if char in "\t\n\r" else _keep(char) for char in unicodedata.normalize("NFC", text))
    squeezed = _SPACES.sub(" ", kept.translate(_REPLACED))
    trimmed = squeezed.strip(" .-\u200c\u200d~")
    return unicodedata.normalize("NFC", trimmed) or UNTITLED


def _keep(char: str) -> str:
    category = unicodedata.category(char)
    if category in _REMOVED_CATEGORIES or (category == "Cf" and char not in _JOINERS):
        return ""
    return char


def _shorten(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    mark = f"~{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return f"{_cut(text, limit - len(mark))}{mark}"


def _cut(text: str, limit: int) -> str:
    data = text.encode()
    if len(data) <= limit:
        return text
    kept = data[:limit].decode(errors="ignore")
    end = len(kept)
    while end > 1 and (_continues(text[end]) or text[end - 1] in _JOINERS):
        end -= 1
    return kept[:end].rstrip(" .-\u200c\u200d") or UNTITLED


def _continues(char: str) -> bool:
    # Marks, joiners, variation selectors and skin tones belong to the character before them.
    return (
        unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or char in _JOINERS
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )
