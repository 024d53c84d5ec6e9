"""What the files of a post are to be called, but for their endings. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.posts.titles import TitleParts, parse_file_stem, parse_title, print_title
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Link, Post

_ENDING_LENGTH = 6


def stems_of(links: Sequence[Link], post: Post) -> list[str]:
    """Return a file stem for each of `links`, which are those of `post` that are queued.

    The post's own ``Artist - Title (Version)`` names the file of a post with one release; where a post has
    several, each file is named by its link's text or by its file name. A part of a split archive keeps the
    name of its file: by their names the parts find each other.
    """
    one_release = len({_release(link) for link in links}) == 1
    return [_stem(link, post, one_release=one_release) for link in links]


def _stem(link: Link, post: Post, *, one_release: bool) -> str:
    if link.part is not None and link.name:
        return _without_ending(link.name)
    stem = post_stem(post) if one_release else _link_stem(link, post)
    return stem if link.part is None else f"{stem}.part{link.part}"


def _release(link: Link) -> str | int:
    if link.group is not None:
        return link.group
    # The same release in two formats differs in its ending only.
    if link.kind is not LinkKind.DIRECT or not link.name:
        return link.key
    return _without_ending(link.name).casefold()


def post_stem(post: Post) -> str:
    """Return what the file of a post with one release is called, without its ending."""
    if post.artist and post.track:
        return print_title(
            TitleParts(
                text=post.title,
                artist=post.artist,
                track=post.track,
                version=post.version,
                featuring=post.featuring,
            )
        )
    return post.title


def _link_stem(link: Link, post: Post) -> str:
    said = parse_title(link.text) if link.text else None
    if said is not None and said.track and (said.artist or post.artist):
        return print_title(replace(said, artist=said.artist or post.artist))
    if link.name:
        stem = _without_ending(link.name)
        named = parse_file_stem(stem)
        return print_title(named) if named.artist and named.track else stem
    return f"{post.title} - {link.text}" if link.text else post.title


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) < _ENDING_LENGTH else name
