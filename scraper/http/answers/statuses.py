"""What a status, or the lack of any, means: for the one who asked, and for how hard its host may be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.http.politeness.verdict import Verdict
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.http.errors import FetchError

PARTIAL: Final = 206
NOT_MODIFIED: Final = 304
UNSATISFIABLE: Final = 416
FIRST_ERROR: Final = 400
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead elsewhere (RFC 9110, section 15.4)."""
MOVED_FOR_GOOD: Final = frozenset({301, 308})
"""Those of them that say so once and for all."""

_CLOUDFLARE = range(520, 530)  # https://developers.cloudflare.com/support/troubleshooting/http-status-codes/
_REASONS = {
    401: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,
    509: Reason.RATE_LIMITED,  # "bandwidth limit exceeded", of hosters' control panels
    **dict.fromkeys((500, 502, 503, 504, *_CLOUDFLARE), Reason.SERVER_ERROR),
}
_OVERLOADED = frozenset({408, 429, 502, 503, 504, 509, *_CLOUDFLARE})


def reason_of_status(status: int) -> Reason:
    """Return why an answer with this `status` (400 and above) is no answer.

    >>> str(reason_of_status(503)), str(reason_of_status(501))
    ('server-error', 'http-error')
    """
    return _REASONS.get(status, Reason.HTTP_ERROR)


def verdict_of_status(status: int) -> Verdict:
    """Return what `status` says of the load of its server; a failing program (500) says nothing."""
    if status in _OVERLOADED:
        return Verdict.OVERLOADED
    return Verdict.GOOD if status < 500 else Verdict.NEUTRAL  # noqa: PLR2004 - the first server error


def verdict_of_failure(error: FetchError) -> Verdict:
    """Return what a request without an answer says of the load of its server."""
    lost = error.reason in {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SHORT_BODY}
    return Verdict.OVERLOADED if lost else Verdict.NEUTRAL
