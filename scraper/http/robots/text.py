"""A robots.txt as text, and the lines of it that concern cratedig."""

from __future__ import annotations

import codecs
import re
from typing import Final

from storage.text import storable

MAX_BYTES: Final = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5)."""

PRODUCT_TOKEN: Final = "cratedig"  # noqa: S105 - the name that robots.txt files address
EVERYONE: Final = "*"

# RFC 9309, section 2.3, wants UTF-8. Of the 4,231 files of scrapy/protego, two are UTF-16 with a mark.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOM = "\ufeff"
# A page says so with its first tag; comments, which real files begin with too, may stand before it.
_MARKUP = re.compile(
    r"(?>\s*(?:<!--.*?-->\s*)*)<(?:!doctype|\?xml|html|head|body|meta|title|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_LINE_END = re.compile(r"\r\n?|\n")
# What str.splitlines takes for the end of a line, and RFC 9309, section 2.2, does not.
_NO_LINE_END = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")

# Spellings that Protego takes for "User-agent".
_AGENT_FIELDS = frozenset({"user-agent", "useragent", "user agent"})
_AGENT_WORDS = frozenset({"user-agent", "useragent"})
_RULES = frozenset({"allow", "disallow"})
_TOKEN = re.compile(r"[a-z_-]*")  # RFC 9309, section 2.2.1


def robots_text(body: bytes) -> str:
    r"""Return the text of the robots.txt `body`: decoded, no more than `MAX_BYTES` of it, storable.

    The byte order mark decides between UTF-8 and UTF-16; bytes that fit neither become U+FFFD. A line
    that the cap cuts is dropped: its rule would be shorter, and so wider, than the one that was written.
    An HTML page is no robots.txt and gives no text.

    >>> robots_text(b"\xef\xbb\xbfUser-agent: *")
    'User-agent: *'
    """
    cut = body[:MAX_BYTES]
    encoding = "utf-16" if cut.startswith(_UTF_16) else "utf-8"
    text = storable(cut.decode(encoding, errors="replace")).replace(_BOM, "")
    if len(body) >= MAX_BYTES:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    return "" if _MARKUP.match(text) else text


def lines_for_us(text: str) -> list[str]:
    """Return the lines of `text` that may matter to cratedig, without comments.

    Names of other crawlers are left out, and the rules of their groups: n names over m rules are n × m
    rules to Protego, which 500 KiB of them would make more than a machine can hold. A name is compared as
    RFC 9309, section 2.2.1, has it: without case, by the whole token (``cratedig/1.0`` is cratedig,
    ``crate`` is not).
    """
    lines: list[str] = []
    ours = False
    naming = False
    for whole in _LINE_END.split(_NO_LINE_END.sub(" ", text)):
        line = whole.partition("#")[0].strip()
        field = line.partition(":")[0].rstrip().lower()
        if field in _RULES:
            naming = False
            if not ours:
                continue
        elif (agent := _agent(line.lower())) is not None:
            name = _name(agent)
            ours = bool(name) or (ours and naming)
            naming = True
            line = f"User-agent: {name}"  # without a name it still ends the group before it
        if line and lines[-1:] != [line]:
            lines.append(line)
    return lines


def _agent(line: str) -> str | None:
    """Return the value of `line`, in lower case, if Protego reads it as a User-agent line."""
    if not line.startswith("user"):
        return None
    field, colon, value = line.partition(":")
    if colon and field.rstrip() in _AGENT_FIELDS:
        return value.strip()
    if colon and not value[:1].strip():
        return None
    first, *rest = line.split(maxsplit=1)
    if first in _AGENT_WORDS:
        return "".join(rest)
    second, *rest = "".join(rest).split(maxsplit=1) or [""]
    return "".join(rest) if (first, second) == ("user", "agent") else None


def _name(agent: str) -> str:
    """Return whom of us `agent` names: cratedig, everyone, or nobody (an empty string)."""
    if agent == EVERYONE:
        return EVERYONE
    token = _TOKEN.match(agent.replace("*", ""))
    return PRODUCT_TOKEN if token and token[0] == PRODUCT_TOKEN else ""
