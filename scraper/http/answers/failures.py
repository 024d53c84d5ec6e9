"""What aiohttp, TLS and sockets raise, as reasons: in one place."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from scraper.http.addresses.guard import BlockedAddressError
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

# The first line that fits decides; what fits none is a connection that could not be made or broke.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    ((BlockedAddressError,), Reason.BLOCKED_ADDRESS),
    ((aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch, ssl.SSLError), Reason.TLS),
    ((aiohttp.ConnectionTimeoutError,), Reason.UNREACHABLE),
    ((TimeoutError,), Reason.TIMEOUT),
    ((aiohttp.ClientPayloadError,), Reason.SHORT_BODY),
    ((aiohttp.ClientResponseError, HttpProcessingError), Reason.PROTOCOL_ERROR),
    ((aiohttp.NonHttpUrlClientError,), Reason.UNSUPPORTED_SCHEME),
    ((ValueError,), Reason.URL_INVALID),  # aiohttp.InvalidURL too, and what IDNA refuses
)
_TOO_MANY = "Too many headers"  # aiohttp has a type for lines that are too long, none for too many of them
_LONGEST_DETAIL = 200


@contextmanager
def translate(url: str) -> Iterator[None]:
    """Raise what aiohttp or the socket raises inside the block as `FetchError` for `url`."""
    try:
        yield
    except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
        raise FetchError(reason_of(error), url, detail=_detail(error)) from error


def reason_of(error: BaseException) -> Reason:
    """Return why `error`, raised by a request, happened."""
    if _is_about_headers(error):
        return Reason.HEADER_TOO_LARGE
    inner = getattr(error, "os_error", None)
    return next(
        (reason for kinds, reason in _REASONS if isinstance(error, kinds) or isinstance(inner, kinds)),
        Reason.UNREACHABLE,
    )


def _is_about_headers(error: BaseException) -> bool:
    """Whether aiohttp's parser, whose error is the cause of what it raises, gave up on size or number."""
    cause: BaseException | None = error
    for _ in range(4):
        if isinstance(cause, LineTooLong):
            return True
        if isinstance(cause, HttpProcessingError) and _TOO_MANY in cause.message:
            return True
        cause = cause.__cause__ if cause is not None else None
    return False


def _detail(error: BaseException) -> str:
    inner = getattr(error, "os_error", None) or error
    if isinstance(error, aiohttp.ClientPayloadError) and isinstance(error.__cause__, HttpProcessingError):
        inner = error.__cause__  # what the parser said, without the wrapping
    text = getattr(inner, "strerror", None) or getattr(inner, "message", None) or str(inner)
    line = " ".join(str(text).split())[:_LONGEST_DETAIL] or type(inner).__name__
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in line)
