from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.content import zips
from scraper.downloads.content.judging import judge_path
from scraper.downloads.content.refused import RefusedError
from storage.reasons import Reason
from tests.scraper.downloads.unpacking.locked_archives import Locked, locked_zip

if TYPE_CHECKING:
    from pathlib import Path


def _packed(method: int, size: int = 50_000) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr("01 One.mp3", bytes(number % 251 for number in range(size)))
        archive.writestr("02 Two.mp3", b"another" * 1000)
    return data.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_an_archive_whose_sums_are_wrong_is_refused(tmp_path: Path, method: int) -> None:  # 60
    path = tmp_path / "a.zip"
    whole = _packed(method)
    path.write_bytes(whole)
    assert not isinstance(judge_path(path, to_the_end=False), RefusedError)
    path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    found = judge_path(path, to_the_end=False)
    assert isinstance(found, RefusedError)
    assert found.reason is Reason.PROBE_FAILED
    assert (found.detail or "").startswith("broken zip: ")


@pytest.mark.parametrize("bound", ["READ_THROUGH", "SECONDS"])
def test_what_is_behind_the_bounds_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:  # 60
    path = tmp_path / "a.zip"
    whole = _packed(zipfile.ZIP_STORED)
    at = whole.index(b"anotheranother") + 3
    path.write_bytes(whole[:at] + b"X" + whole[at + 1 :])
    assert isinstance(judge_path(path, to_the_end=False), RefusedError)
    monkeypatch.setattr(zips, bound, 0)
    assert not isinstance(judge_path(path, to_the_end=False), RefusedError)


def test_60_an_entry_without_a_name_is_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(locked_zip(Locked(name="", key=b""), Locked(name="1.mp3", key=b"")))
    found = judge_path(path, to_the_end=False)
    assert not isinstance(found, RefusedError)
    assert (found.entries, found.music) == (2, 1)


def test_a_locked_entry_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    whole = bytearray(_packed(zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.index(mark)
        whole[at + offset] |= zips.ENCRYPTED
    path.write_bytes(whole)
    found = judge_path(path, to_the_end=False)
    assert not isinstance(found, RefusedError)
    assert found.encrypted == 1
