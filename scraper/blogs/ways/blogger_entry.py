"""One entry of a Blogger feed as a listed post, and whether the feed holds whole posts. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.blogs.listed import ListedPost
from scraper.blogs.ways.fields import (
    Object,
    html_of,
    identifier_of,
    moment_of,
    number_of,
    object_of,
    objects_of,
    terms_of,
    text_of,
    title_of,
)
from scraper.http.addresses.identity import fetch_url, host_suffixes, post_key, same_site
from scraper.posts.links.reading import Enclosure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_ENCLOSURES = 50
_POST = re.compile(r"\.post-(\d{1,40})$")
# What <!--more--> of the editor becomes.
_JUMP = re.compile(
    r"""<a\b[^<>]{0,100}?\bname\s?=\s?(?:"more"|'more'|more(?=[\s>]))[^<>]{0,100}>\s{0,9}(?:</a>)?\s{0,99}""",
    re.IGNORECASE,
)
# The link that leads on from the jump break to the rest of the post.
_LINK = re.compile(r"<a\b[^<>]{0,2000}>[^<]{0,200}</a>", re.IGNORECASE)
_JUMP_TARGET = "#more"
_MAX_PROOFS = 20
_MAX_LOOKED_AT = 100_000
_SHOWN = re.compile(r"<(?:img|iframe|audio|video|source|embed|object)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"(?:&nbsp;|&#160;|\s)+")
# /s72-c/ or =s72-c, also with a width and a height: the picture as its host makes it smaller.
_SIZE = re.compile(r"(?<=/)s\d{1,4}(?:-[a-z]+\d{0,4}){0,8}(?=/[^/]+$)|(?<==)s\d{1,4}(?:-[a-z]+\d{0,4}){0,8}$")
_LARGEST = "s1600"
_PICTURE_HOSTS = frozenset({"blogspot.com", "googleusercontent.com", "ggpht.com"})


def has_whole_posts(entries: Sequence[Object]) -> bool:
    """Return whether the feed that `entries` are of holds whole posts: one of them goes on behind its jump.

    Behind the jump break of a cut post there may be blanks, the link that leads on, and the footer that the
    blog adds to every post of its feed: what all entries end with proves nothing.
    """
    contents = [html_of(object_of(entry.get("content")).get("$t")) for entry in entries]
    rests = dict.fromkeys(rest for rest in map(_behind_jump, contents) if rest)
    return any(not content.endswith(rest) for rest in list(rests)[:_MAX_PROOFS] for content in contents)


def listed_post(entry: Object, *, base: str, sites: Sequence[str], whole: bool) -> ListedPost | None:
    """Return the post of `entry`; None if its address is of none of `sites`, or there is none.

    `base` is the address of the feed; `whole` says whether its contents are.
    """
    url = _permalink(entry, base)
    if url is None or not any(same_site(url, site) for site in sites):
        return None
    return ListedPost(
        url=url,
        key=post_key(url),
        title=_title(object_of(entry.get("title"))),
        published=_text(entry, "published"),
        categories=terms_of(category.get("term") for category in objects_of(entry.get("category"))),
        enclosures=tuple(_enclosures(entry, url))[:_MAX_ENCLOSURES],
        id=_id(entry),
        modified=moment_of(_text(entry, "updated")),
        content=_content(object_of(entry.get("content"))) if whole else None,
        cover=_cover(object_of(entry.get("media$thumbnail")), url),
    )


def _text(entry: Object, name: str) -> str | None:
    return text_of(object_of(entry.get(name)).get("$t"))


def _permalink(entry: Object, base: str) -> str | None:
    links = (link for link in objects_of(entry.get("link")) if link.get("rel") == "alternate")
    hrefs = (link.get("href") for link in links if link.get("type") in (None, "text/html"))
    urls = (fetch_url(href, base) for href in hrefs if isinstance(href, str))
    return next((url for url in urls if url is not None), None)


def _id(entry: Object) -> str | None:
    whole = identifier_of(object_of(entry.get("id")).get("$t"))
    found = _POST.search(whole or "")
    return found[1] if found else whole


def _title(title: Object) -> str | None:
    return (title_of if title.get("type") == "html" else text_of)(title.get("$t"))


def _content(content: Object) -> str | None:
    """Return the HTML of `content`: a text is the beginning of a post."""
    return None if content.get("type") == "text" else html_of(content.get("$t")) or None


def _behind_jump(content: str) -> str:
    """Return what stands behind the jump break of `content`; "" if nothing does that shows."""
    jump = _JUMP.search(content)
    if jump is None:
        return ""
    rest = content[jump.end() :]
    own = _LINK.sub(lambda link: "" if _JUMP_TARGET in link[0] else link[0], rest[:_MAX_LOOKED_AT])
    return rest if _SHOWN.search(own) or _BLANKS.sub("", _TAG.sub("", own)) else ""


def _enclosures(entry: Object, base: str) -> Iterator[Enclosure]:
    for link in objects_of(entry.get("link")):
        href = link.get("href")
        url = fetch_url(href, base) if link.get("rel") == "enclosure" and isinstance(href, str) else None
        if url is not None:
            yield Enclosure(
                url=url, type=text_of(link.get("type")), length=number_of(link.get("length")) or None
            )


def _cover(thumbnail: Object, base: str) -> str | None:
    """Return the address of the picture in its largest size, where its host makes sizes."""
    href = thumbnail.get("url")
    url = fetch_url(href, base) if isinstance(href, str) else None
    if url is None or _PICTURE_HOSTS.isdisjoint(host_suffixes(urlsplit(url).hostname or "")):
        return url
    return _SIZE.sub(_LARGEST, url)
