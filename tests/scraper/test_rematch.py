"""Stored posts held against a new query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from filters.criteria import Criteria
from filters.graph import default_graph
from scraper.rematch import match_stored
from storage.posts import Posts
from storage.records import Link, LinkKind, Post, ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from storage.database import Database

BLOG = "https://b.example/"


def post(number: int, genre: str, blog: str = BLOG) -> Post:
    file = f"{blog}files/{number}.mp3"
    return Post(
        url=f"{blog}{number}",
        key=f"{blog}{number}",
        blog=blog,
        title=f"Nemo Vale – Track {number}",
        genres=(genre,),
        links=(Link(url=file, key=file, kind=LinkKind.DIRECT, host="b.example", format="mp3"),),
    )


async def matching(posts: Posts, *genres: str, blogs: tuple[str, ...] = (BLOG,)) -> Saved:
    graph = default_graph()
    return await match_stored(
        posts, blogs, criteria=Criteria.parse(genres, graph=graph), graph=graph, now=0.0
    )


@pytest.mark.parametrize("number", [0, 1, 199, 200, 201, 450], ids=str)
async def test_every_stored_post_that_matches_is_marked_and_queued(database: Database, number: int) -> None:
    posts = Posts(database)
    await posts.save(
        [ReadPost(post=post(at, "house" if at < number else "dubstep")) for at in range(number + 50)]
    )
    assert await matching(posts, "house") == Saved(new=number, queued=number)
    assert len([matched async for matched in posts.matched()]) == number
    assert await matching(posts, "house") == Saved(new=0, queued=0)


async def test_only_the_blogs_asked_for_are_matched(database: Database) -> None:
    posts = Posts(database)
    other = "https://c.example/"
    await posts.save([ReadPost(post=post(1, "house")), ReadPost(post=post(2, "house", other))])
    assert await matching(posts, "house", blogs=(other,)) == Saved(new=1, queued=1)
    assert [matched.post.blog async for matched in posts.matched()] == [other]
    assert await matching(posts, "house", blogs=()) == Saved(new=0, queued=0)


async def test_a_new_query_matches_what_an_earlier_crawl_stored_and_fetches_nothing(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(20)
    async with serve(blog.answer) as url:
        await crawl_of(genres=("house",)).run([f"{url}/"])
        blog.asked.clear()
        assert await matching(stores.posts, "house", blogs=(f"{url}/",)) == Saved(new=0, queued=0)
        assert await matching(stores.posts, "dubstep", blogs=(f"{url}/",)) == Saved(new=10, queued=10)
    assert not blog.asked
