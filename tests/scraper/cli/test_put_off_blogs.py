"""What a run says of the blogs that it left out."""

from __future__ import annotations

from datetime import datetime

from scraper.cli.put_off_blogs import put_off_notes, put_off_objects
from scraper.crawl import PutOff
from storage.reasons import Reason

NOW = datetime(2026, 11, 20, 12, 0).astimezone().timestamp()
HOUR = 3600.0


def put_off(number: int, *, hours: float = 5) -> PutOff:
    return PutOff(
        blog=f"https://b{number}.example/", until=NOW + hours * HOUR, failures=3, reason=Reason.TIMEOUT
    )


def test_a_few_blogs_have_a_note_each_those_that_are_due_first_before_the_others() -> None:
    notes = put_off_notes([put_off(1, hours=9), put_off(2)], now=NOW)
    assert notes[0] == (
        "https://b2.example/: left out after 3 failures in a row (timeout), to be asked again from 17:00; "
        "scrape https://b2.example/ … or --full asks now"
    )
    assert notes[1].startswith("https://b1.example/: ")


def test_many_blogs_have_one_note() -> None:
    (note,) = put_off_notes([put_off(number, hours=number) for number in range(1, 9)], now=NOW)
    assert note == (
        "8 blogs that failed again and again are left out, to be asked again from 13:00 to 20:00; "
        "scrape blogs list says which; --full asks them now"
    )
    assert put_off_notes([], now=NOW) == []


def test_programs_are_told_until_when() -> None:
    (told,) = put_off_objects([put_off(1)])
    assert (told["blog"], told["failures"], told["reason"]) == ("https://b1.example/", 3, "timeout")
