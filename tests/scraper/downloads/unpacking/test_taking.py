"""Archives of strangers, unpacked into a folder that is ours, and nowhere else."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import stat
import struct
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.content.refused import RefusedError
from scraper.downloads.unpacking.report import Unpacked, UnpackLimits
from scraper.downloads.unpacking.taking import StoppedError, take
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import mp3, tar, zipped
from tests.scraper.downloads.unpacking.hostile_archives import (
    HTML,
    JPG,
    OTHER,
    PNG,
    SONG,
    TAR_TRAPS,
    ZIP_TRAPS,
    Member,
    gzip_bomb,
    member,
    pax,
    tar_of,
    zip_of,
    zip_with_raw_name,
)
from tests.scraper.downloads.unpacking.outcomes import names_of, opened, reasons

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = UnpackLimits(total=100_000_000)
WHERE = "https://files.example/a.zip"


def _take(
    tmp_path: Path, archive: bytes, kind: str = "zip", limits: UnpackLimits = LIMITS, **more: Any
) -> Unpacked:
    path, folder = tmp_path / "archive", tmp_path / "shelf" / "folder"
    path.write_bytes(archive)
    folder.mkdir(parents=True, exist_ok=True)
    with opened(path) as source, opened(folder) as target:
        found = take(source, target, kind, limits, **more)
    if isinstance(found, RefusedError):
        raise found
    return found


def _tree(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path.relative_to(folder)): (
            stat.S_IFMT(path.lstat().st_mode),
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else "",
        )
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("kind", "archive"),
    [("zip", archive) for archive in ZIP_TRAPS.values()]
    + [("tar", archive) for archive in TAR_TRAPS.values()],
    ids=[*ZIP_TRAPS, *TAR_TRAPS],
)
def test_nothing_is_made_outside_and_only_regular_files_inside(
    tmp_path: Path, kind: str, archive: bytes
) -> None:
    (tmp_path / "before").write_text("untouched")
    (tmp_path / "archive").write_bytes(archive)
    (tmp_path / "shelf" / "folder").mkdir(parents=True)
    before = _tree(tmp_path)
    try:
        found = _take(tmp_path, archive, kind)
    except RefusedError:
        found = None
    inside = "shelf/folder/"
    after = _tree(tmp_path)
    assert {name: there for name, there in after.items() if not name.startswith(inside)} == before
    files = {name.removeprefix(inside) for name, (kind_of, _) in after.items() if kind_of == stat.S_IFREG}
    new = {name for name in files if name not in before}
    if found is not None:
        assert new == set(names_of(found))
        assert all(after[inside + file.name][1] == file.sha256 for file in found.files)
    for name, (kind_of, _) in after.items():
        assert kind_of in {stat.S_IFREG, stat.S_IFDIR}, name
        assert not (tmp_path / name).stat().st_mode & 0o7111 or kind_of == stat.S_IFDIR, "nothing can be run"


@pytest.mark.parametrize(
    ("case", "names", "reasons"),
    [
        pytest.param("60 ../", ["ok.mp3"], ["out of the archive"] * 4, id="60 ../"),
        pytest.param("60 absolute", ["ok.mp3"], ["somebody's disk"] * 3, id="60 /abs"),
        pytest.param("60 a drive", ["ok.mp3"], ["somebody's disk"] * 2, id="60 a drive"),
        pytest.param("60 a link, then a file through it", ["link/evil.mp3", "ok.mp3"], ["a link"], id="60 symlink"),
        pytest.param("60 a device", ["ok.mp3"], ["no regular file"], id="60 device"),
        pytest.param("60 a fifo", ["ok.mp3"], ["no regular file"], id="60 fifo"),
        pytest.param("60 zip in zip", ["more.zip", "ok.mp3"], [], id="60 nested zips are kept as they are"),
        pytest.param("60 wrong sum", ["ok.flac"], ["damaged"], id="60 CRC wrong"),
        pytest.param("60 a bomb", ["ok.mp3"], ["out of"], id="60 4 GB ratio 1:1000"),
        pytest.param("60 encrypted", [], ["password"], id="60 encrypted"),
        pytest.param("60 names of DOS", ["CON_.mp3", "nul_.mp3", "aux_/prn_.mp3", "x.mp3", "bashrc.mp3",
                                         "rf.mp3", "ok.mp3"], [], id="60 49 names of devices"),
    ],
)  # fmt: skip
def test_a_trap_in_a_zip_stays_there_and_the_rest_is_taken(
    tmp_path: Path, case: str, names: list[str], reasons: list[str]
) -> None:
    found = _take(tmp_path, ZIP_TRAPS[case])
    assert names_of(found) == names
    assert len(found.skipped) == len(reasons)
    for skipped, reason in zip(found.skipped, reasons, strict=True):
        assert reason in skipped.why


@pytest.mark.parametrize(
    ("case", "names", "reasons"),
    [
        pytest.param(
            "61 symbolic link, then a file through it", ["l/evil.mp3", "ok.mp3"], ["a link"], id="61 symlink"
        ),
        pytest.param("61 hard link", ["ok.mp3"], ["a link"], id="61 hard link"),
        pytest.param(
            "61 link to a link", ["c/evil.mp3", "ok.mp3"], ["a link"] * 3, id="61 data_filter: link to a link"
        ),
        pytest.param(
            "61 a link whose name goes on", ["d/evil.mp3", "ok.mp3"], ["a link"], id="61 data_filter: d/"
        ),
        pytest.param(
            "61 a hard link that replaces a file", ["x.mp3", "ok.flac"], ["a link"], id="61 replaced"
        ),
        pytest.param("61 devices", ["ok.mp3"], ["no regular file"] * 3, id="61 devices"),
        pytest.param("61 ../", ["ok.mp3"], ["out of", "somebody's disk", "out of"], id="61 ../"),
        pytest.param("61 PAX path", ["ok.mp3"], ["out of the archive"], id="61 PAX path override"),
        pytest.param("61 sparse bomb", ["ok.mp3"], ["holes"], id="61 sparse"),
        pytest.param("61 PAX sparse bomb", ["ok.mp3"], ["holes"], id="61 sparse in PAX"),
        pytest.param("61 setuid", ["ok.mp3"], [], id="61 setuid"),
    ],
)
def test_a_trap_in_a_tar_stays_there_and_the_rest_is_taken(
    tmp_path: Path, case: str, names: list[str], reasons: list[str]
) -> None:
    found = _take(tmp_path, TAR_TRAPS[case], "tar")
    assert names_of(found) == names
    for skipped, reason in zip(found.skipped, reasons, strict=True):
        assert reason in skipped.why


@pytest.mark.parametrize(
    ("kind", "archive", "detail"),
    [
        pytest.param("zip", ZIP_TRAPS["60 cut directory"], "broken zip", id="60 truncated central directory"),
        pytest.param("zip", zipped({f"{n}.mp3": b"" for n in range(10_001)}), "10001 entries", id="60 too many entries"),
        pytest.param("zip", b"PK\3\4" + (b"PK\1\2" + bytes(42)) * 200_000
                     + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 9_200_000, 0, 0), "without end",
                     id="60 1 M entries"),
        pytest.param("tar", TAR_TRAPS["61 PAX size"], "middle of a file", id="61 PAX size override"),
        pytest.param("tar", TAR_TRAPS["61 PAX of 8 GB"], "header of 8589934592", id="61 PAX of 8 GB"),
        pytest.param("tar", TAR_TRAPS["61 size of 8 TB"], "middle of a file", id="61 a size of 8 TB"),
        pytest.param("tar", TAR_TRAPS["61 cut"], "middle of a file", id="61 cut"),
        pytest.param("tar", tar_of(*(member(f"{n}.mp3", b"") for n in range(10_001))), "10000 entries",
                     id="61 too many entries"),
        pytest.param("tgz", gzip.compress(tar())[:60], "ends in the middle", id="61 a packing that is cut"),
        pytest.param("tgz", gzip.compress(tar())[:-8] + bytes(8), "broken packing", id="61 a wrong sum"),
        pytest.param("tar", pax("a.mp3", comment="x" * 70_000), "a header of", id="61 a long comment"),
    ],
)  # fmt: skip
def test_an_archive_that_is_broken_or_without_end_is_refused(
    tmp_path: Path, kind: str, archive: bytes, detail: str
) -> None:
    with pytest.raises(RefusedError, match=detail) as caught:
        _take(tmp_path, archive, kind)
    assert caught.value.reason is Reason.PROBE_FAILED


def test_a_packed_tar_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:  # 61
    with pytest.raises(RefusedError, match="hundreds of times"):
        _take(tmp_path, gzip_bomb(), "tgz", UnpackLimits(total=100_000_000, entry=1000))


def test_more_bytes_than_there_may_be_refuse_the_archive(tmp_path: Path) -> None:  # 60
    archive = zip_of(*(Member(name=f"{n}.mp3", data=mp3(12 + n)) for n in range(5)))
    with pytest.raises(RefusedError) as caught:
        _take(tmp_path, archive, limits=UnpackLimits(total=20_000))
    assert caught.value.reason is Reason.TOO_LARGE
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.part")) <= 20_000


def test_entries_over_one_another_are_counted_each(tmp_path: Path) -> None:  # 60
    try:
        found = _take(tmp_path, ZIP_TRAPS["60 one place, many names"], limits=UnpackLimits(total=10_000_000))
    except RefusedError as refused:
        came: object = refused.reason
    else:  # later Pythons open only one of entries over one another
        came = len(found.files)
    assert came in {Reason.TOO_LARGE, 1}


@pytest.mark.parametrize("name", ["60 a size that lies", "60 a bomb"])
def test_a_size_that_lies_does_not_get_more_bytes_written(tmp_path: Path, name: str) -> None:
    found = _take(tmp_path, ZIP_TRAPS[name], limits=UnpackLimits(total=100_000_000, ratio_from=1_000_000))
    assert names_of(found) == ["ok.mp3"]


def test_one_large_file_and_those_behind_the_first_stay_where_they_are(tmp_path: Path) -> None:  # 60
    archive = zip_of(
        Member(name="large.mp3", data=mp3(100)),
        *(Member(name=f"{n}.mp3", data=mp3(12 + n)) for n in range(4)),
    )
    found = _take(tmp_path, archive, limits=UnpackLimits(total=100_000_000, entry=20_000, taken=2))
    assert names_of(found) == ["0.mp3", "1.mp3"]
    assert reasons(found) == {
        "large.mp3": "it has 41700 bytes or more",
        "2.mp3": "it comes after the first 2 files",
        "3.mp3": "it comes after the first 2 files",
    }


def test_it_takes_no_longer_than_it_may(tmp_path: Path) -> None:  # 60
    with pytest.raises(RefusedError, match="longer than -1 s"):
        _take(tmp_path, zip_of("a.mp3"), limits=UnpackLimits(total=100, seconds=-1))


def test_whoever_does_not_want_it_any_more_stops_it(tmp_path: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(StoppedError):
        _take(tmp_path, zip_of("a.mp3", "b.mp3"), is_unwanted=lambda: next(asked))


def test_music_pictures_and_texts_are_taken_by_their_content_and_nothing_else(tmp_path: Path) -> None:
    found = _take(
        tmp_path,
        zip_of(
            "Album/01 song.mp3",
            Member(name="Album/02 really flac.mp3", data=OTHER),
            Member(name="Album/Cover.JPG", data=PNG),
            Member(name="Album/back.png", data=JPG),
            Member(name="Album/info.nfo", data=b"\xdb\xdb\xdb Kora \xdb\xdb"),
            Member(name="Album/list.m3u", data=b"#EXTM3U\n01 song.mp3\n"),
            Member(name="Album/disc.cue", data=b'FILE "01 song.mp3" MP3\n'),
            Member(name="Album/booklet.pdf", data=b"%PDF-1.4 x"),
            Member(name="Album/fake.mp3", data=HTML),
            Member(name="Album/fake.txt", data=b"MZ" + bytes(100)),
            Member(name="Album/fake.log", data=HTML),
            Member(name="Album/fake.pdf", data=HTML),
            Member(name="Album/cover.jpg", data=b"<svg><script>"),
            Member(name="Album/setup.exe", data=b"MZ"),
            Member(name="Album/song.mp3.exe"),
            Member(name="Album/visit us.url", data=b"[InternetShortcut]"),
            Member(name="Album/index.html", data=HTML),
            Member(name="Album/empty.mp3", data=b""),
            Member(name="Album/film.avi", data=b"RIFF\x00\x10\0\0AVI LIST" + bytes(100)),
            Member(name="Album/.DS_Store", data=b"\0\0\0\1Bud1"),
            Member(name="Album/Thumbs.db", data=b"\xd0\xcf\x11\xe0"),
            Member(name="__MACOSX/Album/._01 song.mp3", data=SONG),
        ),
    )
    assert names_of(found) == [
        *("01 song.mp3", "02 really flac.flac", "Cover.png", "back.jpg", "info.nfo", "list.m3u", "disc.cue"),
        "booklet.pdf",
    ]
    assert reasons(found) == {
        "Album/fake.mp3": "it is an HTML page",
        "Album/fake.txt": "it is no txt file",
        "Album/fake.log": "it is no log file",
        "Album/fake.pdf": "it is no pdf file",
        "Album/cover.jpg": "it is XML",
        "Album/setup.exe": "it is a program",
        "Album/song.mp3.exe": "it is a program",
        "Album/visit us.url": "it is a page",
        "Album/index.html": "it is a page",
        "Album/empty.mp3": "it is empty",
        "Album/film.avi": "it is video/x-msvideo",
        "Album/.DS_Store": "it is left behind by a system",
        "Album/Thumbs.db": "it is left behind by a system",
        "__MACOSX/Album/._01 song.mp3": "it is left behind by a system",
    }


def test_the_second_file_of_a_name_is_told_apart_by_its_hash(tmp_path: Path) -> None:  # 51 60
    found = _take(tmp_path, zip_of("a.mp3", Member(name="A.MP3", data=mp3(13)), "a.mp3", Member(name="é.mp3", data=mp3(14)),
                                   Member(name="e\u0301.mp3", data=mp3(15))))  # fmt: skip
    digits = [hashlib.sha256(mp3(frames)).hexdigest()[:8] for frames in (13, 15)]
    assert names_of(found) == ["a.mp3", f"A~{digits[0]}.mp3", "é.mp3", f"é~{digits[1]}.mp3"]
    assert reasons(found) == {"a.mp3": "the same file is in it twice"}


def test_folders_are_kept_three_deep_and_one_that_all_share_is_left_out(tmp_path: Path) -> None:
    found = _take(tmp_path, zip_of("Top/CD1/01.mp3", Member(name="top/cd1/02.mp3", data=mp3(13)),
                                   Member(name="Top/1/2/3/4/deep.mp3", data=mp3(14))))  # fmt: skip
    assert names_of(found) == ["Top/CD1/01.mp3", "Top/CD1/02.mp3", "Top/1/2/deep.mp3"]
    found = _take(tmp_path, zip_of("Top/CD1/01.mp3", Member(name="Top/02.mp3", data=mp3(13))))
    assert names_of(found) == ["CD1/01.mp3", "02.mp3"]


@pytest.mark.parametrize(
    ("kind", "pack"),
    [
        ("tar", bytes),
        ("tgz", gzip.compress),
        ("tgz", lambda data: gzip.compress(data[:700]) + gzip.compress(data[700:]) + bytes(512)),
        ("tbz2", bz2.compress),
        ("txz", lzma.compress),
    ],
)
def test_a_tar_is_taken_apart_however_it_is_packed(tmp_path: Path, kind: str, pack: Any) -> None:
    long = "Kora/" + "Lines " * 30 + ".flac"
    archive = tar_of(member("Kora/01.mp3"), member("Kora/", b"", type=tarfile.DIRTYPE), member(long, OTHER))
    found = _take(tmp_path, pack(archive), kind)
    assert names_of(found) == ["01.mp3", ("Lines " * 30).strip() + ".flac"]
    assert [file.sha256 for file in found.files] == [
        hashlib.sha256(data).hexdigest() for data in (SONG, OTHER)
    ]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_of_every_format_of_tar_are_read(tmp_path: Path, form: int) -> None:
    found = _take(tmp_path, tar_of(member("夜/größe.mp3"), member("b.flac", OTHER), form=form), "tar")
    assert names_of(found) == ["夜/größe.mp3", "b.flac"]


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        pytest.param("größe.mp3".encode(), 0x800, "größe.mp3", id="60 UTF-8 by its flag"),
        pytest.param("größe.mp3".encode(), 0, "größe.mp3", id="60 UTF-8 without it"),
        pytest.param("größe.mp3".encode("cp437"), 0, "größe.mp3", id="60 code page 437"),
        pytest.param("Ночной трамвай.mp3".encode("cp866"), 0, "Ночной трамвай.mp3", id="60 Cyrillic"),
        pytest.param("夜のうた.mp3".encode("cp932"), 0, "夜のうた.mp3", id="60 Japanese"),
        pytest.param(b"plain.mp3", 0, "plain.mp3", id="60 ASCII"),
        pytest.param(b"a\0b.mp3", 0, "a.mp3", id="60 NUL"),
    ],
)
def test_names_are_read_as_they_were_meant(tmp_path: Path, raw: bytes, flags: int, name: str) -> None:
    assert names_of(_take(tmp_path, zip_with_raw_name(raw, flags=flags))) == [name]


def test_a_name_in_the_field_for_it_goes_before_a_guess(tmp_path: Path) -> None:  # 60
    raw = "gr\x94sse.mp3".encode("latin-1")
    field = b"\1" + struct.pack("<L", zlib.crc32(raw)) + "größer.mp3".encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert names_of(_take(tmp_path, zip_with_raw_name(raw, extra=extra))) == ["größer.mp3"]


def test_what_an_earlier_try_left_in_the_folder_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "shelf" / "folder"
    (left / "deep" / "er").mkdir(parents=True)
    (left / "00000.part").write_bytes(b"half")
    (left / "link").symlink_to(tmp_path)
    assert names_of(_take(tmp_path, zip_of("a.mp3"))) == ["a.mp3"]
    assert [path.name for path in left.iterdir()] == ["a.mp3"]
    assert tmp_path.exists()
