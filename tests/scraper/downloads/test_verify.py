from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.errors import DownloadError
from scraper.downloads.verify import identify, refuse_markup
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = sorted((Path(__file__).parents[3] / "fixtures" / "blog").rglob("files/*"))
MP3 = next(path for path in FILES if path.name == "quarrel-undertow.mp3").read_bytes()
M4A = next(path for path in FILES if path.suffix == ".m4a").read_bytes()
FLAC = next(path for path in FILES if path.suffix == ".flac").read_bytes()
OGG = next(path for path in FILES if path.suffix == ".ogg").read_bytes()


def _zip(*entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in entries:
            archive.writestr(entry, b"x" * 100)
    return buffer.getvalue()


def _box(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(body) + 8 if size is None else size, name) + body


ID3_OF_256_MB = b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"
FTYP = _box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")
HTML = b"<!DOCTYPE html><html><body>Not here any more</body></html>"


def _judge(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return identify(path, "https://files.example/x.mp3")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_files_are_what_their_content_says(path: Path) -> None:
    pages = {name for name in FILES if name.read_bytes().lstrip()[:1] == b"<"}
    if path in pages:
        with pytest.raises(DownloadError) as caught:
            identify(path, "x")
        assert caught.value.reason is Reason.NOT_AUDIO
    else:
        assert identify(path, "x") == path.suffix[1:]


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        pytest.param(MP3 + _zip("a.txt"), "mp3", id="59 mp3 then zip"),
        pytest.param(MP3 + HTML, "mp3", id="59 mp3 then html"),
        pytest.param(MP3 + b"TAG" + b"Lines".ljust(125, b"\0"), "mp3", id="an old tag at the end"),
        pytest.param(_zip("a.mp3"), "zip", id="zip"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(50), "rar", id="62 rar is kept as it is"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0\4" + bytes(50), "7z", id="62 7z is kept as it is"),
        pytest.param(FLAC, "flac", id="flac under any name"),
    ],
)
def test_the_first_signature_gives_the_ending(tmp_path: Path, content: bytes, ending: str) -> None:
    assert _judge(tmp_path / "x.part", content) == ending


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", Reason.EMPTY_BODY, id="26 empty"),
        pytest.param(HTML, Reason.NOT_AUDIO, id="24 html"),
        pytest.param(b"\xef\xbb\xbf\r\n  <HTML>", Reason.NOT_AUDIO, id="24 html after a byte order mark"),
        pytest.param(HTML + MP3, Reason.NOT_AUDIO, id="59 html then mp3"),
        pytest.param(b'{"error": "quota exceeded"}', Reason.NOT_AUDIO, id="21 json"),
        pytest.param(b"File not found.\n", Reason.NOT_AUDIO, id="plain text"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), Reason.NOT_AUDIO, id="a picture"),
        pytest.param(b"%PDF-1.4\n" + bytes(100), Reason.NOT_AUDIO, id="a document"),
        pytest.param(b"MZ" + bytes(200), Reason.NOT_AUDIO, id="a program"),
        pytest.param(b"#EXTM3U\nfile:///etc/passwd\n", Reason.NOT_AUDIO, id="63 playlist"),
        pytest.param(bytes(range(7, 250)) * 20, Reason.NOT_AUDIO, id="noise"),
        pytest.param(b"junk" * 100 + b"APETAGEX" + struct.pack("<IIII8x", 2000, 32, 0, 0), Reason.NOT_AUDIO,
                     id="only a tag at the end"),
        pytest.param(b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + HTML, Reason.PROBE_FAILED, id="59 tag then html"),
        pytest.param(ID3_OF_256_MB + bytes(1000), Reason.PROBE_FAILED, id="58 tag of 256 MB"),
        pytest.param(b"\xff\xfb\x90\x00" + b"\x11" * 3000, Reason.PROBE_FAILED, id="58 one frame"),
        pytest.param(b"fLaC\x84\xff\xff\xff" + bytes(100), Reason.PROBE_FAILED, id="58 picture past the end"),
        pytest.param(b"OggS" + bytes(23) * 50, Reason.PROBE_FAILED, id="58 page loop"),
        pytest.param(FTYP + _box(b"moov", bytes(8), 0), Reason.PROBE_FAILED, id="58 box size 0"),
        pytest.param(FTYP + struct.pack(">I4sQ", 1, b"moov", 2**63 - 1), Reason.PROBE_FAILED,
                     id="58 box of 2^63"),
        pytest.param(b"RIFF\xff\xff\xff\xffWAVE" + bytes(20), Reason.PROBE_FAILED, id="58 WAV 0xFFFFFFFF"),
        pytest.param(_zip(), Reason.PROBE_FAILED, id="an empty zip"),
        pytest.param(_zip("a.mp3")[:-40], Reason.PROBE_FAILED, id="60 a cut directory"),
    ],
)  # fmt: skip
def test_what_is_not_music_is_refused(tmp_path: Path, content: bytes, reason: Reason) -> None:
    with pytest.raises(DownloadError) as caught:
        _judge(tmp_path / "x.part", content)
    assert caught.value.reason is reason


def test_a_zip_with_a_million_entries_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:  # 60
    directory = (b"PK\1\2" + bytes(42)) * 200_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 0, 0)
    with pytest.raises(DownloadError, match="without end"):
        _judge(tmp_path / "x.part", b"PK\3\4" + directory + end)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"ID3\x03\0\0\0\0\0\0" + bytes(10_000_000) + MP3, id="58 junk before the first frame"),
        pytest.param(b"\xff\xfb\x90\x00" * 2_500_000, id="58 headers only"),
        pytest.param(b"OggS" * 2_500_000, id="58 pages only"),
        pytest.param(b"RIFF" + struct.pack("<I", 10_000_000) + b"WAVE" + b"abcd\0\0\0\0" * 1_250_000,
                     id="58 a million chunks"),
        pytest.param(FTYP + _box(b"free", b"") * 1_250_000, id="58 a million boxes"),
        pytest.param(ID3_OF_256_MB + (b"TIT2\0\0\0\1\0\0\0" * 900_000), id="57 a million frames"),
    ],
)  # fmt: skip
def test_a_hostile_file_takes_bounded_time(tmp_path: Path, content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(DownloadError):
        _judge(tmp_path / "x.part", content)
    assert time.process_time() - began < 5


def test_a_compressed_frame_of_a_tag_is_not_blown_up(tmp_path: Path) -> None:  # 57
    packed = zlib.compress(bytes(100_000_000))
    frame = b"TIT2" + struct.pack(">I2s", len(packed) + 4, b"\x00\x80") + bytes(4) + packed
    size = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
    tracemalloc.start()
    try:
        assert _judge(tmp_path / "x.part", b"ID3\x03\0\0" + size + frame + MP3) == "mp3"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@given(st.sampled_from([MP3, M4A, FLAC, OGG]), st.data())
def test_a_damaged_file_is_named_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(content)))
    damage = data.draw(st.binary(max_size=64))
    path = tmp_path_factory.getbasetemp() / "damaged.part"
    try:
        ending = _judge(path, content[:at] + damage + content[at + len(damage) :])
    except DownloadError as error:
        assert error.reason in {Reason.NOT_AUDIO, Reason.PROBE_FAILED}  # noqa: PT017 - one of two outcomes
    else:
        assert ending.isalnum()


def test_the_start_of_music_is_no_markup(wav: Callable[..., bytes]) -> None:
    for content in (MP3, FLAC, OGG, M4A, wav("x")):
        refuse_markup(content, "x")
