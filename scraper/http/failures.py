"""aiohttp's exceptions as reasons, in one place."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp

from scraper.http.errors import FetchError
from scraper.http.guard import BlockedAddressError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator


# The first line that fits decides; what fits none is a connection that could not be made or broke.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    ((TimeoutError,), Reason.TIMEOUT),
    ((aiohttp.ClientSSLError, ssl.SSLError), Reason.TLS),
    ((aiohttp.InvalidURL, ValueError), Reason.URL_INVALID),
    ((aiohttp.ClientPayloadError,), Reason.SHORT_BODY),
    ((aiohttp.ClientResponseError,), Reason.PROTOCOL_ERROR),
)


@contextmanager
def translate(url: str) -> Iterator[None]:
    """Raise what aiohttp or the socket raises inside the block as `FetchError` for `url`."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise FetchError(reason_of(error), url, detail=_detail(error)) from error


def reason_of(error: BaseException) -> Reason:
    """Return why `error`, raised by a request, happened."""
    if isinstance(getattr(error, "os_error", error), BlockedAddressError):
        return Reason.BLOCKED_ADDRESS
    return next((reason for kinds, reason in _REASONS if isinstance(error, kinds)), Reason.UNREACHABLE)


def _detail(error: BaseException) -> str:
    inner = getattr(error, "os_error", None) or error
    text = getattr(inner, "strerror", None) or str(inner) or type(error).__name__
    return str(text).strip()[:200]
