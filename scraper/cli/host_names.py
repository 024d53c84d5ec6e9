"""Hosts as people type them and as the queue writes them: lower case, ASCII, without port. Pure."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from ipaddress import ip_address
from typing import Final

_HOST = re.compile(
    r"(?:[a-z]+://|(?![a-z]+://))(?:[^/?#@]*@)?(\[[0-9a-f:.]{2,45}\]|[^\s/?#@:\[\]]{1,253})(?::\d{0,5})?(?:[/?#].*)?"
)
# Letters, digits and hyphens, hyphens not at an end: https://www.rfc-editor.org/rfc/rfc1123#section-2.1
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?")
_LONGEST: Final = 253


def host(text: str) -> str:
    """Return the host that `text` names, in lower case and without port; an address names its host.

    It need not be one that can exist: see `is_host_name`. Raises `ArgumentTypeError`.

    >>> host("https://Blog.example:8080/a"), host("blog.example"), host("[::1]:80"), host("::1")
    ('blog.example', 'blog.example', '::1', '::1')
    """
    word = text.strip().lower()
    if _is_address(word):
        return word
    match = _HOST.fullmatch(word)
    if not match:
        raise ArgumentTypeError(f"{text[:60]!r} is no host: write blog.example")
    return match[1].strip("[]")


def as_queued(name: str) -> str:
    """Return a host as the queue writes it: what has other letters than ASCII in punycode.

    >>> as_queued("bücher.example")
    'xn--bcher-kva.example'
    """
    if name.isascii():
        return name
    from scraper.http.addresses.identity import fetch_url  # noqa: PLC0415 - --help does not need it

    address = fetch_url(f"http://{name}/", "http://blog.example/")
    return name if address is None else host(address)


def is_host_name(name: str) -> bool:
    """Whether `name` can be a host on the Internet (RFC 1123) or is an IP address. A number alone is neither.

    >>> is_host_name("blog.example"), is_host_name("localhost"), is_host_name("17"), is_host_name("a..b")
    (True, True, False, False)
    """
    if _is_address(name):
        return True
    last = name.removesuffix(".").rpartition(".")[2]
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None and not last.isdigit()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
