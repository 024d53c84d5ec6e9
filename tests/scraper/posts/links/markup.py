"""Markup of a post, and the links that are read in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.element import Tag

from scraper.posts.links.reading import read_links

if TYPE_CHECKING:
    from storage.records import Link

PAGE = "https://b.example/p/"


def node_of(html: str, parser: str = "lxml") -> Tag:
    """Return the element of a post that holds `html`."""
    node = BeautifulSoup(f"<article>{html}</article>", parser).find("article")
    assert isinstance(node, Tag)
    return node


def links_of(html: str, base: str = PAGE, page: str = PAGE) -> tuple[Link, ...]:
    """Return the links of a post that holds `html`."""
    return read_links(node_of(html), base=base, page=page).links


def link(href: str, text: str = "x") -> str:
    """Return the markup of a link."""
    return f'<a href="{href}">{text}</a>'
