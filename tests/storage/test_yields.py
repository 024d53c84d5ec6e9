from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.blogs import Blogs
from storage.posts import Posts
from storage.yields import EARLIER, BlogYield, Lack, Yield, changed_layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.records import ReadPost

URL = "https://blog.example/"
NOTHING = Yield(posts=0, with_genres=0, with_links=0)


def _yield(posts: int, with_genres: int, with_links: int) -> Yield:
    return Yield(posts=posts, with_genres=with_genres, with_links=with_links)


@pytest.mark.parametrize(
    ("before", "now", "lack"),
    [
        pytest.param((50, 50, 50), (5, 0, 5), Lack.GENRES, id="five posts without genres"),
        pytest.param((50, 50, 50), (5, 5, 0), Lack.LINKS, id="five posts without links"),
        pytest.param((50, 50, 50), (5, 0, 0), Lack.GENRES, id="five posts with neither"),
        pytest.param((50, 50, 50), (4, 0, 0), None, id="four posts are too few to tell"),
        pytest.param((50, 50, 50), (999, 1, 1), None, id="one post that has them is enough"),
        pytest.param((10, 5, 4), (5, 0, 0), Lack.GENRES, id="half of ten had genres"),
        pytest.param((10, 4, 5), (5, 0, 0), Lack.LINKS, id="half of ten had links"),
        pytest.param((10, 4, 4), (5, 0, 0), None, id="less than half had them"),
        pytest.param((11, 5, 5), (5, 0, 0), None, id="less than half of eleven"),
        pytest.param((9, 9, 9), (5, 0, 0), None, id="nine earlier posts are too few to tell"),
        pytest.param((0, 0, 0), (0, 0, 0), None, id="a new blog"),
    ],
)
def test_what_most_earlier_posts_had_and_none_has_now_is_suspicious(
    before: tuple[int, int, int], now: tuple[int, int, int], lack: Lack | None
) -> None:
    assert changed_layout(_yield(*before), _yield(*now)) is lack


async def test_a_blog_that_is_not_known_brought_nothing(database: Database) -> None:
    assert await Blogs(database).yields(URL, since=0.0) == BlogYield(stored=0, before=NOTHING, now=NOTHING)


async def test_the_latest_posts_before_a_moment_stand_beside_all_those_read_since(
    database: Database,
    read: Callable[..., ReadPost],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    posts, blogs = Posts(database), Blogs(database)
    await posts.save([read(f"oldest {number}", genres=("house",), files=("a",)) for number in range(7)])
    pass_time(1)
    await posts.save([read(f"{number}", genres=("house",)) for number in range(EARLIER - 20)])
    await posts.save([read(f"linked {number}", files=("b", "c")) for number in range(20)])
    pass_time(1)
    since = clock()
    await posts.save([read("0"), read("new", files=("a",), matched=())])
    await posts.save([read("elsewhere", blog="https://other.example/", genres=("house",))])
    assert await blogs.yields(URL, since=since) == BlogYield(
        stored=7 + EARLIER + 1,
        before=_yield(EARLIER, EARLIER - 20, 20 + 1),
        now=_yield(2, 0, 1),
    )


async def test_what_is_only_found_to_match_was_not_read(
    database: Database,
    read: Callable[..., ReadPost],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    posts, blogs = Posts(database), Blogs(database)
    await posts.save([read("one", matched=(), listed_id="1")])
    pass_time(1)
    await posts.mark_matched([read("one")])
    assert (await blogs.yields(URL, since=clock())).now == NOTHING
