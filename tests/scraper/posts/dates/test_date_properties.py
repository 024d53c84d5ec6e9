"""What holds for every text that may be a date."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from scraper.posts.dates.moments import agree
from scraper.posts.dates.orders import day_first_in, mark_of
from scraper.posts.dates.reading import date_from_url, read_date
from storage.records import Precision, Published

NOW = datetime(2024, 3, 15, 12, tzinfo=UTC).timestamp()


def _text(text: str) -> str | None:
    found = read_date(text, now=NOW)
    return found.text if found else None


@given(st.text(max_size=250), st.sampled_from([None, True, False]), st.sampled_from([None, 2010, -5, 10**6]))
def test_any_text_gives_a_date_of_our_time_or_none(
    text: str, day_first: bool | None, hint: int | None
) -> None:
    found = read_date(text, now=NOW, day_first=day_first, year_hint=hint)
    assert found is None or 1989 <= datetime.fromtimestamp(found.timestamp, UTC).year <= 2101


_PIECES = [
    "2024",
    "15",
    "3",
    "May",
    "mar",
    "января",
    "10:30",
    "am",
    "-",
    ",",
    "/",
    ".",
    "ago",
    "weeks",
    "EST",
    "+02:00",
]
_PIECES += ["T", "Z", "年", "99999999999", "00:00:99", "+9999", "de", "vor", "|", "by", "²", "٣"]


@given(st.lists(st.sampled_from(_PIECES), max_size=9), st.sampled_from(["", " "]))
def test_pieces_of_dates_in_any_order_never_raise(pieces: list[str], blank: str) -> None:
    found = read_date(blank.join(pieces), now=NOW, year_hint=2020)
    assert found is None or found.text


@given(st.text(max_size=100))
def test_any_address_gives_a_date_or_none(path: str) -> None:
    found = date_from_url(f"https://blog.example/{path}")
    assert found is None or found.precision in {Precision.DAY, Precision.MONTH}


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 12, 31)))  # noqa: DTZ001
def test_what_is_written_as_iso_is_read_as_itself(moment: datetime) -> None:
    exact = moment.replace(microsecond=0)
    assert _text(exact.isoformat()) == exact.isoformat()
    assert _text(f"{exact:%Y-%m-%d}") == f"{exact:%Y-%m-%d}"
    assert _text(f"{exact.day}. {exact:%B} {exact.year}") == f"{exact:%Y-%m-%d}"


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)),
    st.sampled_from("/-"),
)
def test_a_date_in_figures_is_read_unless_it_could_be_two(day: date, mark: str) -> None:
    text = f"{day:%d}{mark}{day:%m}{mark}{day.year}"
    known = day.day > 12 or day.day == day.month
    assert _text(text) == (day.isoformat() if known else None)
    assert mark_of(text) == (None if known else mark)
    first = read_date(text, now=NOW, day_first=True)
    assert first is not None
    assert first.text == day.isoformat()


@given(st.text(max_size=60))
def test_any_language_writes_the_day_first_or_not_or_nobody_knows(tag: str) -> None:
    assert day_first_in(tag) in {True, False, None}


MOMENTS = st.builds(
    Published,
    text=st.just(""),
    precision=st.sampled_from(Precision),
    timestamp=st.floats(min_value=0, max_value=4e9),
)


@given(MOMENTS, MOMENTS)
def test_dates_agree_with_themselves_and_with_each_other(one: Published, other: Published) -> None:
    assert agree(one, one)
    assert agree(one, None)
    assert agree(one, other) == agree(other, one)
