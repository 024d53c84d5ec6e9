"""What a reading tells: evidence, unknown words, what was ignored, and its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.posts.genres.reading import GenreReading, read_genres
from scraper.posts.page.document import parse_document
from scraper.posts.page.lines import read_lines
from scraper.posts.page.scope import find_scope
from scraper.posts.page.soup import soup_of
from scraper.posts.page.stated import stated_in
from scraper.posts.statements.labels import labels_of
from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood


def read(inner: str, *, brackets: tuple[str, ...] = (), url: str = "https://b.example/x/") -> GenreReading:
    tree = parse_document(f"<article><h1>Kora</h1>{inner}</article>".encode(), charset="utf-8")
    scope = find_scope(tree, url=url)
    lines = read_lines(soup_of(scope))
    return read_genres(
        *(stated_in(tree), scope, lines, labels_of(lines)),
        url=url,
        title_brackets=brackets,
        categories=brackets,
        graph=default_graph(),
        musical=True,
    )


def test_each_genre_comes_with_its_evidence(read_post: Callable[..., Understood]) -> None:
    meta = '<a rel="tag" href="/tag/house/">house</a>'
    post = read_post("<p>Genre: Deep House</p><p>#techno</p>", meta=meta).post
    assert [(found.genre, found.trust, found.source, found.text) for found in post.evidence] == [
        ("deep house", Trust.LABEL, "label", "Genre: Deep House"),
        ("house", Trust.FILED, "tag link", "house"),
        ("techno", Trust.HINT, "hashtag", "#techno"),
    ]
    assert post.genres == ("deep house", "techno")


def test_words_of_a_label_that_are_no_genre_are_told() -> None:
    assert read("<p>Genre: Techno, Wobblecore</p>").unknown == ("Wobblecore",)


def test_an_address_that_is_none_gives_nothing() -> None:
    assert read("", url="http://[bad/techno/x").genres == ()


@pytest.mark.parametrize(
    ("parts", "ignored"),
    [
        ({"categories": ("Berlin",)}, ("Berlin", "no genre is called so")),
        ({"categories": ("Remixes",)}, ("Remixes", "what a release is, not how it sounds")),
        ({"inner": "<p>Genre: Techno, Wobblecore</p>"}, ("Wobblecore", "no genre is called so")),
        ({"inner": "<p>Genre: N/A</p>"}, ("Genre: N/A", "says nothing of the music")),
        ({"inner": "<p><b>Style</b> is everything</p>"}, ("Style is everything", "no label: its word stands within a sentence")),
        ({"inner": "<p>#minimal</p>"}, ("#minimal", "ambiguous alone")),
        ({"inner": "<p>#newmusic</p>"}, ("#newmusic", "no genre is called so")),
        ({"inner": "<p>Minimal</p>"}, ("Minimal", "ambiguous alone")),
        ({"title": "Kora – Lines #aa #bb #techno"}, ("#techno", "one of many hashtags in a title")),
        ({"categories": ("House", "Deep House")}, ("House", "already implied by deep house")),
        ({"categories": ("House",), "title": "A day out"}, ("House", "an everyday word on a post without music")),
        (
            {"inner": '<p><a href="/">Home</a> › <a href="/category/house/">House</a></p>'},
            ("House", "in a breadcrumb"),
        ),
        (
            {"inner": '<p>Read <a href="/tag/techno/">techno</a> and what else we wrote of it</p>'},
            ("techno", "a link in running text"),
        ),
        (
            {"url": "https://blog.example/techno/x/", "categories": ("Dub",)},
            ("techno", "in the address, which counts only where nothing else does"),
        ),
        ({"inner": '<p itemprop="genre">Wobble</p>'}, ("Wobble", "no genre is called so")),
    ],
)  # fmt: skip
def test_what_gave_nothing_is_told_with_the_reason_when_asked(
    read_post: Callable[..., Understood], parts: dict[str, str], ignored: tuple[str, str]
) -> None:
    understood = read_post(**parts, explaining=True)
    assert ignored in [(each.what, each.why) for each in understood.ignored_genres]
    assert read_post(**parts).ignored_genres == ()
    assert read_post(**parts).post == understood.post


def test_what_was_ignored_is_bounded(read_post: Callable[..., Understood]) -> None:
    ignored = read_post(
        categories=tuple(f"tag {'x' * 500} {n}" for n in range(150)), explaining=True
    ).ignored_genres
    assert 0 < len(ignored) <= 100
    assert all(len(each.what) <= 200 for each in ignored)


def test_evidence_is_bounded() -> None:
    tags = "".join(f'<a rel="tag" href="/t/">{"Deep House" * 40}</a>, ' for _ in range(2000))
    reading = read(f"<p>{'#techno ' * 5000}</p>{'<p>Genre: Dub</p>' * 2000}<p>{tags}</p>")
    assert set(reading.genres) == {"dub", "techno"}
    assert len(reading.evidence) <= 50
    assert all(len(found.text) <= 200 for found in reading.evidence)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="Genre: Tchno#,/|<p>&;–\n·ab", max_size=150), st.text(max_size=30))
def test_any_text_gives_only_genres_of_the_graph(inner: str, bracket: str) -> None:
    reading = read(inner, brackets=(bracket,))
    assert set(reading.genres) <= set(default_graph().names)
    assert {found.genre for found in reading.evidence} >= set(reading.genres)
