from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.publishing.folder import FORGOTTEN_AFTER, open_folder
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def _failing(step: str, number: int) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, step, fail)
        yield


def test_a_folder_is_made_once_and_its_descriptors_end_with_it(tmp_path: Path) -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(2):
        with open_folder(tmp_path / "a" / "crate") as crate:
            assert crate.incomplete == tmp_path / "a" / "crate" / ".incomplete"
            assert stat.S_IMODE(crate.incomplete.stat().st_mode) & 0o022 == 0
            assert len(list(Path("/dev/fd").iterdir())) == before + 2
    assert len(list(Path("/dev/fd").iterdir())) == before


@pytest.mark.parametrize("kind", ["link", "dangling link", "file"])
@pytest.mark.parametrize("which", [".incomplete", ""])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str, which: str) -> None:  # 64, 65
    crate, elsewhere = tmp_path / "crate", tmp_path / "elsewhere"
    path = crate / which
    path.parent.mkdir(exist_ok=True)
    if kind == "file":
        path.write_bytes(b"x")
    else:
        path.symlink_to(elsewhere)
    if kind == "link":
        elsewhere.mkdir()
    before = len(list(Path("/dev/fd").iterdir()))
    if not which and kind == "link":
        with open_folder(crate) as opened:  # its user's own wish
            assert opened.path == crate
        return
    with pytest.raises(VolumeError) as caught, open_folder(crate):
        pass
    assert caught.value.reason is Reason.DISK_ERROR
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_folder_that_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # 65
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # the tests may run as root
    with pytest.raises(VolumeError, match="not writable"), open_folder(tmp_path / "crate"):
        pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("step", ["mkdir", "open", "fsync", "listdir"])
def test_a_volume_that_fails_is_told_by_its_reason(tmp_path: Path, step: str, number: int) -> None:  # 65
    with _failing(step, number), pytest.raises(VolumeError) as caught, open_folder(tmp_path / "crate"):
        pass
    full = number in {errno.ENOSPC, errno.EDQUOT}
    assert caught.value.reason is (Reason.DISK_FULL if full else Reason.DISK_ERROR)


def test_only_what_is_half_written_and_old_is_removed(tmp_path: Path) -> None:
    with open_folder(tmp_path) as crate:
        (crate.incomplete / "a.b.unpack" / "sub").mkdir(parents=True)
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "precious").write_bytes(b"x")
        (crate.incomplete / "a.b.unpack" / "sub" / "link").symlink_to(outside)
        (crate.incomplete / "link.unpack").symlink_to(outside)
        for name in ("a.b.json.tmp", "a.b.part", "notes.txt"):
            (crate.incomplete / name).write_bytes(b"x")
        written = (crate.incomplete / "notes.txt").stat().st_mtime
        names = {path.name for path in crate.incomplete.iterdir()}
    with open_folder(tmp_path, now=written + FORGOTTEN_AFTER - 100) as crate:
        assert {path.name for path in crate.incomplete.iterdir()} == names
    with open_folder(tmp_path, now=written + FORGOTTEN_AFTER + 100) as crate:
        assert {path.name for path in crate.incomplete.iterdir()} == {"a.b.part", "notes.txt"}
    assert (outside / "precious").exists()  # 64


def test_subfolders_are_made_where_asked_and_never_through_a_link(tmp_path: Path) -> None:  # 64
    (tmp_path / "elsewhere").mkdir()
    with open_folder(tmp_path / "crate") as crate:
        with pytest.raises(FileNotFoundError), crate.below(PurePosixPath("a/b")):
            pass
        with crate.below(PurePosixPath("a/b"), make=True) as fd:
            assert os.fstat(fd).st_ino == (crate.path / "a" / "b").stat().st_ino
        (crate.path / "a" / "b").rmdir()
        (crate.path / "a" / "b").symlink_to(tmp_path / "elsewhere")
        with (
            pytest.raises(OSError, match=r"Not a directory|symbolic"),
            crate.below(PurePosixPath("a/b/c"), make=True),
        ):
            pass
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_new_subfolder_and_its_parent_are_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync = os.fsync

    def note(fd: int) -> None:
        synced.append(os.fstat(fd).st_ino)
        sync(fd)

    with open_folder(tmp_path) as crate:
        monkeypatch.setattr(os, "fsync", note)
        with crate.below(PurePosixPath("a/b"), make=True):
            pass
        assert synced == [tmp_path.stat().st_ino, (tmp_path / "a").stat().st_ino]
        with crate.below(PurePosixPath("a/b"), make=True):
            pass
        assert len(synced) == 2


@pytest.mark.parametrize(
    ("error", "wanted", "kind", "reason"),
    [
        (OSError(errno.ENOSPC, "full"), "a.mp3", VolumeError, Reason.DISK_FULL),
        (OSError(errno.EDQUOT, "full"), "a/b.mp3", VolumeError, Reason.DISK_FULL),
        (OSError(errno.EIO, "broken"), "a.mp3", VolumeError, Reason.DISK_ERROR),
        (OSError(errno.EROFS, "read-only"), "a/b.mp3", VolumeError, Reason.DISK_ERROR),
        (OSError(errno.EACCES, "forbidden"), "a.mp3", VolumeError, Reason.DISK_ERROR),
        (OSError(errno.EACCES, "forbidden"), "a/b.mp3", DownloadError, Reason.DISK_ERROR),
        (OSError(errno.ENAMETOOLONG, "long"), "a.mp3", DownloadError, Reason.DISK_ERROR),
        (OSError(errno.ENOENT, "gone"), "a.mp3", DownloadError, Reason.DISK_ERROR),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), "a.mp3", DownloadError, Reason.DISK_ERROR),
    ],
    ids=lambda value: f"65 {value!r}" if isinstance(value, Exception) else None,
)
def test_an_error_is_one_of_the_volume_or_of_one_file(
    tmp_path: Path, error: Exception, wanted: str, kind: type[VolumeError | DownloadError], reason: Reason
) -> None:
    with open_folder(tmp_path) as crate, pytest.raises(kind) as caught, crate.errors(PurePosixPath(wanted)):
        raise error
    assert isinstance(caught.value, (VolumeError, DownloadError))
    assert caught.value.reason is reason
    assert caught.value.__cause__ is error


def test_words_that_tell_a_file_are_no_path(tmp_path: Path) -> None:  # 65
    with open_folder(tmp_path) as crate, pytest.raises(VolumeError), crate.errors("Kora/Mira - Lines"):
        raise PermissionError(errno.EACCES, "forbidden")
    with (
        open_folder(tmp_path) as crate,
        pytest.raises(DownloadError, match="/etc/x") as caught,
        crate.errors("/etc/x"),
    ):
        raise OSError(errno.ENAMETOOLONG, "too long")
    assert isinstance(caught.value, DownloadError)
    assert caught.value.where == "/etc/x"


def test_a_name_that_is_taken_is_left_to_the_caller(tmp_path: Path) -> None:
    with open_folder(tmp_path) as crate, pytest.raises(FileExistsError), crate.errors("a.mp3"):
        raise FileExistsError


def test_a_folder_that_was_removed_meanwhile_is_one_of_the_volume(tmp_path: Path) -> None:  # 64
    with open_folder(tmp_path / "crate") as crate:
        for path in (crate.incomplete, crate.path):
            path.rmdir()
            with pytest.raises(VolumeError), crate.errors("a.mp3"):
                os.open("x", os.O_RDONLY, dir_fd=crate.incomplete_fd)


def test_a_file_in_place_of_the_folder_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "crate").write_bytes(b"x")
    with pytest.raises(VolumeError, match=r"crate is no folder\)"), open_folder(tmp_path / "crate"):
        pass


def test_many_that_open_a_missing_folder_at_one_moment_all_get_it(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def come(round_: int) -> None:
        together.wait()
        with open_folder(tmp_path / str(round_) / "crate") as crate:
            crate.check()

    with ThreadPoolExecutor(8) as threads:
        for round_ in range(20):
            list(threads.map(come, [round_] * 8))
