"""Artist and track that a post states beside its title."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.page.stated import Stated
from scraper.posts.statements.labels import LabelKind, LabelValue
from scraper.posts.titles import Confidence, TitleParts, parse_title
from scraper.posts.titles.brackets import never
from scraper.posts.titles.labelled import complete_title
from scraper.posts.understand import read_page

URL = "https://b.example/a-post/"
CONTEXT = Context(blog="https://b.example/", graph=default_graph(), now=1_780_000_000.0)
EMPTY = Stated()


def _read(title: str, text: str) -> TitleParts:
    page = f"<article><h1>{title}</h1>{text}</article>"
    listed = ListedPost(url=URL, key=URL)
    return read_page(page.encode(), "utf-8", URL, listed=listed, context=CONTEXT).title


def _names(parts: TitleParts) -> tuple[str | None, str | None]:
    return parts.artist, parts.track


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("New on the blog", "<p>Artist: Kora</p><p>Title: Lines</p>"),
        ("New on the blog", "<p>Artist: Kora<br>Track: Lines<br>Genre: Techno</p>"),
        ("New on the blog", "<p><b>Artist</b> – Kora<br><b>Album</b> – Lines</p>"),
        (
            "New on the blog",
            "<table><tr><th>Artist</th><td>Kora</td></tr><tr><th>Song</th><td>Lines</td></tr></table>",
        ),
        ("New on the blog", "<dl><dt>Artist</dt><dd>Kora</dd><dt>Title</dt><dd>Lines</dd></dl>"),
        ("Новинка недели", "<p>Исполнитель: Kora<br>Название: Lines<br>Жанр: Техно</p>"),
        ("Neu im Blog", "<p>Künstler: Kora</p><p>Titel: Lines</p>"),
        ("Lo nuevo", "<p>Artista: Kora</p><p>Título: Lines</p>"),
        ("新着", "<p>アーティスト：Kora</p><p>曲名：Lines</p>"),
        ("Lines by Kora", "<p>Artist: Kora</p><p>Title: Lines</p>"),
        ("Kora Lines", "<p>Artist: Kora</p>"),
        ("Kora Lines", "<p>Title: Lines</p>"),
        ("Lines - Kora", "<p>Artist: Kora</p>"),
        ("Lines - Kora", "<p>Artist: KORA</p><p>Title: Lines</p>"),
        ("New on the blog", "<p>Artist: Kora</p><p>Title: Kora – Lines</p>"),
    ],
)
def test_labelled_lines_name_artist_and_track_where_the_title_does_not(title: str, text: str) -> None:
    assert _names(_read(title, text)) == ("Kora", "Lines")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Kora – “Lines”", "<p>Artist: Moth</p><p>Title: Waves</p>"),
        ("Kora – Lines", "<p>Artist: Moth</p><p>Title: Waves</p>"),
        ("Kora – Lines", "<p>Artist: Kora</p><p>Title: Lines and more</p>"),
        ("Kora – Lines (Moth Remix)", "<p>Artist: Lines</p>"),
    ],
)
def test_a_title_that_is_sure_wins(title: str, text: str) -> None:
    assert _names(_read(title, text)) == ("Kora", "Lines")


@pytest.mark.parametrize(
    "text",
    [
        "<p>By: Ana</p><p>Title: Lines</p>",
        "<p>1. Artist: Kora</p><p>Title: Lines</p><p>2. Artist: Moth</p><p>Title: Waves</p>",
        "<p>Title: Lines</p>",
        "<p>Artist: N/A</p><p>Title: Lines</p>",
        "<p>Artist: –</p><p>Title: https://b.example/</p>",
        "<p>the artist, of course, has a title: none</p>",
    ],
)
def test_lines_that_name_nobody_or_several_tell_nothing(text: str) -> None:
    assert _names(_read("New on the blog", text)) == (None, None)


def test_an_artist_alone_is_kept_without_a_track() -> None:
    assert _names(_read("New on the blog", "<p>Artist: Kora</p>")) == ("Kora", None)


def test_what_the_lines_say_is_read_like_a_title() -> None:
    parts = _read(
        "Out now", "<p>Artist: Kora ft. Ana</p><p>Title: “Lines” (Moth Remix) [MTH001]</p><p>Label: Moth</p>"
    )
    assert parts == TitleParts(
        text="Out now",
        artist="Kora",
        track="Lines",
        version="Moth Remix",
        featuring=("Ana",),
        catalogue="MTH001",
        label="Moth",
        confidence=Confidence.FAIR,
    )


def test_a_day_of_release_does_not_date_the_post() -> None:
    page = "<article><h1>Out now</h1><p>Release date: 2031-01-02</p><p>Released: 5 May 2019</p></article>"
    listed = ListedPost(url=URL, key=URL)
    assert read_page(page.encode(), "utf-8", URL, listed=listed, context=CONTEXT).post.published is None


@pytest.mark.parametrize(
    ("lines", "label"),
    [
        ("<p>Label: Moth</p><p>Label: Null</p>", "Moth"),
        ("<p>Label: n/a</p><p>Лейбл: Null</p>", "Null"),
        ("<p>nothing</p>", None),
    ],
)
def test_the_first_label_of_the_post_is_the_label(lines: str, label: str | None) -> None:
    assert _read("Kora – Lines", lines).label == label
    assert _read("Kora – Lines [Shall Not Fade]", lines).label == "Shall Not Fade"


RECORDING = {"@type": "MusicRecording", "name": "Lines", "byArtist": {"@type": "MusicGroup", "name": "Kora"}}
ANOTHER = {"@type": "MusicRecording", "name": "Waves", "byArtist": "Moth"}


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (RECORDING, ("Kora", "Lines")),
        (
            {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, RECORDING]},
            ("Kora", "Lines"),
        ),
        (
            {"@type": "MusicAlbum", "name": "Lines", "byArtist": [{"name": "Kora"}], "track": [ANOTHER]},
            ("Kora", "Lines"),
        ),
        (RECORDING | {"name": "Lines &amp; Waves (VIP)"}, ("Kora", "Lines & Waves")),
        (RECORDING | {"name": "Kora – Lines"}, ("Kora", "Lines")),
        ([RECORDING, RECORDING], ("Kora", "Lines")),
        ([RECORDING, ANOTHER], (None, None)),
        ({"@type": "BreadcrumbList", "itemListElement": [RECORDING]}, (None, None)),
        ({"@type": "MusicRecording", "name": "Lines"}, (None, None)),
        ({"@type": "Book", "name": "Lines", "byArtist": "Kora"}, (None, None)),
        ({"@type": "MusicRecording", "name": 5, "byArtist": {"name": ["Kora"]}}, (None, None)),
    ],
)
def test_a_recording_in_json_ld_names_artist_and_track_where_nothing_else_does(
    data: Any, names: tuple[str | None, str | None]
) -> None:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert _names(_read("New on the blog", script)) == names
    assert _names(_read("Bo – Tide", script)) == ("Bo", "Tide")


LABELS = st.lists(
    st.builds(
        LabelValue,
        kind=st.sampled_from([LabelKind.ARTIST, LabelKind.TITLE, LabelKind.ALBUM, LabelKind.LABEL]),
        value=st.one_of(st.text(max_size=30), st.sampled_from(["Kora", "Lines", "VA", "n/a", " – "])),
        parts=st.just(()),
        text=st.text(max_size=40),
        sure=st.booleans(),
    ),
    max_size=4,
)


@given(st.one_of(st.text(max_size=40), st.sampled_from(["Kora – Lines", "Lines by Kora"])), LABELS)
def test_whatever_lines_say_parts_are_clean_and_a_sure_title_stays(
    text: str, labels: list[LabelValue]
) -> None:
    title = parse_title(text)
    parts = complete_title(title, labels, EMPTY, is_genre=never)
    for value in (parts.artist, parts.track, parts.version, parts.label):
        assert value is None or (value and value == " ".join(value.split()))
    assert parts.text == title.text
    if title.confidence is Confidence.HIGH:
        assert _names(parts) == _names(title)
