"""One post of version 1 of Tumblr's API as a listed post. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.blogs.listed import ListedPost
from scraper.blogs.ways.fields import (
    Object,
    html_of,
    identifier_of,
    moment_of,
    number_of,
    terms_of,
    text_of,
    title_of,
    written,
)
from scraper.blogs.ways.tumblr_html import pictures, post_html
from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITTEN = (
    ("regular", "regular-body"),
    ("quote", "quote-text"),
    ("photo", "photo-caption"),
    ("video", "video-caption"),
    ("audio", "audio-caption"),
    ("answer", "question"),
)
_HEAD = 5000
_MAX_LINE = 150
_LINE_ENDS = re.compile(r"</(?:p|h[1-6]|div|li|blockquote|figcaption)>|<br\s?/?>|\n", re.IGNORECASE)
# What Tumblr puts before a text that it took over from another blog, and behind one that goes on elsewhere.
_REBLOGGED = "tumblr_blog"
_CUT = re.compile(r"<a\b[^<>]{0,2000}\b(?:tmblr-truncated-link|read_more)\b", re.IGNORECASE)
_PUBLIC_STATES = (None, "", "published")


def listed_post(post: Object, *, base: str, sites: Sequence[str]) -> ListedPost | None:
    """Return `post`; None if its address is of none of `sites`, or there is none. `base` is the answer's."""
    hrefs = (post.get(name) for name in ("url-with-slug", "url"))
    urls = (fetch_url(href, base) for href in hrefs if isinstance(href, str))
    url = next((url for url in urls if url is not None), None)
    if url is None or not any(same_site(url, site) for site in sites):
        return None
    content = post_html(post)
    tags = post.get("tags")
    photo = next(pictures(post), None)
    return ListedPost(
        url=url,
        key=post_key(url),
        title=_title(post) or _first_line(post),
        published=_published(post),
        categories=terms_of(tags if isinstance(tags, list) else ()),
        id=identifier_of(post.get("id")),
        content=None if _CUT.search(content) else content or None,
        cover=None if photo is None else fetch_url(photo, url),
    )


def is_private(post: Object) -> bool:
    """Return whether only some may see `post`, or nobody yet: private, a draft, in the queue, submitted."""
    return post.get("private") in (True, "1", "true") or post.get("state") not in _PUBLIC_STATES


def _published(post: Object) -> str | None:
    moment: float | None = number_of(post.get("unix-timestamp"))
    if moment is None:
        moment = moment_of((text_of(post.get("date-gmt")) or "").replace(" GMT", "+00:00"))
    return None if moment is None else written(moment)


def _title(post: Object) -> str | None:
    """Return the title that `post` has; what it plays is called by its artist and title."""
    if post.get("type") == "audio":
        names = (title_of(post.get(name)) for name in ("id3-artist", "id3-title"))
        return (
            text_of(" – ".join(name for name in names if name)) if title_of(post.get("id3-title")) else None
        )
    names = (title_of(post.get(name)) for name in ("regular-title", "link-text", "conversation-title"))
    return next((name for name in names if name), None)


def _first_line(post: Object) -> str | None:
    """Return the first line of what was written, which is the title that most posts have."""
    written_in = (field for kind, field in _WRITTEN if kind == post.get("type"))
    for line in _LINE_ENDS.split(html_of(post.get(next(written_in, "")))[:_HEAD]):
        text = None if _REBLOGGED in line else title_of(line)
        if text is not None:
            return text if len(text) <= _MAX_LINE else None
    return None
