"""Where a redirect may lead: decided hop by hop, as RFC 9110, section 15.4 and caution ask for."""

from __future__ import annotations

from yarl import URL

from scraper.http.errors import FetchError
from storage.reasons import Reason

MAX_REDIRECTS = 10
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


def next_hop(current: URL, location: str | None) -> URL:
    """Return the address that a redirect from `current` leads to.

    Raises `FetchError` with `bad-redirect` for an empty or broken Location, another scheme than http
    and https, and a step down from https to http. Credentials in the address are dropped.
    """
    if not location or any(ord(char) < 32 or ord(char) == 127 for char in location):  # noqa: PLR2004 - controls
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="no usable Location")
    try:
        target = current.join(URL(location.strip().replace(" ", "%20"), encoded=location.isascii()))
        without_credentials(target)
    except ValueError as error:
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="broken Location") from error
    if target.scheme not in {"http", "https"}:
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail=f"to {target.scheme or 'nowhere'}:")
    if current.scheme == "https" and target.scheme == "http":
        raise FetchError(Reason.BAD_REDIRECT, str(current), detail="from https to http")
    return without_credentials(target).with_fragment(None)


def without_credentials(url: URL) -> URL:
    """Return `url` without user and password: cratedig sends none.

    Raises ValueError for a broken host or port, which yarl looks at only now.
    """
    return url.with_user(None) if url.user is not None or url.password is not None else url
