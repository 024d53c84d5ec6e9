"""The name of the blog where no meta element states it: what leads home, a logo, the address itself."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from scraper.posts.titles.headings import headings, text_of
from scraper.posts.titles.site_names import is_named_after, is_site_in
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.document import Head

_MAX_HEADINGS = 3
_MAX_LINKS = 60
_MAX_PICTURES = 20
_MAX_WORDS = 12
_LOGO = "logo"


def named_site(tree: HtmlElement, head: Head, *, url: str, blog: str | None = None) -> str | None:
    """Return the blog's name, which is a part of the page's title, or None if nothing tells it.

    In this order: one of the first headings that leads home, a link that does, the words of a picture that
    is called a logo; without ``og:title`` also the host of `url` and the path of the address of the `blog`.
    But for a heading it must be told from the artist in ``Artist – Title``, and stand in ``og:title`` too,
    where there is one. Pure.
    """
    titles = [clean(title) for title in (head.title, head.og_title) if title]
    if not titles:
        return None
    blog = None if blog == url else blog  # a link to the page itself leads to no home
    for heading in islice(headings(tree), _MAX_HEADINGS):
        if is_site_in(titles[0], heading.text) and _leads_home(heading.element, head.base, blog):
            return heading.text
    names = _names(tree, head, url, blog)
    return next((name for name in names if all(is_named_after(title, name) for title in titles)), None)


def _names(tree: HtmlElement, head: Head, url: str, blog: str | None) -> Iterator[str]:
    for link in islice(tree.iter("a"), _MAX_LINKS):
        if _is_home(link, head.base, blog):
            yield text_of(link)
            yield from (clean(picture.get("alt") or "") for picture in islice(link.iter("img"), 1))
    for picture in islice(tree.iter("img"), _MAX_PICTURES):
        said = f"{picture.get('src')} {picture.get('class')} {picture.get('id')}".lower()
        if _LOGO in said:
            yield clean(picture.get("alt") or "")
    if not head.og_title:
        yield from _of_address(url, blog)


def _of_address(url: str, blog: str | None) -> Iterator[str]:
    """Yield the labels of the host but for the last, and the folders of the blog's own address."""
    try:
        host = urlsplit(url).hostname or ""
        folders = urlsplit(blog or "").path.split("/")
    except ValueError:
        return
    yield host.removeprefix("www.")
    yield from islice((label for label in host.split(".")[:-1] if label != "www"), _MAX_WORDS)
    yield from islice((unquote(folder).lstrip("~") for folder in folders if folder), _MAX_WORDS)


def _leads_home(element: HtmlElement, base: str, blog: str | None) -> bool:
    return any(_is_home(link, base, blog) for link in islice(element.iter("a"), _MAX_HEADINGS))


def _is_home(link: HtmlElement, base: str, blog: str | None) -> bool:
    try:
        here, home = urlsplit(base), urlsplit(blog or "")
        address = urlsplit(urljoin(base, (link.get("href") or "?").strip()))
    except ValueError:
        return False
    paths = {"", home.path.rstrip("/")} if home.netloc == here.netloc else {""}
    return address.netloc == here.netloc and not address.query and address.path.rstrip("/") in paths
