"""Content codings, piece by piece. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import tracemalloc
import zlib
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers, sampled_from

from scraper.http.bodies.codings import PIECE, CodingError, CutShortError, decoder_for

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = b"<p>Gr\xc3\xb6\xc3\x9fe</p>" * 40_000
NOISE = random.Random(0).randbytes(100_000)


def _raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": _raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def _unpack(coding: str, data: bytes, *, step: int = 5000) -> bytes:
    decoder = decoder_for(coding.removeprefix("raw "))
    assert decoder is not None
    parts = [b"".join(decoder.feed(data[start : start + step])) for start in range(0, len(data), step)]
    decoder.finish()
    return b"".join(parts)


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("body", [b"", b"x", TEXT, NOISE, b"\0" * (3 * PIECE)], ids=len)
@pytest.mark.parametrize("step", [1009, 1 << 20])
def test_what_was_packed_is_unpacked(coding: str, body: bytes, step: int) -> None:
    assert _unpack(coding, PACKERS[coding](body), step=step) == body


@given(sampled_from(sorted(PACKERS)), binary(max_size=2000), integers(1, 300))
def test_it_does_not_matter_how_the_wire_cut_it(coding: str, body: bytes, step: int) -> None:
    assert _unpack(coding, PACKERS[coding](body), step=step) == body


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("body", [TEXT, NOISE], ids=["text", "noise"])
def test_28_what_is_cut_short_is_never_taken_for_whole(coding: str, body: bytes) -> None:
    packed = PACKERS[coding](body)
    for length in (1, 2, 3, len(packed) // 2, len(packed) - 9, len(packed) - 1):
        with pytest.raises(CutShortError):
            _unpack(coding, packed[:length])


@given(sampled_from(["gzip", "deflate", "br", "zstd"]), binary(min_size=1, max_size=300))
def test_41_any_bytes_are_unpacked_or_refused(coding: str, data: bytes) -> None:
    try:
        _unpack(coding, data, step=7)
    except CodingError:
        return


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_41_a_page_that_is_not_packed_but_says_so_is_refused(coding: str) -> None:
    with pytest.raises(CodingError):
        _unpack(coding, b"<!DOCTYPE html><html><body>Gr\xc3\xb6\xc3\x9fe</body></html>" * 100)


def test_a_gzip_body_with_a_wrong_checksum_is_refused() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    with pytest.raises(CodingError):
        _unpack("gzip", bytes(packed))


@pytest.mark.parametrize("name", ["GZIP", " gzip ", "x-gzip", "X-GZip", "gzip, identity", ",gzip,"])
def test_the_name_of_a_coding_is_read_generously(name: str) -> None:
    decoder = decoder_for(name)
    assert decoder is not None
    assert b"".join(decoder.feed(gzip.compress(TEXT))) == TEXT


@pytest.mark.parametrize("name", ["", "identity", "none", "UTF-8", "identity, identity"])
def test_what_is_no_coding_leaves_the_body_as_it_is(name: str) -> None:
    assert decoder_for(name) is None


@pytest.mark.parametrize(
    "name", ["compress", "exi", "gzip, gzip", "gzip, br", "br, gzip", "\x1b[2J", "x" * 9000]
)
def test_41_a_coding_that_nobody_asked_for_is_refused(name: str) -> None:
    with pytest.raises(CodingError) as caught:
        decoder_for(name)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("step", [1, 1009, 1 << 20])
def test_streams_in_a_row_are_one_body(coding: str, step: int) -> None:
    packed = b"".join(PACKERS[coding](word) for word in (b"one ", b"", b"two ", TEXT[:3000]))
    assert _unpack(coding, packed, step=step) == b"one two " + TEXT[:3000]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "zstd"])
@pytest.mark.parametrize(
    "junk", [b"\0" * 600, b"\x1f", b"\x1f\x8c", b"\x28\xb5\x2f", b"<!-- cached -->" * 99]
)
@pytest.mark.parametrize("step", [1, 1 << 20])
def test_what_follows_the_last_stream_is_no_part_of_the_body(coding: str, junk: bytes, step: int) -> None:
    assert _unpack(coding, PACKERS[coding](b"whole") + junk, step=step) == b"whole"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_41_streams_without_number_are_refused(coding: str) -> None:
    with pytest.raises(CodingError, match="members"):
        _unpack(coding, PACKERS[coding](b"") * 100_000, step=1 << 18)


def test_41_a_zstd_frame_may_not_claim_more_memory_than_http_allows() -> None:
    greedy = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(CodingError):
        _unpack("zstd", greedy.compress(b"a" * 1000) + greedy.flush())


@cache
def _bomb(coding: str) -> tuple[bytes, bytes]:
    """Return the beginning of a bomb, and what may follow it any number of times: 1 MB each."""
    zeros = b"\0" * 1_000_000
    match coding:
        case "br":
            packer = brotli.Compressor(quality=1)
            start, middle, again = (packer.process(zeros) + packer.flush() for _ in range(3))
            assert middle == again
            return start, middle
        case "zstd":
            return b"", zstd.compress(zeros)
        case _:
            pack = zlib.compressobj(9, wbits={"gzip": 31, "deflate": 15, "raw deflate": -15}[coding])
            start, middle, again = (pack.compress(zeros) + pack.flush(zlib.Z_FULL_FLUSH) for _ in range(3))
            assert middle == again
            return start, middle


def _endless(coding: str) -> Iterator[bytes]:
    """Yield 10 GB of zeros, packed, in the pieces of a wire."""
    start, middle = _bomb(coding)
    many = middle * (65_536 // len(middle) or 1)
    times = 10_000 * len(middle) // len(many) + 1
    return chain([start], (many for _ in range(times)))


@pytest.mark.parametrize("coding", PACKERS)
def test_41_a_bomb_comes_out_in_small_pieces_and_takes_no_memory(coding: str) -> None:
    decoder = decoder_for(coding.removeprefix("raw "))
    assert decoder is not None
    pieces = chain.from_iterable(map(decoder.feed, _endless(coding)))
    sizes = [len(piece) for piece in islice(pieces, 20)]
    tracemalloc.start()
    sizes += [len(piece) for piece in islice(pieces, 300)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) > 15_000_000
    assert max(sizes) <= 2 * PIECE
    assert peak < 3_000_000


def test_41_gzip_in_gzip_is_unpacked_once() -> None:
    inner = gzip.compress(TEXT)
    assert _unpack("gzip", gzip.compress(inner)) == inner


def test_41_bombs_take_no_memory_outside_of_python_either() -> None:
    arguments = [
        argument
        for coding in ("gzip", "deflate", "br", "zstd")
        for argument in (coding, *(part.hex() for part in _bomb(coding)))
    ]
    done = subprocess.run(
        [sys.executable, "-c", _UNPACK, *arguments],
        capture_output=True,
        timeout=120,
        check=False,
        text=True,
        cwd=Path(__file__).parents[4],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "."},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 30_000_000


_UNPACK = """
import resource, sys
from pathlib import Path
from scraper.http.bodies.codings import decoder_for
def peak():
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage tells begins with the peak of who started this process
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before = peak()
for coding, start, middle in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    decoder = decoder_for(coding)
    size = sum(map(len, decoder.feed(bytes.fromhex(start))))
    while size < 100_000_000:
        size += sum(map(len, decoder.feed(bytes.fromhex(middle) * 20)))
print(peak() - before)
"""
