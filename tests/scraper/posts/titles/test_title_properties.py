"""What holds for every title, whatever it says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.posts.titles import (
    Confidence,
    TitleParts,
    parse_file_stem,
    parse_title,
    print_title,
    title_from_slug,
)
from scraper.posts.titles.brackets import MAX_RUN
from scraper.posts.titles.text import clean
from tests.scraper.posts.titles import bracket_tables, shape_tables, title_tables
from tests.scraper.posts.titles.title_tables import is_genre

SANE_WORD = st.from_regex(r"[A-ZÀÖŁЖΩ][a-zà-öšжωあ-ん]{2,9}", fullmatch=True)
SANE_NAME = (
    st.lists(SANE_WORD, min_size=1, max_size=4)
    .map(" ".join)
    .map(lambda name: unicodedata.normalize("NFC", name))
)
VERSION = st.one_of(
    st.none(), SANE_NAME.map("{} Remix".format), st.sampled_from(["Original Mix", "Live at X", "VIP"])
)
GUEST_NAMES = st.lists(SANE_NAME, max_size=3, unique=True).map(tuple)


@given(SANE_NAME, SANE_NAME, VERSION, GUEST_NAMES, st.sampled_from([None, "EP", "LP"]))
def test_what_is_printed_is_read_again(
    artist: str, track: str, version: str | None, featuring: tuple[str, ...], release: str | None
) -> None:
    parts = TitleParts(
        text="", artist=artist, track=track, version=version, featuring=featuring, release=release
    )
    again = parse_title(print_title(parts))
    assert (again.artist, again.track, again.version) == (artist, track, version)
    assert (again.featuring, again.release) == (featuring, release)


PIECES = [
    "Kora", "Lines", " – ", " - ", ": ", " ", "(", ")", "[", "]", "“", "”", '"', "'", "‘", "’", "«",
    "»", "feat. ", "ft ", "Remix", " EP", "Premiere: ", "Free DL", " by ", " | ", " // ", "Live",
    "[Moth]", "(VIP)", ".mp3", "🔥", "01. ", "KNT021", "\u200d", "_", "-WEB-2024-GRP", "...", ",", "&",
    "VA", "「", "」", "out now on ", "2024",
]  # fmt: skip
TITLES = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@given(TITLES, st.booleans())
def test_any_text_gives_clean_parts(text: str, genre: bool) -> None:
    parts = parse_title(text, is_genre=lambda _: genre)
    strings = [
        value
        for value in (parts.artist, parts.track, parts.version, parts.label, parts.catalogue)
        if value is not None
    ]
    for value in (*strings, *parts.featuring, *parts.brackets):
        assert value == " ".join(value.split())
        assert value
        assert unicodedata.normalize("NFC", value) == value
    assert parts.artist is None or parts.track is not None
    assert (parts.confidence is Confidence.NONE) == (parts.track is None)


@given(TITLES)
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    once = parse_title(text).text
    assert parse_title(once).text == once


@given(TITLES)
def test_the_track_is_part_of_the_title(text: str) -> None:
    parts = parse_title(text)
    letters = {letter for letter in parts.text if letter.isalnum()}
    assert parts.track is None or {letter for letter in parts.track if letter.isalnum()} <= letters


@pytest.mark.parametrize(
    "unit",
    [
        "(", "[", '"', "“", "”", "«»", "([{", '("', "“(", " 'a", " - ", " “", "a by ", " // ", "feat. ",
        "(feat. x) ", "[a] ", '"a" ', "Foo: ", "🔥 ", "a_", "-2024-", "a-", " & ", "www.", "\u200d",
        "0", "Aa0-",
    ],
)  # fmt: skip
def test_ten_thousand_adversarial_characters_are_read(unit: str) -> None:
    parts = parse_title((unit * 10_000)[:10_000])
    assert len(parts.text) <= 1000


TABLES = [
    value.values[0]
    for tables in (bracket_tables, shape_tables, title_tables)
    for table in vars(tables).values()
    if isinstance(table, list)
    for value in table
    if not isinstance(value, str)
]


@pytest.mark.parametrize("text", TABLES)
def test_what_was_printed_is_printed_the_same_when_read_again(text: str) -> None:
    printed = print_title(parse_title(text, is_genre=is_genre))
    assert print_title(parse_title(printed, is_genre=is_genre)) == printed


@given(st.text(max_size=120))
def test_a_clean_text_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="\u200b\u200c\u200d\u00ad\ufeff ab\u0301\u0627\u06cc👩🚀\ud800\x1b", max_size=30))
def test_a_text_of_unseen_characters_is_cleaned_once_and_for_all(text: str) -> None:
    assert clean(clean(text)) == clean(text)


MARKS = st.text(
    alphabet="([{【（［〔)]}】）］〕\"“”„‟«»‹›‘’‚'´`❝❞〝〞「」『』《》〈〉-‐–—―~〜 |/·•:.,&aA0",
    min_size=1,
    max_size=6,
)


@given(MARKS, st.sampled_from(["", "Kora – Lines ", "feat. "]))
@example("00）（", "Kora – Lines ")
def test_ten_thousand_characters_of_any_marks_are_read(unit: str, before: str) -> None:
    text = (before + unit * 10_000)[:10_000]
    for parts in (parse_title(text), parse_file_stem(text), title_from_slug(text)):
        assert len(parts.text) <= 1000
        assert len(parts.track or "") <= 1000 + MAX_RUN
