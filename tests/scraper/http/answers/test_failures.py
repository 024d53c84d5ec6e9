"""What a request may raise, as reasons."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from unittest.mock import Mock

import aiohttp
import pytest
from aiohttp.http_exceptions import (
    BadHttpMessage,
    BadStatusLine,
    ContentLengthError,
    HttpProcessingError,
    InvalidHeader,
    LineTooLong,
    TransferEncodingError,
)
from yarl import URL

from scraper.http.addresses.guard import BlockedAddressError
from scraper.http.answers.failures import reason_of, translate
from scraper.http.errors import FetchError
from storage.reasons import Reason

HERE = "https://b.example/"
KEY = Mock(ssl=True, host="b.example", port=443, is_ssl=True)


def _answer(cause: Exception) -> aiohttp.ClientResponseError:
    """What aiohttp raises where its parser raised `cause` in the headers."""
    between = HttpProcessingError(code=400, message=getattr(cause, "message", ""))
    between.__cause__ = cause
    error = aiohttp.ClientResponseError(Mock(real_url=URL(HERE)), (), status=400, message=between.message)
    error.__cause__ = between
    return error


def _connector(cause: OSError) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(KEY, cause)


def _os(code: int) -> OSError:
    return OSError(code, os.strerror(code))


TABLE: list[tuple[str, Exception, Reason]] = [
    ("line too long", _answer(LineTooLong(b"x" * 100 + b"...", 8190)), Reason.HEADER_TOO_LARGE),
    ("too many headers", _answer(BadHttpMessage("Too many headers received")), Reason.HEADER_TOO_LARGE),
    ("bad status line", _answer(BadStatusLine("HTTP/0.9")), Reason.PROTOCOL_ERROR),
    ("bad header", _answer(InvalidHeader(b"a b: c")), Reason.PROTOCOL_ERROR),
    ("bad chunk size", _answer(TransferEncodingError("zz")), Reason.PROTOCOL_ERROR),
    ("chunk size in the body", BadHttpMessage("Invalid character in chunk size"), Reason.PROTOCOL_ERROR),
    ("trailers too long", LineTooLong(b"x", 8190), Reason.HEADER_TOO_LARGE),
    ("two answers", aiohttp.ClientResponseError(Mock(), ()), Reason.PROTOCOL_ERROR),
    ("body cut short", aiohttp.ClientPayloadError("not completed"), Reason.SHORT_BODY),
    ("length not reached", aiohttp.ClientPayloadError(str(ContentLengthError("x"))), Reason.SHORT_BODY),
    ("closed without a word", aiohttp.ServerDisconnectedError(), Reason.UNREACHABLE),
    ("reset before an answer", aiohttp.ClientOSError(errno.ECONNRESET, "reset"), Reason.UNREACHABLE),
    ("reset while asking", aiohttp.ClientConnectionResetError("closing transport"), Reason.UNREACHABLE),
    ("broken pipe", _os(errno.EPIPE), Reason.UNREACHABLE),
    ("nobody listens", _connector(_os(errno.ECONNREFUSED)), Reason.UNREACHABLE),
    ("no route", _connector(_os(errno.EHOSTUNREACH)), Reason.UNREACHABLE),
    (
        "no such name",
        aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-2, "not known")),
        Reason.UNREACHABLE,
    ),
    ("slow name", aiohttp.ClientConnectorDNSError(KEY, TimeoutError("no answer")), Reason.TIMEOUT),
    ("too many files", _connector(_os(errno.EMFILE)), Reason.UNREACHABLE),
    ("blocked", aiohttp.ClientConnectorDNSError(KEY, BlockedAddressError("x")), Reason.BLOCKED_ADDRESS),
    ("connection closed", aiohttp.ClientConnectionError("Connection closed"), Reason.UNREACHABLE),
    ("no connection in time", aiohttp.ConnectionTimeoutError(), Reason.UNREACHABLE),
    ("no byte in time", aiohttp.SocketTimeoutError(), Reason.TIMEOUT),
    ("no answer in time", aiohttp.ServerTimeoutError(), Reason.TIMEOUT),
    ("timeout", TimeoutError(), Reason.TIMEOUT),
    ("system timeout", _connector(_os(errno.ETIMEDOUT)), Reason.TIMEOUT),
    (
        "47 certificate",
        aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("expired")),
        Reason.TLS,
    ),
    ("47 handshake", aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "wrong version")), Reason.TLS),
    ("47 fingerprint", aiohttp.ServerFingerprintMismatch(b"a", b"b", "h", 1), Reason.TLS),
    ("47 certificate, bare", ssl.SSLCertVerificationError("x"), Reason.TLS),
    ("invalid URL", aiohttp.InvalidURL("http://["), Reason.URL_INVALID),
    ("old form of an address", aiohttp.InvalidUrlClientError("127.1"), Reason.URL_INVALID),
    ("a name that IDNA refuses", UnicodeError("label too long"), Reason.URL_INVALID),
    ("a NUL in a name", ValueError("embedded null byte"), Reason.URL_INVALID),
    ("scheme", aiohttp.NonHttpUrlClientError("ftp://b.example"), Reason.UNSUPPORTED_SCHEME),
]


@pytest.mark.parametrize(("error", "reason"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_whatever_a_request_raises_has_its_reason(error: Exception, reason: Reason) -> None:
    with pytest.raises(FetchError) as caught, translate(HERE):
        raise error
    assert caught.value.reason is reason
    assert caught.value.detail
    assert caught.value.__cause__ is error


def test_every_error_of_aiohttp_has_a_line_in_the_table() -> None:
    def family(kind: type[BaseException]) -> set[type[BaseException]]:
        return {kind}.union(*(family(child) for child in kind.__subclasses__()))

    tested = {ancestor for _, error, _ in TABLE for ancestor in type(error).__mro__}
    never = {
        "WSServerHandshakeError",
        "WSMessageTypeError",
        "ClientHttpProxyError",
        "ClientProxyConnectionError",
    }
    never |= {"UnixClientConnectorError", "ContentTypeError", "TooManyRedirects", "UploadAbortedError"}
    never |= {"RedirectClientError", "InvalidUrlRedirectClientError", "NonHttpUrlRedirectClientError"}
    assert {kind.__name__ for kind in family(aiohttp.ClientError) - tested} - never == set()


def test_40_what_a_server_said_cannot_write_to_the_terminal() -> None:
    error = aiohttp.ClientPayloadError("a\x1b]0;pwn\x07\r\n\x9b31mb\u202e" + "x" * 9000)
    with pytest.raises(FetchError) as caught, translate(HERE):
        raise error
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_an_error_that_is_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), translate(HERE):
        raise ZeroDivisionError


def test_a_chain_of_causes_without_end_is_not_followed() -> None:
    error = aiohttp.ClientError("x")
    error.__cause__ = error
    assert reason_of(error) is Reason.UNREACHABLE
