"""Who asks: the headers that name cratedig, and the person to turn to. Pure."""

from __future__ import annotations

import re

from scraper import __version__

MAX_LENGTH = 200
"""Characters of a contact or a sender."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_MAIL_SCHEME = "mailto:"
_SPECIAL = re.compile(r"[()\\]")


def identity_headers(*, contact: str | None, sender: str | None) -> dict[str, str]:
    """Return User-Agent, and From where there is a `sender`, for every request.

    The user agent is `cratedig/VERSION`, with the contact as a comment behind it; both are told as they
    were written. Raises ValueError for what `checked_contact` and `checked_sender` refuse.
    Source: RFC 9110, 10.1.2 and 10.1.5.
    """
    agent = f"cratedig/{__version__}"
    if contact:
        agent = f"{agent} (+{_SPECIAL.sub(_quoted, checked_contact(contact))})"
    return {"User-Agent": agent, "From": checked_sender(sender)} if sender else {"User-Agent": agent}


def checked_contact(text: str) -> str:
    """Return `text`, the address of a page or a mailbox, or raise ValueError with what to write instead."""
    text = _one_line(text)
    if not _ADDRESS.fullmatch(text) and not _MAILBOX.fullmatch(text.removeprefix(_MAIL_SCHEME)):
        raise ValueError(f"{text!r} reaches nobody: write https://blog.example/about or me@blog.example")
    return text


def checked_sender(text: str) -> str:
    """Return `text`, one mailbox without a name, or raise ValueError with what to write instead."""
    text = _one_line(text)
    if not _MAILBOX.fullmatch(text):
        raise ValueError(f"{text!r} is not one e-mail address: write me@blog.example")
    return text


def _one_line(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError(f"it has more than {MAX_LENGTH} characters: write a shorter one")
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"{text!r} holds what no header may: write it in ASCII, on one line")
    return text


def _quoted(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
