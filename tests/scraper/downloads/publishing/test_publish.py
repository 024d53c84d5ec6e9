from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.publishing import no_replace
from scraper.downloads.publishing.folder import OpenFolder, open_folder
from scraper.downloads.publishing.place import Place, is_file, place_in
from scraper.downloads.publishing.publish import publish
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

MUSIC = b"music" * 100
HASH = hashlib.sha256(MUSIC).hexdigest()


def _find(crate: OpenFolder, name: str = "Kora.mp3") -> Place:
    return place_in(crate, PurePosixPath(name), size=len(MUSIC), sha256=HASH)


@pytest.fixture
def crate(tmp_path: Path) -> Iterator[OpenFolder]:
    with open_folder(tmp_path / "crate") as opened:
        yield opened


@pytest.fixture
def part(crate: OpenFolder) -> str:
    (crate.incomplete / "x.part").write_bytes(MUSIC)
    return "x.part"


def _refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture(params=["links", "no links", "nothing but renames"])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also as on file systems without hard links, and on those that know no rename that refuses."""
    if request.param != "links":
        monkeypatch.setattr(os, "link", _refuse)
    if request.param == "nothing but renames":
        monkeypatch.setattr(no_replace, "_exclusively", lambda *_: errno.EINVAL)


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("name", ["Kora.mp3", "blog.example/2024/Kora.mp3"])
def test_a_file_gets_its_name_and_loses_the_other(crate: OpenFolder, part: str, name: str) -> None:
    place = _find(crate, name)
    publish(crate, part, place)
    assert place == Place(path=crate.path / name, taken=False)
    assert place.path.read_bytes() == MUSIC
    assert place.path.stat().st_nlink == 1
    assert list(crate.incomplete.iterdir()) == []
    assert _find(crate, name) == Place(path=place.path, taken=True)


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("kind", ["file", "empty file", "folder", "link to a file", "dangling link", "pipe"])
def test_what_stands_there_is_never_replaced(  # 51, 64
    crate: OpenFolder, part: str, tmp_path: Path, kind: str
) -> None:
    path, target = crate.path / "Kora.mp3", tmp_path / "elsewhere"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif "link" in kind:
        if kind == "link to a file":
            target.write_bytes(MUSIC)
        path.symlink_to(target)
    else:
        path.write_bytes(b"precious" if kind == "file" else b"")
    before = path.lstat()
    with pytest.raises(FileExistsError):
        publish(crate, part, Place(path=path, taken=False))
    assert (crate.incomplete / part).exists()
    place = _find(crate)
    publish(crate, part, place)
    assert place.path.name == f"Kora~{HASH[:8]}.mp3"
    assert (path.lstat().st_ino, path.lstat().st_size) == (before.st_ino, before.st_size)
    assert target.exists() is (kind == "link to a file")


def test_the_same_content_under_the_name_is_not_published_again(crate: OpenFolder, part: str) -> None:
    (crate.path / "Kora.mp3").write_bytes(MUSIC)
    place = _find(crate)
    publish(crate, part, place)
    assert place == Place(path=crate.path / "Kora.mp3", taken=True)
    assert list(crate.incomplete.iterdir()) == []


@pytest.mark.parametrize(
    ("there", "wanted", "name"),
    [
        pytest.param("kora.MP3", "Kora.mp3", f"Kora~{HASH[:8]}.mp3", id="51 case"),
        pytest.param("Cafe\u0301.mp3", "Café.mp3", f"Café~{HASH[:8]}.mp3", id="51 NFD"),
        pytest.param("KORA/x.mp3", "Kora/y.mp3", "KORA/y.mp3", id="51 case of a folder"),
        pytest.param("KORA/X.mp3", "Kora/x.mp3", f"KORA/x~{HASH[:8]}.mp3", id="51 case of both"),
    ],
)
def test_names_that_some_system_takes_for_one_are_one_on_every_system(
    crate: OpenFolder, part: str, there: str, wanted: str, name: str
) -> None:
    (crate.path / there).parent.mkdir(exist_ok=True)
    (crate.path / there).write_bytes(b"other")
    place = _find(crate, wanted)
    assert place == Place(path=crate.path / name, taken=False)
    with pytest.raises(FileExistsError):
        publish(crate, part, Place(path=crate.path / there, taken=False))
    publish(crate, part, place)
    assert place.path.read_bytes() == MUSIC
    assert (crate.path / there).read_bytes() == b"other"


def test_the_same_content_in_another_case_is_the_file(crate: OpenFolder) -> None:  # 51
    (crate.path / "kora.mp3").write_bytes(MUSIC)
    assert _find(crate) == Place(path=crate.path / "kora.mp3", taken=True)


def test_a_marked_name_that_is_taken_too_gets_more_digits(crate: OpenFolder) -> None:
    for digits in (8, 16):
        (crate.path / f"Kora~{HASH[:digits]}.mp3").write_bytes(b"retagged")
    (crate.path / "Kora.mp3").write_bytes(b"other")
    assert _find(crate).path.name == f"Kora~{HASH}.mp3"
    _find(crate).path.write_bytes(b"this as well")
    with pytest.raises(DownloadError, match="taken by other files"):
        _find(crate)


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("names", [["Kora.mp3"], ["Kora.mp3", "kora.mp3"]], ids=["51 one", "51 case"])
def test_of_many_that_want_one_name_exactly_one_gets_it(crate: OpenFolder, names: list[str]) -> None:
    start = threading.Barrier(8)

    def race(number: int) -> bool:
        (crate.incomplete / f"{number}.part").write_bytes(bytes([number]) * 1000)
        start.wait(10)
        try:
            place = Place(path=crate.path / names[number % len(names)], taken=False)
            publish(crate, f"{number}.part", place)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(race, range(8))) == 1
    (path,) = crate.path.glob("*.mp3")
    assert len(set(path.read_bytes())) == 1


@pytest.mark.usefixtures("_links")
def test_who_lost_the_part_file_publishes_nothing(crate: OpenFolder) -> None:  # 68
    with pytest.raises(DownloadError, match=r"gone\.part is gone"):
        publish(crate, "gone.part", Place(path=crate.path / "Kora.mp3", taken=False))
    assert [path.name for path in crate.path.iterdir()] == [".incomplete"]


def test_a_link_in_place_of_a_part_is_not_published(crate: OpenFolder, tmp_path: Path) -> None:  # 64
    (tmp_path / "secret").write_bytes(MUSIC)
    (crate.incomplete / "x.part").symlink_to(tmp_path / "secret")
    with pytest.raises(DownloadError) as caught:
        publish(crate, "x.part", Place(path=crate.path / "Kora.mp3", taken=False))
    assert caught.value.reason is Reason.DISK_ERROR
    assert not (crate.path / "Kora.mp3").exists()


def test_a_part_that_is_swapped_for_a_link_just_before_is_not_published(
    crate: OpenFolder, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # 64
    link, secret = os.link, tmp_path / "secret"
    secret.write_bytes(MUSIC)

    def swapped(*args: Any, **options: Any) -> None:
        (crate.incomplete / part).unlink()
        (crate.incomplete / part).symlink_to(secret)
        link(*args, **options)

    monkeypatch.setattr(os, "link", swapped)
    with pytest.raises(DownloadError, match="replaced meanwhile"):
        publish(crate, part, _find(crate))
    assert not os.path.lexists(crate.path / "Kora.mp3")
    assert secret.read_bytes() == MUSIC


def test_a_subfolder_that_is_a_link_is_refused(crate: OpenFolder, part: str, tmp_path: Path) -> None:  # 64
    (tmp_path / "elsewhere").mkdir()
    place = _find(crate, "blog/Kora.mp3")
    (crate.path / "blog").symlink_to(tmp_path / "elsewhere")
    for refused in (lambda: publish(crate, part, place), lambda: _find(crate, "blog/Kora.mp3")):
        with pytest.raises(DownloadError) as caught:
            refused()
        assert caught.value.reason is Reason.DISK_ERROR
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (crate.incomplete / part).exists()


@pytest.mark.parametrize("swapped", ["link", "other folder", "nothing"])
def test_a_folder_that_is_swapped_meanwhile_takes_nothing(
    crate: OpenFolder, part: str, tmp_path: Path, swapped: str
) -> None:  # 64
    place, elsewhere = _find(crate), tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = crate.path.rename(tmp_path / "moved")
    if swapped == "link":
        crate.path.symlink_to(elsewhere)
    elif swapped == "other folder":
        crate.path.mkdir()
    with pytest.raises(VolumeError) as caught:
        publish(crate, part, place)
    assert caught.value.reason is Reason.DISK_ERROR
    assert list(elsewhere.iterdir()) == []
    assert (moved / ".incomplete" / part).read_bytes() == MUSIC


def test_a_folder_that_its_user_reaches_by_a_link_is_used(tmp_path: Path) -> None:  # 64
    (tmp_path / "disk").mkdir()
    (tmp_path / "music").symlink_to(tmp_path / "disk")
    with open_folder(tmp_path / "music") as crate:
        (crate.incomplete / "x.part").write_bytes(MUSIC)
        publish(crate, "x.part", _find(crate))
    assert (tmp_path / "disk" / "Kora.mp3").read_bytes() == MUSIC


_VOLUME = [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO]


@pytest.mark.parametrize(
    "number", [*_VOLUME, errno.EACCES], ids=lambda number: f"65 {errno.errorcode[number]}"
)
@pytest.mark.parametrize("step", ["link", "mkdir", "fsync", "listdir", "stat", "fstat"])
def test_a_volume_that_fails_loses_nothing(
    crate: OpenFolder, part: str, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    name = "blog/Kora.mp3" if step == "mkdir" else "Kora.mp3"
    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "stat" else os, step, fail)
        with pytest.raises((VolumeError, DownloadError)) as caught:
            publish(crate, part, Place(path=crate.path / name, taken=False))
    full = number in {errno.ENOSPC, errno.EDQUOT}
    assert isinstance(caught.value, (VolumeError, DownloadError))
    assert caught.value.reason is (Reason.DISK_FULL if full else Reason.DISK_ERROR)
    # One folder of a template that may not be written is no reason to stop all others.
    assert isinstance(caught.value, DownloadError) is (number == errno.EACCES and step == "mkdir")
    left = [crate.incomplete / part, crate.path / name]
    assert any(path.exists() and path.read_bytes() == MUSIC for path in left)
    place = _find(crate, name)
    publish(crate, part, place)
    assert place.path.read_bytes() == MUSIC


@pytest.mark.parametrize(
    "number", [errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL], ids=lambda n: f"65 {errno.errorcode[n]}"
)
def test_a_name_that_the_file_system_refuses_fails_this_file_alone(
    crate: OpenFolder, part: str, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(DownloadError) as caught:
        publish(crate, part, _find(crate))
    assert caught.value.reason is Reason.DISK_ERROR


_NOW = time.time()


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        pytest.param(1_700_000_000.0, True, id="44 honest"),
        pytest.param(_NOW + 3600, True, id="44 a clock that is fast"),
        pytest.param(None, False, id="44 none"),
        pytest.param(-11_644_473_600.0, False, id="44 year 1601"),
        pytest.param(0.0, False, id="44 year 1970"),
        pytest.param(253_370_764_800.0, False, id="44 year 9999"),
        pytest.param(1e300, False, id="44 no year at all"),
        pytest.param(float("nan"), False, id="44 NaN"),
        pytest.param(float("-inf"), False, id="44 infinite"),
    ],
)
def test_a_file_is_as_old_as_the_server_says_where_that_can_be(
    crate: OpenFolder, part: str, moment: float | None, *, kept: bool
) -> None:
    written = (crate.incomplete / part).stat().st_mtime
    place = _find(crate)
    publish(crate, part, place, modified=moment)
    assert place.path.stat().st_mtime == pytest.approx(moment if kept and moment else written, abs=0.001)


@pytest.mark.parametrize(
    ("content", "same"),
    [(MUSIC, True), (MUSIC[:-1], False), (MUSIC[:-1] + b"x", False), (b"", False)],
    ids=["same", "shorter", "other", "empty"],
)
def test_a_file_is_told_by_size_and_hash(tmp_path: Path, content: bytes, *, same: bool) -> None:
    (tmp_path / "x").write_bytes(content)
    assert is_file(tmp_path / "x", size=len(MUSIC), sha256=HASH) is same
    assert is_file(tmp_path / "absent", size=len(MUSIC), sha256=HASH) is False
    (tmp_path / "link").symlink_to(tmp_path / "x")
    assert is_file(tmp_path / "link", size=len(MUSIC), sha256=HASH) is False  # 64
