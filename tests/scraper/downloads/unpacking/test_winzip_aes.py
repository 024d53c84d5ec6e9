from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.downloads.content.bounded import BoundedFile
from scraper.downloads.unpacking.extra_fields import extra_fields
from scraper.downloads.unpacking.locks import WrongPasswordError
from scraper.downloads.unpacking.winzip_aes import AesSource, aes_field
from tests.scraper.downloads.unpacking.locked_archives import NOTES, REAL, Locked, locked_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BY_7ZIP = REAL["7-Zip 26.02: 7z a -tzip -pfoo57 -mem=AES256"]


@contextmanager
def _source(path: Path, archive: bytes, key: bytes = b"foo57") -> Iterator[AesSource]:
    path.write_bytes(archive)
    (info,) = zipfile.ZipFile(io.BytesIO(archive)).infolist()
    field = aes_field(info)
    assert field is not None
    with BoundedFile(path) as file:
        file.allow(most_bytes=10_000_000, most_reads=10_000)
        yield AesSource(file, info, field, key)


def _whole(source: AesSource, size: int = 100) -> bytes:
    return b"".join(iter(lambda: source.read(size), b""))


@pytest.mark.parametrize("size", [1, 7, 41, 1000])
def test_bytes_come_in_pieces_of_any_size(tmp_path: Path, size: int) -> None:
    with _source(tmp_path / "a", _BY_7ZIP) as source:
        pieces = list(iter(lambda: source.read(size), b""))
        assert b"".join(pieces) == NOTES
        assert all(len(piece) <= size for piece in pieces)
        assert source.read(size) == b""


def test_a_wrong_password_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongPasswordError), _source(tmp_path / "a", _BY_7ZIP, b"foo58"):
        pass


@pytest.mark.parametrize("at", [-1, -10, -11, -20])
def test_a_byte_that_was_changed_is_found_by_the_code(tmp_path: Path, at: int) -> None:
    archive = bytearray(locked_zip(Locked(name="a", data=NOTES, strength=3)))
    archive[archive.index(b"PK\1\2") + at] ^= 1
    with _source(tmp_path / "a", bytes(archive)) as source, pytest.raises(zipfile.BadZipFile, match="code"):
        _whole(source)


def test_what_is_behind_the_packing_counts_for_the_code(tmp_path: Path) -> None:
    packed = b"\3\0" + b"behind the end of what is packed"
    archive = locked_zip(Locked(name="a", data=packed, strength=3, field=b"\2\0AE\3\x08\0"))
    with _source(tmp_path / "a", archive) as source:
        assert _whole(source) == b""
    changed = bytearray(archive)
    changed[changed.index(b"PK\1\2") - 15] ^= 1
    with _source(tmp_path / "a", bytes(changed)) as source, pytest.raises(zipfile.BadZipFile, match="code"):
        _whole(source)


def test_a_packing_that_ends_in_the_middle_is_no_whole_file(tmp_path: Path) -> None:
    archive = locked_zip(Locked(name="a", data=b"\x4b", strength=3, field=b"\2\0AE\3\x08\0"))
    with _source(tmp_path / "a", archive) as source, pytest.raises(EOFError):
        _whole(source)


@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(max_size=3000),
    copies=st.sampled_from([1, 200]),
    strength=st.integers(1, 3),
    version=st.integers(1, 2),
    deflated=st.booleans(),
    size=st.integers(1, 70_000),
)
def test_what_was_encrypted_comes_out(
    tmp_path_factory: pytest.TempPathFactory, *, data: bytes, copies: int, strength: int, version: int, deflated: bool,
    size: int,
) -> None:  # fmt: skip
    size = max(size, len(data) * copies // 1000)
    member = Locked(name="a", data=data * copies, strength=strength, version=version, method=8 * deflated)
    with _source(tmp_path_factory.getbasetemp() / "a.zip", locked_zip(member)) as source:
        assert _whole(source, size) == data * copies


@given(st.binary(max_size=60))
def test_fields_end_wherever_they_are_cut(extra: bytes) -> None:
    found = list(extra_fields(extra))
    assert sum(4 + len(field) for _, field in found) <= len(extra)
    info = zipfile.ZipInfo("a")
    info.extra = extra
    assert aes_field(info) is None or len(extra) >= 11
