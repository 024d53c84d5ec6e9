"""What a blog runs on, told from one of its pages. Pure.

The marks and their sources: recognition.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.blogs.page_place import home_of, label_of, lists_whole_blog
from scraper.blogs.page_signs import signs_of
from scraper.blogs.platform_api import API_RELATION, api_of, has_own_ghost_script
from scraper.blogs.platforms import Platform, recognition_marks
from scraper.http.addresses.identity import same_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

    from scraper.blogs.page_signs import PageSigns, Relation
    from scraper.blogs.platforms import PlatformMarks
    from scraper.http.page import Page

__all__ = ["Platform", "Recognised", "recognise"]

_SHOWN = 60  # characters of what a page says that are repeated as evidence
# Behind a platform's name: nothing, a version, or a remark. "Hugo Theme X" is made for one, not by it.
_AFTER_NAME = re.compile(r"$|[ /-]+v?\d|\s*[(;:!-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What one page tells of the blog that it belongs to.

    `by` names the evidence in a few words, empty for the unknown platform. `home` is the blog's home as far
    as the page tells, else the site's root or, of an unknown platform, the page's own address.
    """

    platform: Platform
    by: str
    home: str
    api: str | None = None
    """WordPress and WordPress.com: the root of the REST interface, where the page states it. Ghost: the
    address of the Content API with the page's `key` in the query, for `GhostWay.of`."""
    label: str | None = None
    """Of a page that lists a part which the platform's interface can list too: Blogger's label, Tumblr's
    tag, the slug of Ghost's tag, Squarespace's category or tag (which its way keeps by itself)."""
    whole: bool = False
    """Whether the page lists the whole blog, or is its home, rather than a part of it or one post."""


def recognise(answer: Page, tree: HtmlElement) -> Recognised:
    """Return what the page `tree` of `answer` tells of its blog, whatever it holds. Never raises."""
    signs = signs_of(answer, tree)
    platform, by = _platform(signs)
    marks = recognition_marks().of(platform)
    api = api_of(platform, signs)
    home = home_of(signs, marks, api) or answer.url
    return Recognised(
        platform=platform,
        by=by,
        home=home,
        api=api,
        label=label_of(signs.url, marks),
        whole=lists_whole_blog(signs, marks, home),
    )


def _platform(signs: PageSigns) -> tuple[Platform, str]:
    for kind in (_generator, _plugin, _header, _relation, _asset, _host):
        platform, by = kind(signs)
        if platform is Platform.WORDPRESS and _host(signs)[0] is Platform.WORDPRESS_COM:
            return Platform.WORDPRESS_COM, by
        if platform is not Platform.UNKNOWN:
            return platform, by
    return Platform.UNKNOWN, ""


def _first(found: Callable[[PlatformMarks], str | None]) -> tuple[Platform, str]:
    """Return the first platform of which `found` gives a piece of evidence."""
    for marks in recognition_marks().platforms:
        by = found(marks)
        if by is not None:
            return marks.platform, by
    return Platform.UNKNOWN, ""


def _generator(signs: PageSigns) -> tuple[Platform, str]:
    for said in signs.generators:
        platform, by = _first(lambda marks, said=said: _said(said, marks))  # type: ignore[misc]
        if platform is not Platform.UNKNOWN:
            return platform, by
    return Platform.UNKNOWN, ""


def _said(generator: str, marks: PlatformMarks) -> str | None:
    lower = generator.lower()
    for name in marks.generators:
        if lower.startswith(name) and _AFTER_NAME.match(lower, len(name)):
            return f"meta generator {_shown(generator)}"
    return None


def _plugin(signs: PageSigns) -> tuple[Platform, str]:
    def found(marks: PlatformMarks) -> str | None:
        said = (each for each in signs.generators if each.lower().startswith(marks.plugins))
        return next((f"meta generator {_shown(each)}" for each in said), None) if marks.plugins else None

    return _first(found)


def _header(signs: PageSigns) -> tuple[Platform, str]:
    def found(marks: PlatformMarks) -> str | None:
        for name, pattern in marks.headers.items():
            for value in signs.headers.get(name, ()):
                if pattern.search(value.strip().lower()):
                    return f"header {name}: {_shown(value)}"
        linked = next(_related(signs.linked, marks, signs.url), None)
        return f"Link header of {_named(linked)}" if linked else None

    return _first(found)


def _relation(signs: PageSigns) -> tuple[Platform, str]:
    def found(marks: PlatformMarks) -> str | None:
        related = next(_related(signs.relations, marks, signs.url), None)
        if related:
            return f"link relation {_named(related)}"
        for name, content in marks.metas.items():
            if signs.metas.get(name, "").lower() == content:
                return f"meta {name} {_shown(signs.metas[name])}"
        return None

    return _first(found)


def _related(relations: list[Relation], marks: PlatformMarks, url: str) -> Iterator[Relation]:
    for relation in relations:
        anywhere, own = marks.relations.get(relation.rel), marks.own_relations.get(relation.rel)
        address = relation.url.lower()
        if (anywhere and anywhere.search(address)) or (
            own and own.search(address) and same_site(relation.url, url)
        ):
            yield relation


def _named(relation: Relation) -> str:
    return "api.w.org" if relation.rel == API_RELATION else _shown(relation.rel)


def _asset(signs: PageSigns) -> tuple[Platform, str]:
    own = [url for url in signs.assets if same_site(url, signs.url)]

    def found(marks: PlatformMarks) -> str | None:
        patterns = chain(
            ((pattern, signs.assets) for pattern in marks.assets),
            ((pattern, own) for pattern in marks.own_assets),
        )
        for pattern, urls in patterns:
            for url in urls:
                match = pattern.search(url.lower().removesuffix("/"))
                if match:
                    return f"assets at {_shown(match[0].partition('://')[2] or match[0])}"
        for script in signs.scripts:
            if any(word in script.lower() for word in marks.scripts):
                return f"script {marks.scripts[0]}"
        if marks.platform is Platform.GHOST and has_own_ghost_script(signs):
            return "script of Ghost's portal or search"
        return None

    return _first(found)


def _host(signs: PageSigns) -> tuple[Platform, str]:
    host = urlsplit(signs.url).hostname or ""

    def found(marks: PlatformMarks) -> str | None:
        return f"host {host}" if any(pattern.search(host) for pattern in marks.hosts) else None

    return _first(found)


def _shown(text: str) -> str:
    """Return the beginning of `text` in one line that any terminal can show."""
    line = "".join(character if character.isprintable() else " " for character in text[: _SHOWN * 2])
    return " ".join(line.split())[:_SHOWN]
