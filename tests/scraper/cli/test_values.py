"""Kinds, formats and qualities as people type them."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.values import file_format, link_kind, name_template, preference, rate, reason
from scraper.downloads.choosing.preference import known_formats, known_qualities
from storage.reasons import Reason
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = {"all", *known_formats(), *known_qualities()}


@pytest.mark.parametrize(
    ("convert", "text", "value"),
    [
        (link_kind, "direct", LinkKind.DIRECT),
        (link_kind, " Hoster", LinkKind.HOSTER),
        (file_format, "mp3", "mp3"),
        (file_format, ".FLAC", "flac"),
        (file_format, "tar.gz", "tar.gz"),
        (preference, "320", "320"),
        (preference, "V0", "v0"),
        (preference, "lossless", "lossless"),
        (preference, "wav", "wav"),
        (preference, "ALL", "all"),
        (reason, "Not-Audio", Reason.NOT_AUDIO),
    ],
)
def test_a_word_means_what_it_says(convert: Callable[[str], str], text: str, value: str) -> None:
    assert convert(text) == value


@pytest.mark.parametrize(
    ("convert", "text", "said"),
    [
        (link_kind, "hosters", "'hosters' is no kind of link that is queued: did you mean hoster?"),
        (link_kind, "embed", "use one of direct, archive, hoster"),
        (file_format, "flak", "'flak' is no format of music or archives: did you mean flac?"),
        (file_format, "jpg", "use one of "),
        (file_format, "", "use one of "),
        (preference, "losless", "did you mean lossless?"),
        (preference, "loud", "use one of all, "),
        (link_kind, "https://b.example/", "is an address: put it before the options"),
        (file_format, "http://b.example", "is an address: put it before the options"),
        (reason, "zzz", "use one of unreachable, "),
        (reason, "notaudio", "'notaudio' is no reason: did you mean not-audio?"),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest(
    convert: Callable[[str], str], text: str, said: str
) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        convert(text)
    assert said in str(caught.value)


@given(st.text(max_size=200).filter(lambda text: text.strip().casefold().strip(".") not in KNOWN))
def test_any_other_word_is_refused_in_a_line_of_bounded_length(text: str) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        preference(text)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2M", 2_000_000),
        ("500k", 500_000),
        ("1.5 MB/s", 1_500_000),
        ("1k", 1000),
        ("800kBps", 800_000),
        ("5000", 5000),
    ],
)
def test_a_rate_is_bytes_a_second(text: str, number: int) -> None:
    assert rate(text) == number


@pytest.mark.parametrize("text", ["", "0", "999", "fast", "-2M", "2M/min", "1e9", "k"])
def test_what_is_no_rate_or_next_to_nothing_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="write 2M for 2 MB a second"):
        rate(text)


def test_a_template_for_names_is_checked_when_it_is_typed() -> None:
    assert name_template("{blog}/{artist} - {title}").fields == {"blog", "artist", "title"}
    with pytest.raises(ArgumentTypeError, match=r"did you mean \{artist\}\?"):
        name_template("{artis} - {title}")
    with pytest.raises(ArgumentTypeError):
        name_template("../{title}")
