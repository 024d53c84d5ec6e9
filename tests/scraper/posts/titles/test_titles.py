from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.posts.titles import Confidence, TitleParts, parse_title, print_title

GENRES = {"tech house", "techno", "dubstep", "ambient", "dub"}


def _is_genre(text: str) -> bool:
    return text.casefold() in GENRES


def _said(parts: TitleParts) -> dict[str, Any]:
    """All that a title says, without what it does not say."""
    names = (
        "artist", "track", "version", "release", "label", "catalogue", "featuring", "brackets", "year",
    )  # fmt: skip
    return {name: value for name in names if (value := getattr(parts, name))}


def _case(name: str, text: str, artist: str | None, track: str | None, **more: Any) -> Any:
    named = {"artist": artist, "track": track} | more
    return pytest.param(text, {key: value for key, value in named.items() if value}, id=name)


THE_CASES = [
    _case(
        "T1",
        "Nosaj Thing – “Don’t Mind Me” (Feat. Whoarei)",
        "Nosaj Thing",
        "Don’t Mind Me",
        featuring=("Whoarei",),
    ),
    _case("T2", 'Galcher Lustwerk: "Parlay"', "Galcher Lustwerk", "Parlay"),
    _case("T3", "Premiere: X&G – “Mancha”", "X&G", "Mancha"),
    _case(
        "T4",
        "OOFJ – “I Forgive You (Dean Blunt SOUR ™ mix)” (Stereogum Premiere)",
        "OOFJ",
        "I Forgive You",
        version="Dean Blunt SOUR ™ mix",
    ),
    _case(
        "T5",
        '"Ghost House (MLiR Remix)" – Lis Sarroca [Shall Not Fade]',
        "Lis Sarroca",
        "Ghost House",
        version="MLiR Remix",
        label="Shall Not Fade",
    ),
    _case(
        "T6",
        "Charlotte de Witte - Overdrive (Original Mix) [KNTXT021].mp3",
        "Charlotte de Witte",
        "Overdrive",
        version="Original Mix",
        catalogue="KNTXT021",
    ),
    _case("T7-one", "Jay-Z - 99 Problems", "Jay-Z", "99 Problems"),
    _case("T7-two", "A-ha – Take On Me", "A-ha", "Take On Me"),
    _case("T7-three", "Twenty-One", None, None),
    _case("T8", "15 Free Songs You Should Download Right Now", None, None),
    _case(
        "T9",
        "Major Lazer & DJ Snake – Lean On (Ft. MØ)",
        "Major Lazer & DJ Snake",
        "Lean On",
        featuring=("MØ",),
    ),
    _case("T11", "VA – The Yearbook 2025", "Various Artists", "The Yearbook 2025"),
    _case("T13-cyrillic", "Кино – Группа крови", "Кино", "Группа крови"),
    _case("T13-arabic", "فيروز - نسم علينا الهوى", "فيروز", "نسم علينا الهوى"),
    _case("T13-japanese", "サカナクション - 忘れられないの", "サカナクション", "忘れられないの"),
    _case(
        "G22",
        "Kora – Lines (Original Mix) [Tech House]",
        "Kora",
        "Lines",
        version="Original Mix",
        brackets=("Tech House",),
    ),
    _case("G23-label", "Kora – Lines [Techno Records]", "Kora", "Lines", label="Techno Records"),
    _case("G23-number", "Kora – Lines [HOUSE001]", "Kora", "Lines", catalogue="HOUSE001"),
    _case("G41", "Not your usual Tech House: a night at the club", None, None),
]

QUOTES = [
    _case(f"quotes-{name}", f"Kora – {title}", "Kora", "Lines")
    for name, title in {
        "curly": "“Lines”",
        "straight": '"Lines"',
        "low": "„Lines“",
        "low-high": "„Lines”",
        "swedish": "”Lines”",
        "guillemets": "«Lines»",
        "inward": "»Lines«",
        "single": "‘Lines’",
        "plain-single": "'Lines'",
        "low-single": "‚Lines‘",
        "angles": "‹Lines›",
        "corner": "「Lines」",
        "white-corner": "『Lines』",
        "sloppy": "“Lines“",
        "double-angles": "《Lines》",
    }.items()
]  # fmt: skip

SHAPES = [
    *[_case(f"dash-{dash!a}", f"Kora {dash} Lines", "Kora", "Lines") for dash in "-‐‑‒–—―−－"],
    _case("dash-twice", "Kora -- Lines", "Kora", "Lines"),
    _case("dash-before-quotes", "Kora–“Lines”", "Kora", "Lines"),
    _case("quoted-without-dash", "Kora “Lines” (Club Edit)", "Kora", "Lines", version="Club Edit"),
    _case("quoted-corner", "コラ「ラインズ」", "コラ", "ラインズ"),
    _case("quoted-out-now", "Kora ‘Lines’ EP – out now on Moth", "Kora", "Lines", release="EP", label="Moth"),
    _case("quoted-twice", "Kora – “Lines” & “Waves”", "Kora", "“Lines” & “Waves”"),
    _case("quoted-twice-without-dash", "Kora “Lines” / “Waves”", "Kora", "“Lines” / “Waves”"),
    _case("quoted-apostrophes", "Kora ‘Playin’ Around’ (Video)", "Kora", "Playin’ Around"),
    _case("quotes-in-artist", '"Quoted" Kid – Velvet Corridor', '"Quoted" Kid', "Velvet Corridor"),
    _case("quotes-in-track", 'Kora – "Scare" Quotes', "Kora", '"Scare" Quotes'),
    _case(
        "apostrophes-are-no-quotes", "Rock 'n' Roll Kid - Talkin' Blues", "Rock 'n' Roll Kid", "Talkin' Blues"
    ),
    _case("inches-are-no-quotes", 'Kora – Lines (12" Version)', "Kora", "Lines", version='12" Version'),
    _case("dash-in-quotes", "Kora – “Lines – Waves”", "Kora", "Lines – Waves"),
    _case("by-quoted", "»Lines« by Kora", "Kora", "Lines"),
    _case("by-quoted-es", "«Lines» de Kora", "Kora", "Lines"),
    _case("by-plain", "Broken Lanterns by Roomful of Mirrors", "Roomful of Mirrors", "Broken Lanterns"),
    _case("by-song", "Stand by Me", None, None),
    _case("by-guest-mix", "Guest Mix by DJ Kora", None, None),
    _case("by-sentence", "All the best songs chosen by the readers", None, None),
    _case("colon-ep", "Kora: Frozen Lines EP", "Kora", "Frozen Lines", release="EP"),
    _case("colon-version", "Kora: Lines (Moth Remix)", "Kora", "Lines", version="Moth Remix"),
    _case("colon-interview", "Interview: Kora on touring with a toddler", None, None),
    _case("colon-column", 'Interview: "Lines"', None, None),
    _case("bars", "Kora | Lines (Club Edit) | Moth", "Kora", "Lines", version="Club Edit", label="Moth"),
    _case("bars-two-fields-are-unclear", "Kora | Lines", None, None),
    _case("slashes", "Lines // Kora // Moth", "Kora", "Lines", label="Moth"),
    _case(
        "slashes-version", "Kora // Lines (Dub Mix) // Moth", "Kora", "Lines", version="Dub Mix", label="Moth"
    ),
    _case("slash-in-name", "The Slash/Dot – A/B", "The Slash/Dot", "A/B"),
    _case("column-title", "Hot House Tips / June 2025", None, None),
    _case("several-dashes", "Kora - Lines - Moth Records", "Kora", "Lines - Moth Records"),
    _case("several-dashes-version", "Kora - Lines - Original Mix", "Kora", "Lines", version="Original Mix"),
    _case("several-dashes-noise", "Kora - Lines - Free Download", "Kora", "Lines"),
    _case(
        "several-dashes-remark",
        "Kora – Lines [Moth] – or how we learned to stop",
        "Kora",
        "Lines",
        label="Moth",
    ),
    _case("several-dashes-catalogue", "Kora - Lines - MOTH001", "Kora", "Lines", catalogue="MOTH001"),
    _case("bar-after", "Kora – Lines | Free Download", "Kora", "Lines"),
    _case("number", "42. Kora - Lines", "Kora", "Lines"),
    _case("emoji", "🔥 Kora – Lines 🔥", "Kora", "Lines"),
    _case("a-sign-for-a-name", "★ – Lines", "★", "Lines"),
    _case(
        "scene",
        "Kora_Kid-Frozen_Lines-MOTH001-WEB-2024-GRP",
        "Kora Kid",
        "Frozen Lines",
        catalogue="MOTH001",
        year="2024",
    ),
    _case("headline", "Watch Kora Perform “Lines” On Late Night", None, None),
    _case("headline-verb", "Kora Covers Moth’s “Lines”", None, None),
    _case(
        "a-long-sentence",
        "We went out to hear some new music and it was all so good - here are the photos",
        None,
        None,
    ),
    _case("only-a-dash", " – ", None, None),
    _case("nothing-before", "– Lines", None, None),
    _case("no-words", "()", None, None),
    _case("empty", "", None, None),
]

NOISE = [
    _case(f"noise-{text}", text, "Kora", "Lines")
    for text in [
        "PREMIERE: Kora - Lines", "Premiere | Kora - Lines", "Premiere - Kora - Lines",
        "[PREMIERE] Kora - Lines", "Premiere #123: Kora - Lines", "XLR8R Premiere: Kora - Lines",
        "Track of the Day: Kora - Lines", "[Track Of The Week 30] Kora - Lines", "Listen: Kora - Lines",
        "Listen to Kora – “Lines”", "Listen to Kora’s “Lines”", "Watch Kora’s “Lines” Video",
        "Stream: Kora – Lines", "Video: Kora – Lines", "Free Download: Kora – Lines",
        "[FREE DL] Kora — Lines", "New Music: Premiere: Kora – Lines", "Estreno: Kora – «Lines»",
        "Première : Kora – Lines", "Track des Tages: Kora – Lines", "Estreia: Kora – Lines",
        "Премьера: Kora – Lines", "Kora – Lines (Премьера клипа)", "Kora – Lines [Free Download]",
        "Kora – Lines (Free DL)", "Kora – Lines (Official Video)", "Kora – Lines (XLR8R Premiere)",
        "Kora – Lines {Free DL}", "Kora – Lines [www.site.example]", "Kora – Lines [site.com]",
        "Kora – Lines [IH4rLXSc4sE]", "Kora – Lines (320kbps)", "Kora – Lines [FLAC 24bit]",
        "Kora – Lines (Prod. by Moth)", "Kora – Lines [MP3 / FLAC]", "Kora – Lines.mp3",
        "Kora – Lines (Unreleased)",
    ]
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*THE_CASES, *QUOTES, *SHAPES, *NOISE])
def test_a_title_says_what_it_says_and_no_more(text: str, expected: dict[str, Any]) -> None:
    assert _said(parse_title(text, is_genre=_is_genre)) == expected


@pytest.mark.parametrize("name", ["VA", "V.A.", "V/A", "Various", "various artists", "Varios Artistas"])
def test_many_artists_have_one_name(name: str) -> None:
    assert parse_title(f"{name} – The Yearbook").artist == "Various Artists"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(" Kora\t–\n Lines ", "Kora – Lines", id="white-space"),
        pytest.param("Kora – te\u00adch\u200bno\ufeff", "Kora – techno", id="G42-unseen"),
        pytest.param("Kora \u202e– seniL\u202c", "Kora – seniL", id="52-bidi"),
        pytest.param("Kora\x1b]0;pwn\x07 – Lines\x9b31m", "Kora]0;pwn – Lines31m", id="53-escapes"),
        pytest.param("Kora – Lines\ud800", "Kora – Lines", id="52-lone-surrogate"),
        pytest.param("Cafe\u0301 – Lines", "Café – Lines", id="51-nfc"),
        pytest.param("Kora – te\u200dchno", "Kora – techno", id="G42-joiner-between-latin-letters"),
        pytest.param("گروه – می\u200cخواهم", "گروه – می\u200cخواهم", id="T13-persian-needs-its-joiner"),
        pytest.param("Kora 👩\u200d🚀", "Kora 👩\u200d🚀", id="emoji-need-theirs"),
    ],
)
def test_the_text_of_a_title_is_clean_and_whole(text: str, expected: str) -> None:
    assert parse_title(text).text == expected


def test_a_clear_shape_gives_more_confidence() -> None:
    order = ["Twenty-One", "Lines by Kora", "Kora – Lines", "Kora – “Lines”"]
    assert [parse_title(text).confidence for text in order] == list(Confidence)


def test_the_canonical_spelling_has_guests_before_the_version() -> None:
    parts = TitleParts(
        text="", artist="Kora", track="Lines", release="EP", featuring=("Ana", "Bo"), version="Moth Remix"
    )
    assert print_title(parts) == "Kora - Lines EP (feat. Ana, Bo) (Moth Remix)"


def test_a_title_without_a_track_is_printed_as_it_was() -> None:
    assert print_title(parse_title("15 Free Songs")) == "15 Free Songs"


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
