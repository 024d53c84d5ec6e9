"""What a file is, by its content alone."""

from __future__ import annotations

import gzip
import lzma
import struct
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.content.bounded import BoundedFile
from scraper.downloads.content.judging import judge, judge_path
from scraper.downloads.content.refused import RefusedError
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import (
    BETWEEN_FRAMES,
    BLOG,
    FTYP,
    NOISE,
    WHOLE,
    adts,
    aiff,
    box,
    dsf,
    fixture,
    flac,
    m4a,
    moov,
    mp3,
    mp3_in_free_format,
    mp3_with_count,
    opus,
    rf64,
    seven_zip,
    tar,
    wav,
    wma,
    zipped,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.downloads.content.verdict import Content

MP3 = fixture("quarrel-undertow.mp3")
ID3_OF_256_MB = b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"
HTML = b"<!DOCTYPE html><html><body>Not here any more</body></html>"
FIVE_MINUTES = 300 * 44100


def _judge(path: Path, content: bytes) -> Content:
    path.write_bytes(content)
    with BoundedFile(path) as file:
        return judge(file)


def _why_not(path: Path, content: bytes) -> tuple[Reason, str]:
    with pytest.raises(RefusedError) as caught:
        _judge(path, content)
    return caught.value.reason, caught.value.detail or ""


def _picture(size: int, told: int | None = None) -> bytes:
    body = struct.pack(">II", 3, 10) + b"image/jpeg" + bytes(16)
    body += struct.pack(">I", size if told is None else told) + bytes(size)
    return b"\x06" + len(body).to_bytes(3) + body


def _flac_with(block: bytes) -> bytes:
    whole = flac()
    return whole[:4] + b"\x00" + whole[5:42] + bytes([block[0] | 0x80]) + block[1:] + whole[42:]


@pytest.mark.parametrize("path", sorted(BLOG.iterdir()), ids=lambda path: path.name)
def test_real_files_are_what_their_content_says(path: Path) -> None:
    verdict = judge_path(path, to_the_end=False)
    if path.read_bytes().lstrip()[:1] == b"<":
        assert isinstance(verdict, RefusedError)
        assert verdict.reason is Reason.NOT_AUDIO
    else:
        assert not isinstance(verdict, RefusedError)
        assert verdict.extension == path.suffix[1:]


@pytest.mark.parametrize(
    ("ending", "content"),
    [(ending, content) for ending, content, *_ in [*WHOLE.values(), *BETWEEN_FRAMES.values()]],
    ids=[*WHOLE, *BETWEEN_FRAMES],
)
def test_each_kind_of_file_gets_its_ending(tmp_path: Path, ending: str, content: bytes) -> None:
    assert _judge(tmp_path / "x.part", content).extension == ending


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        pytest.param(MP3 + zipped(), "mp3", id="59 mp3 then zip"),
        pytest.param(MP3 + HTML, "mp3", id="59 mp3 then html"),
        pytest.param(zipped() + MP3[:1000], "zip", id="59 zip then mp3"),
        pytest.param(MP3 + b"TAG" + b"Lines".ljust(125, b"\0"), "mp3", id="an old tag at the end"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(50), "rar", id="62 rar is kept as it is"),
        pytest.param(seven_zip(), "7z", id="62 7z is kept as it is"),
        pytest.param(b"\0" * 300 + mp3(), "mp3", id="58 zeros before the first frame"),
        pytest.param(
            b"ID3\x03\0\0\0\0\0\0" + bytes(20_000) + mp3(), "mp3", id="58 padding outside of the tag"
        ),
        pytest.param(mp3(3) + mp3_with_count(), "mp3", id="58 a count behind the first frames"),
        pytest.param(mp3_in_free_format(), "mp3", id="58 free format"),
        pytest.param(adts(), "aac", id="58 adts without a name to go by"),
        pytest.param(wav(form=0xFFFFFFFF, data=0xFFFFFFFF), "wav", id="58 WAV 0xFFFFFFFF of a stream"),
        pytest.param(wav(form=0, data=0), "wav", id="58 WAV of size 0 of a stream"),
        pytest.param(wav(form=0x7FFFFFFF, data=0x7FFFFFDB), "wav", id="58 WAV of 2 GB of a stream"),
        pytest.param(wav(data=6200), "wav", id="58 WAV that says a little too much"),
        pytest.param(rf64(kind=b"BW64"), "wav", id="58 BW64"),
        pytest.param(aiff(kind=b"AIFC"), "aiff", id="58 AIFF-C"),
        pytest.param(
            FTYP + moov(seconds=0.1) + box(b"mdat", NOISE, 0), "m4a", id="58 the last box of size 0"
        ),
        pytest.param(FTYP + box(b"mdat", NOISE) + moov(), "m4a", id="58 the index at the end"),
        pytest.param(opus(pages=1), "opus", id="58 one page of opus"),
        pytest.param(_flac_with(_picture(400_000)), "flac", id="57 a large cover"),
        pytest.param(wma(), "wma", id="58 Windows Media without a film"),
    ],
)
def test_odd_but_honest_files_are_accepted(tmp_path: Path, content: bytes, ending: str) -> None:
    assert _judge(tmp_path / "x.part", content).extension == ending


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", Reason.EMPTY_BODY, id="26 empty"),
        pytest.param(HTML, Reason.NOT_AUDIO, id="24 html"),
        pytest.param(HTML + MP3, Reason.NOT_AUDIO, id="59 html then mp3"),
        pytest.param(b'{"error": "quota exceeded"}', Reason.NOT_AUDIO, id="21 json"),
        pytest.param(b"File not found.\n", Reason.NOT_AUDIO, id="plain text"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), Reason.NOT_AUDIO, id="a picture"),
        pytest.param(b"%PDF-1.4\n" + bytes(100), Reason.NOT_AUDIO, id="a document"),
        pytest.param(b"MZ" + bytes(200), Reason.NOT_AUDIO, id="a program"),
        pytest.param(b"#EXTM3U\nfile:///etc/passwd\n", Reason.NOT_AUDIO, id="63 m3u8"),
        pytest.param(b'<?xml version="1.0"?>\n<MPD xmlns="x"><BaseURL>http://127.0.0.1/', Reason.NOT_AUDIO, id="63 mpd"),
        pytest.param(b"ffconcat version 1.0\nfile 'concat:/etc/passwd'\n", Reason.NOT_AUDIO, id="63 concat"),
        pytest.param(bytes(range(7, 250)) * 20, Reason.NOT_AUDIO, id="noise"),
        pytest.param(wma(is_film=True), Reason.NOT_AUDIO, id="a film of Windows Media"),
        pytest.param(gzip.compress(b"just text " * 100), Reason.NOT_AUDIO, id="packed, and no archive"),
        pytest.param(b"junk" * 100 + b"APETAGEX" + struct.pack("<IIII8x", 2000, 32, 0, 0), Reason.NOT_AUDIO,
                     id="only a tag at the end"),
        pytest.param(zipped({"setup.exe": b"MZ", "readme.bat": b"x"}), Reason.NOT_AUDIO, id="a zip of programs"),
        pytest.param(zipped({"index.html": HTML}), Reason.NOT_AUDIO, id="a zip of a page"),
        pytest.param(b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + HTML, Reason.PROBE_FAILED, id="59 tag then html"),
        pytest.param(ID3_OF_256_MB + bytes(1000), Reason.PROBE_FAILED, id="58 tag of 256 MB"),
        pytest.param(b"\xff\xfb\x90\x00" + b"\x11" * 3000, Reason.PROBE_FAILED, id="58 one frame"),
        pytest.param(b"fLaC\x84\xff\xff\xff" + bytes(100), Reason.PROBE_FAILED, id="58 block past the end"),
        pytest.param(b"OggS" + bytes(23) * 50, Reason.PROBE_FAILED, id="58 page loop"),
        pytest.param(FTYP + box(b"moov", bytes(8), 0), Reason.PROBE_FAILED, id="58 box size 0"),
        pytest.param(FTYP + struct.pack(">I4sQ", 1, b"moov", 2**63 - 1), Reason.PROBE_FAILED, id="58 box of 2^63"),
        pytest.param(b"RIFF\xff\xff\xff\xffWAVE" + bytes(20), Reason.PROBE_FAILED, id="58 WAV 0xFFFFFFFF of nothing"),
        pytest.param(wav(b"", form=0xFFFFFFFF, data=0xFFFFFFFF), Reason.PROBE_FAILED, id="58 WAV without music"),
        pytest.param(zipped()[:-40], Reason.PROBE_FAILED, id="60 a cut directory"),
        pytest.param(b"\x1f\x8b\x08" + b"\xff" * 50, Reason.PROBE_FAILED, id="61 broken packing"),
    ],
)  # fmt: skip
def test_what_is_not_music_is_refused(tmp_path: Path, content: bytes, reason: Reason) -> None:
    assert _why_not(tmp_path / "x.part", content)[0] is reason


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        pytest.param(flac(total=FIVE_MINUTES), "claims 300 seconds, at least 45206 bytes", id="flac"),
        pytest.param(wav(bytes(40_000), data=300 * 8000), "claims 300 seconds and holds 5", id="wav"),
        pytest.param(aiff(bytes(40_000)).replace(struct.pack(">I", 40_008), struct.pack(">I", 2_400_008)),
                     "claims 300 seconds and holds 5", id="aiff"),
        pytest.param(aiff(NOISE, b"AIFC").replace(struct.pack(">I", 6008), struct.pack(">I", 2_400_008)),
                     "claims 2400008 bytes of music and holds 6008", id="aiff-c"),
        pytest.param(mp3_with_count(90, counted=11484), "claims 300 seconds in 37947 bytes", id="mp3"),
        pytest.param(FTYP + moov(seconds=3000) + box(b"mdat", NOISE), "claims 3000 seconds in", id="m4a"),
        pytest.param(FTYP + moov(seconds=400_000) + box(b"mdat", bytes(20_100_000)), "claims 111 hours", id="too long"),
        pytest.param(dsf()[:60] + dsf()[60:64] + struct.pack("<Q", 2822400 * 300) + dsf()[72:], "claims 300 seconds",
                     id="dsf"),
    ],
)  # fmt: skip
def test_music_that_the_bytes_cannot_hold_is_refused_with_the_figures(
    tmp_path: Path, content: bytes, detail: str
) -> None:
    reason, told = _why_not(tmp_path / "x.part", content)
    assert reason is Reason.PROBE_FAILED
    assert detail in told


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        pytest.param(wav(), 0.75, id="wav"),
        pytest.param(rf64(), 0.75, id="rf64"),
        pytest.param(wav(form=0xFFFFFFFF, data=0xFFFFFFFF), 0.75, id="58 a stream of wav"),
        pytest.param(aiff(), 0.75, id="aiff"),
        pytest.param(flac(), 0.279, id="flac"),
        pytest.param(flac(total=0), None, id="58 a stream of flac"),
        pytest.param(m4a(), 1.0, id="m4a"),
        pytest.param(FTYP + moov(seconds=500_000, more=box(b"mvex", box(b"trex", bytes(24)))), None,
                     id="58 fragments of unknown length"),
        pytest.param(opus(pages=40), 39.99, id="opus"),
        pytest.param(mp3(120), 3.13, id="mp3"),
    ],
)  # fmt: skip
def test_the_length_is_what_the_container_says(tmp_path: Path, content: bytes, seconds: float | None) -> None:
    found = _judge(tmp_path / "x.part", content).seconds
    assert found == (None if seconds is None else pytest.approx(seconds, rel=0.01))


def test_the_clock_of_a_stream_that_ran_for_days_is_no_length(tmp_path: Path) -> None:
    page = opus().rindex(b"OggS")
    cut = opus()[: page + 6] + struct.pack("<q", 48000 * 86400 * 9) + opus()[page + 14 :]
    assert _judge(tmp_path / "x.part", cut).seconds is None


def test_an_archive_says_what_it_lists(tmp_path: Path) -> None:
    listed = {"a/1.mp3": b"x", "a/2.FLAC": b"x", "a/cover.jpg": b"x", "__MACOSX/a/._1.mp3": b"x", "a/": b""}
    content = _judge(tmp_path / "x.part", zipped(listed))
    assert (content.entries, content.music, content.encrypted) == (4, 2, 0)


def test_an_archive_says_how_much_of_it_needs_a_password(tmp_path: Path) -> None:  # 60
    locked = bytearray(zipped({"a.mp3": b"x", "b.mp3": b"y"}))
    locked[locked.index(b"PK\1\2") + 8] |= 1
    assert _judge(tmp_path / "x.part", bytes(locked)).encrypted == 1


def test_a_zip_with_a_million_entries_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:  # 60
    directory = (b"PK\1\2" + bytes(42)) * 200_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 0, 0)
    reason, detail = _why_not(tmp_path / "x.part", b"PK\3\4" + directory + end)
    assert reason is Reason.PROBE_FAILED
    assert "without end" in detail


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"ID3\x03\0\0\0\0\0\0" + bytes(10_000_000) + MP3, id="58 junk before the first frame"),
        pytest.param(b"\xff\xfb\x90\x00" * 2_500_000, id="58 headers only"),
        pytest.param(b"OggS" * 2_500_000, id="58 pages only"),
        pytest.param(b"RIFF" + struct.pack("<I", 10_000_000) + b"WAVE" + b"abcd\0\0\0\0" * 1_250_000,
                     id="58 a million chunks"),
        pytest.param(FTYP + box(b"free", b"") * 1_250_000, id="58 a million boxes"),
        pytest.param(ID3_OF_256_MB + (b"TIT2\0\0\0\1\0\0\0" * 900_000), id="57 a million frames"),
        pytest.param(b"fLaC" + b"\x01\0\0\0" * 2_500_000, id="58 a million empty blocks"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("to_the_end", [False, True])
def test_a_hostile_file_is_refused_in_bounded_reads(tmp_path: Path, content: bytes, to_the_end: bool) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(content)
    with BoundedFile(path) as file, pytest.raises(RefusedError):
        judge(file, to_the_end=to_the_end)


def _tagged(frame: bytes) -> bytes:
    return b"ID3\x03\0\0" + bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0)) + frame + MP3


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"TIT2" + struct.pack(">I2s", 5_000_000, b"\0\0") + b"x" * 5_000_000, id="57 a title of 5 MB"),
        pytest.param(b"TIT2" + struct.pack(">I2s", 9, b"\0\0") + b"\0a\0b\0\0c\0d", id="57 NUL in a frame"),
        pytest.param(b"APIC" + struct.pack(">I2s", 70, b"\0\0") + b"\0image/png\0\3\0" + HTML[:57], id="57 a cover of HTML"),
        pytest.param(b"APIC" + struct.pack(">I2s", 60, b"\0\0") + b"\0image/svg\0\3\0<svg><script>" + bytes(33),
                     id="57 a cover of SVG"),
        pytest.param(b"TIT2" + struct.pack(">I2s", len(zlib.compress(bytes(100_000_000))) + 4, b"\x00\x80")
                     + bytes(4) + zlib.compress(bytes(100_000_000)), id="57 a frame that unpacks to 100 MB"),
    ],
)  # fmt: skip
def test_what_is_in_a_tag_is_neither_judged_nor_blown_up(tmp_path: Path, frame: bytes) -> None:
    content = _tagged(frame)
    tracemalloc.start()
    try:
        assert _judge(tmp_path / "x.part", content).extension == "mp3"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_cover_of_50_mb_is_not_read(tmp_path: Path) -> None:  # 57
    body = b"\0image/png\0\3\0" + bytes(50_000_000)
    path = tmp_path / "x.part"
    path.write_bytes(_tagged(b"APIC" + struct.pack(">I2s", len(body), b"\0\0") + body))
    tracemalloc.start()
    try:
        verdict = judge_path(path, to_the_end=False)
        assert not isinstance(verdict, RefusedError)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_dictionary_of_xz_that_fills_the_memory_is_refused(tmp_path: Path) -> None:  # 61
    head = bytearray(lzma.compress(tar()))
    head[16] = 40  # the dictionary of the first block: 4 GB less one
    head[12 : 12 + 12] = bytes(head[12:20]) + struct.pack("<I", zlib.crc32(bytes(head[12:20])))
    reason, detail = _why_not(tmp_path / "x.part", bytes(head))
    assert reason is Reason.PROBE_FAILED
    assert "memory" in detail.lower()


@given(st.sampled_from(sorted(WHOLE)), st.data(), st.booleans())
def test_a_damaged_file_is_named_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject, to_the_end: bool
) -> None:
    _, content = WHOLE[name]
    at = data.draw(st.integers(0, len(content)))
    damage = data.draw(st.binary(max_size=64))
    path = tmp_path_factory.getbasetemp() / "damaged.part"
    path.write_bytes(content[:at] + damage + content[at + len(damage) :])
    verdict = judge_path(path, to_the_end=to_the_end)
    if isinstance(verdict, RefusedError):
        assert verdict.reason in {Reason.NOT_AUDIO, Reason.PROBE_FAILED, Reason.SHORT_BODY}
    else:
        assert verdict.extension.isalnum()
