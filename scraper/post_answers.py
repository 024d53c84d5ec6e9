"""Whether the answer for a listed post may be one: an HTML page of the blog, where posts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.blogs.addresses import PostAddresses
from scraper.http.addresses.identity import origin, post_key, same_site
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Page

_HTML = frozenset({"text/html", "application/xhtml+xml"})
# What servers say of pages that they know nothing about.
_UNSURE = frozenset({"application/octet-stream", "text/plain", "text/xml", "application/xml"})
_SNIFFED = 1024


def require_post(page: Page, listed: ListedPost, *, listing: str) -> None:
    """Raise `FetchError` unless `page` may be the post `listed` on the page at `listing`."""
    if not _is_html(page):
        raise FetchError(Reason.NOT_HTML, listed.url, detail=page.content_type)
    if not same_site(page.url, listed.url):
        raise FetchError(Reason.BAD_REDIRECT, listed.url, detail=f"to {origin(page.url)}")
    if post_key(page.url) != listed.key and PostAddresses(listing).key_of(page.url) is None:
        raise FetchError(Reason.BAD_REDIRECT, listed.url, detail=f"to {page.url}, which is no post")


def _is_html(page: Page) -> bool:
    if page.content_type in _HTML:
        return True
    head = page.body[:_SNIFFED].lower()
    return page.content_type in _UNSURE and (b"<html" in head or b"<!doctype html" in head)
