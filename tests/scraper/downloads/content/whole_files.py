"""Small whole files of each kind, written by hand: what their encoders would write, of silence and noise."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from scraper.downloads.content.ends.flac_end import _sum8, _sum16
from scraper.downloads.content.ends.ogg_end import ogg_sum

BLOG = Path(__file__).parents[4] / "fixtures" / "blog" / "files"
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
NOISE = random.Random(6).randbytes(6000)


def fixture(name: str) -> bytes:
    return (BLOG / name).read_bytes()


def mp3(frames: int = 12) -> bytes:
    """Without a count of frames."""
    return MP3_FRAME * frames


def mp3_with_count(frames: int = 12, *, mark: bytes = b"Info", counted: int | None = None) -> bytes:
    about = mark + struct.pack(">II", 1, frames if counted is None else counted)
    return (MP3_FRAME[:36] + about).ljust(417, b"\0") + MP3_FRAME * frames


def mp3_of_fraunhofer(frames: int = 12) -> bytes:
    about = b"VBRI" + struct.pack(">HHHII", 1, 0, 0, 417 * frames, frames)
    return (MP3_FRAME[:36] + about).ljust(417, b"\0") + MP3_FRAME * (frames - 1)


def mp3_in_free_format(frames: int = 12) -> bytes:
    return (b"\xff\xfb\x00\x00" + bytes(300)) * frames


def adts(frames: int = 12) -> bytes:
    size = 200
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (head + bytes(size - 7)) * frames


def flac(blocks: int = 3, *, total: int | None = None, block: int = 4096) -> bytes:
    samples = block * blocks if total is None else total
    about = struct.pack(">HH", block, block) + bytes(6)
    about += (44100 << 44 | 1 << 41 | 15 << 36 | samples).to_bytes(8) + bytes(16)
    return b"fLaC\x80" + len(about).to_bytes(3) + about + b"".join(_flac_frame(n) for n in range(blocks))


def _flac_frame(number: int) -> bytes:
    head = bytes([0xFF, 0xF8, 0xC9, 0x18, number])
    head += bytes([_sum8(head)])
    body = (
        head + bytes([0x02]) + NOISE[:100] + bytes([0x00, 0, number])
    )  # one subframe as it is, one of silence
    return body + _sum16(body).to_bytes(2)


def ogg_page(data: bytes, *, serial: int = 1, number: int = 0, flags: int = 0, granule: int = 0) -> bytes:
    lacing = bytes([255] * (len(data) // 255) + [len(data) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, number, 0, len(lacing)) + lacing
    page = head + data
    return page[:22] + struct.pack("<I", ogg_sum(page)) + page[26:]


def opus(serial: int = 1, pages: int = 3) -> bytes:
    about = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    music = (
        ogg_page(
            NOISE[:500], serial=serial, number=n + 2, flags=4 * (n == pages - 1), granule=48000 * (n + 1)
        )
        for n in range(pages)
    )
    return ogg_page(about, serial=serial, flags=2) + ogg_page(tags, serial=serial, number=1) + b"".join(music)


def wav(
    music: bytes = NOISE, *, form: int | None = None, data: int | None = None, rest: bytes = b""
) -> bytes:
    about = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    chunks = (
        b"WAVE" + about + struct.pack("<4sI", b"data", len(music) if data is None else data) + music + rest
    )
    return struct.pack("<4sI", b"RIFF", len(chunks) if form is None else form) + chunks


def rf64(music: bytes = NOISE, kind: bytes = b"RF64") -> bytes:
    about = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    behind = about + struct.pack("<4sI", b"data", 0xFFFFFFFF) + music
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, 4 + 36 + len(behind), len(music), len(music), 0)
    return kind + b"\xff\xff\xff\xffWAVE" + sizes + behind


def aiff(music: bytes = NOISE, kind: bytes = b"AIFF", frames: int | None = None) -> bytes:
    count = len(music) if frames is None else frames
    about = struct.pack(">hIhHQ", 1, count, 8, 0x400B, 8000 << 51)
    if kind == b"AIFC":
        about += b"sowt\x00\x00"
    chunks = kind + struct.pack(">4sI", b"COMM", len(about)) + about
    chunks += struct.pack(">4sIII", b"SSND", len(music) + 8, 0, 0) + music
    return struct.pack(">4sI", b"FORM", len(chunks)) + chunks


def box(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(body) + 8 if size is None else size, name) + body


FTYP = box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")


def moov(*, seconds: float = 1.0, more: bytes = b"") -> bytes:
    media = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 8000, int(seconds * 8000), 0, 0))
    media += box(b"hdlr", struct.pack(">II4s", 0, 0, b"soun") + bytes(13))
    return box(b"moov", box(b"trak", box(b"mdia", media)) + more)


def m4a() -> bytes:
    return FTYP + moov() + box(b"mdat", NOISE)


def fragmented_m4a(*, index: bool = True) -> bytes:
    fragment = box(b"moof", box(b"mfhd", bytes(8))) + box(b"mdat", NOISE[:1000])
    behind = box(b"mfra", box(b"mfro", bytes(8))) if index else b""
    return FTYP + moov(seconds=0, more=box(b"mvex", box(b"trex", bytes(24)))) + fragment * 3 + behind


def segmented_m4a() -> bytes:
    fragment = box(b"moof", box(b"mfhd", bytes(8))) + box(b"mdat", NOISE[:1000])
    sizes = struct.pack(">III", len(fragment), 8000, 0) * 3
    index = box(b"sidx", struct.pack(">IIIIIHH", 0, 1, 8000, 0, 0, 0, 3) + sizes)
    return FTYP + moov(seconds=0, more=box(b"mvex", box(b"trex", bytes(24)))) + index + fragment * 3


def _asf_object(identity: str, body: bytes) -> bytes:
    return bytes.fromhex(identity) + struct.pack("<Q", len(body) + 24) + body


def wma(*, is_film: bool = False, is_live: bool = False) -> bytes:
    music = _asf_object("3626b2758e66cf11a6d900aa0062ce6c", bytes(26) + NOISE)
    kind = "c0ef19bc4d5bcf11a8fd00805f5c442b" if is_film else "409e69f84d5bcf11a8fd00805f5c442b"
    stream = _asf_object("9107dcb7b7a9cf118ee600c00c205365", bytes.fromhex(kind) + bytes(62))
    size = 30 + 104 + len(stream) + len(music)
    about = bytes(16) + struct.pack("<QQQQQQ", size, 0, 1, 20_000_000, 20_000_000, 0)
    about += struct.pack("<IIII", int(is_live), 1000, 1000, 64000)
    properties = _asf_object("a1dcab8c47a9cf118ee400c00c205365", about)
    header = struct.pack("<IBB", 2, 1, 2) + properties + stream
    return _asf_object("3026b2758e66cf11a6d900aa0062ce6c", header) + music


def wavpack(blocks: int = 3, *, total: int | None = None) -> bytes:
    samples = 1000 * blocks if total is None else total
    return b"".join(
        struct.pack("<4sIHBBIIIII", b"wvpk", 124, 0x410, 0, 0, samples, n * 1000, 1000, 9 << 23, 0)
        + NOISE[:100]
        for n in range(blocks)
    )


def monkeys() -> bytes:
    head = struct.pack("<4sHHIIIIIII16s", b"MAC ", 3990, 0, 52, 24, 4, 44, 3000, 0, 0, bytes(16))
    return head + struct.pack("<HHIIIHHI", 2000, 0, 73728, 20000, 1, 16, 2, 44100) + NOISE[:3048]


def dsf(music: int = 4096) -> bytes:
    about = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 1, 1, 2822400, 1, music * 8, 4096, 0)
    data = struct.pack("<4sQ", b"data", 12 + music) + bytes(music)
    return struct.pack("<4sQQQ", b"DSD ", 28, 28 + len(about) + len(data), 0) + about + data


def dff(music: int = 4096) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack(">Q", len(body)) + body + bytes(len(body) % 2)

    about = chunk(b"FS  ", struct.pack(">I", 2822400)) + chunk(b"CHNL", struct.pack(">H4s", 1, b"C000"))
    about += chunk(b"CMPR", b"DSD \x0enot compressed")
    body = b"DSD " + chunk(b"FVER", b"\1\5\0\0") + chunk(b"PROP", b"SND " + about)
    return chunk(b"FRM8", body + chunk(b"DSD ", bytes(music)))


def zipped(entries: dict[str, bytes] | None = None, *, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (entries or {"a.mp3": mp3()}).items():
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.comment = comment
    return buffer.getvalue()


def seven_zip() -> bytes:
    listing = NOISE[:77]
    at = struct.pack("<QQL", 500, len(listing), zlib.crc32(listing))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<L", zlib.crc32(at)) + at + NOISE[:500] + listing


def rar4() -> bytes:
    main = struct.pack("<HBHHHI", 0, 0x73, 0, 13, 0, 0)
    file = struct.pack("<HBHHI", 0, 0x74, 0x8000, 40, 600) + bytes(29) + NOISE[:600]
    return b"Rar!\x1a\x07\x00" + main + file + struct.pack("<HBHH", 0, 0x7B, 0x4000, 7)


def rar5() -> bytes:
    main = bytes(4) + b"\x03\x01\x00\x00"
    file = bytes(4) + b"\x14\x02\x02\xd8\x04" + bytes(16) + NOISE[:600]
    return b"Rar!\x1a\x07\x01\x00" + main + file + bytes(4) + b"\x03\x05\x00\x00"


def tar(entries: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in (entries or {"a.mp3": mp3()}).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    # Without the filling to 10 kB: two empty blocks are the end.
    blocks = sum(1 - -len(data) // 512 for data in (entries or {"a.mp3": mp3()}).values())
    return buffer.getvalue()[: (blocks + 2) * 512]


WHOLE: dict[str, tuple[str, bytes]] = {
    "mp3 counted": ("mp3", mp3_with_count()),
    "mp3 counted, of Xing": ("mp3", mp3_with_count(mark=b"Xing")),
    "mp3 counted, of Fraunhofer": ("mp3", mp3_of_fraunhofer()),
    "flac": ("flac", flac()),
    "flac of ffmpeg": ("flac", fixture("wren-coil-copper-wire.flac")),
    "ogg of ffmpeg": ("ogg", fixture("sable-foundry-cold-hinge.ogg")),
    "opus": ("opus", opus()),
    "ogg chained": ("opus", opus() + opus(serial=2)),
    "wav": ("wav", wav()),
    "wav of ffmpeg": ("wav", fixture("bram-tollund-kiln.wav")),
    "rf64": ("wav", rf64()),
    "bw64": ("wav", rf64(kind=b"BW64")),
    "aiff": ("aiff", aiff()),
    "aiff-c": ("aiff", aiff(kind=b"AIFC")),
    "m4a": ("m4a", m4a()),
    "m4a of ffmpeg, its index behind": ("m4a", fixture("pilar-onda-marea-baja.m4a")),
    "m4a in fragments": ("m4a", fragmented_m4a()),
    "m4a in segments": ("m4a", segmented_m4a()),
    "wma": ("wma", wma()),
    "wavpack": ("wv", wavpack()),
    "monkey's audio": ("ape", monkeys()),
    "dsf": ("dsf", dsf()),
    "dff": ("dff", dff()),
    "zip": ("zip", zipped()),
    "zip with a comment": ("zip", zipped(comment=b"from the blog")),
    "zip with a zip inside": ("zip", zipped({"a.zip": zipped(), "b.mp3": mp3()})),
    "7z": ("7z", seven_zip()),
    "rar 4": ("rar", rar4()),
    "rar 5": ("rar", rar5()),
    "tar": ("tar", tar()),
    "tar.gz": ("tgz", gzip.compress(tar(), mtime=0)),
    "tar.bz2": ("tbz2", bz2.compress(tar())),
    "tar.xz": ("txz", lzma.compress(tar())),
}
"""Files of each kind that say themselves where they end, with their endings."""

BETWEEN_FRAMES: dict[str, tuple[str, bytes, int]] = {
    "mp3": ("mp3", mp3(), 417),
    "mp3 in free format": ("mp3", mp3_in_free_format(), 304),
    "aac": ("aac", adts(), 200),
}
"""Those that look whole where they are cut between two frames, with the bytes of a frame."""
