"""Where a redirect may lead: decided hop by hop, as RFC 9110, section 15.4 and caution ask for."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from scraper.http.addresses.identity import MAX_URL_LENGTH, fetch_url
from scraper.http.errors import FetchError
from storage.reasons import Reason

MAX_REDIRECTS: Final = 10

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# aiohttp hands on bytes of a header that are not UTF-8 as these: they are Latin-1 as often as not.
_RAW_BYTE = re.compile(r"[\udc80-\udcff]")


def next_hop(current: URL, location: str | None) -> URL:
    """Return the address that a redirect from `current` leads to, read as one in a page is.

    Raises `FetchError` with `bad-redirect` for an empty or broken Location, another scheme than http
    and https, and a step down from https to http. Credentials in the address and its fragment are
    dropped.
    """
    if not location or _CONTROL.search(location):
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="no usable Location")
    if len(location) > MAX_URL_LENGTH:
        raise FetchError(Reason.URL_TOO_LONG, str(current), detail="its Location")
    location = _RAW_BYTE.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", location)
    url = fetch_url(location, str(current))
    if url is None:
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail=_what_is_wrong(location))
    try:
        target = URL(url, encoded=True).with_fragment(None)
    except ValueError as error:
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="broken Location") from error
    if current.scheme == "https" and target.scheme == "http":
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="from https to http")
    return target


def without_credentials(url: URL) -> URL:
    """Return `url` without user and password: cratedig sends none.

    Raises ValueError for a broken host or port, which yarl looks at only now.
    """
    return url.with_user(None) if url.user is not None or url.password is not None else url


def _what_is_wrong(location: str) -> str:
    try:
        scheme = urlsplit(location).scheme
    except ValueError:
        scheme = ""
    return f"to {scheme[:20]}:" if scheme not in {"", "http", "https"} else "broken Location"
