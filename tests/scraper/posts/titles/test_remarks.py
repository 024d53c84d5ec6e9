"""What stands in brackets behind a track in quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.titles import parse_title


@pytest.mark.parametrize(
    ("text", "artist", "track"),
    [
        ("Donato Dozzy – “K” (Spazio Disponibile)", "Donato Dozzy", "K"),
        ("Recensione: Kora – «Lines» (Null Records)", "Kora", "Lines"),
        ("Kora “Lines” (Null)", "Kora", "Lines"),
        ("Kora’s “Lines” (Null)", "Kora", "Lines"),
        ("Kora – “Lines” (Part II)", "Kora", "Lines (Part II)"),
        ("Kora – “Lines” (Interlude)", "Kora", "Lines (Interlude)"),
        ("Kora – “Lines” (for Ana)", "Kora", "Lines (for Ana)"),
        ("Kora – “Lines” (後編)", "Kora", "Lines (後編)"),
        ("Kora – “Lines” (Null) und mehr", "Kora", "“Lines” (Null) und mehr"),
        ("Kora – Lines (Null)", "Kora", "Lines (Null)"),
    ],
)
def test_a_remark_behind_a_quoted_track_is_no_part_of_it(text: str, artist: str, track: str) -> None:
    parts = parse_title(text)
    assert (parts.artist, parts.track) == (artist, track)


def test_what_is_known_in_a_bracket_is_kept() -> None:
    parts = parse_title("Kora – “Lines” (feat. Ana) (Moth Remix) (Null)")
    assert (parts.track, parts.featuring, parts.version) == ("Lines", ("Ana",), "Moth Remix")


@given(st.text(alphabet="aB1 ()[]“”\"'–-é曲.", max_size=40))
@settings(max_examples=200)
def test_no_bracket_behind_a_quoted_track_takes_the_track_away(rest: str) -> None:
    assert (parse_title(f"Kora – “Lines” ({rest})").track or "").find("Lines") >= 0
