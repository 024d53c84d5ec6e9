"""From the parts of a post that were told apart to the post: genres, links, date, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filters.tags import is_clear_genre
from scraper.posts.dates.dating import read_published
from scraper.posts.genres.music_signs import own_names, shows_music
from scraper.posts.genres.reading import read_genres
from scraper.posts.links.quality_lines import with_quality_lines
from scraper.posts.links.reading import read_links
from scraper.posts.links.same_music import FILES
from scraper.posts.links.stated_quality import with_stated_quality
from scraper.posts.page.cover import find_cover
from scraper.posts.page.lines import MAX_LINES, read_lines
from scraper.posts.page.soup import soup_of
from scraper.posts.statements.labels import LabelKind, labels_of
from scraper.posts.titles import parse_title
from scraper.posts.titles.labelled import complete_title
from scraper.posts.titles.named_beside import tracks_beside
from scraper.posts.titles.text import clean
from scraper.posts.understood import Ignored, Understood
from storage.records import Post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from scraper.blogs.listed import ListedPost
    from scraper.posts.context import Context
    from scraper.posts.genres.reading import GenreReading
    from scraper.posts.links.reading import LinkReading
    from scraper.posts.page.document import Head
    from scraper.posts.page.lines import TextLine
    from scraper.posts.page.scope import Scope
    from scraper.posts.statements.labels import LabelValue
    from scraper.posts.titles import TitleParts
    from scraper.posts.titles.headline import Headline
    from storage.records import Link

_MAX_CATEGORIES = 200


def compose_post(
    tree: HtmlElement,
    scope: Scope,
    head: Head,
    *,
    headline: Headline,
    url: str,
    listed: ListedPost,
    context: Context,
    partial: bool = False,
) -> Understood:
    """Return the post at `url`: what `scope`, `head` and dates on `tree` say, completed by `listed`.

    `headline` is the title.
    `partial` says that the page goes on behind what was read of it. Pure.
    """
    graph = context.graph
    soup = soup_of(scope)

    def is_genre(text: str) -> bool:
        return is_clear_genre(text, graph)

    title = headline.parts or parse_title(headline.text, is_genre=is_genre)
    reading = read_links(
        soup, base=head.base, page=url, enclosures=listed.enclosures, explaining=context.explaining
    )
    lines = read_lines(soup)
    labels = labels_of(lines)
    genres = read_genres(
        head.stated,
        scope,
        lines,
        labels,
        url=url,
        title_brackets=title.brackets,
        categories=[name for each in listed.categories[:_MAX_CATEGORIES] if (name := clean(each))],
        graph=graph,
        musical=shows_music(title, reading.links),
        names=own_names(title),
        explaining=context.explaining,
    )
    title = complete_title(
        title,
        labels,
        head.stated,
        is_genre=is_genre,
        tracks=lambda: tracks_beside(soup, reading.links) if reading.links else (),
    )
    dating = read_published(
        tree, scope, head, url=url, listed=listed.published, now=context.now, title=headline.text
    )
    links = _with_qualities(reading.links, lines, labels)
    reading = reading if links == reading.links else replace(reading, links=links)
    reading = _about_music(reading, title, genres, explaining=context.explaining)
    post = Post(
        url=url,
        key=listed.key,
        blog=context.blog,
        title=headline.text,
        artist=title.artist,
        track=title.track,
        version=title.version,
        label=title.label,
        featuring=title.featuring,
        published=dating.published,
        genres=genres.genres,
        evidence=genres.evidence,
        links=reading.links,
        cover=find_cover(scope, stated=head.image, listed=listed.cover, base=head.base),
        listed_id=listed.id,
        modified=listed.modified,
        passwords=reading.passwords,
        partial=partial or scope.partial or len(lines) >= MAX_LINES or reading.partial,
    )
    return Understood(
        post=post,
        title=title,
        scope=scope.how,
        title_source=headline.source,
        date_source=dating.source,
        ignored_genres=genres.ignored,
        ignored_links=reading.ignored,
        players=reading.players,
    )


def _with_qualities(
    links: tuple[Link, ...], lines: Sequence[TextLine], labels: Sequence[LabelValue]
) -> tuple[Link, ...]:
    """Return `links` with the qualities that the post states for all or for some of them."""
    stated = (label.value for label in labels if label.kind is LabelKind.SOUND)
    links = with_stated_quality(links, stated)
    if any(link.kind in FILES and link.quality is None for link in links):
        return with_quality_lines(links, lines)
    return links


def _about_music(
    reading: LinkReading, title: TitleParts, genres: GenreReading, *, explaining: bool
) -> LinkReading:
    """Return `reading` without links that only words make a download, where nothing else shows music."""
    unsure = [link for link in reading.links if not link.sure]
    if not unsure or genres.genres or shows_music(title, reading.links):
        return reading
    dropped = [
        Ignored(what=link.url, why="it may be anything, and nothing in the post shows music")
        for link in unsure
        if explaining
    ]
    return replace(
        reading,
        links=tuple(link for link in reading.links if link.sure),
        ignored=(*reading.ignored, *dropped),
    )
