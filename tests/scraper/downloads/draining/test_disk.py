from __future__ import annotations

import errno
import itertools
from pathlib import Path
from typing import NamedTuple

import pytest

from scraper.downloads.draining.disk import MOST_KEPT_FREE, Volume
from scraper.downloads.errors import DownloadError, VolumeError
from storage.reasons import Reason


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


class _Disk:
    """A disk of which a test says how much is free."""

    def __init__(self, *, total: int, free: int) -> None:
        self.total, self.free = total, free
        self.looks = 0

    def usage(self, _: object) -> _Usage:
        self.looks += 1
        return _Usage(self.total, self.total - self.free, self.free)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> _Disk:
    disk = _Disk(total=10_000, free=1100)
    monkeypatch.setattr("scraper.downloads.draining.disk.shutil.disk_usage", disk.usage)
    return disk


def _volume() -> Volume:
    """A volume that is looked at anew each time."""
    return Volume(Path("/crate"), clock=itertools.count().__next__)


@pytest.mark.parametrize(
    ("total", "free", "keep_free", "room"),
    [
        (10_000, 1100, None, 1000),
        (10**12, 10**9, None, 10**9 - MOST_KEPT_FREE),
        (10_000, 1100, 0, 1100),
        (10_000, 1100, 2000, -900),
    ],
)
def test_a_part_of_the_volume_stays_free(
    disk: _Disk, total: int, free: int, keep_free: int | None, room: int
) -> None:
    disk.total, disk.free = total, free
    assert Volume(Path("/crate"), keep_free=keep_free).room() == room


@pytest.mark.usefixtures("disk")
def test_files_begun_at_once_do_not_count_on_the_same_room() -> None:
    volume = _volume()
    with volume.booking() as first, volume.booking() as second:
        first.need(400, "https://a.example/1")
        with pytest.raises(DownloadError, match="needs 700 bytes, 600 are free") as caught:
            second.need(700, "https://a.example/2")
        assert caught.value.reason is Reason.DISK_FULL
        second.need(600, "https://a.example/3")
    with volume.booking() as later:
        later.need(1000, "https://a.example/2")


def test_what_a_file_has_booked_shrinks_as_it_is_written(disk: _Disk) -> None:
    volume = _volume()
    with volume.booking() as one, volume.booking() as other:
        one.need(600, "1")
        disk.free -= 400
        one.need(200, "1")
        other.need(400, "2")


def test_a_file_whose_room_somebody_else_took_goes_on_to_the_end_of_the_disk(disk: _Disk) -> None:
    volume = _volume()
    with volume.booking() as one:
        one.need(900, "1")
        disk.free = 500
        one.need(850, "1")
        disk.free = 90
        with pytest.raises(VolumeError) as caught:
            one.need(800, "1")
    assert caught.value.reason is Reason.DISK_FULL


def test_where_nothing_is_free_nothing_is_begun(disk: _Disk) -> None:
    disk.free = 100
    with _volume().booking() as one, pytest.raises(VolumeError, match="The disk is full"):
        one.need(0, "1")


def test_the_disk_is_looked_at_at_most_five_times_a_second(disk: _Disk) -> None:
    now = 0.0
    volume = Volume(Path("/crate"), clock=lambda: now)
    for _ in range(100):
        volume.room()
        now += 0.01
    assert 4 <= disk.looks <= 5


def test_a_volume_that_is_gone_is_an_error_of_the_volume(monkeypatch: pytest.MonkeyPatch) -> None:  # 65
    def fail(_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("scraper.downloads.draining.disk.shutil.disk_usage", fail)
    with pytest.raises(VolumeError, match="Input/output error"):
        _volume().room()


@pytest.mark.parametrize(("left", "error"), [(499, VolumeError), (500, DownloadError)])
def test_where_hardly_anything_fits_it_is_the_disk_that_is_full_and_not_the_file_that_is_large(
    disk: _Disk, left: int, error: type[Exception]
) -> None:  # 65
    volume = _volume()
    with volume.booking() as one, volume.booking() as other:
        one.need(1000 - left, "1")
        with pytest.raises(error):
            other.need(left + 1, "2")
    disk.free = 100 + left
    assert volume.is_low() is (error is VolumeError)
