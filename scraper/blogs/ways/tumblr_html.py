"""The HTML of one post of version 1 of Tumblr's API, put together from the fields of its type. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from scraper.blogs.ways.fields import Object, html_of, objects_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZES = (1280, 500, 400, 250, 100, 75)
_MAX_PHOTOS = 100
_MAX_LINES = 1000


def post_html(post: Object) -> str:
    """Return what `post` shows or plays, then what was written to it; "" for a type that is not known."""
    return "\n".join(part for part in _parts(post) if part)


def pictures(post: Object) -> Iterator[str]:
    """Yield the address of each picture of `post`, as written, in its largest size."""
    for photo in _photos(post):
        address = _picture(photo)
        if address is not None:
            yield address


def _parts(post: Object) -> Iterator[str]:
    match post.get("type"):
        case "regular":
            yield html_of(post.get("regular-body"))
        case "link":
            yield _linked(post.get("link-url"), html_of(post.get("link-text")))
            yield html_of(post.get("link-description"))
        case "quote":
            yield f"<blockquote>{html_of(post.get('quote-text'))}</blockquote>"
            yield html_of(post.get("quote-source"))
        case "photo":
            yield from _shown(post)
            yield html_of(post.get("photo-caption"))
        case "conversation":
            yield _said(post)
        case "video":
            yield from _played(post, "video-player", "video-player-500", "video-source")
            yield html_of(post.get("video-caption"))
        case "audio":
            yield from _played(post, "audio-player", "audio-embed")
            yield html_of(post.get("audio-caption"))
        case "answer":
            yield html_of(post.get("question"))
            yield html_of(post.get("answer"))
        case _:
            return


def _linked(href: object, inner: str) -> str:
    address = text_of(href)
    if address is None:
        return inner
    return f'<p><a href="{escape(address)}">{inner or escape(address)}</a></p>'


def _photos(post: Object) -> tuple[Object, ...]:
    """Return the photos of a set; of a post with one photo, which has no set, the post itself."""
    return objects_of(post.get("photos"))[:_MAX_PHOTOS] or (post,)


def _picture(photo: Object) -> str | None:
    addresses = (text_of(photo.get(f"photo-url-{size}")) for size in _SIZES)
    return next((address for address in addresses if address), None)


def _shown(post: Object) -> Iterator[str]:
    for photo in _photos(post):
        address = _picture(photo)
        if address is not None:
            yield _linked(post.get("photo-link-url"), f'<img src="{escape(address)}">')
        yield html_of(photo.get("caption"))


def _said(post: Object) -> str:
    lines = objects_of(post.get("conversation"))[:_MAX_LINES]
    if not lines:
        return html_of(post.get("conversation-text")).replace("\n", "<br>\n")
    pairs = (f"<dt>{html_of(line.get('label'))}</dt><dd>{html_of(line.get('phrase'))}</dd>" for line in lines)
    return f"<dl>{''.join(pairs)}</dl>"


def _played(post: Object, *names: str) -> Iterator[str]:
    """Yield the different players in the fields `names`: markup, or the address of what is played."""
    players = dict.fromkeys(html_of(post.get(name)).strip() for name in names)
    is_shown = False
    for player in players:
        if player.startswith("<"):
            if not is_shown:
                yield player
            is_shown = True
        elif player.startswith(("https://", "http://")):
            yield _linked(player, "")
