from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.http.addresses.identity import fetch_url
from scraper.posts.links.address import Base, read_address

PIECES = st.sampled_from(
    [
        "a",
        "B9",
        "/",
        "//",
        ".",
        "..",
        "%20",
        "%2e",
        "%2F",
        "%00",
        "%zz",
        "+",
        "@",
        ":",
        "=",
        "[",
        "'",
        "&",
        "?",
        "#",
        ";",
        "é",
        " ",
        "\\",
        "http://x.example",
        "https://x.example/",
        ":80/",
        ":443",
        ":8080/",
        ":59999/",
        ":70000/",
        "_",
    ]
)
HREFS = st.lists(PIECES, max_size=8).map("".join)
BASES = st.sampled_from(
    ["https://b.example/p/", "http://b.example:8081/a/?x", "https://B.example/../q", "ftp://b/", "", "/p"]
)


@settings(deadline=None, max_examples=300)
@given(HREFS, BASES)
@example("https://x.example:80/a", "https://b.example/")
@example("/a/../b", "https://b.example/")
@example("//x.example/a", "https://b.example/")
def test_what_is_resolved_fast_is_what_is_resolved_slowly(href: str, base: str) -> None:
    assert Base(base).resolve(href) == fetch_url(href, base)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://b.example:81/x/A%20b.MP3?q=1/2#f",
            ("https://b.example:81", "b.example", "/x/A%20b.MP3", "q=1/2", "A b.MP3", "mp3"),
        ),
        ("https://b.example/x/", ("https://b.example", "b.example", "/x/", "", "", None)),
        ("http://[::1]:8000/a", ("http://[::1]:8000", "::1", "/a", "", "a", None)),
        ("https://mega.nz/#!a!b", ("https://mega.nz", "mega.nz", "/", "", "", None)),
    ],
)
def test_an_address_is_taken_apart(url: str, expected: tuple[str | None, ...]) -> None:
    found = read_address(url)
    assert (found.origin, found.host, found.path, found.query, found.last, found.ending) == expected
    assert found.origin + found.tail == url
