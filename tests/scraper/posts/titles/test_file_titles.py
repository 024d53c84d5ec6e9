from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.posts.titles import Confidence, parse_file_stem, title_from_slug


@pytest.mark.parametrize(
    ("name", "artist", "track", "version"),
    [
        pytest.param("Mauritz.—.Test_(orig_mix)", "Mauritz", "Test", "orig mix", id="T12"),
        pytest.param("01 - Kora - Lines.mp3", "Kora", "Lines", None, id="number-dash"),
        pytest.param("01. Kora - Lines", "Kora", "Lines", None, id="number-dot"),
        pytest.param("01 Kora - Lines.flac", "Kora", "Lines", None, id="number-blank"),
        pytest.param("1-01 Kora - Lines.flac", "Kora", "Lines", None, id="disc-and-number"),
        pytest.param("01_-_Kora_-_Lines.mp3", "Kora", "Lines", None, id="number-underscore"),
        pytest.param("A1 - Kora - Lines", "Kora", "Lines", None, id="vinyl-side"),
        pytest.param("50 Cent - In Da Club", "50 Cent", "In Da Club", None, id="a-number-of-the-name"),
        pytest.param("Kora_Kid-Frozen_Lines.mp3", "Kora Kid", "Frozen Lines", None, id="one-hyphen"),
        pytest.param("Kora_-_Lines_(Moth_Remix).mp3", "Kora", "Lines", "Moth Remix", id="underscores"),
        pytest.param("Kora+-+Lines.mp3", "Kora", "Lines", None, id="plus"),
        pytest.param("Kora%20-%20Lines%20%28VIP%29.mp3", "Kora", "Lines", "VIP", id="escapes"),
        pytest.param("Кино - Группа крови.mp3", "Кино", "Группа крови", None, id="T13"),
        pytest.param("Lines (VIP).wav", None, "Lines", "VIP", id="no-artist"),
        pytest.param("Jay-Z.mp3", None, "Jay-Z", None, id="T7-a-hyphen"),
        pytest.param("kora-frozen-lines.mp3", None, "kora frozen lines", None, id="slug"),
        pytest.param("100%.mp3", None, "100%", None, id="a-sign-that-is-no-escape"),
        pytest.param("%ff%fe.mp3", None, "%ff%fe", None, id="escapes-of-no-text"),
        pytest.param(".mp3", None, None, None, id="an-ending-alone"),
        pytest.param("", None, None, None, id="empty"),
    ],
)
def test_a_file_name_says_artist_and_track(
    name: str, artist: str | None, track: str | None, version: str | None
) -> None:
    parts = parse_file_stem(name)
    assert (parts.artist, parts.track, parts.version) == (artist, track, version)


@pytest.mark.parametrize(
    ("name", "artist", "track", "catalogue"),
    [
        pytest.param("Kora-Lines-(CAT001)-WEB-2024-GRP", "Kora", "Lines", "CAT001", id="catalogue"),
        pytest.param(
            "Kora_Kid-Frozen_Lines-WEB-FLAC-2024-GRP", "Kora Kid", "Frozen Lines", None, id="sources"
        ),
        pytest.param("A-ha-Take_On_Me-CDS-2015-GRP", "A-ha", "Take On Me", None, id="T7-hyphen-in-artist"),
        pytest.param("Kora-Twenty-One-WEB-2024-GRP", "Kora", "Twenty-One", None, id="T7-hyphen-in-title"),
        pytest.param(
            "VA-The_Yearbook-MOTH001-WEB-2024-GRP", "Various Artists", "The Yearbook", "MOTH001", id="T11"
        ),
    ],
)
def test_a_scene_name_says_artist_title_and_number(
    name: str, artist: str | None, track: str | None, catalogue: str | None
) -> None:
    parts = parse_file_stem(name)
    assert (parts.artist, parts.track, parts.catalogue) == (artist, track, catalogue)


@pytest.mark.parametrize("slug", [pytest.param("567145_m0b-allein-allein-transa1004", id="T14")])
def test_a_slug_gives_words_and_little_confidence(slug: str) -> None:
    parts = title_from_slug(slug)
    assert (parts.text, parts.catalogue) == ("m0b allein allein", "TRANSA1004")
    assert (parts.artist, parts.track, parts.confidence) == (None, None, Confidence.LOW)


@pytest.mark.parametrize(
    ("slug", "text", "version"),
    [
        pytest.param(
            "kora-frozen-lines-original-mix", "kora frozen lines original mix", "original mix", id="version"
        ),
        pytest.param("100-juice-lines", "100 juice lines", None, id="a-number-of-the-name"),
        pytest.param("kora-lines.html", "kora lines", None, id="ending"),
        pytest.param("%d0%ba%d0%b8%d0%bd%d0%be", "кино", None, id="T13-escaped"),
    ],
)
def test_a_slug_is_made_readable(slug: str, text: str, version: str | None) -> None:
    parts = title_from_slug(slug)
    assert (parts.text, parts.version) == (text, version)


def test_a_slug_with_a_clear_separator_names_the_artist() -> None:
    parts = title_from_slug("kora_-_frozen-lines")
    assert (parts.artist, parts.track, parts.confidence) == ("kora", "frozen lines", Confidence.LOW)


def test_a_slug_without_words_says_nothing() -> None:
    parts = title_from_slug("--")
    assert (parts.text, parts.confidence) == ("", Confidence.NONE)


NAMES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="abAB01 -_.+%()[]—'\"/", max_size=60),
    st.text(alphabet="abA-_012 ", max_size=20).map("{}-WEB-2024-GRP".format),
)


@given(NAMES)
def test_any_name_gives_clean_parts(name: str) -> None:
    for parts in (parse_file_stem(name), title_from_slug(name)):
        for value in (parts.artist, parts.track, parts.version):
            assert value is None or (value and value == " ".join(value.split()))


@given(NAMES)
def test_a_file_with_words_is_a_track(name: str) -> None:
    parts = parse_file_stem(name)
    assert bool(parts.track) == bool(parts.text)


@pytest.mark.parametrize("unit", ["a-", "a_", "(", "-2024-", "%20", "0", "A1", "._.", "+", " - ", "a.", "—."])
def test_ten_thousand_adversarial_characters_are_read(unit: str) -> None:
    name = (unit * 10_000)[:10_000]
    assert len(parse_file_stem(name).text) <= 1000
    assert len(title_from_slug(name).text) <= 1000
