"""Hostile 31: no length, and the connection ends. Only what goes on to its own end is a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.content.bounded import BoundedFile
from scraper.downloads.content.judging import judge
from scraper.downloads.content.refused import RefusedError
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import (
    BETWEEN_FRAMES,
    BLOG,
    WHOLE,
    aiff,
    flac,
    fragmented_m4a,
    mp3,
    mp3_with_count,
    opus,
    wav,
    wavpack,
    wma,
    zipped,
)

if TYPE_CHECKING:
    from pathlib import Path

ID3 = b"ID3\x03\0\0\0\0\0\x0a" + bytes(10)
ID3V1 = b"TAG" + b"Lines".ljust(125, b"\0")
APE = b"APETAGEX" + (2000).to_bytes(4, "little") + (40).to_bytes(4, "little") + bytes(16)
APE_TAG = APE[:20] + (0xA0000000).to_bytes(4, "little") + bytes(8) + b"x" * 8
APE_TAG += APE[:20] + (0x80000000).to_bytes(4, "little") + bytes(8)
LYRICS = b"LYRICSBEGIN" + b"x" * 20 + b"000031LYRICS200"
OLD_LYRICS = b"LYRICSBEGIN" + b"x" * 20 + b"LYRICSEND"
MAY_REFUSE = {Reason.SHORT_BODY, Reason.NOT_AUDIO, Reason.EMPTY_BODY}


def _whole(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with BoundedFile(path) as file:
        return judge(file, to_the_end=True).extension


def _why(path: Path, content: bytes) -> tuple[Reason, str | None]:
    path.write_bytes(content)
    with BoundedFile(path) as file, pytest.raises(RefusedError) as caught:
        judge(file, to_the_end=True)
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(("ending", "content"), WHOLE.values(), ids=[f"31 {name}" for name in WHOLE])
def test_a_whole_file_is_accepted_and_none_of_its_beginnings(
    tmp_path: Path, ending: str, content: bytes
) -> None:
    path = tmp_path / "x.part"
    assert _whole(path, content) == ending
    step = max(1, len(content) // 80)
    for cut in {*range(0, len(content), step), *range(len(content) - 20, len(content)), 1, 2, 3, 4, 8, 12}:
        reason, _ = _why(path, content[:cut])
        assert reason in MAY_REFUSE, cut


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_beginning_of_a_file_is_whole(  # 31
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    _, content = WHOLE[name]
    cut = data.draw(st.integers(0, len(content) - 1))
    reason, _ = _why(tmp_path_factory.getbasetemp() / "cut.part", content[:cut])
    assert reason in MAY_REFUSE


@pytest.mark.parametrize(
    ("ending", "content", "frame"), BETWEEN_FRAMES.values(), ids=[f"31 {name}" for name in BETWEEN_FRAMES]
)
def test_frames_without_a_count_are_refused_inside_a_frame(
    tmp_path: Path, ending: str, content: bytes, frame: int
) -> None:
    path = tmp_path / "x.part"
    assert _whole(path, content) == ending
    last = len(content) - frame
    for cut in {*range(last - frame + 1, len(content), 9), last - 1, last + 1, len(content) - 1}:
        if cut != last:
            assert _why(path, content[:cut])[0] is Reason.SHORT_BODY, cut


@pytest.mark.parametrize(
    "path",
    sorted(path for path in BLOG.iterdir() if path.read_bytes()[:1] != b"<"),
    ids=lambda path: path.name,
)
def test_the_music_of_the_fixture_blog_is_whole(path: Path) -> None:  # 31
    with BoundedFile(path) as file:
        assert judge(file, to_the_end=True).extension == path.suffix[1:]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(ID3 + mp3(), id="31 a tag before"),
        pytest.param(ID3 + ID3 + mp3(), id="31 two tags before"),
        pytest.param(mp3() + ID3V1, id="31 an old tag behind"),
        pytest.param(mp3() + b"TAG+" + bytes(223) + ID3V1, id="31 an old tag and its longer one"),
        pytest.param(mp3() + APE_TAG + ID3V1, id="31 APEv2"),
        pytest.param(mp3() + LYRICS + ID3V1, id="31 Lyrics3v2"),
        pytest.param(mp3() + OLD_LYRICS + ID3V1, id="31 Lyrics3"),
        pytest.param(mp3() + ID3 + b"3DI\x04\0\x10\0\0\0\x0a", id="31 ID3v2.4 behind"),
        pytest.param(b"\0" * 700 + mp3(), id="31 a little junk before the first frame"),
        pytest.param(flac() + ID3V1, id="31 flac with an old tag"),
        pytest.param(flac(total=0), id="31 flac that was written as a stream"),
        pytest.param(opus() + ID3V1, id="31 opus with an old tag"),
        pytest.param(wav(rest=b"LIST\x04\0\0\0INFO"), id="31 wav with a tag behind the music"),
        pytest.param(wav() + b"odd end", id="31 wav with more behind its end"),
        pytest.param(wavpack() + APE_TAG, id="31 wavpack with a tag"),
    ],
)
def test_what_honest_encoders_put_around_the_music_does_not_matter(tmp_path: Path, content: bytes) -> None:
    assert _whole(tmp_path / "x.part", content)


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        pytest.param(mp3_with_count(12, counted=13), "13 of 14 frames", id="31 a frame too few"),
        pytest.param(mp3() + b"\xff\xfb\x90\x00" + bytes(100), "the last frame has 104 of 417", id="31 mp3"),
        pytest.param(mp3() + b"<html>" * 20 + mp3(), "byte 5004 is no frame", id="31 a page between frames"),
        pytest.param(flac(3, total=4096 * 4), "12288 of 16384 samples", id="31 flac"),
        pytest.param(flac()[:-1] + b"\0", "the last frame is not complete", id="31 flac with a wrong sum"),
        pytest.param(opus() + opus(serial=2, pages=3)[:300], "no page|not complete", id="31 a chain that is cut"),
        pytest.param(opus()[:-1] + b"\0", "damaged", id="31 opus with a wrong sum"),
        pytest.param(wav(form=0xFFFFFFFF, data=0xFFFFFFFF), "nothing in it says", id="31 58 a stream of wav"),
        pytest.param(wav()[:-500], "5544 of 6044 bytes", id="31 wav"),
        pytest.param(aiff()[:-500], "5554 of 6054 bytes", id="31 aiff"),
        pytest.param(fragmented_m4a(index=False), "nothing in it says", id="31 fragments without an index"),
        pytest.param(wma(is_live=True), "nothing in it says", id="31 a stream of Windows Media"),
        pytest.param(wavpack(3, total=4000), "3000 of 4000 samples", id="31 wavpack"),
        pytest.param(zipped(comment=b"a comment")[:-1], "the end of the archive", id="31 zip"),
    ],
)  # fmt: skip
def test_a_file_that_is_cut_says_what_is_missing(tmp_path: Path, content: bytes, detail: str) -> None:
    reason, told = _why(tmp_path / "x.part", content)
    assert reason is Reason.SHORT_BODY
    assert told is not None
    assert any(part in told for part in detail.split("|")), told
