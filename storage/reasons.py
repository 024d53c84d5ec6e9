"""Why something failed or was put off: one enum for storage, status and logs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """The code that is stored; `explain(reason)` gives its sentence and next step."""

    # Fetching
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_SLOW = "too-slow"
    TLS = "tls-error"
    PROTOCOL_ERROR = "protocol-error"
    HEADER_TOO_LARGE = "header-too-large"
    UNSUPPORTED_SCHEME = "unsupported-scheme"
    URL_INVALID = "url-invalid"
    URL_TOO_LONG = "url-too-long"
    BLOCKED_ADDRESS = "blocked-address"
    BLOCKED_PORT = "blocked-port"
    ROBOTS = "robots-disallowed"
    ROBOTS_UNREACHABLE = "robots-unreachable"
    BLOCKED = "blocked"
    NOT_FOUND = "not-found"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    HTTP_ERROR = "http-error"
    SERVER_ERROR = "server-error"
    RATE_LIMITED = "rate-limited"
    REDIRECT_LOOP = "redirect-loop"
    BAD_REDIRECT = "bad-redirect"
    TOO_LARGE = "too-large"
    # Content
    NO_POSTS = "no-posts"
    NOT_HTML = "not-html"
    NOT_AUDIO = "not-audio"
    EMPTY_BODY = "empty-body"
    SHORT_BODY = "short-body"
    PROBE_FAILED = "probe-failed"
    HTML_INSTEAD = "html-instead-of-media"
    CHECKSUM = "checksum-mismatch"
    NO_RESOLVER = "no-resolver"
    # Here
    DISK_FULL = "disk-full"
    DISK_ERROR = "disk-error"
    UNREADABLE_POST = "unreadable-post"
    CRASHED = "crashed"
    INTERNAL_ERROR = "internal-error"
    UNKNOWN_VERSION = "unknown-version"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a reason means to a person: one sentence, one next step, and whether a later try may help."""

    sentence: str
    next_step: str
    transient: bool


_EXPLANATIONS: dict[Reason, Explanation] = {
    Reason.UNREACHABLE: Explanation(
        "the server could not be reached", "check the address and the network; it is tried again", True
    ),
    Reason.TIMEOUT: Explanation("the server did not answer in time", "it is tried again later", True),
    Reason.TOO_SLOW: Explanation("the bytes came too slowly", "it is tried again later", True),
    Reason.TLS: Explanation(
        "the server has no valid certificate, or speaks no TLS there",
        "open the address in a browser and see why",
        False,
    ),
    Reason.PROTOCOL_ERROR: Explanation(
        "the server broke the rules of HTTP", "it is tried again; tell the blog if it stays", True
    ),
    Reason.HEADER_TOO_LARGE: Explanation(
        "the headers of the answer are larger than any honest ones", "look at the address", False
    ),
    Reason.UNSUPPORTED_SCHEME: Explanation("only http and https are fetched", "nothing to do", False),
    Reason.URL_INVALID: Explanation("the address is not a valid URL", "look at the post", False),
    Reason.URL_TOO_LONG: Explanation("the address is longer than 8 kB", "look at the post", False),
    Reason.BLOCKED_ADDRESS: Explanation(
        "the address is not public",
        "use --allow-private if it is in your own network, after scrape queue retry for a download",
        False,
    ),
    Reason.BLOCKED_PORT: Explanation(
        "the port belongs to another protocol than HTTP", "look at the address", False
    ),
    Reason.ROBOTS: Explanation(
        "robots.txt of the host does not allow it", "use --no-robots only for your own blog", False
    ),
    Reason.ROBOTS_UNREACHABLE: Explanation(
        "the host's robots.txt cannot be read, so nothing may be asked for", "it is tried again later", True
    ),
    Reason.BLOCKED: Explanation(
        "the server answers with a challenge for browsers",
        "open it in a browser; cratedig does not pass it",
        False,
    ),
    Reason.NOT_FOUND: Explanation("the server does not have it (404)", "nothing to do: it is gone", False),
    Reason.GONE: Explanation("it was removed for good (410)", "nothing to do: it is gone", False),
    Reason.FORBIDDEN: Explanation("the server refuses it (401 or 403)", "open it in a browser", False),
    Reason.HTTP_ERROR: Explanation("the server refused the request", "look at the detail", False),
    Reason.SERVER_ERROR: Explanation("the server failed (5xx)", "it is tried again later", True),
    Reason.RATE_LIMITED: Explanation(
        "the server asked for patience", "it is tried again when it allows", True
    ),
    Reason.REDIRECT_LOOP: Explanation(
        "the redirects lead in a circle or past ten hops", "look at the address", False
    ),
    Reason.BAD_REDIRECT: Explanation(
        "a redirect leads where cratedig does not go", "look at the address", False
    ),
    Reason.TOO_LARGE: Explanation(
        "it is larger than the limit", "raise --max-size and use scrape queue retry if you want it", False
    ),
    Reason.NO_POSTS: Explanation(
        "no posts were found on the page", "give the address of the page that lists the posts", False
    ),
    Reason.NOT_HTML: Explanation("the page is not HTML", "look at the address", False),
    Reason.NOT_AUDIO: Explanation(
        "what came is neither audio nor an archive", "open the post: the file may have been removed", False
    ),
    Reason.EMPTY_BODY: Explanation("the server sent an empty file", "it is tried again", True),
    Reason.SHORT_BODY: Explanation("the connection ended before the file did", "it is tried again", True),
    Reason.PROBE_FAILED: Explanation(
        "the file begins like audio but cannot be opened", "look at the post", False
    ),
    Reason.HTML_INSTEAD: Explanation(
        "a page for people came in place of the file: a login, a question or a quota",
        "it is tried again later; open the link in a browser if it stays",
        True,
    ),
    Reason.CHECKSUM: Explanation(
        "the bytes are not those that were announced", "it is tried again; open the post if it stays", True
    ),
    Reason.NO_RESOLVER: Explanation(
        "this hoster's files are not fetched yet", "open the link in a browser", False
    ),
    Reason.DISK_FULL: Explanation("the disk is full", "make room, then run scrape download again", True),
    Reason.DISK_ERROR: Explanation("the file could not be written", "check the folder and the disk", True),
    Reason.UNREADABLE_POST: Explanation("the page could not be read as a post", "look at the address", False),
    Reason.CRASHED: Explanation(
        "the program ended in the middle of it, again and again",
        "look at the file and the logs before a retry",
        False,
    ),
    Reason.INTERNAL_ERROR: Explanation(
        "cratedig itself failed on it", "report it with what the log says, please", False
    ),
    Reason.UNKNOWN_VERSION: Explanation(
        "a newer cratedig wrote it, and this one does not know what it means",
        "update cratedig, then use scrape queue retry",
        False,
    ),
    Reason.CANCELLED: Explanation("it was cancelled", "use scrape queue retry to bring it back", False),
}


def explain(reason: Reason) -> Explanation:
    """Return the sentence and the next step of `reason`; one that is no member is a newer cratedig's."""
    return _EXPLANATIONS.get(reason, _EXPLANATIONS[Reason.UNKNOWN_VERSION])


def in_words(reason: Reason, detail: str | None = None) -> str:
    """Return the sentence of `reason`, with `detail` behind it unless it says only what the sentence says.

    >>> in_words(Reason.NOT_FOUND, "status 404")
    'the server does not have it (404)'
    """
    sentence = explain(reason).sentence
    if not detail or f"({detail.removeprefix('status ')})" in sentence:
        return sentence
    return f"{sentence} ({detail})"
