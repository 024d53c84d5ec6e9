"""Titles with what they say: tables for several tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from scraper.posts.titles import TitleParts

GENRES = {"tech house", "techno", "dubstep", "ambient", "dub"}


def is_genre(text: str) -> bool:
    return text.casefold() in GENRES


def said(parts: TitleParts) -> dict[str, Any]:
    """All that a title says, without what it does not say."""
    names = (
        "artist", "track", "version", "release", "label", "catalogue", "featuring", "brackets", "year",
    )  # fmt: skip
    return {name: value for name in names if (value := getattr(parts, name))}


def case(name: str, text: str, artist: str | None, track: str | None, **more: Any) -> Any:
    named = {"artist": artist, "track": track} | more
    return pytest.param(text, {key: value for key, value in named.items() if value}, id=name)


THE_CASES = [
    case(
        "T1",
        "Nosaj Thing – “Don’t Mind Me” (Feat. Whoarei)",
        "Nosaj Thing",
        "Don’t Mind Me",
        featuring=("Whoarei",),
    ),
    case("T2", 'Galcher Lustwerk: "Parlay"', "Galcher Lustwerk", "Parlay"),
    case("T3", "Premiere: X&G – “Mancha”", "X&G", "Mancha"),
    case(
        "T4",
        "OOFJ – “I Forgive You (Dean Blunt SOUR ™ mix)” (Stereogum Premiere)",
        "OOFJ",
        "I Forgive You",
        version="Dean Blunt SOUR ™ mix",
    ),
    case(
        "T5",
        '"Ghost House (MLiR Remix)" – Lis Sarroca [Shall Not Fade]',
        "Lis Sarroca",
        "Ghost House",
        version="MLiR Remix",
        label="Shall Not Fade",
    ),
    case(
        "T6",
        "Charlotte de Witte - Overdrive (Original Mix) [KNTXT021].mp3",
        "Charlotte de Witte",
        "Overdrive",
        version="Original Mix",
        catalogue="KNTXT021",
    ),
    case("T7-one", "Jay-Z - 99 Problems", "Jay-Z", "99 Problems"),
    case("T7-two", "A-ha – Take On Me", "A-ha", "Take On Me"),
    case("T7-three", "Twenty-One", None, None),
    case("T8", "15 Free Songs You Should Download Right Now", None, None),
    case(
        "T9",
        "Major Lazer & DJ Snake – Lean On (Ft. MØ)",
        "Major Lazer & DJ Snake",
        "Lean On",
        featuring=("MØ",),
    ),
    case("T11", "VA – The Yearbook 2025", "Various Artists", "The Yearbook 2025"),
    case("T13-cyrillic", "Кино – Группа крови", "Кино", "Группа крови"),
    case("T13-arabic", "فيروز - نسم علينا الهوى", "فيروز", "نسم علينا الهوى"),
    case("T13-japanese", "サカナクション - 忘れられないの", "サカナクション", "忘れられないの"),
    case(
        "G22",
        "Kora – Lines (Original Mix) [Tech House]",
        "Kora",
        "Lines",
        version="Original Mix",
        brackets=("Tech House",),
    ),
    case("G23-label", "Kora – Lines [Techno Records]", "Kora", "Lines", label="Techno Records"),
    case("G23-number", "Kora – Lines [HOUSE001]", "Kora", "Lines", catalogue="HOUSE001"),
    case("G41", "Not your usual Tech House: a night at the club", None, None),
]

QUOTES = [
    case(f"quotes-{name}", f"Kora – {title}", "Kora", "Lines")
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
    *[case(f"dash-{dash!a}", f"Kora {dash} Lines", "Kora", "Lines") for dash in "-‐‑‒–—―−－"],
    case("dash-twice", "Kora -- Lines", "Kora", "Lines"),
    case("dash-before-quotes", "Kora–“Lines”", "Kora", "Lines"),
    case("quoted-without-dash", "Kora “Lines” (Club Edit)", "Kora", "Lines", version="Club Edit"),
    case("quoted-corner", "コラ「ラインズ」", "コラ", "ラインズ"),
    case("quoted-out-now", "Kora ‘Lines’ EP – out now on Moth", "Kora", "Lines", release="EP", label="Moth"),
    case("quoted-twice", "Kora – “Lines” & “Waves”", "Kora", "“Lines” & “Waves”"),
    case("quoted-twice-without-dash", "Kora “Lines” / “Waves”", "Kora", "“Lines” / “Waves”"),
    case("quoted-apostrophes", "Kora ‘Playin’ Around’ (Video)", "Kora", "Playin’ Around"),
    case("quotes-in-artist", '"Quoted" Kid – Velvet Corridor', '"Quoted" Kid', "Velvet Corridor"),
    case("quotes-in-track", 'Kora – "Scare" Quotes', "Kora", '"Scare" Quotes'),
    case(
        "apostrophes-are-no-quotes", "Rock 'n' Roll Kid - Talkin' Blues", "Rock 'n' Roll Kid", "Talkin' Blues"
    ),
    case("inches-are-no-quotes", 'Kora – Lines (12" Version)', "Kora", "Lines", version='12" Version'),
    case("dash-in-quotes", "Kora – “Lines – Waves”", "Kora", "Lines – Waves"),
    case("by-quoted", "»Lines« by Kora", "Kora", "Lines"),
    case("by-quoted-es", "«Lines» de Kora", "Kora", "Lines"),
    case("by-plain", "Broken Lanterns by Roomful of Mirrors", "Roomful of Mirrors", "Broken Lanterns"),
    case("by-song", "Stand by Me", None, None),
    case("by-guest-mix", "Guest Mix by DJ Kora", None, None),
    case("by-sentence", "All the best songs chosen by the readers", None, None),
    case("colon-ep", "Kora: Frozen Lines EP", "Kora", "Frozen Lines", release="EP"),
    case("colon-version", "Kora: Lines (Moth Remix)", "Kora", "Lines", version="Moth Remix"),
    case("colon-interview", "Interview: Kora on touring with a toddler", None, None),
    case("colon-column", 'Interview: "Lines"', None, None),
    case("bars", "Kora | Lines (Club Edit) | Moth", "Kora", "Lines", version="Club Edit", label="Moth"),
    case("bars-two-fields-are-unclear", "Kora | Lines", None, None),
    case("slashes", "Lines // Kora // Moth", "Kora", "Lines", label="Moth"),
    case(
        "slashes-version", "Kora // Lines (Dub Mix) // Moth", "Kora", "Lines", version="Dub Mix", label="Moth"
    ),
    case("slash-in-name", "The Slash/Dot – A/B", "The Slash/Dot", "A/B"),
    case("column-title", "Hot House Tips / June 2025", None, None),
    case("several-dashes", "Kora - Lines - Moth Records", "Kora", "Lines - Moth Records"),
    case("several-dashes-version", "Kora - Lines - Original Mix", "Kora", "Lines", version="Original Mix"),
    case("several-dashes-noise", "Kora - Lines - Free Download", "Kora", "Lines"),
    case(
        "several-dashes-remark",
        "Kora – Lines [Moth] – or how we learned to stop",
        "Kora",
        "Lines",
        label="Moth",
    ),
    case("several-dashes-catalogue", "Kora - Lines - MOTH001", "Kora", "Lines", catalogue="MOTH001"),
    case("bar-after", "Kora – Lines | Free Download", "Kora", "Lines"),
    case("number", "42. Kora - Lines", "Kora", "Lines"),
    case("emoji", "🔥 Kora – Lines 🔥", "Kora", "Lines"),
    case("a-sign-for-a-name", "★ – Lines", "★", "Lines"),
    case(
        "scene",
        "Kora_Kid-Frozen_Lines-MOTH001-WEB-2024-GRP",
        "Kora Kid",
        "Frozen Lines",
        catalogue="MOTH001",
        year="2024",
    ),
    case("headline", "Watch Kora Perform “Lines” On Late Night", None, None),
    case("headline-verb", "Kora Covers Moth’s “Lines”", None, None),
    case(
        "a-long-sentence",
        "We went out to hear some new music and it was all so good - here are the photos",
        None,
        None,
    ),
    case("only-a-dash", " – ", None, None),
    case("nothing-before", "– Lines", None, None),
    case("no-words", "()", None, None),
    case("empty", "", None, None),
]

NOISE = [
    case(f"noise-{text}", text, "Kora", "Lines")
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
