from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.http.addresses import identity
from scraper.http.addresses.identity import MAX_URL_LENGTH, fetch_url, link_key
from scraper.http.addresses.plain import MAX_HOST_LENGTH, is_below_host, is_sendable, plain_key

_PIECES = (
    "a B9 / // . .. %20 %2e %2F %00 %0A %zz + @ : = [ ' & ? # ; é \\ http://x.example https://x.example/ "
    "http://www.x.example/a/ :80/ :443 :8080/ :59999/ :70000/ :0/ _ ~ (1) utm_source=a /amp index.html"
)
HREFS = st.lists(st.sampled_from([*_PIECES.split(" "), " "]), max_size=8).map("".join)
BASES = st.sampled_from(
    ["https://b.example/p/", "http://b.example:8081/a/?x", "https://B.example/../q", "ftp://b/", "", "/p"]
)


def _taken_apart(href: str, base: str) -> tuple[str | None, str]:
    """Return what `fetch_url` and `link_key` return where nothing is known to be plain."""
    with (
        mock.patch.object(identity, "is_sendable", return_value=False),
        mock.patch.object(identity, "plain_key", return_value=None),
    ):
        return fetch_url(href, base), link_key(href)


@settings(deadline=None, max_examples=400)
@given(HREFS, BASES)
@example("https://x.example:80/a", "https://b.example/")
@example("https://b.example/a//b", "https://b.example/")
@example("https://x.example", "https://b.example/")
@example("https://x.example/a?", "https://b.example/")
@example("https://x.example/a/%2e%2E/b", "https://b.example/")
@example(f"https://{'a.' * MAX_HOST_LENGTH}example/", "https://b.example/")
@example(f"http://x.example/{'a' * MAX_URL_LENGTH}", "https://b.example/")
def test_what_is_plain_means_what_it_means_taken_apart(href: str, base: str) -> None:
    assert (fetch_url(href, base), link_key(href)) == _taken_apart(href, base)


@pytest.mark.parametrize(
    ("url", "sendable", "key"),
    [
        ("http://b.example/2024/05/kora-lines/", True, "https://b.example/2024/05/kora-lines/"),
        ("https://b.example:8080/a(1).mp3", True, "https://b.example:8080/a(1).mp3"),
        ("https://b.example/a%20b.mp3?x=1&y=2", True, None),
        ("http://b.example:80/a", True, None),
        ("https://b.example", False, None),
        ("https://B.example/", False, None),
        ("https://b.example/../a", False, None),
        ("https://b.example/a#b", False, None),
        ("https://mega.nz/file/a%00b", False, None),
        ("ftp://b.example/a", False, None),
        (f"https://{'a' * (MAX_HOST_LENGTH + 1)}/", False, None),
    ],
)
def test_most_addresses_are_plain_and_strange_ones_are_not(url: str, sendable: bool, key: str | None) -> None:
    assert (is_sendable(url), plain_key(url)) == (sendable, key)


@pytest.mark.parametrize(
    ("href", "below"),
    [("/a/b?x=1", True), ("/", True), ("//b.example/a", False), ("a", False), ("/../a", False), ("", False)],
)
def test_a_path_stands_behind_an_origin_as_it_is_unless_it_means_something_else(
    href: str, below: bool
) -> None:
    assert is_below_host(href) is below
