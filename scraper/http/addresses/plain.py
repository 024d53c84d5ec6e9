"""Addresses that are plain already, as most are: told by one look, where taking them apart takes long.

What these functions know they know for certain; of all other addresses they say nothing.
"""

from __future__ import annotations

import re
from typing import Final

# Nothing in it is to be escaped, lowered or resolved, so that it is sent as it stands.
_PORT = r"(?:[1-5]\d{4}|[1-9]\d{0,3})"
_HOST = r"[a-z0-9-]+(?:\.[a-z0-9-]+)*+"
_PLAIN = r"[A-Za-z0-9_.~+,@:=!()\[\]'*$&-]"
_ESCAPE = r"%[2-9A-Fa-f][0-9A-Fa-f]"
_PATH = rf"(?:/(?:(?![.]|%2[Ee]){_PLAIN}{{1,400}}+)?)"
_ESCAPED_PATH = rf"(?:/(?:(?![.]|%2[Ee])(?:{_PLAIN}|{_ESCAPE}){{1,400}}+)?)"
_QUERY = rf"(?:\?(?:[/?]|{_PLAIN}|{_ESCAPE}){{1,2000}}+)?"
MAX_HOST_LENGTH: Final = 253
"""Longer names of hosts are none: RFC 1035, section 2.3.4."""

_SENDABLE = re.compile(rf"https?://({_HOST})(?::{_PORT})?+{_ESCAPED_PATH}++{_QUERY}")
_BELOW_HOST = re.compile(rf"(?!//){_ESCAPED_PATH}++{_QUERY}")
_KEYED = re.compile(rf"https?(://({_HOST})(?::(?!(?:80|443)/){_PORT})?+{_PATH}++)")


def is_sendable(url: str) -> bool:
    """Whether `url` is an absolute address that `fetch_url` gives back as it is, whatever the base."""
    found = _SENDABLE.fullmatch(url)
    return found is not None and len(found[1]) <= MAX_HOST_LENGTH


def is_below_host(href: str) -> bool:
    """Whether `href` is a path, with a query or not, that stands behind an origin as it is."""
    return _BELOW_HOST.fullmatch(href) is not None


def plain_key(url: str) -> str | None:
    """Return the identity of an address that has but one spelling, None for all others."""
    found = _KEYED.fullmatch(url)
    return f"https{found[1]}" if found is not None and len(found[2]) <= MAX_HOST_LENGTH else None
