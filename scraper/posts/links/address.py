"""An address taken apart once, for all that judge it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from scraper.http.addresses.identity import MAX_URL_LENGTH, fetch_url
from scraper.http.addresses.plain import is_below_host
from scraper.posts.links.file_names import extension

_ORIGIN = re.compile(r"https?://[^/?#]+")


class Address(NamedTuple):
    """An address as `fetch_url` gives it, with its parts as they stand in it.

    `tail` is all behind host and port; `last` is the last segment of the path, percent-decoded, "" behind
    a final slash; `ending` is its file extension in lower case.
    """

    url: str
    origin: str
    host: str
    path: str
    query: str
    tail: str
    last: str
    ending: str | None


@lru_cache(maxsize=256)
def read_address(url: str) -> Address:
    """Return the parts of `url`, an address as `fetch_url` gives it."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("#")[0].partition("?")[0].partition("/")[0]
    tail = rest[len(authority) :]
    path, _, query = tail.partition("#")[0].partition("?")
    host = authority[1:].partition("]")[0] if authority.startswith("[") else authority.partition(":")[0]
    last = path.rpartition("/")[2]
    last = unquote(last) if "%" in last else last
    return Address(
        url=url,
        origin=f"{scheme}://{authority}",
        host=host,
        path=path,
        query=query,
        tail=tail,
        last=last,
        ending=extension(last) if "." in last else None,
    )


class Base:
    """The base address of a document: what its references are resolved against."""

    def __init__(self, url: str) -> None:
        self._url = url
        whole = fetch_url(url, url)
        found = _ORIGIN.match(whole) if whole is not None else None
        self.origin = found[0] if found is not None else None

    def resolve(self, href: str) -> str | None:
        """Return what `fetch_url` returns for `href`, sooner for an address that needs nothing done."""
        if self.origin is not None and len(href) <= MAX_URL_LENGTH and is_below_host(href):
            return self.origin + href
        return fetch_url(href, self._url)
