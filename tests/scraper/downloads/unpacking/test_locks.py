from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.downloads.unpacking.locks import MAX_TRIED, Passwords, WrongPasswordError, spellings
from scraper.downloads.unpacking.report import LockedError, SkippedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.unpacking.entry import Source


class _Damaged:
    """Bytes that turn out wrong at their end."""

    def __init__(self) -> None:
        self._left = [b"garbage"]

    def read(self, _: int, /) -> bytes:
        if self._left:
            return self._left.pop()
        raise SkippedError("a wrong sum")


def _lock(
    right: str | None, *, passing: tuple[str, ...] = ()
) -> tuple[Callable[[bytes], Source], list[bytes]]:
    """An entry that one password opens and others seem to, and what was tried on it."""
    tried: list[bytes] = []

    def opening(key: bytes) -> Source:
        tried.append(key)
        if right is not None and key == right.encode():
            return io.BytesIO(b"music")
        if key.decode("latin-1") in passing:
            return _Damaged()
        raise WrongPasswordError

    return opening, tried


def _go_on() -> None:
    """Stand for time that is left."""


@pytest.mark.parametrize(
    ("told", "right", "passing"),
    [
        (["a"], "a", ()),
        (["b", "a"], "a", ("b",)),
        (["a", "b"], "a", ("b",)),
        (["b", "c", "a"], "a", ("b", "c")),
        (["", "a"], "a", ()),
    ],
)
def test_the_password_that_fits_to_the_end_opens(
    told: list[str], right: str, passing: tuple[str, ...]
) -> None:
    opening, _ = _lock(right, passing=passing)
    assert Passwords(told, stop=_go_on).open(opening).read(100) == b"music"


@pytest.mark.parametrize(
    ("told", "passing", "words"),
    [
        ([], (), "the post tells none"),
        (["a"], (), "the one that the post tells does not fit"),
        (["a", "b"], (), "none of the 2 that the post tells fits"),
        (["a", "b"], ("a", "b"), "none of the 2 that the post tells fits"),
        (["a", "b", "a"], (), "none of the 2 that the post tells fits"),
        ([str(n) for n in range(99)], (), f"none of the {MAX_TRIED} that the post tells fits"),
    ],
)
def test_where_none_opens_it_the_entry_stays(told: list[str], passing: tuple[str, ...], words: str) -> None:
    opening, tried = _lock(None, passing=passing)
    with pytest.raises(LockedError) as caught:
        Passwords(told, stop=_go_on).open(opening)
    assert str(caught.value) == f"it needs a password, and {words}"
    assert not any(
        password in str(caught.value).split() for password in told if password.isalpha() and password != "a"
    )
    assert len(set(tried)) <= MAX_TRIED


def test_the_only_one_that_seems_to_fit_is_told_from_damage_by_nobody() -> None:
    source = Passwords(["a", "b"], stop=_go_on).open(_lock(None, passing=("a",))[0])
    assert source.read(100) == b"garbage"
    with pytest.raises(LockedError, match="none of the 2 that the post tells fits to the end"):
        source.read(100)


def test_what_is_wrong_with_the_archive_as_a_whole_is_not_taken_for_a_wrong_password() -> None:
    def opening(_: bytes) -> Source:
        raise SkippedError("its bytes are damaged")

    with pytest.raises(SkippedError, match="its bytes are damaged") as caught:
        Passwords(["a"], stop=_go_on).open(opening)
    assert not isinstance(caught.value, LockedError)


@pytest.mark.parametrize(
    ("password", "keys"),
    [
        ("foo57", [b"foo57"]),
        ("größe", ["größe".encode(), "größe".encode("cp437"), "größe".encode("latin-1")]),
        ("дом", ["дом".encode(), "дом".encode("cp866"), "дом".encode("cp1251")]),
        ("夜", ["夜".encode(), "夜".encode("cp932"), "夜".encode("gbk")]),
        ("\U0001f3b5", ["\U0001f3b5".encode()]),
        ("\ud800", []),
    ],
    ids=["ASCII", "German", "Cyrillic", "Japanese", "a note", "half a letter"],
)
def test_a_password_is_spelled_as_archivers_would(password: str, keys: list[bytes]) -> None:
    found = list(spellings(password))
    assert [key for key in found if key in keys] == keys
    assert found[:1] == keys[:1]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_a_password_has_few_spellings_each_once_and_each_its_own(password: str) -> None:
    found = spellings(password)
    assert len(found) == len(set(found)) <= 7
    assert not password.isascii() or found == (password.encode(),)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=5), max_size=30))
def test_however_many_are_told_few_are_tried(told: list[str]) -> None:
    keys = Passwords(told, stop=_go_on).keys
    assert len(keys) == len(set(keys)) <= 7 * MAX_TRIED
    assert b"" not in keys
