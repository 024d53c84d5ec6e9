"""Pages for people in place of a file: login, consent, quota used up. Pure."""

from __future__ import annotations

from scraper.downloads.content.markup import is_plain_text, kind_of_text
from scraper.downloads.errors import DownloadError
from storage.reasons import Reason

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def refuse_page(head: bytes, where: str, *, content_type: str, redirected: bool) -> None:
    """Raise `DownloadError` when `head`, the first bytes of an answer, is a page or text.

    A page that a redirect led to may be another thing tomorrow, `html-instead-of-media`; else it is
    `not-audio`. A type alone is believed only of text: music is often sent as ``text/html``.
    """
    kind = kind_of_text(head)
    is_page = kind is not None and "HTML" in kind
    if redirected and (is_page or (content_type in _PAGES and (kind is not None or is_plain_text(head)))):
        raise DownloadError(Reason.HTML_INSTEAD, where, detail="a redirect led to a page")
    if kind is not None:
        raise DownloadError(Reason.NOT_AUDIO, where, detail=f"it is {kind}")
