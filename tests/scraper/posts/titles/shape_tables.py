"""Titles in the shapes that blogs of many languages write, with what they say."""

from __future__ import annotations

from tests.scraper.posts.titles.title_tables import case

DASHES = [case(f"dash-{dash!a}", f"Kora {dash} Lines", "Kora", "Lines") for dash in "֊‐‑‒–—―⸺⸻〜〰−﹘﹣－~"]

LOOSE_DASHES = [
    case("blank-behind-an-en-dash", "Kora– Lines", "Kora", "Lines"),
    case("blank-behind-an-em-dash", "Kora— Lines", "Kora", "Lines"),
    case("blank-before-an-em-dash", "Kora —Lines", "Kora", "Lines"),
    case("T7-no-blank-at-an-em-dash", "Kora—Lines", None, None),
    case("T7-no-blank-at-an-en-dash", "Kora–Lines", None, None),
    case("T7-a-hyphen-with-one-blank", "Rock- und Popmusik", None, None),
    case("a-loose-dash-in-quotes", "Kora “Lines —Waves”", "Kora", "Lines —Waves"),
]

QUOTE_PAIRS = [
    case(f"quotes-{pair!a}", f"Kora {pair[0]}Lines{pair[-1]}", "Kora", "Lines")
    for pair in ["＂＂", "〝〞", "〝〟", "❝❞", "❛❜", "「」", "『』", "《》", "〈〉", "«»", "»«", "„“", "„”", "‚‘", "‹›", "´´", "``"]
]  # fmt: skip

QUOTE_SHAPES = [
    case("high-reversed", "Kora - ‟Lines”", "Kora", "Lines"),
    case("closed-by-another", 'Kora – "Lines”', "Kora", "Lines"),
    case("opened-by-another", 'Kora – “Lines"', "Kora", "Lines"),
    case("french-with-blanks", "Kora – « Lines »", "Kora", "Lines"),
    case("french-reversed", "« Lines » de Kora", "Kora", "Lines"),
    case("guillemets-that-part-fields", "Home « Music « Kora", None, None),
    case("T2-german", "Kora: „Lines“", "Kora", "Lines"),
    case("quotes-within-quotes", "Kora – “It’s ‘Lines’”", "Kora", "It’s ‘Lines’"),
    case(
        "brackets-in-quotes", "Kora – “Lines (Moth Remix) [VIP]”", "Kora", "Lines", version="Moth Remix, VIP"
    ),
    case("T5-quotes-first", '"Lines" – Kora', "Kora", "Lines"),
    case("quotes-by", "‘Lines’ by Kora", "Kora", "Lines"),
    case(
        "quotes-by-label",
        "“Lines (Moth Remix)” by Kora [Null]",
        "Kora",
        "Lines",
        version="Moth Remix",
        label="Null",
    ),
    case("japanese-title-slash-artist", "「ラインズ」/ コラ", "コラ", "ラインズ"),
    case("possessive", "Kora’s “Lines”", "Kora", "Lines"),
    case("possessive-ep", "Kora's 'Lines' EP", "Kora", "Lines", release="EP"),
    case("a-name-that-ends-so", "Rachel's – “Lines”", "Rachel's", "Lines"),
    case("d-apostrophe", "D'Angelo – 'Untitled'", "D'Angelo", "Untitled"),
    case("apostrophe-first", "'Til Tuesday - Voices Carry", "'Til Tuesday", "Voices Carry"),
    case("apostrophe-in-title", "Kora - 'Til Dawn", "Kora", "'Til Dawn"),
    case("apostrophe-for-and", "Kora – Rollin’ ’n’ Tumblin’", "Kora", "Rollin’ ’n’ Tumblin’"),
    case("apostrophe-at-the-end", "Guns N' Roses - Don't Cry", "Guns N' Roses", "Don't Cry"),
]

SCRIPTS = [
    case("T13-japanese-quotes", "サカナクション「忘れられないの」", "サカナクション", "忘れられないの"),
    case(
        "T13-japanese-remix",
        "サカナクション – 忘れられないの (リミックス)",
        "サカナクション",
        "忘れられないの",
        version="リミックス",
    ),
    case("T13-korean", "아이유(IU) - 좋은 날", "아이유(IU)", "좋은 날"),
    case("T13-korean-live", "아이유 - 좋은 날 (라이브)", "아이유", "좋은 날", version="라이브"),
    case("T13-korean-quotes", "방탄소년단 '봄날'", "방탄소년단", "봄날"),
    case("T13-arabic-quotes", "فيروز – «نسم علينا الهوى»", "فيروز", "نسم علينا الهوى"),
    case("T13-hebrew", "עידן רייכל - ממעמקים", "עידן רייכל", "ממעמקים"),
    case("T13-hebrew-quotes", "עידן רייכל – ”ממעמקים“", "עידן רייכל", "ממעמקים"),
    case("T13-russian", "Кино — «Группа крови» (ремикс)", "Кино", "Группа крови", version="ремикс"),
    case("T13-russian-noise", "Премьера: Кино — Группа крови [Скачать]", "Кино", "Группа крови"),
    case("T13-chinese", "周杰伦 - 晴天 (Live版)", "周杰伦", "晴天", version="Live版"),
    case("T13-chinese-quotes", "周杰伦《晴天》", "周杰伦", "晴天"),
    case("T13-greek", "Μίκης Θεοδωράκης – Το γελαστό παιδί", "Μίκης Θεοδωράκης", "Το γελαστό παιδί"),
]

NAMES = [
    case("ft-inside-daft", "Daft Punk ft. Pharrell - Get Lucky", "Daft Punk", "Get Lucky", featuring=("Pharrell",)),
    case("ft-inside-lift", "Kora - Lift Off", "Kora", "Lift Off"),
    case("ft-at-the-end", "Swift - Soft", "Swift", "Soft"),
    case("ft-in-capitals", "Kora FT Ana - Lines", "Kora", "Lines", featuring=("Ana",)),
    case("feat-in-square", "Kora – Lines [feat. Ana]", "Kora", "Lines", featuring=("Ana",)),
    case("feat-as-f", "Kora – Lines f/ Ana", "Kora", "Lines", featuring=("Ana",)),
    case("feat-as-w", "Kora w/ Ana – Lines", "Kora", "Lines", featuring=("Ana",)),
    case("feat-russian", "Kora при уч. Ана – Линии", "Kora", "Линии", featuring=("Ана",)),
    case("feat-and-remix", "Kora – Lines (Ft Ana & Bo) [Moth Remix]", "Kora", "Lines", featuring=("Ana", "Bo"), version="Moth Remix"),
    case("versus", "A & B vs. C - Lines", "A & B vs. C", "Lines"),
    case("versus-mashup", "A vs B – Lines (Moth Mashup)", "A vs B", "Lines", version="Moth Mashup"),
    case("pres", "Kora Pres. Moth - Lines", "Kora Pres. Moth", "Lines"),
    case("presents", "Kora presents Moth – Lines", "Kora presents Moth", "Lines"),
    case("b2b", "Kora b2b Moth - Live at Null", "Kora b2b Moth", "Live at Null"),
    case("x", "Kora x Moth – Lines", "Kora x Moth", "Lines"),
    case("plus", "Kora + Moth – Lines", "Kora + Moth", "Lines"),
    case("comma-and", "Kora, Ana & Bo – Lines", "Kora, Ana & Bo", "Lines"),
    case("split", "Kora / Moth – Split", "Kora / Moth", "Split"),
    case("heart-of-signs", "A.M. <3 - Gentle Lanterns [Sub & Bass Bureau]", "A.M. <3", "Gentle Lanterns", label="Sub & Bass Bureau"),
    case("exclamation-marks", "!!! – Lines", "!!!", "Lines"),
    case("plus-minus", "+/- – Lines", "+/-", "Lines"),
]  # fmt: skip

BRACKETS = [
    case("double-round", "Kora – Lines ((Moth Remix))", "Kora", "Lines", version="Moth Remix"),
    case("double-square", "Kora – Lines [[Moth]]", "Kora", "Lines", label="Moth"),
    case("brackets-in-brackets", "Kora – Lines (Moth (UK) Remix)", "Kora", "Lines", version="Moth (UK) Remix"),
    case("two-remixes", "Kora – Lines (Moth Remix) (Bo Remix)", "Kora", "Lines", version="Moth Remix, Bo Remix"),
    case("two-remixers", "Kora – Lines (Moth, Bo Remixes)", "Kora", "Lines", version="Moth, Bo Remixes"),
    case("remixes-with-a-slash", "Kora – Lines (Moth & Bo Remix / Ana Edit)", "Kora", "Lines", version="Moth & Bo Remix / Ana Edit"),
    case("ep", "Kora – Lines EP [Moth]", "Kora", "Lines", release="EP", label="Moth"),
    case("ep-round", "Kora – Lines (EP)", "Kora", "Lines", release="EP"),
    case("ep-square", "Kora – Lines [EP]", "Kora", "Lines", release="EP"),
    case("ep-dots", "Kora – Lines E.P.", "Kora", "Lines", release="EP"),
    case("ep-in-quotes", "Kora “Lines EP”", "Kora", "Lines", release="EP"),
    case("lp-and-year", "Kora - Lines LP (2024)", "Kora", "Lines", release="LP", year="2024"),
    case("everything", "Kora – Lines [Moth Remix] [Tech House] [MTH001]", "Kora", "Lines", version="Moth Remix", brackets=("Tech House",), catalogue="MTH001"),
    case("remix-behind-a-dash", "Kora - Lines - Moth Remix [Null]", "Kora", "Lines", version="Moth Remix", label="Null"),
    case("T7-several-dashes", "Jay-Z - 99 Problems - Remix", "Jay-Z", "99 Problems", version="Remix"),
    case("several-dashes-stay", "Kora - Live - Lines", "Kora", "Live - Lines"),
    case("number-and-dashes", "01 - Kora - Lines", "Kora", "Lines"),
    case("number-of-a-name", "50 - Lines", "50", "Lines"),
]  # fmt: skip

SIGNS = [
    case("emoji-around", "🎧 Kora – Lines 🎶🔥", "Kora", "Lines"),
    case("emoji-and-noise", "🔥🔥 NEW: Kora – Lines", "Kora", "Lines"),
    case("emoji-touching", "⚡️Kora – Lines⚡️", "Kora", "Lines"),
    case("emoji-in-a-name", "Kora ❤ Moth – Lines", "Kora ❤ Moth", "Lines"),
    case("all-capitals", "PREMIERE: KORA – “LINES” [FREE DOWNLOAD]", "KORA", "LINES"),
    case("capital-remix", "KORA - LINES (MOTH REMIX)", "KORA", "LINES", version="MOTH REMIX"),
    case("stars", "Kora - Lines (Moth Edit) *FREE DOWNLOAD*", "Kora", "Lines", version="Moth Edit"),
    case("noise-behind-slashes", "Kora – Lines // FREE DL", "Kora", "Lines"),
    case("T8-a-list", "10 Best Techno Tracks of 2024", None, None),
]

VARIOUS = [
    "VA", "V.A.", "V. A.", "V/A", "Various", "various artists", "Varios Artistas", "Vários Artistas", "Varios Intérpretes",
    "Artistes Variés", "Artisti Vari", "Diverse Interpreten", "Verschiedene Künstler", "Verschillende artiesten",
    "Różni wykonawcy", "Různí interpreti", "Çeşitli Sanatçılar", "VV.AA.", "AA.VV.", "Разные исполнители", "Сборник",
    "Різні виконавці", "Διάφοροι καλλιτέχνες", "ヴァリアス・アーティスト", "オムニバス", "群星", "合輯", "여러 아티스트",
    "فنانون متنوعون", "אמנים שונים",
]  # fmt: skip
