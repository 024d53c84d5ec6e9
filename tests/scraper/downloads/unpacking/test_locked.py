"""Encrypted entries of zip archives, and the passwords that a post tells. Case 60, encrypted."""

from __future__ import annotations

import struct
import zipfile
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.content.refused import RefusedError
from scraper.downloads.unpacking import locks, zip_locked
from scraper.downloads.unpacking.report import Unpacked, UnpackLimits
from scraper.downloads.unpacking.taking import StoppedError, take
from tests.scraper.downloads.content.whole_files import mp3, wav
from tests.scraper.downloads.unpacking.hostile_archives import HTML, OTHER, SONG, with_flag, zip_of
from tests.scraper.downloads.unpacking.locked_archives import (
    NOTES,
    PASSWORD,
    REAL,
    Locked,
    let_pass,
    locked_zip,
)
from tests.scraper.downloads.unpacking.outcomes import names_of, opened, reasons

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = UnpackLimits(total=100_000_000)
NONE_FITS = "it needs a password, and none of the 2 that the post tells fits"
NOT_TO_THE_END = f"{NONE_FITS} to the end"
OTHERWISE = "it is encrypted or packed in a way that is not read"
WAYS = {"PKWARE": 0, "AES-128": 1, "AES-192": 2, "AES-256": 3}


def _take(
    tmp_path: Path, archive: bytes, *passwords: str, limits: UnpackLimits = LIMITS, **more: Any
) -> Unpacked:
    path, folder = tmp_path / "archive", tmp_path / "shelf"
    path.write_bytes(archive)
    folder.mkdir(exist_ok=True)
    with opened(path) as source, opened(folder) as target:
        found = take(source, target, "zip", limits, passwords=passwords, **more)
    if isinstance(found, RefusedError):
        raise found
    return found


@pytest.mark.parametrize("archive", REAL.values(), ids=REAL)
def test_what_programs_encrypt_is_opened(tmp_path: Path, archive: bytes) -> None:
    assert names_of(_take(tmp_path, archive, "wrong", "größe", PASSWORD)) == ["notes.txt"]
    assert (tmp_path / "shelf" / "notes.txt").read_bytes() == NOTES
    assert reasons(_take(tmp_path, archive, "wrong", "Foo57")) == {"notes.txt": NONE_FITS}


@pytest.mark.parametrize("described", [False, True], ids=["", "sizes behind"])
@pytest.mark.parametrize("version", [1, 2], ids=["AE-1", "AE-2"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
@pytest.mark.parametrize("strength", WAYS.values(), ids=WAYS)
def test_music_comes_out_whatever_the_way(
    *, tmp_path: Path, strength: int, method: int, version: int, described: bool
) -> None:
    ways: dict[str, Any] = {
        "strength": strength,
        "method": method,
        "version": version,
        "described": described,
    }
    archive = locked_zip(
        Locked(name="EP/1.mp3", **ways), Locked(name="EP/2.mp3", data=OTHER, **ways), Locked(name="EP/", data=b"", **ways)
    )  # fmt: skip
    found = _take(tmp_path, archive, "wrong", PASSWORD)
    assert names_of(found) == ["1.mp3", "2.flac"]
    assert [(tmp_path / "shelf" / name).read_bytes() for name in names_of(found)] == [SONG, OTHER]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((), "it needs a password, and the post tells none"),
        (("",), "it needs a password, and the post tells none"),
        (("no",), "it needs a password, and the one that the post tells does not fit"),
        (("no", "nor", "no"), NONE_FITS),
        (
            (*map(str, range(10)), PASSWORD),
            "it needs a password, and none of the 10 that the post tells fits",
        ),
    ],
    ids=["none", "an empty one", "one", "two", "the right one too late"],
)
@pytest.mark.parametrize("strength", WAYS.values(), ids=WAYS)
def test_where_none_fits_it_says_how_many_were_tried(
    tmp_path: Path, strength: int, told: tuple[str, ...], why: str
) -> None:
    archive = locked_zip(Locked(name="1.mp3", strength=strength, version=1, sum=0x57_00_00_00))
    found = _take(tmp_path, archive, *told)
    assert reasons(found) == {"1.mp3": why}
    assert [skipped.locked for skipped in found.skipped] == [True]


@pytest.mark.parametrize("letters", ["utf-8", "cp437", "latin-1", "cp1252"])
@pytest.mark.parametrize("strength", WAYS.values(), ids=WAYS)
def test_a_password_is_tried_in_the_letters_of_archivers(tmp_path: Path, strength: int, letters: str) -> None:
    archive = locked_zip(Locked(name="1.mp3", strength=strength, key="größe".encode(letters)))
    assert names_of(_take(tmp_path, archive, "größe")) == ["1.mp3"]


@pytest.mark.parametrize("letters", ["utf-8", "cp866", "cp1251"])
def test_a_password_in_cyrillic_too(tmp_path: Path, letters: str) -> None:
    archive = locked_zip(Locked(name="1.mp3", key="музыка".encode(letters)))
    assert names_of(_take(tmp_path, archive, "музыка")) == ["1.mp3"]


def test_every_entry_may_have_its_own_password_or_none(tmp_path: Path) -> None:
    archive = locked_zip(
        Locked(name="1.mp3", data=mp3(12), key=b"one"),
        Locked(name="2.mp3", data=mp3(13), key=b"two", strength=3),
        Locked(name="3.mp3", data=mp3(14), key=b""),
        Locked(name="4.mp3", data=mp3(15), key=b"untold", strength=3),
    )
    found = _take(tmp_path, archive, "one", "two")
    assert names_of(found) == ["1.mp3", "2.mp3", "3.mp3"]
    assert reasons(found) == {"4.mp3": NONE_FITS}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_wrong_password_that_is_let_pass_publishes_nothing(tmp_path: Path, method: int) -> None:
    archive = locked_zip(Locked(name="1.mp3", data=OTHER, method=method))
    wrong = let_pass(archive, 3)
    assert reasons(_take(tmp_path, archive, wrong[0])) == {
        "1.mp3": "it needs a password, and the one that the post tells does not fit to the end"
    }
    assert reasons(_take(tmp_path, archive, *wrong[:2])) == {"1.mp3": NONE_FITS}
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == []
    # A right one behind it opens the entry all the same, wherever it stands.
    for told in ((*wrong, PASSWORD), (wrong[0], PASSWORD, *wrong[1:]), (PASSWORD, *wrong)):
        assert names_of(_take(tmp_path, archive, *told)) == ["1.flac"]


PLAIN = Locked(name="ok.mp3", data=mp3(20), key=b"")
ZEROS = wav(bytes(20_000_000))
OF_EITHER: list[tuple[str, dict[str, Any], str]] = [
    ("a bomb", {"data": ZEROS, "method": 8}, "out of"),
    ("a size that lies", {"data": wav(bytes(90_000)), "claimed": 5004, "method": 8}, NOT_TO_THE_END),
    ("a page", {"data": HTML}, "it is an HTML page"),
    ("nothing in it", {"data": b""}, "it is empty"),
    ("a packing that nobody uses", {"method": 14}, OTHERWISE),
    ("encrypted for certificates", {"flags": 0x40}, OTHERWISE),
]
OF_WINZIP: list[tuple[str, dict[str, Any], str]] = [
    ("the verifier of another password", {"verifier_of": b"no"}, NOT_TO_THE_END),
    ("a wrong sum", {"version": 1, "sum": 57}, NOT_TO_THE_END),
    ("bytes that are another's", {"verifier_of": b"other"}, NONE_FITS),
    ("a field that is cut", {"field": b"\2\0AE\3"}, OTHERWISE),
    ("a field of another vendor", {"field": b"\2\0XX\3\0\0"}, OTHERWISE),
    ("a strength that is none", {"field": b"\2\0AE\4\0\0"}, OTHERWISE),
    ("a version that is none", {"field": b"\3\0AE\3\0\0"}, OTHERWISE),
    ("a packing that is not what it is", {"field": b"\2\0AE\3\x08\0"}, NOT_TO_THE_END),
    ("a weaker key than it has", {"field": b"\2\0AE\1\0\0"}, NONE_FITS),
]
HOSTILE = {
    f"{way}: {case}": (locked_zip(Locked(name="x.wav", strength=strength, **more), PLAIN), why)
    for way, strength, cases in (("PKWARE", 0, OF_EITHER), ("WinZip", 3, OF_EITHER + OF_WINZIP))
    for case, more, why in cases
}


@pytest.mark.parametrize(("archive", "why"), HOSTILE.values(), ids=HOSTILE)
def test_60_what_is_wrong_with_an_encrypted_entry_concerns_it_alone(
    tmp_path: Path, archive: bytes, why: str
) -> None:
    limits = UnpackLimits(total=100_000_000, ratio_from=1_000_000)
    found = _take(tmp_path, archive, "no", PASSWORD, limits=limits)
    assert names_of(found) == ["ok.mp3"]
    assert list(reasons(found)) == ["x.wav"]
    assert why in reasons(found)["x.wav"]


@pytest.mark.parametrize("strength", WAYS.values(), ids=WAYS)
def test_60_bytes_that_were_changed_are_not_published(tmp_path: Path, strength: int) -> None:
    whole = locked_zip(Locked(name="x.mp3", strength=strength), PLAIN)
    at = whole.index(b"x.mp3") + 300
    found = _take(tmp_path, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], PASSWORD)
    assert names_of(found) == ["ok.mp3"]
    assert "to the end" in reasons(found)["x.mp3"]


@pytest.mark.parametrize("size", [0, 5, 11, 20])
@pytest.mark.parametrize("strength", [0, 3], ids=["PKWARE", "WinZip"])
def test_60_an_entry_too_short_to_be_encrypted_is_damaged(tmp_path: Path, strength: int, size: int) -> None:
    archive = locked_zip(Locked(name="x.mp3", strength=strength), PLAIN)
    packed = len(SONG) + (28 if strength else 12)
    found = _take(
        tmp_path, archive.replace(struct.pack("<L", packed), struct.pack("<L", size)), "no", PASSWORD
    )
    assert names_of(found) == ["ok.mp3"]
    assert list(reasons(found)) == ["x.mp3"]


@pytest.mark.parametrize("back", [30, 35, 40, 45, 60])
@pytest.mark.parametrize("strength", [0, 3], ids=["PKWARE", "WinZip"])
def test_60_an_entry_that_begins_at_the_end_of_the_archive_is_damaged(
    tmp_path: Path, strength: int, back: int
) -> None:
    archive = locked_zip(PLAIN, Locked(name="x.mp3", strength=strength))
    listed = archive.rindex(b"PK\1\2")
    begun = archive.index(b"PK\3\4", 4)
    comment = archive[begun : begun + back]
    moved = archive[: listed + 42] + struct.pack("<L", len(archive)) + archive[listed + 46 : -2]
    found = _take(tmp_path, moved + struct.pack("<H", back) + comment, "no", PASSWORD)
    assert names_of(found) == ["ok.mp3"]
    assert list(reasons(found)) == ["x.mp3"]


def test_60_a_flag_alone_does_not_make_it_encrypted_in_a_way_that_is_read(tmp_path: Path) -> None:
    found = _take(tmp_path, with_flag(zip_of("a.mp3"), 1), PASSWORD)
    assert reasons(found) == {"a.mp3": "it needs a password, and the one that the post tells does not fit"}


def test_60_many_passwords_on_a_large_file_end_when_it_is_time_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_PIECE", 100)
    archive = locked_zip(Locked(name="large.mp3"))
    told = [*let_pass(archive, 9), PASSWORD]
    calls = count()
    assert names_of(_take(tmp_path, archive, *told, is_unwanted=lambda: next(calls) < 0)) == ["large.mp3"]
    assert next(calls) > 8 * len(SONG) / 100
    for most in (5, 100, 300):
        calls = count()
        with pytest.raises(StoppedError):
            _take(tmp_path, archive, *told, is_unwanted=lambda most=most, calls=calls: next(calls) > most)


def test_60_what_would_take_hours_to_decrypt_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_locked, "SLOW_BYTES", 2 * len(SONG))
    slow = [Locked(name="1.mp3"), Locked(name="2.mp3")]
    archive = locked_zip(*slow, Locked(name="3.mp3", data=mp3(13), strength=3), PLAIN)
    found = _take(tmp_path, archive, PASSWORD)
    assert names_of(found) == ["3.mp3", "ok.mp3"]
    why = f"to decrypt {2 * (len(SONG) + 12)} bytes of the old kind would take too long"
    assert reasons(found) == {"1.mp3": why, "2.mp3": why}
    assert all(skipped.locked for skipped in found.skipped)


def test_60_many_entries_and_many_passwords_are_no_archive_made_to_be_read_without_end(
    tmp_path: Path,
) -> None:
    archive = locked_zip(*(Locked(name=f"{number}.mp3", data=b"x") for number in range(600)))
    assert len(_take(tmp_path, archive, *(f"é{number}" for number in range(10))).skipped) == 600


def test_60_an_entry_without_a_name_is_no_reason_to_give_up(tmp_path: Path) -> None:
    found = _take(tmp_path, locked_zip(Locked(name=""), PLAIN), PASSWORD)
    assert "ok.mp3" in names_of(found)
