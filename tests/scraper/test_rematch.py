"""Stored posts held against a query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from filters.counted import BlogDefaults
from filters.criteria import Criteria
from filters.graph import default_graph
from filters.wants import Wants
from scraper.rematch import match_stored, queue_spares
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import Evidence, Link, LinkKind, Post, ReadPost, Saved, Trust
from storage.spare_links import SpareLinks

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


GRAPH = default_graph()


async def matching_more(posts: Posts, *genres: str, **query: Any) -> Saved:
    criteria = Criteria.parse(genres, graph=GRAPH, **query)
    return await match_stored(posts, (BLOG,), criteria=criteria, graph=GRAPH, now=0.0)


async def test_a_genre_in_the_text_counts_for_stored_posts_that_state_none(database: Database) -> None:
    posts = Posts(database)
    prose = (Evidence(genre="dubstep", trust=Trust.PROSE, source="text", text="a dubstep track"),)
    silent, told = (replace(post(at, "house"), genres=genres) for at, genres in ((1, ()), (2, ("house",))))
    await posts.save([ReadPost(post=replace(each, evidence=prose)) for each in (silent, told)])
    assert await matching_more(posts, "dubstep") == Saved(new=0, queued=0)
    assert await matching_more(posts, "dubstep", from_text=True) == Saved(new=1, queued=1)
    assert await matching_more(posts, "dubstep", from_text=True) == Saved(new=0, queued=0)


async def test_the_default_of_a_blog_counts_for_its_stored_posts_without_a_genre(database: Database) -> None:
    posts = Posts(database)
    await posts.save([ReadPost(post=replace(post(1, "house"), genres=())), ReadPost(post=post(2, "house"))])
    defaults = BlogDefaults(genres=((BLOG, ("dubstep",)),))
    assert await matching_more(posts, "dubstep", defaults=defaults) == Saved(new=1, queued=1)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"text": ["side b"]}, 1),
        ({"text": ["track 1", "track 2"]}, 2),
        ({"exclude_text": ["side b"]}, 2),
        ({"exclude_text": ["track"]}, 0),
        ({"wants": Wants(formats=("flac",))}, 0),
        ({"wants": Wants(kinds=(LinkKind.DIRECT,))}, 3),
    ],
)
async def test_what_links_say_counts_for_stored_posts(
    database: Database, query: dict[str, Any], number: int
) -> None:
    posts = Posts(database)
    three = [post(at, "house") for at in (1, 2, 3)]
    three[2] = replace(three[2], links=(replace(three[2].links[0], text="Side B"),))
    await posts.save([ReadPost(post=each) for each in three])
    assert await matching_more(posts, "house", **query) == Saved(new=number, queued=number)


def mirrored(number: int) -> Post:
    one = post(number, "house")
    links = [
        Link(url=f"https://{host}/s/{number}", key=f"{host}/{number}", kind=kind, host=host, group=1)
        for host, kind in (("f.example", LinkKind.DIRECT), ("dropbox.com", LinkKind.HOSTER))
    ]
    return replace(one, links=tuple(links))


async def spared(database: Database, *genres: str, **query: Any) -> int:
    criteria = Criteria.parse(genres, graph=GRAPH, **query)
    posts, spares = Posts(database), SpareLinks(database)
    return await queue_spares(posts, spares, (BLOG,), criteria=criteria, graph=GRAPH, now=0.0)


@pytest.mark.parametrize("number", [1, 200, 201], ids=str)
async def test_a_mirror_follows_one_that_failed_for_good(database: Database, number: int) -> None:
    posts, queue = Posts(database), Queue(database)
    await posts.save([ReadPost(post=mirrored(at)) for at in range(number)])
    assert await matching(posts, "house") == Saved(new=number, queued=number)
    assert await spared(database, "house") == 0
    for job in await queue.claim(limit=number):
        assert job.host == "f.example"
        await queue.fail(job, Reason.GONE)
    assert await spared(database, "techno") == 0
    assert await spared(database, "house") == number
    assert {job.host for job in await queue.claim(limit=number)} == {"dropbox.com"}
    assert await spared(database, "house") == 0


async def test_a_wider_query_queues_the_links_that_a_narrower_one_left(database: Database) -> None:
    posts = Posts(database)
    both = mirrored(1).links
    alone = tuple(replace(link, group=None) for link in both)
    await posts.save([ReadPost(post=replace(mirrored(1), links=alone)), ReadPost(post=mirrored(2))])
    narrow = Wants(kinds=(LinkKind.HOSTER,))
    assert await matching_more(posts, "house", wants=narrow) == Saved(new=2, queued=2)
    assert await spared(database, "house", wants=narrow) == 0
    assert await spared(database, "house") == 1, "only what is other music"
    assert await spared(database, "house", wants=Wants(prefer="all")) == 1
    assert await spared(database, "house", wants=Wants(prefer="all")) == 0
