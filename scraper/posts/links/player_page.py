"""The page of a blog's own player, which the blog shows in a frame: what it plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from lxml import etree

from scraper.posts.links.reading import read_links
from scraper.posts.page.document import base_of, parse_document

if TYPE_CHECKING:
    from scraper.posts.links.reading import LinkReading


def read_player(body: bytes, charset: str | None, url: str) -> LinkReading:
    """Return the links of the page `body`, which answered at `url`: all that it has, and its own players.

    `charset` is what the Content-Type header names. Raises `UnreadablePageError`. Pure.
    """
    tree = parse_document(body, charset=charset)
    markup = etree.tostring(tree, encoding="unicode", method="html", with_tail=False)
    return read_links(BeautifulSoup(markup, "lxml"), base=base_of(tree, url), page=url)
