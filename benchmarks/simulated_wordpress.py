"""What WordPress gives beside its pages, of a simulated blog: the REST route of posts, and the feed. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from benchmarks.simulated_blog import GENRES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.simulated_blog import SimulatedBlog, SimulatedPost

_MOST = 100  # posts that WordPress gives in one answer
_DEFAULT = 10
_FEED_START: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n'
    '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
    '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n\txmlns:atom="http://www.w3.org/2005/Atom">\n'
    "<channel>\n\t<title>Copper Nights</title>\n"
)


def head_of(blog: SimulatedBlog, *, rest: bool) -> str:
    """Return what WordPress writes into the head of each page of `blog`."""
    route = f'<link rel="https://api.w.org/" href="{blog.origin}/wp-json/" />\n' if rest else ""
    return (
        '<meta name="generator" content="WordPress 6.8" />\n'
        f'<link rel="alternate" type="application/rss+xml" title="Feed" href="{blog.origin}/feed/" />\n'
        f"{route}"
    )


def rest_answer(blog: SimulatedBlog, asked: Mapping[str, str]) -> tuple[bytes, int, int] | None:
    """Return the posts `asked` for as JSON, how many posts and how many pages there are.

    None behind the last page. Posts were last changed when they were published.
    """
    size, number = min(int(asked.get("per_page", _DEFAULT)), _MOST), int(asked.get("page", 1))
    bounds = [asked[name] for name in ("after", "modified_after") if name in asked]
    counts = [blog.count_after(datetime.fromisoformat(bound).astimezone(UTC)) for bound in bounds]
    among = min([blog.posts, *counts])
    pages = blog.pages(size=size, among=among)
    if number > max(pages, 1):
        return None
    posts = blog.page(number, size=size, among=among)
    return json.dumps([_item(post, blog.origin) for post in posts]).encode(), among, pages


def feed_answer(blog: SimulatedBlog, number: int, *, size: int) -> bytes | None:
    """Return page `number` of the feed, with whole posts; None behind the last."""
    items = "".join(_feed_item(post, blog.origin) for post in blog.page(number, size=size))
    if not items:
        return None
    start = (
        f'{_FEED_START}\t<atom:link href="{blog.origin}/feed/" rel="self" type="application/rss+xml" />\n'
        f"\t<link>{blog.origin}</link>\n\t<generator>https://wordpress.org/?v=6.8</generator>\n"
    )
    return f"{start}{items}</channel>\n</rss>\n".encode()


def _item(post: SimulatedPost, origin: str) -> dict[str, Any]:
    moment = f"{post.published:%Y-%m-%dT%H:%M:%S}"
    genre = GENRES.index(post.genre)
    slug = post.genre.lower().replace(" ", "-")
    term = {
        "id": genre + 2,
        "link": f"{origin}/category/{slug}/",
        "name": post.genre,
        "slug": slug,
        "taxonomy": "category",
        "_links": {"self": [{"href": f"{origin}/wp-json/wp/v2/categories/{genre + 2}"}]},
    }
    of_post = [{"taxonomy": "category", "embeddable": True, "href": f"{origin}/wp-json/wp/v2/categories"}]
    return {
        "id": post.number,
        "date": moment,
        "date_gmt": moment,
        "modified_gmt": moment,
        "link": f"{origin}{post.path}",
        "title": {"rendered": post.title},
        "content": {"rendered": post.content, "protected": False},
        "categories": [genre + 2],
        "tags": [],
        "class_list": [f"post-{post.number}", "post", "type-post", "status-publish", f"category-{slug}"],
        "_links": {"wp:term": of_post},
        "_embedded": {"wp:term": [[term], []]},
    }


def _feed_item(post: SimulatedPost, origin: str) -> str:
    return (
        f"\t<item>\n\t\t<title>{escape(post.title)}</title>\n\t\t<link>{origin}{post.path}</link>\n"
        f"\t\t<dc:creator><![CDATA[nina]]></dc:creator>\n\t\t<pubDate>{format_datetime(post.published)}</pubDate>\n"
        f"\t\t<category><![CDATA[{post.genre}]]></category>\n"
        f'\t\t<guid isPermaLink="false">{origin}/?p={post.number}</guid>\n'
        f"\t\t<description><![CDATA[{post.excerpt} [&#8230;]]]></description>\n"
        f"\t\t<content:encoded><![CDATA[{post.content}]]></content:encoded>\n\t</item>\n"
    )
