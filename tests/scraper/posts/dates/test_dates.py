from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.posts.dates.reading import date_from_url, in_future, read_date
from storage.records import Precision, Published

NOW = datetime(2024, 3, 15, 12, tzinfo=UTC).timestamp()


def _text(text: str, **options: object) -> str | None:
    found = read_date(text, now=NOW, **options)  # type: ignore[arg-type]
    return found.text if found else None


def _instant(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected", "instant"),
    [
        pytest.param("2024-03-04T10:00:00+02:00", "2024-03-04T10:00:00+02:00", (2024, 3, 4, 8), id="D1"),
        pytest.param("2024-03-04T10:00+02:00", "2024-03-04T10:00:00+02:00", (2024, 3, 4, 8), id="D1-minutes"),
        pytest.param(
            "Mon, 04 Mar 2024 10:00:00 EST", "2024-03-04T10:00:00-05:00", (2024, 3, 4, 15), id="D9-est"
        ),
        pytest.param(
            "Mon, 04 Mar 2024 10:00:00 CEST", "2024-03-04T10:00:00+02:00", (2024, 3, 4, 8), id="D9-cest"
        ),
        pytest.param(
            "Mon, 04 Mar 2024 10:00:00 MSK", "2024-03-04T10:00:00+03:00", (2024, 3, 4, 7), id="D9-msk"
        ),
        pytest.param(
            "Mon, 04 Mar 2024 10:00:00 GMT", "2024-03-04T10:00:00+00:00", (2024, 3, 4, 10), id="D9-gmt"
        ),
        pytest.param(
            "4 Mar 24 10:00 +0100", "2024-03-04T10:00:00+01:00", (2024, 3, 4, 9), id="D9-short-year"
        ),
        pytest.param(
            "2024-03-04T10:00:00.123Z", "2024-03-04T10:00:00+00:00", (2024, 3, 4, 10), id="D9-blogger"
        ),
        pytest.param("2024-03-04T10:00:00", "2024-03-04T10:00:00", (2024, 3, 4, 10), id="D9-wordpress-gmt"),
        pytest.param(
            "2024-03-04 10:00:00 UTC", "2024-03-04T10:00:00+00:00", (2024, 3, 4, 10), id="blank-for-T"
        ),
        pytest.param("20240304T100000Z", "2024-03-04T10:00:00+00:00", (2024, 3, 4, 10), id="basic-format"),
        pytest.param(
            "Thu Sep 25 10:36:28 UTC 2003", "2003-09-25T10:36:28+00:00", (2003, 9, 25, 10, 36, 28), id="ctime"
        ),
        pytest.param(
            "March 4, 2024 10:00 PST", "2024-03-04T10:00:00-08:00", (2024, 3, 4, 18), id="words-and-zone"
        ),
        pytest.param("April 6, 2015 - 11:44 am", "2015-04-06T11:44:00", (2015, 4, 6, 11, 44), id="D2"),
        pytest.param(
            "6 de abril de 2015 a las 5:30 p. m.", "2015-04-06T17:30:00", (2015, 4, 6, 17, 30), id="es-pm"
        ),
        pytest.param("le 15 mars 2024 à 10h30", "2024-03-15T10:30:00", (2024, 3, 15, 10, 30), id="fr-clock"),
        pytest.param("04.03.2024, 10:00 Uhr", "2024-03-04T10:00:00", (2024, 3, 4, 10), id="de-clock"),
        pytest.param("03/15/2024 12:05 AM", "2024-03-15T00:05:00", (2024, 3, 15, 0, 5), id="midnight-am"),
    ],
)
def test_a_moment_keeps_its_offset_and_gives_its_instant(
    text: str, expected: str, instant: tuple[int, ...]
) -> None:
    assert read_date(text, now=NOW) == Published(
        text=expected, precision=Precision.TIME, timestamp=_instant(*instant)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("15. Januar 2024", "2024-01-15", id="D4-de"),
        pytest.param("15 de enero de 2024", "2024-01-15", id="D4-es"),
        pytest.param("15 января 2024 г.", "2024-01-15", id="D4-ru"),
        pytest.param("30 novembre 2010", "2010-11-30", id="D4-fr"),
        pytest.param("1er mars 2024", "2024-03-01", id="fr-ordinal"),
        pytest.param("lunedì 4 marzo 2024", "2024-03-04", id="it"),
        pytest.param("sábado, 15 de março de 2024", "2024-03-15", id="pt"),
        pytest.param("maandag 4 maart 2024", "2024-03-04", id="nl"),
        pytest.param("den 4 mars 2024", "2024-03-04", id="sv"),
        pytest.param("4. desember 2024", "2024-12-04", id="nb"),
        pytest.param("15. tammikuuta 2024", "2024-01-15", id="fi"),
        pytest.param("15 października 2024 r.", "2024-10-15", id="pl"),
        pytest.param("15. října 2024", "2024-10-15", id="cs"),
        pytest.param("2024. január 15.", "2024-01-15", id="hu"),
        pytest.param("15 Ağustos 2024 Perşembe", "2024-08-15", id="tr"),
        pytest.param("15 січня 2024", "2024-01-15", id="uk"),
        pytest.param("15 ianuarie 2024", "2024-01-15", id="ro"),
        pytest.param("4 Μαρτίου 2024", "2024-03-04", id="el"),
        pytest.param("15 Agustus 2024", "2024-08-15", id="id"),
        pytest.param("2024年1月15日", "2024-01-15", id="ja"),
        pytest.param("2024년 1월 15일 (월)", "2024-01-15", id="ko"),
        pytest.param("Posted on Monday, April 6th, 2015", "2015-04-06", id="posted-on"),
        pytest.param("mar. 30 nov. 2010", "2010-11-30", id="a-weekday-that-is-also-a-month"),
        pytest.param("Mar 4, 2024", "2024-03-04", id="the-month-that-is-also-a-weekday"),
        pytest.param("10-Sep-2003", "2003-09-10", id="hyphens"),
        pytest.param("April 6, 2015 by Ana | Music | 3 comments", "2015-04-06", id="remarks-after"),
        pytest.param("Ana • 6 April 2015", "2015-04-06", id="remarks-before"),
        pytest.param("2024-01-15", "2024-01-15", id="iso"),
        pytest.param("2024/1/5", "2024-01-05", id="year-first"),
        pytest.param("15.01.2024", "2024-01-15", id="dots"),
        pytest.param("03.04.2024", "2024-04-03", id="dots-put-the-day-first"),
        pytest.param("13/04/2024", "2024-04-13", id="D5-thirteen-is-a-day"),
        pytest.param("04/13/2024", "2024-04-13", id="D5-thirteen-is-a-day-here-too"),
        pytest.param("04/04/2024", "2024-04-04", id="D5-the-same-either-way"),
        pytest.param("12.12.2030", "2030-12-12", id="D10-a-later-date-is-kept"),
    ],
)
def test_a_day_is_read_as_a_day(text: str, expected: str) -> None:
    found = read_date(text, now=NOW)
    assert found is not None
    assert (found.text, found.precision) == (expected, Precision.DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("January 2019", "2019-01", id="D8-the-archive-link-is-a-month"),
        pytest.param("2024-05", "2024-05", id="iso"),
        pytest.param("05/2024", "2024-05", id="slash"),
        pytest.param("maj 2024", "2024-05", id="pl"),
        pytest.param("2024年1月", "2024-01", id="ja"),
    ],
)
def test_a_month_stays_a_month(text: str, expected: str) -> None:
    found = read_date(text, now=NOW)
    assert found is not None
    assert (found.text, found.precision) == (expected, Precision.MONTH)
    assert found.timestamp == _instant(int(expected[:4]), int(expected[5:]), 1)


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        pytest.param("tisdag, november 30", None, None, id="D4-no-year"),
        pytest.param("tisdag, november 30", 2010, "2010-11-30", id="D4-a-year-from-elsewhere"),
        pytest.param("May", 2010, None, id="D4-a-month-is-no-date"),
    ],
)
def test_a_date_without_a_year_needs_a_hint(text: str, hint: int | None, expected: str | None) -> None:
    assert _text(text, year_hint=hint) == expected


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        pytest.param("03/04/2024", None, None, id="D5-nothing-known"),
        pytest.param("03-04-2024", None, None, id="D5-hyphens"),
        pytest.param("03/04/2024", True, "2024-04-03", id="D5-day-first"),
        pytest.param("03/04/2024", False, "2024-03-04", id="D5-month-first"),
        pytest.param("03.04.2024", False, "2024-03-04", id="D5-dots-and-month-first"),
        pytest.param("Posted on 03/04/2024", None, None, id="D5-words-before"),
        pytest.param("Posted on 03/04/2024", True, "2024-04-03", id="D5-words-before-and-day-first"),
        pytest.param("Fecha: 15-04-2024 10:30", None, "2024-04-15T10:30:00", id="D5-thirteen-behind-words"),
    ],
)
def test_slashes_are_read_only_in_a_known_order(
    text: str, day_first: bool | None, expected: str | None
) -> None:
    assert _text(text, day_first=day_first) == expected


@pytest.mark.parametrize("text", ["03/04/2024 10:30 PM", "Sábado 03/04/2024", "03/04/2024 um 10:30"])
@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_no_library_chooses_the_order(text: str, language: str) -> None:
    assert _text(text, languages=[language]) is None


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        pytest.param("2 weeks ago", "2024-W09", Precision.WEEK, id="D6"),
        pytest.param("vor 2 Wochen", "2024-W09", Precision.WEEK, id="D6-de"),
        pytest.param("2週間前", "2024-W09", Precision.WEEK, id="D6-ja"),
        pytest.param("неделю назад", "2024-W10", Precision.WEEK, id="D6-ru-one"),
        pytest.param("hace 3 días", "2024-03-12", Precision.DAY, id="D6-es"),
        pytest.param("il y a 2 mois", "2024-01", Precision.MONTH, id="D6-fr"),
        pytest.param("5 months ago", "2023-10", Precision.MONTH, id="D6-over-the-new-year"),
        pytest.param("13 hours ago", "2024-03-14", Precision.DAY, id="D6-hours-are-a-day"),
        pytest.param("5 minutes ago", "2024-03-15", Precision.DAY, id="D6-minutes-are-a-day"),
        pytest.param("a day ago", "2024-03-14", Precision.DAY, id="D6-one"),
        pytest.param("yesterday at 10:30", "2024-03-14", Precision.DAY, id="D6-yesterday"),
        pytest.param("I går", "2024-03-14", Precision.DAY, id="D6-sv-yesterday"),
        pytest.param("Today", "2024-03-15", Precision.DAY, id="D6-today"),
    ],
)
def test_a_date_seen_from_now_is_exact_to_its_unit(text: str, expected: str, precision: Precision) -> None:
    found = read_date(text, now=NOW)
    assert found is not None
    assert (found.text, found.precision) == (expected, precision)


def test_a_week_begins_on_its_monday() -> None:
    found = read_date("2 weeks ago", now=NOW)
    assert found is not None
    assert found.timestamp == _instant(2024, 2, 26)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("5026854611471", id="D8-article-number"),
        pytest.param("978-3-16-148410-0", id="D8-isbn"),
        pytest.param("KNTXT021", id="D8-catalogue-number"),
        pytest.param("20240304", id="digits-alone"),
        pytest.param("2024", id="a-year-alone"),
        pytest.param("", id="empty"),
        pytest.param(" \u200b ", id="unseen"),
        pytest.param("10:30", id="a-time-alone"),
        pytest.param("1970-01-01T00:00:00Z", id="the-epoch"),
        pytest.param("0001-01-01T00:00:00", id="year-one"),
        pytest.param("9999-12-31", id="year-9999"),
        pytest.param("March 3, 2101", id="after-2100"),
        pytest.param("2024-13-45", id="no-such-month"),
        pytest.param("31 April 2015", id="no-such-day"),
        pytest.param("2024-03-04T25:00:00Z", id="no-such-hour"),
        pytest.param("12 12 May 2024", id="two-days"),
        pytest.param("May 2023 2024", id="two-years"),
        pytest.param("March April 2024", id="two-months"),
        pytest.param("6 April 15", id="a-short-year"),
        pytest.param("15/01/24", id="a-short-year-in-figures"),
        pytest.param("In 2 weeks", id="still-to-come"),
        pytest.param("2 weeks", id="a-length"),
        pytest.param("1 day ago 2 weeks ago", id="two-spans"),
        pytest.param("99999999999999999999 days ago", id="before-everything"),
        pytest.param("3 years ago", id="years-are-too-vague"),
        pytest.param("Sold out in May 2024 after all", id="a-sentence"),
        pytest.param("April 6, 2015 " + "x" * 200, id="too-long"),
        pytest.param("6 April 2015" + " " * 2000, id="too-much-white-space"),
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert read_date(text, now=NOW) is None


def test_other_languages_are_read_where_the_blog_names_them() -> None:
    assert _text("15 siječnja 2024") is None
    assert _text("15 siječnja 2024", languages=["hr-HR"]) == "2024-01-15"
    assert _text("siječanj 2024", languages=["hr"]) == "2024-01"
    assert _text("15 siječnja 2024 10:30", languages=["hr"]) == "2024-01-15T10:30:00"
    assert _text("foo 2024", languages=["hr"]) is None
    assert _text("15 siječnja 2024", languages=["no such language"]) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://blog.example/2024/05/title/", "2024-05", id="D3"),
        pytest.param("https://blog.example/2024/05/17/title/", "2024-05-17", id="D3-day"),
        pytest.param("https://blog.example/2024/05/17/", "2024-05-17", id="D3-day-alone"),
        pytest.param("https://blog.example/2024-05-17-title", "2024-05-17", id="D3-hyphens"),
        pytest.param("https://blog.example/music/2024/5/7/title", "2024-05-07", id="D3-short"),
        pytest.param(
            "https://blog.example/2024/05/100-songs/", "2024-05", id="D3-the-title-begins-with-a-number"
        ),
        pytest.param("https://blog.example/2024/02/31/title", "2024-02", id="no-such-day"),
        pytest.param("https://blog.example/2024/13/title", None, id="no-such-month"),
        pytest.param("https://blog.example/20245/05/title", None, id="an-id"),
        pytest.param("https://blog.example/1024/05/title", None, id="no-such-year"),
        pytest.param("https://blog.example/p/2024", None, id="a-year-alone"),
        pytest.param("https://blog.example/title?d=/2024/05/", None, id="in-the-query"),
        pytest.param("https://[/2024/05/", None, id="no-address"),
    ],
)
def test_an_address_tells_the_month_or_the_day(url: str, expected: str | None) -> None:
    found = date_from_url(url)
    assert (found.text if found else None) == expected
    assert found is None or found.precision is (Precision.DAY if len(found.text) > 7 else Precision.MONTH)


@pytest.mark.parametrize(
    ("before", "future"), [pytest.param(0, False, id="D10-two-days"), pytest.param(1, True, id="D10-more")]
)
def test_more_than_two_days_ahead_is_the_future(before: int, future: bool) -> None:
    ahead = Published(text="2024-03-17", precision=Precision.DAY, timestamp=NOW + 2 * 86400)
    assert in_future(ahead, NOW - before) is future
