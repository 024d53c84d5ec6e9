"""Blogs that suddenly give nothing: their pages seem to have changed under the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.cli.wrapping import wrapped
from storage.reasons import Reason
from storage.yields import Lack, changed_layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.crawl_job import BlogFailure
    from storage.blogs import Blogs
    from storage.posts import Posts
    from storage.yields import Yield


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLayout:
    """A blog whose posts have ceased to have something, and what reading it gave before and now."""

    blog: str
    lack: Lack
    before: Yield
    now: Yield

    @property
    def had(self) -> int:
        """How many of the posts before had what is lacking."""
        return self.before.with_genres if self.lack is Lack.GENRES else self.before.with_links


async def watch_layouts(blogs: Blogs, read: Iterable[str], *, since: float) -> list[ChangedLayout]:
    """Return those of the blogs `read` whose layout seems to have changed; `since` is POSIX seconds UTC."""
    found = []
    for blog in read:
        seen = await blogs.yields(blog, since=since)
        lack = changed_layout(seen.before, seen.now)
        if lack is not None:
            found.append(ChangedLayout(blog=blog, lack=lack, before=seen.before, now=seen.now))
    return found


async def emptied_blogs(posts: Posts, failures: Iterable[BlogFailure]) -> dict[str, int]:
    """Return the blogs that list no posts any more, with how many of theirs are stored from before."""
    silent = [failure.blog for failure in failures if failure.error.reason is Reason.NO_POSTS]
    stored = {blog: await posts.count_of(blog) for blog in silent}
    return {blog: number for blog, number in stored.items() if number}


def layout_lines(changed: ChangedLayout) -> list[str]:
    """Return what to tell of `changed`, in lines of at most 80 columns, longer only where an address is."""
    return wrapped(
        f"layout changed? {changed.now.posts:,} posts of {changed.blog} gave {changed.lack}, "
        f"of the {changed.before.posts:,} before {changed.had:,} did; "
        f"scrape blogs check {changed.blog} shows what is read",
        first="scrape: ",
    )


def layout_objects(changed: Iterable[ChangedLayout]) -> list[dict[str, Any]]:
    """Return `changed` as --json tells it."""
    return [
        {
            "blog": one.blog,
            "lack": str(one.lack),
            "posts": one.now.posts,
            "posts_before": one.before.posts,
            "had_it_before": one.had,
        }
        for one in changed
    ]
