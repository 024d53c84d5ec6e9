"""The line that plugins put under each post of a feed: "The post X appeared first on Y"."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset({"p", "div", "small", "footer", "li"})
_LAST_LINKS = 6
_MAX_PIECES = 20
# Characters around the two links: 30 in English, some 50 in other languages.
_MAX_AROUND = 90


def strip_feed_footer(root: HtmlElement, *, url: str) -> None:
    """Remove from `root`, in place, a line near its end that names the post at `url` and its blog, no more.

    It is known by its two links, whatever its language: one to the post, one to a page above it on the
    same site. Source: Yoast SEO, which puts it there by default (https://yoast.com/help/rss/).
    """
    name = url.rstrip("/").rpartition("/")[2]
    for link in [*root.iter("a")][-_LAST_LINKS:]:
        href = link.get("href") or ""
        if name in href and _is_post(href, url):
            block = next((up for up in link.iterancestors() if up.tag in _BLOCKS), None)
            if block is not None and _is_footer(block, url):
                block.clear(keep_tail=True)
                return


def _is_footer(block: HtmlElement, url: str) -> bool:
    links = [*islice(block.iter("a"), 3)]
    if len(links) != 2:  # noqa: PLR2004 - the post and its blog
        return False
    homes = [href for link in links if not _is_post(href := link.get("href"), url)]
    if len(homes) != 1 or not _is_above(homes[0], url):
        return False
    pieces = [*islice(block.itertext(), _MAX_PIECES + 1)]
    around = sum(map(len, pieces)) - sum(len("".join(link.itertext())) for link in links)
    return len(pieces) <= _MAX_PIECES and around <= _MAX_AROUND


def _is_post(href: str | None, url: str) -> bool:
    target = fetch_url(href or "", url)
    return target is not None and post_key(target) == post_key(url)


def _is_above(href: str | None, url: str) -> bool:
    target = fetch_url(href or "", url)
    if target is None or not same_site(target, url):
        return False
    return unquote(urlsplit(url).path).startswith(unquote(urlsplit(target).path).rstrip("/") + "/")
