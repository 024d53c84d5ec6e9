"""The address of a platform's interface, as one of the blog's pages states it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from scraper.blogs.platforms import Platform
from scraper.http.addresses.identity import fetch_url, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.blogs.page_signs import PageSigns

API_RELATION: Final = "https://api.w.org/"
"""https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/"""

_WORDPRESS = frozenset({Platform.WORDPRESS, Platform.WORDPRESS_COM})
_CONTENT_API = "ghost/api/content/"
# Where Ghost's own scripts state their site: portal; search, where it is the address of the administration.
_GHOST_SITES = ("data-ghost", "data-sodo-search")
_KEY = re.compile(r"[0-9a-f]{16,64}")
# Themes with a search of their own: var gh_search_key = '…', new SearchinGhost({key: '…'})
_KEY_IN_SCRIPT = re.compile(
    r"""(?:\b|_|[a-z])key\b["']?\s{0,9}[:=]\s{0,9}["']([0-9a-f]{26})["']""", re.IGNORECASE
)


def api_of(platform: Platform, signs: PageSigns) -> str | None:
    """Return the address of the interface of `platform` that a page with these `signs` states, or None."""
    if platform in _WORDPRESS:
        related = (each.url for each in (*signs.relations, *signs.linked) if each.rel == API_RELATION)
        return next(related, None)
    if platform is Platform.GHOST:
        return next(_ghost_apis(signs), None)
    return None


def ghost_home(signs: PageSigns) -> str | None:
    """Return the home that Ghost's scripts state, where it is of the page's own site."""
    return next(_own_sites(signs), None)


def has_own_ghost_script(signs: PageSigns) -> bool:
    """Return whether the page has Ghost's scripts for its own site, and not a form of another's."""
    return next(_own_sites(signs), None) is not None


def _own_sites(signs: PageSigns) -> Iterator[str]:
    for script in signs.keyed:
        site = _site(script, signs)
        if site and same_site(site, signs.url):
            yield site


def _site(script: Mapping[str, str], signs: PageSigns) -> str | None:
    stated = next((script[name] for name in _GHOST_SITES if script.get(name)), None)
    return _folder(fetch_url(stated, signs.base or stated)) if stated else None


def _ghost_apis(signs: PageSigns) -> Iterator[str]:
    """Yield addresses of the Content API with a key: first of scripts for the page's own site."""
    sites = [(script, _site(script, signs)) for script in signs.keyed]
    for script, site in sorted(sites, key=lambda pair: not (pair[1] and same_site(pair[1], signs.url))):
        stated = script.get("data-api", "")
        api = _folder(fetch_url(stated, signs.base or stated)) or (site and site + _CONTENT_API)
        if api and _KEY.fullmatch(script["data-key"].strip()):
            yield _keyed(api, script["data-key"].strip())
    home = ghost_home(signs) or fetch_url("/", signs.url)
    for text in signs.scripts:
        found = _KEY_IN_SCRIPT.search(text)
        if found and home:
            yield _keyed(home + _CONTENT_API, found[1])


def _folder(url: str | None) -> str | None:
    """Return `url` without query and fragment, with a slash at its end."""
    if url is None:
        return None
    parts = urlsplit(url)
    return parts._replace(path=parts.path.rstrip("/") + "/", query="", fragment="").geturl()


def _keyed(api: str, key: str) -> str:
    return f"{api}?{urlencode({'key': key})}"
