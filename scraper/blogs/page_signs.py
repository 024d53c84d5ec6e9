"""What a page's markup and headers hold that may show its platform, gathered in one pass. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

    from scraper.http.page import Page

MAX_SIGNS: Final = 500
"""Signs of each kind that are looked at."""

_MAX_LENGTH = 2000  # characters of a sign
_SCRIPT_START = 4000  # characters of a script in the page
_LINK = re.compile(r"<([^<>]{1,2000})>([^<]*)")
_REL = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
_ASSET_RELS = frozenset({"stylesheet", "preload", "modulepreload", "preconnect", "dns-prefetch"})

_Sign = TypeVar("_Sign")


@dataclass(frozen=True, slots=True)
class Relation:
    """A link of the page as a whole: its relation in lower case, address (absolute) and type."""

    rel: str
    url: str
    type: str = ""


@dataclass(slots=True, kw_only=True)
class PageSigns:
    """The signs of a page, in its order; addresses are absolute, names of headers and metas lower case."""

    url: str
    """The page's address, as far as it is one."""
    base: str
    headers: dict[str, list[str]] = field(default_factory=dict)
    linked: list[Relation] = field(default_factory=list)
    """The relations of HTTP's Link header."""
    generators: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    """How the scripts in the page begin."""
    keyed: list[Mapping[str, str]] = field(default_factory=list)
    """The attributes of scripts that have a `data-key`."""
    body_classes: frozenset[str] = frozenset()


def signs_of(answer: Page, tree: HtmlElement) -> PageSigns:
    """Gather the signs of the page `tree` that came with `answer`, of each kind at most `MAX_SIGNS`."""
    url = fetch_url(answer.url, answer.url) or ""
    signs = PageSigns(url=url, base=_base(tree, url))
    for name, value in answer.headers.items():
        signs.headers.setdefault(name.lower(), []).append(value[: _MAX_LENGTH * 2])
    for value in signs.headers.get("link", [])[:MAX_SIGNS]:
        signs.linked.extend(_link_header(value, url))
    for element in tree.iter(*_READERS):
        _READERS[element.tag](signs, element)
    return signs


def _base(tree: HtmlElement, url: str) -> str:
    href = next((element.get("href") for element in tree.iter("base")), None)
    return fetch_url(href or "", url) or url


def _link_header(value: str, url: str) -> list[Relation]:
    found: list[Relation] = []
    for target, parameters in _LINK.findall(value):
        rel = _REL.search(parameters)
        address = fetch_url(target, url)
        if rel and address:
            found.extend(Relation(each, address) for each in (rel[1] or rel[2] or "").lower().split())
    return found


def _meta(signs: PageSigns, element: HtmlElement) -> None:
    name = (element.get("name") or element.get("property") or "").strip().lower()[:_MAX_LENGTH]
    content = " ".join((element.get("content") or "")[:_MAX_LENGTH].split())
    if name == "generator" and content:
        _keep(signs.generators, content)
    elif name and len(signs.metas) < MAX_SIGNS:
        signs.metas.setdefault(name, content)


def _link(signs: PageSigns, element: HtmlElement) -> None:
    url = _address(signs, element.get("href"))
    if url is None:
        return
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    rels = (element.get("rel") or "").lower().split()
    for rel in rels[:5]:
        _keep(signs.relations, Relation(rel, url, kind))
    if not _ASSET_RELS.isdisjoint(rels):
        _keep(signs.assets, url)


def _script(signs: PageSigns, element: HtmlElement) -> None:
    url = _address(signs, element.get("src"))
    if url is not None:
        _keep(signs.assets, url)
    elif element.text:
        _keep(signs.scripts, element.text[:_SCRIPT_START])
    if element.get("data-key"):
        _keep(signs.keyed, {name: value[:_MAX_LENGTH] for name, value in element.attrib.items()})


def _anchor(signs: PageSigns, element: HtmlElement) -> None:
    # <a rel="home"> of a theme's head: the only link in the text that says what the site is.
    if "home" in (element.get("rel") or "").lower().split():
        url = _address(signs, element.get("href"))
        if url is not None:
            _keep(signs.relations, Relation("home", url))


def _body(signs: PageSigns, element: HtmlElement) -> None:
    signs.body_classes = frozenset((element.get("class") or "")[:_MAX_LENGTH].lower().split())


def _address(signs: PageSigns, href: str | None) -> str | None:
    return fetch_url(href, signs.base or href) if href and len(href) <= _MAX_LENGTH else None


def _keep(signs: list[_Sign], sign: _Sign) -> None:
    if len(signs) < MAX_SIGNS:
        signs.append(sign)


_READERS = {"a": _anchor, "body": _body, "link": _link, "meta": _meta, "script": _script}
