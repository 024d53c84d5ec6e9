"""Titles with brackets and guests, with what they say."""

from __future__ import annotations

from tests.scraper.posts.titles.title_tables import case

BRACKETS = [
    case(
        "label-and-genre",
        "Kora – Lines [Hellbent] [DUBSTEP]",
        "Kora",
        "Lines",
        label="Hellbent",
        brackets=("DUBSTEP",),
    ),
    case("genre-first", "[Techno] Kora – Lines", "Kora", "Lines", brackets=("Techno",)),
    case("two-unknown", "Kora – Lines [Moth] [Odd]", "Kora", "Lines", label="Moth", brackets=("Odd",)),
    case("unknown-of-no-track", "A night at the club [Moth]", None, None, brackets=("Moth",)),
    case(
        "label-and-number", "Kora – Lines [Moth - MTH001]", "Kora", "Lines", label="Moth", catalogue="MTH001"
    ),
    case(
        "number-and-label", "Kora – Lines [MTH001 / Moth]", "Kora", "Lines", label="Moth", catalogue="MTH001"
    ),
    case("number-round", "Kora – Lines (CAT001)", "Kora", "Lines", catalogue="CAT001"),
    case("out-now-on", "Kora – Lines [Out Now on Moth]", "Kora", "Lines", label="Moth"),
    case("year-and-format", "Kora – Lines (2024) [FLAC]", "Kora", "Lines", year="2024"),
    case("edit-name", "Kora – Lines [snr2mix]", "Kora", "Lines", version="snr2mix"),
    case(
        "dub-is-a-genre-in-square",
        "Kora – Lines (VIP) [Dub]",
        "Kora",
        "Lines",
        version="VIP",
        brackets=("Dub",),
    ),
    case("dub-is-a-version-in-round", "Kora – Lines (Dub)", "Kora", "Lines", version="Dub"),
    case("brackets-for-a-name", "[brackets] – Lines (VIP)", "[brackets]", "Lines", version="VIP"),
    case("brackets-for-a-title", "Kora – (Untitled)", "Kora", "(Untitled)"),
    case("brackets-for-a-title-of-version-words", "Kora – (Live)", "Kora", "(Live)"),
    case("brackets-in-front", "Kora - (I Can't Get No) Lines", "Kora", "(I Can't Get No) Lines"),
    case("part", "Kora – Lines (Part 2) [Moth]", "Kora", "Lines (Part 2)", label="Moth"),
    case(
        "part-after-version",
        "Kora – Lines (Moth Remix) (Part 2)",
        "Kora",
        "Lines (Part 2)",
        version="Moth Remix",
    ),
    case("unfinished", "Kora – Lines (Moth Remix", "Kora", "Lines (Moth Remix"),
    case(
        "words-after", "Kora – Lines (VIP) [Moth] FREE DOWNLOAD", "Kora", "Lines", version="VIP", label="Moth"
    ),
    case(
        "full-width",
        "Kora – Lines（Moth Remix）【Hellbent】",
        "Kora",
        "Lines",
        version="Moth Remix",
        label="Hellbent",
    ),
]

GUESTS = [
    case("in-artist", "Kora feat. Ana – Lines (VIP)", "Kora", "Lines", featuring=("Ana",), version="VIP"),
    case("in-artist-ft", "Kora 41 Ft. Ana – Lines", "Kora 41", "Lines", featuring=("Ana",)),
    case("in-artist-brackets", "Kora (feat. Ana) – Lines", "Kora", "Lines", featuring=("Ana",)),
    case("bare", "Kora – Lines featuring Ana (VIP)", "Kora", "Lines", featuring=("Ana",), version="VIP"),
    case("after-quotes", "Kora – “Lines” Feat. Ana", "Kora", "Lines", featuring=("Ana",)),
    case("several", "Kora – Lines (ft. Ana, Bo & Cy)", "Kora", "Lines", featuring=("Ana", "Bo", "Cy")),
    case("a-band", "Kora – Lines (feat. Ana & The Tides)", "Kora", "Lines", featuring=("Ana & The Tides",)),
    case("spanish", "Kora – Lines (con Ana)", "Kora", "Lines", featuring=("Ana",)),
    case("with", "Kora – Lines (with Ana)", "Kora", "Lines", featuring=("Ana",)),
    case("with-you-is-a-title", "Kora – Lines (with You)", "Kora", "Lines (with You)"),
    case(
        "in-a-version",
        "Kora – Lines (Moth Remix feat. Ana)",
        "Kora",
        "Lines",
        version="Moth Remix",
        featuring=("Ana",),
    ),
    case("daft", "Daft Punk – Aftermath", "Daft Punk", "Aftermath"),
    case("a-measure", "6 Ft. Under – Lines", "6 Ft. Under", "Lines"),
    case("nobody-before", "Ft. Lauderdale – Lines", "Ft. Lauderdale", "Lines"),
]
