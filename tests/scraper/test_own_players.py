"""L15: what the blog's own players play is on the pages of their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores

ITEM = '<iframe src="https://archive.org/embed/mtk043"></iframe>'
FRAME = '<iframe src="/player/?id={}"></iframe>'


def _answer(text: str | None) -> web.Response:
    if text is None:
        return web.Response(status=404)
    if text.startswith("http"):
        raise web.HTTPFound(text)
    return web.Response(text=text, content_type="text/html")


@pytest.fixture
def read(serve: Any, simulated: Any, crawl_of: Callable[..., Crawl], stores: Stores) -> Callable[..., Any]:
    """Read a blog of one post that shows `frames`, with `players` by path; return its links and what was asked."""

    async def once(frames: str, players: dict[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
        blog = simulated(1, feed=0)
        blog.post = lambda _: f"<article><h1>Nemo Vale – Track</h1><p>Genre: House</p>{frames}</article>"
        asked: list[str] = []

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.path.startswith("/player"):
                asked.append(request.path_qs)
                return _answer(players.get(request.path_qs))
            response: web.StreamResponse = await blog.answer(request)
            return response

        async with serve(answer) as url:
            await crawl_of().run([f"{url}/"])
        (post,) = [post async for post in stores.posts.stored()]
        return [(str(link.kind), link.url.removeprefix(url)) for link in post.links], asked

    return once


async def test_l15_the_item_that_a_player_plays_stands_in_its_place(read: Callable[..., Any]) -> None:
    links, asked = await read(FRAME.format(3), {"/player/?id=3": ITEM})
    assert links == [("archive", "https://archive.org/embed/mtk043")]
    assert asked == ["/player/?id=3"]


async def test_l15_a_frame_within_the_frame_is_followed_and_no_deeper(read: Callable[..., Any]) -> None:
    inner = {f"/player/?id={depth}": FRAME.format(depth + 1) for depth in range(1, 6)}
    links, asked = await read(FRAME.format(1), inner)
    assert asked == ["/player/?id=1", "/player/?id=2"]
    assert links == [("embed", "/player/?id=1")]


async def test_l15_what_the_inner_frame_plays_is_found(read: Callable[..., Any]) -> None:
    players = {"/player/?id=1": FRAME.format(2), "/player/?id=2": '<audio src="/a.mp3"></audio>'}
    assert (await read(FRAME.format(1), players))[0] == [("direct", "/a.mp3")]


async def test_players_that_play_each_other_are_asked_once(read: Callable[..., Any]) -> None:
    circle = {"/player/?id=1": FRAME.format(2), "/player/?id=2": FRAME.format(1)}
    links, asked = await read(FRAME.format(1), circle)
    assert (links, asked) == ([("embed", "/player/?id=1")], ["/player/?id=1", "/player/?id=2"])


async def test_three_players_of_a_post_are_asked_for_at_most(read: Callable[..., Any]) -> None:
    players = {f"/player/?id={n}": f'<audio src="/{n}.mp3"></audio>' for n in range(5)}
    _, asked = await read("".join(FRAME.format(n) for n in range(5)), players)
    assert len(asked) == 3


@pytest.mark.parametrize("player", [None, ""])
async def test_a_player_that_cannot_be_read_stays_a_player(
    read: Callable[..., Any], player: str | None
) -> None:
    links, _ = await read(FRAME.format(3), {} if player is None else {"/player/?id=3": player})
    assert links == [("embed", "/player/?id=3")]


async def test_a_player_that_leads_to_another_site_stays_a_player(
    serve: Any, read: Callable[..., Any]
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return _answer('<audio src="/foreign.mp3"></audio><iframe src="/player/?id=9"></iframe>')

    async with serve(answer) as elsewhere:
        links, asked = await read(FRAME.format(3), {"/player/?id=3": elsewhere})
    assert (links, asked) == ([("embed", "/player/?id=3")], ["/player/?id=3"])


async def test_a_player_elsewhere_is_not_asked_for(read: Callable[..., Any]) -> None:
    _, asked = await read('<iframe src="https://other.example/player/?id=3"></iframe>', {})
    assert asked == []
