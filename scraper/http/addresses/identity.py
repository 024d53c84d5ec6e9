"""What an address is: the one to fetch, and the key under which equal addresses meet.

Two profiles. `fetch_url` makes an address sendable and changes nothing else; `link_key` and `post_key`
are for comparing only and are never fetched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from yarl import URL

from scraper.http.addresses.escapes import equal_path, equal_text, sendable_path, sendable_text
from scraper.http.addresses.plain import MAX_HOST_LENGTH, is_sendable, plain_key
from scraper.http.addresses.tracking import tracking_table

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_URL_LENGTH: Final = 8192
"""Longer addresses are not fetched, in characters."""

_DEFAULT_PORTS = {80, 443}
_C0_AND_SPACE = "".join(map(chr, range(33)))
# The URL Standard removes these anywhere in an address: https://url.spec.whatwg.org/#url-parsing
_LINE_BREAKS = str.maketrans("", "", "\t\n\r")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPED_CONTROL = re.compile(r"%0[0ad]", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")


def fetch_url(href: str, base: str) -> str | None:
    """Return the absolute http or https address that `href` means in a document of address `base`.

    Line breaks are removed, back slashes before the query become slashes, the host is lower-case
    punycode, unsafe characters are escaped; escapes, query and fragment stay as they are. Credentials are
    dropped: they are neither sent nor kept. None where there is nothing to fetch: another scheme, no
    host, a control character (also escaped, in the path), more than `MAX_URL_LENGTH` characters.

    >>> fetch_url(" ../a b.mp3?x=1&y=%20 ", "https://b.example/p/q/")
    'https://b.example/p/a%20b.mp3?x=1&y=%20'
    """
    if len(href) > MAX_URL_LENGTH:
        return None
    if is_sendable(href):
        return href
    text = href.strip(_C0_AND_SPACE).translate(_LINE_BREAKS)
    if not text or _CONTROL.search(text):
        return None
    try:
        parts = urlsplit(urljoin(base, _with_slashes(text)))
        authority = _authority(parts)
    except ValueError:  # a bad port, an open bracket, a host that IDNA refuses
        return None
    if authority is None or _ESCAPED_CONTROL.search(parts.path):
        return None
    url = f"{parts.scheme}://{authority}{sendable_path(parts.path) or '/'}"
    url += f"?{sendable_text(parts.query)}" if parts.query else ""
    url += f"#{sendable_text(parts.fragment)}" if parts.fragment else ""
    return url if len(url) <= MAX_URL_LENGTH else None


def link_key(url: str) -> str:
    """Return the identity of `url`: equal for addresses that lead to the same thing. Idempotent.

    Schemes and default ports are levelled, tracking parameters, credentials and the fragment dropped
    (but where a host keeps its key there), escapes and accents spelled one way, parameters sorted by
    name. The case of the path, ``www.`` and other parameters stay. What cannot be fetched is its own
    key.

    >>> link_key("http://u:p@B.example:80/%7Ea?utm_source=rss&id=2#top")
    'https://b.example/~a?id=2'
    """
    if len(url) <= MAX_URL_LENGTH and (key := plain_key(url)) is not None:
        return key
    whole = fetch_url(url, url)
    if whole is None:
        return url.strip(_C0_AND_SPACE)
    parts = urlsplit(whole)
    host = _host(parts)
    query = "&".join(_kept_parameters(parts.query, host)) if parts.query else ""
    keyed = bool(parts.fragment) and any(
        domain in tracking_table().fragment_hosts for domain in host_suffixes(host)
    )
    fragment = equal_text(parts.fragment) if keyed else ""
    key = f"https://{_with_port(host, parts)}{equal_path(parts.path)}"
    return f"{key}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def post_key(url: str) -> str:
    """Return the identity of the post at `url`: its `link_key` without ``www.``, view and trailing slash.

    Views are AMP and mobile pages, answers to comments, ``index.html`` and any fragment. Idempotent.

    >>> post_key("http://www.b.example/a/amp/?replytocom=7#c") == post_key("https://b.example/a")
    True
    """
    key = link_key(url)
    if fetch_url(key, key) is None:
        return key
    parts = urlsplit(key)
    table = tracking_table()
    query = "&".join(part for part in parts.query.split("&") if not table.is_view(part))
    path = _plain_path(parts.path, table.indexes)
    return f"https://{_with_port(_bare(_host(parts)), parts)}{path}{'?' if query else ''}{query}"


def same_site(a: str, b: str) -> bool:
    """Whether two addresses are of one site: equal host, ``www.`` aside, and equal port."""
    one, other = _site(a), _site(b)
    return one is not None and one == other


def origin(url: str) -> str:
    """Return scheme, host and port of `url` as in RFC 6454, without credentials; "" where it has none."""
    whole = fetch_url(url, url)
    if whole is None:
        return ""
    parts = urlsplit(whole)
    default = 80 if parts.scheme == "http" else 443
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{_host(parts)}{port}"


def host_suffixes(host: str) -> Iterator[str]:
    """Yield `host` and the domains above it, longest first: a match of whole labels, never of letters.

    >>> list(host_suffixes("www.b.example"))
    ['www.b.example', 'b.example', 'example']
    """
    yield host
    for found in range(host.count(".")):
        yield host.split(".", found + 1)[-1]


def _with_slashes(text: str) -> str:
    if "\\" not in text:
        return text
    cut = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
    return text[:cut].replace("\\", "/") + text[cut:]


def _authority(parts: SplitResult) -> str | None:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = parts.hostname
    if not host.isascii():
        host = URL.build(scheme="http", host=host).raw_host or ""
    host = f"[{host}]" if ":" in host else host
    if len(host) > MAX_HOST_LENGTH or not _HOST.fullmatch(host) or parts.port == 0:
        return None
    return host if parts.port is None else f"{host}:{parts.port}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    return f"[{host}]" if ":" in host else host


def _with_port(host: str, parts: SplitResult) -> str:
    return host if parts.port is None or parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def _kept_parameters(query: str, host: str) -> list[str]:
    table = tracking_table()
    host_names = frozenset[str]().union(*(table.by_host.get(domain, ()) for domain in host_suffixes(host)))
    kept = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if part and not table.is_tracking(unquote(name).lower(), value, host_names):
            kept.append((name, equal_text(part)))
    return [part for _, part in sorted(kept, key=lambda pair: pair[0])]


def _plain_path(path: str, indexes: tuple[str, ...]) -> str:
    before = None
    while path != before:
        before = path
        path = path.rstrip("/;")  # urljoin drops an empty parameter as well
        for suffix in indexes:
            path = path.removesuffix(suffix)
        # A post may be called "amp": only the last word of a longer path is a view.
        path = path.removesuffix("/amp") or path
    return path or "/"


def _bare(host: str) -> str:
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    return host


def _site(url: str) -> str | None:
    whole = fetch_url(url, url)
    if whole is None:
        return None
    parts = urlsplit(whole)
    return _with_port(_bare(_host(parts)), parts)
