"""Players that a blog shows in frames of its own: what they play is on the pages of the frames."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scraper.http.addresses.identity import link_key, same_site
from scraper.http.errors import FetchError
from scraper.posts.links.player_page import read_player
from scraper.posts.page.document import UnreadablePageError

if TYPE_CHECKING:
    from scraper.http.client import Client
    from scraper.posts.links.reading import LinkReading
    from scraper.posts.understood import Understood
    from scraper.posts.worker.aside import Aside
    from storage.records import Link

MOST: Final = 3
"""Players that are asked for of one post."""
DEEPEST: Final = 2
"""Frames within frames that are followed."""

_LOG = logging.getLogger(__name__)


async def with_players(client: Client, understood: Understood, aside: Aside) -> Understood:
    """Return `understood` with what its blog's own players play in the place of the players.

    At most three of a post are asked for, frames in them included, on the blog's own site only. One that
    cannot be read, or that plays nothing known, stays what it is: a player to listen to.
    """
    played: dict[str, tuple[Link, ...]] = {}
    waiting = [(address, address, 1) for address in understood.players]
    asked: set[str] = set()
    while waiting and len(asked) < MOST:
        shown, address, depth = waiting.pop(0)
        if address in asked:
            continue
        asked.add(address)
        reading = await _read(client, address, aside)
        if reading is None:
            continue
        frames = set(map(link_key, reading.players))
        links = (link for link in reading.links if link.key not in frames)
        played[link_key(shown)] = (*played.get(link_key(shown), ()), *links)
        if depth < DEEPEST:
            waiting += [(shown, inner, depth + 1) for inner in reading.players]
    if not any(played.values()):
        return understood
    return replace(understood, post=replace(understood.post, links=_in_place(understood.post.links, played)))


async def _read(client: Client, address: str, aside: Aside) -> LinkReading | None:
    try:
        page = await client.get(address)
    except FetchError as error:
        _LOG.info("the player %s could not be read: %s", address, error)
        return None
    try:
        if not same_site(page.url, address):
            _LOG.info("the player %s is elsewhere: %s", address, page.url)
            return None
        return await aside.read(page.body, read_player, page.body, page.charset, page.url)
    except UnreadablePageError as error:
        _LOG.info("the player %s could not be read: %s", address, error)
        return None
    finally:
        page.free()


def _in_place(links: tuple[Link, ...], played: dict[str, tuple[Link, ...]]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for link in links:
        for one in played.get(link.key) or (link,):
            found.setdefault(one.key, one)
    return tuple(found.values())
