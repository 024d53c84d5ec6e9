"""From a download and its post to what a template for names can ask for. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.downloads.choosing.stems import post_stem
from scraper.downloads.naming.component import UNTITLED
from scraper.posts.titles import parse_title

if TYPE_CHECKING:
    from storage.records import Download, Post

_PART = re.compile(r"(.+)\.(part\d{1,4})", re.DOTALL)
_DAY: Final = 10  # characters of 2024-05-17
_YEAR: Final = 4
_DIGITS: Final = 8
_MOST_READ: Final = 500  # characters: no title is longer


def name_values(download: Download, post: Post | None) -> dict[str, str | None]:
    """Return a value, or None, for each field of `FIELDS` but ``format``, which the content tells.

    Artist, title and version are those of the post where the file is called as the post is, else what the
    file's own name says; `post` is None where the post is not stored any more. Nothing is made safe here.
    """
    name = download.stem or UNTITLED
    split = _PART.fullmatch(name)
    artist, title, version = _what_it_is(split[1] if split else name, post)
    date = post.published.text[:_DAY] if post and post.published else None
    blog = post.blog if post else download.referer
    genres = post.genres if post else ()
    return {
        "name": name,
        "artist": artist,
        "title": title,
        "version": version,
        "label": post.label if post else None,
        "genre": genres[0] if genres else None,
        "genres": ", ".join(genres) or None,
        "year": date[:_YEAR] if date else None,
        "date": date,
        "post": post.title if post else None,
        "blog": _host_of(blog) if blog else None,
        "host": download.host,
        "part": split[2] if split else None,
        "id": hashlib.sha256(download.key.encode(errors="surrogatepass")).hexdigest()[:_DIGITS],
    }


def _what_it_is(stem: str, post: Post | None) -> tuple[str | None, str, str | None]:
    """Return artist, title and version of a file that would be called `stem`."""
    if post is not None and stem == post_stem(post):
        return post.artist, post.track or post.title, post.version
    said = parse_title(stem[:_MOST_READ])
    title = " ".join(filter(None, (said.track, said.release))) if said.track else stem
    return said.artist or (post.artist if post else None), title, said.version


def _host_of(address: str) -> str | None:
    try:
        host = URL(address).host  # as people read it: not xn--…
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
