"""From the page of a post to the post: scope, title, genres, links, date, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.http.addresses.identity import fetch_url, same_site
from scraper.posts.dates.dating import read_published
from scraper.posts.genres.labels import LabelKind
from scraper.posts.genres.reading import read_genres
from scraper.posts.links.reading import read_links
from scraper.posts.page.document import parse_document, read_head
from scraper.posts.page.large import read_aside
from scraper.posts.page.scope import find_scope, soup_of
from scraper.posts.titles import parse_title
from scraper.posts.titles.headline import read_headline
from storage.records import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filters.graph import GenreGraph
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Page
    from scraper.posts.genres.labels import LabelValue

_MAX_LABEL = 100


async def understand(page: Page, *, listed: ListedPost, blog: str, graph: GenreGraph, now: float) -> Post:
    """Return the post that `page` shows. `now` is POSIX seconds UTC, for dates such as "2 weeks ago".

    A large page is read in a thread, so that others go on. Raises `UnreadablePageError`.
    """
    return await read_aside(len(page.body), read_post, page, listed=listed, blog=blog, graph=graph, now=now)


def read_post(page: Page, *, listed: ListedPost, blog: str, graph: GenreGraph, now: float) -> Post:
    """Return the post that `page` shows; what its listing knows (`listed`) completes it. Pure."""
    tree = parse_document(page.body, charset=page.charset)
    url = page.url if same_site(page.url, listed.url) else listed.url
    head = read_head(tree, url)
    scope = find_scope(tree, url=url)
    soup = soup_of(scope)
    headline = read_headline(tree, scope, head, url=url, listed=listed.title)
    title = parse_title(headline, is_genre=lambda text: bool(graph.resolve(text, filed=False)))
    genres = read_genres(
        tree,
        scope,
        soup,
        url=url,
        title_brackets=title.brackets,
        categories=listed.categories,
        graph=graph,
    )
    return Post(
        url=url,
        key=listed.key,
        blog=blog,
        title=headline,
        artist=title.artist,
        track=title.track,
        version=title.version,
        label=title.label or _label(genres.labels),
        featuring=title.featuring,
        published=read_published(tree, scope, head, url=url, listed=listed.published, now=now),
        genres=genres.genres,
        evidence=genres.evidence,
        links=read_links(soup, base=head.base, page=url, enclosures=listed.enclosures),
        cover=fetch_url(head.image, head.base) if head.image else None,
    )


def _label(labels: Iterable[LabelValue]) -> str | None:
    return next(
        (label.value[:_MAX_LABEL] for label in labels if label.kind is LabelKind.LABEL and label.sure),
        None,
    )
