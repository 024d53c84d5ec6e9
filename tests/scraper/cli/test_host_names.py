"""Hosts as people type them, as the queue writes them, and what is none."""

from __future__ import annotations

import contextlib
from argparse import ArgumentTypeError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.host_names import as_queued, host, is_host_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Blog.example", "blog.example"),
        ("blog.example:8080", "blog.example"),
        ("https://me:pw@blog.example:8080/a?b#c", "blog.example"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]:80", "::1"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::1", "::1"),
        ("localhost:8080", "localhost"),
    ],
)
def test_a_host_is_named_as_the_queue_names_it(text: str, name: str) -> None:
    assert host(text) == name


@pytest.mark.parametrize("text", ["", "not a host", "/files", "http://", "a" * 300, ":::", "1.2.3.4.5:x:y"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"write blog\.example"):
        host(text)


@given(st.text(max_size=60))
def test_a_host_has_no_spaces_and_no_separators(text: str) -> None:
    with contextlib.suppress(ArgumentTypeError):
        assert not set(host(text)) & set(" /?#@[]")


@pytest.mark.parametrize(
    "name",
    [
        *("blog.example", "localhost", "a", "xn--bcher-kva.example", "3com.example", "blog.example."),
        *("127.0.0.1", "::1", "2001:db8::1", "a" * 63, ".".join(["a" * 60] * 4)),
    ],
)
def test_what_can_be_a_host_is_one(name: str) -> None:
    assert is_host_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "17", "1.2.3", "1.2.3.4.5", "256.1.1.1", "blog.17", "a..b", ".a", "-a", "a-"),
        *("a_b.example", "a b", "*", "bücher.example", "Blog.example", "[::1]", "a" * 64, "a\n"),
        ".".join(["a" * 62] * 5),
    ],
)
def test_what_cannot_be_a_host_is_none(name: str) -> None:
    assert not is_host_name(name)


@pytest.mark.parametrize(
    ("name", "queued"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("blog.example", "blog.example"),
        ("::1", "::1"),
        ("17", "17"),
        ("ü..example", "ü..example"),
        ("*ü*", "*ü*"),
    ],
)
def test_a_host_is_queued_in_ascii(name: str, queued: str) -> None:
    assert as_queued(name) == queued


@given(st.text(max_size=80))
def test_a_host_as_it_is_queued_stays_as_it_is(text: str) -> None:
    once = as_queued(text.lower())
    assert as_queued(once) == once
