from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.choosing.preference import known_formats, known_qualities, prefers, rank

BEST_FIRST = [
    ("flac", "24bit"),
    ("flac", None),
    ("wav", None),
    ("mp3", "320"),
    ("mp3", "v0"),
    ("m4a", "256"),
    ("mp3", "v2"),
    ("mp3", "192"),
    ("ogg", "160"),
    ("mp3", "128"),
    ("zip", None),
]


@given(st.permutations(BEST_FIRST))
def test_the_best_comes_first_and_what_is_not_known_last(offered: list[tuple[str, str | None]]) -> None:
    assert sorted(offered, key=lambda one: rank(*one)) == BEST_FIRST


@pytest.mark.parametrize(
    ("word", "file_format", "quality", "meant"),
    [
        ("flac", "flac", None, True),
        ("flac", "flac", "24bit", True),
        ("mp3", "flac", None, False),
        ("320", "mp3", "320", True),
        ("320", None, "320", True),
        ("320", "mp3", None, False),
        ("lossless", "wav", None, True),
        ("lossless", "zip", "24bit", True),
        ("lossless", None, "lossless", True),
        ("lossless", "mp3", "320", False),
        ("24bit", "flac", None, False),
        ("zip", "zip", "320", True),
    ],
)
def test_a_word_prefers_a_format_a_quality_or_anything_lossless(
    word: str, file_format: str | None, quality: str | None, meant: bool
) -> None:
    assert prefers(word, file_format, quality) is meant


@given(st.sampled_from([None, *known_formats()]), st.sampled_from([None, *known_qualities()]))
def test_a_known_quality_is_never_worse_than_none(file_format: str | None, quality: str | None) -> None:
    assert quality is None or rank("mp3", quality) < rank("mp3", None)
    assert quality is None or rank(file_format, quality)[0] == rank("mp3", quality)[0]
