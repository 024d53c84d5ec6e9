"""Names of entries become safe paths, whatever they are."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathvalidate import is_valid_filename

from scraper.downloads.content.refused import RefusedError
from scraper.downloads.naming.component import same_name_key
from scraper.downloads.unpacking.name_guess import guessed
from scraper.downloads.unpacking.pax import read_pax
from scraper.downloads.unpacking.places import Taken, named, places
from scraper.downloads.unpacking.report import SkippedError

NAMES = st.text(max_size=40) | st.lists(
    st.sampled_from(["a", "A", "..", ".", "", "CON", "b.mp3", "é", "e\u0301", "x" * 300, "\u202e", "~"]),
    max_size=6,
).map("/".join)


@given(st.lists(NAMES, max_size=12), st.integers(1, 3))
def test_every_file_gets_a_safe_place_of_its_own(names: list[str], contents: int) -> None:
    taken = []
    for number, name in enumerate(names):
        try:
            safe = named(name)
        except SkippedError:
            continue
        digest = hashlib.sha256(str(number % contents).encode()).hexdigest()
        taken.append(Taken(number=number, named=safe, extension="mp3", size=1, sha256=digest))
    paths = [path for _, path in places(taken) if path is not None]
    assert len({tuple(map(same_name_key, path)) for path in paths}) == len(paths)
    folders = {tuple(map(same_name_key, path[:level])) for path in paths for level in range(1, len(path))}
    assert not folders & {tuple(map(same_name_key, path)) for path in paths}
    for path in paths:
        assert len(path) <= 4
        for part in path:
            assert part not in {"", ".", ".."}
            assert len(part.encode()) <= 240
            assert not set(part) & set("/\\\0:")
            assert is_valid_filename(part, platform="universal", max_len=240), part
    for level in folders:
        spellings = {
            path[: len(level)] for path in paths if tuple(map(same_name_key, path[: len(level)])) == level
        }
        assert len(spellings) == 1, "one folder has one spelling"


@given(st.binary(max_size=60))
def test_every_name_can_be_read(raw: bytes) -> None:
    assert isinstance(guessed(raw), str)


@pytest.mark.parametrize(
    "name", ["Café del Mar", "Für Élise", "Señor Coconut", "Björk – Jóga", "Sigur Rós", "Mötley Crüe"]
)
def test_western_names_of_dos_are_not_taken_for_others(name: str) -> None:  # 60
    raw = name.encode("cp437", "ignore")
    assert guessed(raw) == raw.decode("cp437")


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: f"{len(text)} path={text}\n".encode()))
def test_an_extended_header_is_read_or_refused(data: bytes) -> None:
    try:
        records = read_pax(data)
    except RefusedError:
        return
    assert all(isinstance(value, str) for value in records.values())
