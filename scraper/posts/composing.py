"""From the parts of a post that were told apart to the post: genres, links, date, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.http.addresses.identity import fetch_url
from scraper.posts.dates.dating import read_published
from scraper.posts.genres.labels import LabelKind
from scraper.posts.genres.reading import read_genres
from scraper.posts.links.reading import read_links
from scraper.posts.page.scope import soup_of
from scraper.posts.titles import parse_title
from scraper.posts.titles.text import clean
from scraper.posts.understood import Understood
from storage.records import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from scraper.blogs.listed import ListedPost
    from scraper.posts.context import Context
    from scraper.posts.genres.labels import LabelValue
    from scraper.posts.page.document import Head
    from scraper.posts.page.scope import Scope

_MAX_LABEL = 100
_MAX_CATEGORIES = 200


def compose_post(
    tree: HtmlElement,
    scope: Scope,
    head: Head,
    *,
    headline: str,
    url: str,
    listed: ListedPost,
    context: Context,
) -> Understood:
    """Return the post at `url`: what `scope` and the data of `tree` and `head` say, completed by `listed`.

    `tree` is where JSON-LD and meta elements are looked for, `headline` the title, clean and not empty. Pure.
    """
    graph = context.graph
    soup = soup_of(scope)
    title = parse_title(headline, is_genre=lambda text: bool(graph.resolve(text, filed=False)))
    links = read_links(soup, base=head.base, page=url, enclosures=listed.enclosures)
    genres = read_genres(
        tree,
        scope,
        soup,
        url=url,
        title_brackets=title.brackets,
        categories=[name for each in listed.categories[:_MAX_CATEGORIES] if (name := clean(each))],
        graph=graph,
    )
    cover = head.image or listed.cover
    post = Post(
        url=url,
        key=listed.key,
        blog=context.blog,
        title=headline,
        artist=title.artist,
        track=title.track,
        version=title.version,
        label=title.label or _label(genres.labels),
        featuring=title.featuring,
        published=read_published(tree, scope, head, url=url, listed=listed.published, now=context.now),
        genres=genres.genres,
        evidence=genres.evidence,
        links=links,
        cover=fetch_url(cover, head.base) if cover else None,
        listed_id=listed.id,
        modified=listed.modified,
    )
    return Understood(post=post, title=title, scope=scope.how, title_source="")


def _label(labels: Iterable[LabelValue]) -> str | None:
    return next(
        (label.value[:_MAX_LABEL] for label in labels if label.kind is LabelKind.LABEL and label.sure),
        None,
    )
