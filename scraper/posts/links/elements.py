"""The addresses that one element of a post carries in its attributes, whatever stands around it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bs4.element import CData, NavigableString, Tag

from scraper.posts.links.offers import Element
from scraper.posts.links.scripts import (
    flash_links,
    inline_links,
    markup_links,
    opened_links,
    playlist_links,
)
from scraper.posts.links.texts import MAX_TEXT_LENGTH, clean_text, is_download_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4.element import PageElement

CLICKED = frozenset({"a", "area", "button"})
PLAYED = frozenset(
    {"audio", "video", "source", "iframe", "embed", "object", "param", "amp-audio", "amp-iframe"}
)
"""Elements that play something; inside `noscript` only these are copies of what scripts would load."""

_CARRYING_NAMES = frozenset({"href", "onclick"})
_CARRYING = CLICKED | PLAYED | {"form", "script"}
_DATA_WORDS = frozenset(
    {"href", "url", "src", "link", "file", "mp3", "audio", "download", "track", "song", "stream"}
)
_OFFERING_WORDS = frozenset({"download", "file", "mp3", "audio"})
# Players of AMP pages, by the attribute that names what they play: https://amp.dev/documentation/components/
_AMP_PLAYERS = {
    "amp-soundcloud": (
        ("data-trackid", "https://api.soundcloud.com/tracks/"),
        ("data-playlistid", "https://api.soundcloud.com/playlists/"),
    ),
    "amp-youtube": (("data-videoid", "https://www.youtube.com/embed/"),),
    "amp-vimeo": (("data-videoid", "https://player.vimeo.com/video/"),),
}
_ITEM_ID = re.compile(r"[\w-]{1,40}", re.ASCII)
_PARAMS = frozenset({"movie", "src", "url", "filename"})
_TEXT_ATTRIBUTES = ("title", "aria-label", "data-title", "alt")
_HIDDEN_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
_NEVER_SHOWN = frozenset({"template", "style"})
_FILING = frozenset({"tag", "category"})
_MAX_PIECES = 60
_MAX_SOURCES = 50


class Found(NamedTuple):
    """An address as it stands in the post, not yet resolved, with what stands on and near it."""

    href: str
    element: Element
    text: str = ""
    name: str | None = None
    """File name of a `download` attribute."""
    player: int | None = None
    """Sources of one player have one number: a browser plays whichever it can."""


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute as text, "" where it is missing or empty."""
    value = tag.attrs.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def is_hidden(tag: Tag) -> bool:
    """Whether the element itself is hidden by its attributes, or is never shown."""
    if tag.name in _NEVER_SHOWN:
        return True
    attributes = tag.attrs
    if "hidden" in attributes:
        return attribute(tag, "hidden").lower() != "until-found"
    return "style" in attributes and bool(_HIDDEN_STYLE.search(attribute(tag, "style")[:2000]))


def visible_text(tag: Tag) -> str:
    """Return what an element shows: its text, else the text of its pictures or its title."""
    only = tag.contents[0] if len(tag.contents) == 1 else None
    if type(only) is NavigableString and (text := clean_text(str(only))):
        return text
    inside = list(islice(_descendants(tag), _MAX_PIECES))
    strings = (child for child in inside if type(child) is NavigableString or type(child) is CData)
    text = clean_text("".join(str(string)[:MAX_TEXT_LENGTH] for string in strings))
    if text:
        return text
    pictures = (child for child in inside if isinstance(child, Tag))
    shown = (attribute(each, name) for each in (tag, *pictures) for name in _TEXT_ATTRIBUTES)
    return next((cleaned for each in shown if (cleaned := clean_text(each))), "")


def _descendants(tag: Tag) -> Iterator[PageElement]:
    # BeautifulSoup's own walk looks for its end first, which is slow in deep nests.
    stack = [iter(tag.contents)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        yield child
        if isinstance(child, Tag):
            stack.append(iter(child.contents))


def carries(tag: Tag) -> bool:
    """Whether `element_links` has to look at `tag` at all; most elements have no address anywhere."""
    if tag.name in _CARRYING:
        return True
    for name in tag.attrs:  # noqa: SIM110 - asked of every element: a generator costs more
        if name in _CARRYING_NAMES or name[:5] == "data-":
            return True
    return False


def element_links(tag: Tag) -> list[Found]:
    """Return each address that `tag` carries, in the order: its own, its click handler's, its data's."""
    name, attributes = tag.name, tag.attrs
    if name == "script":
        return [*_script(tag)]
    if name == "img":  # its data-* are pictures in other sizes
        return []
    text = visible_text(tag) if name in CLICKED else ""
    found: list[Found] = []
    if name in PLAYED:
        found += _played(tag)
    elif name in _AMP_PLAYERS:
        found += _played_on_amp(tag)
    elif href := attribute(tag, "href"):
        file_name = clean_text(attribute(tag, "download")) if "download" in attributes else None
        found.append(Found(href, _clicked(tag), text, file_name or None))
    elif name == "form" and attribute(tag, "method").lower() != "post" and attribute(tag, "action"):
        found.append(Found(attribute(tag, "action"), Element.BUTTON, visible_text(tag)))
    for each in attributes:
        if each == "onclick" or each[:5] == "data-":
            found += _hidden_in_attributes(tag, text)
            break
    return found


def _script(tag: Tag) -> Iterator[Found]:
    script = tag.string or ""
    is_playlist = "wp-playlist-script" in attribute(tag, "class")
    element = Element.SOUND if is_playlist else Element.TEXT
    for href, name in (playlist_links if is_playlist else inline_links)(script):
        yield Found(href=href, element=element, text=clean_text(name))


def _played(tag: Tag) -> Iterator[Found]:
    text = _caption(tag)
    player = id(_player_of(tag)) if tag.name == "source" else None
    for href in _sources(tag):
        if href:
            yield Found(href=href, element=_player(tag), text=text, player=player)


def _played_on_amp(tag: Tag) -> Iterator[Found]:
    for name, start in _AMP_PLAYERS[tag.name]:
        if _ITEM_ID.fullmatch(item := attribute(tag, name)):
            yield Found(href=start + item, element=Element.FRAME)


def _sources(tag: Tag) -> Iterable[str]:
    if tag.name == "param":
        name = attribute(tag, "name").lower()
        value = attribute(tag, "value")
        return flash_links(value) if name == "flashvars" else [value] if name in _PARAMS else []
    if tag.name in {"embed", "object"}:
        own = (attribute(tag, "src"), attribute(tag, "data"))
        return (*own, *flash_links(attribute(tag, "flashvars")))
    if tag.name == "iframe":
        # The source of a lazy frame is a blank page until a script moves another attribute there.
        lazy = [
            attribute(tag, name) for name in tag.attrs if name.startswith("data-") and name.endswith("src")
        ]
        return (attribute(tag, "src"), *lazy, *markup_links(attribute(tag, "srcdoc")))
    return [attribute(tag, "src")]


def _player_of(tag: Tag) -> Tag:
    """Return the player that a source belongs to; lxml, which does not know the element, nests several."""
    for _ in range(_MAX_SOURCES):
        if tag.name != "source" or tag.parent is None:
            break
        tag = tag.parent
    return tag


def _player(tag: Tag) -> Element:
    around = _player_of(tag).name
    if around in {"audio", "amp-audio"}:
        return Element.SOUND
    return Element.TEXT if around in {"video", "picture"} else Element.FRAME


def _caption(tag: Tag) -> str:
    around = _player_of(tag)
    text = (
        visible_text(tag)
        if tag.name == "iframe"
        else next(
            (
                attribute(each, name)
                for each in (tag, around)
                for name in _TEXT_ATTRIBUTES
                if each.has_attr(name)
            ),
            "",
        )
    )
    figure = around.parent
    if not text and figure is not None and figure.name == "figure":
        caption = figure.find("figcaption", recursive=False)
        text = visible_text(caption) if isinstance(caption, Tag) else ""
    return clean_text(text)


def _clicked(tag: Tag) -> Element:
    attributes = tag.attrs
    if "type" in attributes and attribute(tag, "type").startswith("audio/"):
        return Element.SOUND
    if "download" in attributes:
        return Element.FILE
    if "rel" in attributes and not _FILING.isdisjoint(attribute(tag, "rel").lower().split()):
        return Element.TEXT  # a category may be called "Downloads"
    is_button = "class" in attributes and any(map(is_download_class, attribute(tag, "class").split()))
    return Element.BUTTON if is_button else Element.LINK


def _hidden_in_attributes(tag: Tag, text: str) -> Iterator[Found]:
    handler = attribute(tag, "onclick")
    for href in opened_links(handler) if handler else ():
        yield Found(href=href, element=Element.BUTTON, text=text or visible_text(tag))
    for name in tag.attrs:
        if not name.startswith("data-") or tag.name == "iframe":
            continue
        words = set(name.split("-")[1:])
        if not words.isdisjoint(_DATA_WORDS):
            offers = tag.name in CLICKED or not words.isdisjoint(_OFFERING_WORDS)
            element = Element.BUTTON if offers else Element.TEXT
            yield Found(href=attribute(tag, name), element=element, text=text)
