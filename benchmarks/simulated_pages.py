"""The HTML pages of a simulated blog: lists of posts with `Older posts`, and the posts themselves. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.simulated_blog import SimulatedBlog, SimulatedPost

_LISTING: Final = re.compile(r"/(?:page/(\d{1,6})/)?")
_POST: Final = re.compile(r"/\d{4}/\d\d/night-signal-(\d{1,9})/")
_RECENT = 10


class SimulatedPages:
    """The pages of `blog`, as many posts a list as `per_page` says; `head` is put into the head of each."""

    def __init__(self, blog: SimulatedBlog, *, per_page: int, head: str = "") -> None:
        self._blog = blog
        self._per_page = per_page
        self._head = head

    def page(self, path: str) -> bytes | None:
        """Return the page at `path`; None where there is none."""
        listing, post = _LISTING.fullmatch(path), _POST.fullmatch(path)
        text = None
        if listing is not None:
            text = self._listing(int(listing[1] or 1))
        elif post is not None:
            text = self._post(int(post[1]), path)
        return None if text is None else text.encode()

    def _listing(self, number: int) -> str | None:
        posts = list(self._blog.page(number, size=self._per_page))
        if not posts:
            return None
        links = []
        if number > 1:
            newer = "/" if number == 2 else f"/page/{number - 1}/"  # noqa: PLR2004 - the first page is the home
            links.append(f'<a href="{newer}">Newer posts</a>')
        if number < self._blog.pages(size=self._per_page):
            links.append(f'<a href="/page/{number + 1}/">Older posts</a>')
        entries = "".join(_entry(post) for post in posts)
        return self._whole("Copper Nights", f'{entries}<div class="paging">{" ".join(links)}</div>')

    def _post(self, number: int, path: str) -> str | None:
        if not 1 <= number <= self._blog.posts or (post := self._blog.post(number)).path != path:
            return None
        body = (
            f'<article class="post"><h1 class="entry-title">{post.title}</h1>{_meta(post)}'
            f'<div class="entry-content">{post.content}</div></article>'
        )
        return self._whole(f"{post.title} | Copper Nights", body)

    def _whole(self, title: str, body: str) -> str:
        recent = "".join(
            f'<li><a href="{post.path}">{post.title}</a></li>' for post in self._blog.page(1, size=_RECENT)
        )
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n{self._head}'
            '</head><body><header><a href="/">Copper Nights</a><nav><a href="/">Home</a> '
            f'<a href="/about/">About</a></nav></header>\n<main>{body}</main>\n'
            f"<aside><h2>Recent posts</h2><ul>{recent}</ul></aside>"
            "<footer><p>Records that nobody pressed.</p></footer></body></html>\n"
        )


def _entry(post: SimulatedPost) -> str:
    return (
        f'<article class="post"><h2 class="entry-title"><a href="{post.path}">{post.title}</a></h2>'
        f"{_meta(post)}<p>{post.excerpt}</p></article>\n"
    )


def _meta(post: SimulatedPost) -> str:
    slug = post.genre.lower().replace(" ", "-")
    return (
        f'<p class="meta"><time datetime="{post.published.isoformat()}">{post.published:%d %B %Y}</time> '
        f'in <a rel="category tag" href="/category/{slug}/">{post.genre}</a></p>'
    )
