"""A link that stands on most posts of a blog is none of theirs, whatever element of the page it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores

BANNER = '<p><a href="/mixes/month.mp3">Mix of the month</a></p>'
PREMIUM = '<p><a href="https://novafile.org/premium3854.html">Premium</a></p>'


@pytest.fixture
def with_banner(simulated: Any) -> Callable[..., Any]:
    """Make a blog that has `banner` in the article of each of its posts."""

    class WithBanner(simulated):  # type: ignore[misc]
        banner = BANNER

        def post(self, number: int) -> str:
            return str(super().post(number)).replace("</article>", f"{self.banner}</article>")

    def make(posts: int, banner: str = BANNER) -> Any:
        blog = WithBanner(posts)
        blog.banner = banner
        return blog

    return make


async def links_of(stores: Stores) -> list[str]:
    """Return the paths of all links that are stored, each as often as it is."""
    return sorted([urlsplit(link.url).path async for post in stores.posts.stored() for link in post.links])


def own(posts: int) -> list[str]:
    return sorted(f"/files/{number}.mp3" for number in range(1, posts + 1))


async def queued(stores: Stores) -> dict[str, str]:
    return {
        urlsplit(download.url).path: str(download.state)
        async for matched in stores.posts.matched()
        for download in matched.downloads.values()
    }


@pytest.mark.parametrize("banner", [BANNER, PREMIUM], ids=["L39", "L40"])
async def test_a_link_on_all_posts_is_dropped_at_the_end_of_the_visit_and_at_once_by_later_ones(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, with_banner: Any, banner: str
) -> None:
    blog = with_banner(6, banner)
    async with serve(blog.answer) as url:
        crawl = crawl_of(genres=("any",))
        await crawl.run([f"{url}/"])
        assert await links_of(stores) == own(6)
        assert set((await queued(stores)).values()) == {"waiting"}
        if banner is BANNER:
            assert any("left out: 1" in note for note in crawl.notes)
        blog.numbers.insert(0, 7)
        counts = await crawl_of(genres=("any",)).run([f"{url}/"])
        assert counts.queued == 1
        assert await links_of(stores) == own(7)
        # A visit that reads everything anew comes to the same.
        await crawl_of(genres=("any",), full=True).run([f"{url}/"])
        assert await links_of(stores) == own(7)


async def test_a_blog_of_three_posts_with_one_album_keeps_it(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, with_banner: Any
) -> None:
    async with serve(with_banner(3).answer) as url:
        await crawl_of(genres=("any",)).run([f"{url}/"])
    assert (await links_of(stores)).count("/mixes/month.mp3") == 3


async def test_a_link_that_left_the_pages_counts_again_after_all_was_read_anew(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, with_banner: Any
) -> None:
    blog = with_banner(6)
    async with serve(blog.answer) as url:
        await crawl_of(genres=("any",)).run([f"{url}/"])
        assert (await stores.blogs.furniture(f"{url}/")).links
        blog.banner = ""
        await crawl_of(genres=("any",), full=True).run([f"{url}/"])
        assert not (await stores.blogs.furniture(f"{url}/")).links
        blog.banner = BANNER
        blog.numbers.insert(0, 7)
        await crawl_of(genres=("any",)).run([f"{url}/"])
        assert (await links_of(stores)).count("/mixes/month.mp3") == 1


async def test_a_dry_run_drops_nothing(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, with_banner: Any
) -> None:
    blog = with_banner(6)
    async with serve(blog.answer) as url:
        await crawl_of(genres=("any",), max_posts=4).run([f"{url}/"])
        before = await links_of(stores)
        await crawl_of(genres=("any",), dry_run=True).run([f"{url}/"])
    assert await links_of(stores) == before
    assert before.count("/mixes/month.mp3") == 4
