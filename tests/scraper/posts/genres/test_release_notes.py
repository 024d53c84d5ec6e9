"""Genres as release notes give them: dotted leaders, lines between bars, labels in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from scraper.posts.page.lines import read_lines
from scraper.posts.statements.labels import LabelKind, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood


@pytest.mark.parametrize(
    "line",
    [
        "GENRE .........: Techno",
        "GENRE....: Techno",
        "Genre________: Techno",
        "Genre … : Techno",
        "Genre ⇒ Techno",
        "✅ Genre➡️ Techno",
        "Genre ~ Techno",
    ],
)
def test_leaders_and_arrows_stand_between_a_label_and_its_value(line: str) -> None:
    # G1
    (label,) = labels_of(read_lines(BeautifulSoup(f"<pre>{line}</pre>", "lxml")))
    assert (label.kind, label.value) == (LabelKind.GENRE, "Techno")


@pytest.mark.parametrize(
    ("inner", "genres"),
    [
        pytest.param("<p>WH001: Kora (Genre: Acid House) on wax</p>", {"acid house"}, id="G38 in brackets"),
        pytest.param(
            "<p>Basic Lines on repeat. <em>Genre: Dub Techno</em>. More of it soon.</p>",
            {"dub techno"},
            id="G38 in an element of its own",
        ),
        pytest.param("<p>We asked whether a genre: any genre matters. House?</p>", set(), id="in a sentence"),
        pytest.param(
            "<p>Electronica / Ambient | 2020 | FLAC + MP3 | 340 MB + 130 MB</p>",
            {"electronica", "ambient"},
            id="size",
        ),
        pytest.param("<p>IDM | 2CD | VBR V0 | 160MB</p>", {"idm"}, id="media"),
        pytest.param("<p>Techno | 24bit/96kHz | 1.2 GB</p>", {"techno"}, id="frequency"),
        pytest.param("<p>Techno | our favourite of the year</p>", set(), id="anything else"),
    ],
)
def test_release_lines_tell_the_genre(
    read_post: Callable[..., Understood], inner: str, genres: set[str]
) -> None:
    assert set(read_post(inner).post.genres) == genres
