"""Archives that want more than to be unpacked, written byte by byte where no library would write them."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import threading
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from tests.scraper.downloads.content.whole_files import flac, mp3, wav, zipped

SONG = mp3()
OTHER = flac()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(60)
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(60)
HTML = b"<!doctype html><html><body>win</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An entry of a zip archive to write."""

    name: str
    data: bytes = SONG
    mode: int = 0
    method: int = zipfile.ZIP_STORED


def zip_of(*members: Member | str) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        for member in (Member(name=it) if isinstance(it, str) else it for it in members):
            info = zipfile.ZipInfo("x")
            info.filename = member.name
            info.external_attr = member.mode << 16
            info.compress_type = member.method
            archive.writestr(info, member.data)
    return buffer.getvalue()


def zip_with_raw_name(name: bytes, *, flags: int = 0, extra: bytes = b"") -> bytes:
    """With one song, whose name has no encoding but that of its bytes."""
    about = struct.pack(
        "<5H3L2H", 20, flags, 0, 0, 33, zlib.crc32(SONG), len(SONG), len(SONG), len(name), len(extra)
    )
    local = b"PK\3\4" + about + name + extra + SONG
    listed = b"PK\1\2" + struct.pack("<H", 20) + about + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name + extra
    return local + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)


def with_flag(archive: bytes, flag: int) -> bytes:
    changed = bytearray(archive)
    changed[6] |= flag
    changed[archive.rindex(b"PK\1\2") + 8] |= flag
    return bytes(changed)


def zip_of_bomb() -> bytes:
    """One entry of 40 MB of zeros behind a head of music, in 40 kB."""
    return zip_of(Member(name="bomb.wav", data=wav(bytes(40_000_000)), method=zipfile.ZIP_DEFLATED), "ok.mp3")


def zip_that_lies() -> bytes:
    """One entry that says that it has 5,004 bytes, and has 20 MB."""
    whole = zip_of(Member(name="lie.wav", data=wav(bytes(20_000_000)), method=zipfile.ZIP_DEFLATED), "ok.mp3")
    size = struct.pack("<L", len(wav(bytes(20_000_000))))
    return whole.replace(size, struct.pack("<L", 5004))


def overlapping_zip(copies: int = 40) -> bytes:
    """Entries that all have the same bytes."""
    single = zip_of(Member(name="00.mp3", data=wav(b"x" * 1_000_000)))
    at = single.index(b"PK\1\2")
    listed = single[at : single.index(b"PK\5\6")]
    all_listed = listed * copies
    return (
        single[:at]
        + all_listed
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, copies, copies, len(all_listed), at, 0)
    )


def damaged_zip() -> bytes:
    changed = bytearray(zip_of("bad.mp3", Member(name="ok.flac", data=OTHER)))
    changed[changed.index(b"bad.mp3") + 100] ^= 0xFF
    return bytes(changed)


def tar_of(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def member(name: str, data: bytes = SONG, **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def link(name: str, to: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, b"", type=kind, linkname=to)


def device(name: str, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, b"", type=kind, devmajor=1, devminor=3)


def pax(name: str, data: bytes = SONG, **headers: str) -> bytes:
    """One song whose extended header says something else, and an honest one."""
    return tar_of(member(name, data, pax_headers=headers), member("ok.mp3"), form=tarfile.PAX_FORMAT)


def sparse_bomb() -> bytes:
    """An old sparse file of 1 TB with nothing in it, then a song."""
    info = tarfile.TarInfo("bomb.wav")
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[156:157] = tarfile.GNUTYPE_SPARSE
    block[483:495] = b"77777777777\0"
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + tar_of(member("ok.mp3"))


def pax_sparse() -> bytes:
    about = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 40)}
    return pax("bomb.wav", SONG, **about)


def huge_pax() -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(2000)


def huge_size() -> bytes:
    return tarfile.TarInfo.tobuf(member("a.mp3", b"", size=8 << 40)[0], tarfile.GNU_FORMAT) + SONG


def gzip_bomb() -> bytes:
    """600 MB of zeros behind the head of an entry that claims them."""
    head = member("a.wav", b"", size=600 << 20)[0].tobuf(tarfile.GNU_FORMAT)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=1) as packed:
        packed.write(head + wav(b"")[:44])
        for _ in range(600):
            packed.write(bytes(1 << 20))
    return out.getvalue()


def hang(*_: object, **__: object) -> None:
    """Stand for an archive that keeps whoever unpacks it busy for ever."""
    threading.Event().wait()


SYMLINK = stat.S_IFLNK | 0o777
ZIP_TRAPS: dict[str, bytes] = {
    "60 ../": zip_of("../x.mp3", "a/../../x.mp3", "..", "..\\x.mp3", "ok.mp3"),
    "60 absolute": zip_of("/abs.mp3", "\\abs.mp3", "//host/share/x.mp3", "ok.mp3"),
    "60 a drive": zip_of("C:\\x.mp3", "c:x.mp3", "ok.mp3"),
    "60 a link, then a file through it": zip_of(
        Member(name="link", data=b"../..", mode=SYMLINK), "link/evil.mp3", "ok.mp3"
    ),
    "60 a device": zip_of(Member(name="null.mp3", data=b"", mode=stat.S_IFCHR | 0o666), "ok.mp3"),
    "60 a fifo": zip_of(Member(name="pipe.mp3", data=b"", mode=stat.S_IFIFO | 0o666), "ok.mp3"),
    "60 a name twice": zip_of(
        "ok.mp3", Member(name="OK.mp3", data=mp3(13)), Member(name="ok.mp3", data=mp3(14))
    ),
    "60 a file where a folder is": zip_of("a.mp3/b.mp3", "a.mp3", "ok.mp3"),
    "60 zip in zip": zip_of(Member(name="more.zip", data=zipped({"more.zip": zipped()})), "ok.mp3"),
    "60 wrong sum": damaged_zip(),
    "60 a bomb": zip_of_bomb(),
    "60 a size that lies": zip_that_lies(),
    "60 one place, many names": overlapping_zip(),
    "60 encrypted": with_flag(zip_of("locked.mp3"), 1),
    "60 cut directory": zip_of("ok.mp3")[:-30],
    "60 names of DOS": zip_of("CON.mp3", "nul", "aux/prn.mp3", "x.mp3:ads", ".bashrc", "-rf.mp3", "ok.mp3"),
    "60 a name of 70 kB": zip_of("a/" * 20_000 + "b.mp3", "x" * 60_000 + ".mp3", "ok.mp3"),
}
TAR_TRAPS: dict[str, bytes] = {
    "61 symbolic link, then a file through it": tar_of(link("l", "../.."), member("l/evil.mp3"), member("ok.mp3")),
    "61 hard link": tar_of(link("l.mp3", "/etc/passwd", tarfile.LNKTYPE), member("ok.mp3")),
    "61 link to a link": tar_of(
        link("a", "."), link("a/b", ".."), link("c", "a/b/.."), member("c/evil.mp3"), member("ok.mp3")
    ),
    "61 a link whose name goes on": tar_of(link("d/", "/"), member("d/evil.mp3"), member("ok.mp3")),
    "61 a hard link that replaces a file": tar_of(
        member("x.mp3"), link("x.mp3", "ok.mp3", tarfile.LNKTYPE), member("ok.mp3", OTHER)
    ),
    "61 devices": tar_of(
        device("zero.mp3", tarfile.CHRTYPE), device("sda.mp3", tarfile.BLKTYPE), device("p.mp3", tarfile.FIFOTYPE),
        member("ok.mp3"),
    ),
    "61 ../": tar_of(member("../x.mp3"), member("/abs.mp3"), member("a/../../x.mp3"), member("ok.mp3")),
    "61 PAX path": pax("innocent.mp3", path="../../evil.mp3"),
    "61 PAX size": pax("a.mp3", size=str(8 << 40)),
    "61 PAX of 8 GB": huge_pax(),
    "61 sparse bomb": sparse_bomb(),
    "61 PAX sparse bomb": pax_sparse(),
    "61 size of 8 TB": huge_size(),
    "61 cut": tar_of(member("ok.mp3"))[:3000],
    "61 setuid": tar_of(member("ok.mp3", mode=0o6777, uid=0)),
}  # fmt: skip
