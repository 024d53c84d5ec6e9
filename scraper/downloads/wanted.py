"""Which links of a post go into the queue, and what their files are to be called. Pure."""

from __future__ import annotations

from dataclasses import replace

from scraper.posts.titles import TitleParts, parse_file_stem, parse_title, print_title
from storage.records import Link, LinkKind, Post, WantedDownload

_ENDING_LENGTH = 6


def wanted_downloads(post: Post) -> tuple[WantedDownload, ...]:
    """Return what to queue for `post`: its direct, archive and hoster links, each with a file stem.

    The post's own ``Artist - Title (Version)`` names the file of a post with one release; where a post
    has several, each file is named by its link's text or by its file name.
    """
    links = [link for link in post.links if link.kind.queued]
    one_release = len({_release(link) for link in links}) == 1
    return tuple(
        WantedDownload(
            key=link.key,
            url=link.url,
            host=link.host,
            kind=link.kind,
            format=link.format,
            stem=_post_stem(post) if one_release else _link_stem(link, post),
            referer=post.url,
        )
        for link in links
    )


def _release(link: Link) -> str:
    # The same release in two formats differs in its ending only.
    if link.kind is not LinkKind.DIRECT or not link.name:
        return link.key
    return _without_ending(link.name).casefold()


def _post_stem(post: Post) -> str:
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
