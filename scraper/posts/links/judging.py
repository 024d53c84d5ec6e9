"""From an address as it stands in a post to what it leads to, or to why it is passed over. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.http.addresses.identity import MAX_URL_LENGTH, link_key, same_site
from scraper.posts.links.address import Base, read_address
from scraper.posts.links.classify import Classified, classify
from scraper.posts.links.hosts import find_host
from scraper.posts.links.offers import Element, serves
from scraper.posts.links.redirects import unwrap
from scraper.posts.links.why import Why

if TYPE_CHECKING:
    from scraper.posts.links.address import Address
    from scraper.posts.links.elements import Found

_SKIPPED = ("data:", "mailto:", "javascript:", "tel:", "about:", "blob:", "magnet:")
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]{1,20}:(?!\d)", re.IGNORECASE)
# No dot but that of the ending, and no escape that stands for one or for a slash: the path names no file.
_NAME = r"(?:[\w~+,@:=!()-]|%(?!2[EeFf])[2-9A-Fa-f][0-9A-Fa-f])++"
_PLAIN_PAGE = re.compile(rf"((?:/{_NAME})*+)(?:/|\.html?)?")
_CLICKED = frozenset({Element.LINK, Element.BUTTON, Element.TEXT})


class Judge:
    """Judges the addresses of one post, each once."""

    def __init__(self, *, base: str, page: str, explaining: bool) -> None:
        self._base = Base(base)
        self._page = page
        origin = self._base.origin if base == page else Base(page).origin
        is_blog = origin is not None and find_host(read_address(origin).host) is None
        self._origin = origin if is_blog else None
        self._here = link_key(page)
        self._explaining = explaining
        self._judged: dict[tuple[str, str, str | None, Element], Classified | Why] = {}

    def judge(self, found: Found) -> Classified | Why:
        """Return what an address of the post leads to, or why it is passed over."""
        sign = (found.href, found.text, found.name, found.element)
        judged = self._judged.get(sign)
        if judged is None:
            judged = self._judged[sign] = self._judge(found, found.href.strip())
        return judged

    def _judge(self, found: Found, href: str) -> Classified | Why:
        if not self._explaining and found.element in _CLICKED and self._is_own_page(href):
            return Why.OWN_BLOG
        address = self._address(href)
        if isinstance(address, Why):
            return address
        known = classify(address, text=found.text, name=found.name, element=found.element, page=self._page)
        if isinstance(known, Classified):
            return known if known.key != self._here else Why.THE_POST
        if self._explaining and known is Why.PAGE and same_site(address.url, self._page):
            return Why.THE_POST if link_key(address.url) == self._here else Why.OWN_BLOG
        return known

    def _address(self, href: str) -> Address | Why:
        if href.startswith("#"):
            return Why.PLACE_ON_PAGE
        if href[:12].lower().startswith(_SKIPPED):
            return Why.OTHER_SCHEME
        url = self._base.resolve(href) if href and len(href) <= MAX_URL_LENGTH else None
        if url is None:
            return Why.OTHER_SCHEME if _SCHEME.match(href) else Why.NO_ADDRESS
        return unwrap(read_address(url), page=self._page)

    def _is_own_page(self, href: str) -> bool:
        """Whether an address is that of an ordinary page of the blog, as most are: seen without parsing."""
        origin = self._origin
        if origin is None:
            return False
        if href.startswith(origin):
            path = href[len(origin) :]
        elif self._base.origin == origin and href.startswith("/") and not href.startswith("//"):
            path = href
        else:
            return False
        plain = _PLAIN_PAGE.fullmatch(path) if path[:1] in {"", "/"} else None
        return plain is not None and not serves(plain[1])
