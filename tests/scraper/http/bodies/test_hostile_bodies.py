"""Bodies of a real misbehaving server. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import random
import sys
import zlib
from collections import Counter
from functools import cache
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

import brotli
import pytest

from scraper.http.bodies.codings import ACCEPT_ENCODING
from scraper.http.bodies.large import LARGE
from scraper.http.bodies.reading import body_pieces, read_body, read_start
from scraper.http.errors import FetchError
from storage.reasons import Reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.client import Client

PAGE = "<!DOCTYPE html><html><body>Größe</body></html>".encode() * 500
CAP = 100_000
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def _sized(body: bytes, *, size: int | None = None, headers: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%bContent-Length: %d\r\n\r\n"
    return head % (headers, len(body) if size is None else size) + body


def _chunked(*chunks: bytes, headers: bytes = b"", end: bytes = b"0\r\n\r\n") -> bytes:
    lines = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\n%bTransfer-Encoding: chunked\r\n\r\n" % headers + lines + end


def _until_close(body: bytes, *, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n%bConnection: close\r\n\r\n" % headers + body


def _coding(name: str) -> bytes:
    return b"Content-Encoding: %b\r\n" % name.encode()


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("frame", [_sized, _chunked, _until_close], ids=["sized", "chunked", "until close"])
async def test_a_packed_page_arrives_as_it_was(
    raw: Any, impatient: Callable[..., Client], coding: str, frame: Callable[..., bytes]
) -> None:
    url = raw.answer(frame(PACKERS[coding](PAGE), headers=_coding(coding)))
    async with impatient() as client:
        assert (await client.get(url)).body == PAGE


async def test_what_is_asked_for_is_what_can_be_unpacked(raw: Any, impatient: Callable[..., Client]) -> None:
    async with impatient() as client:
        await client.get(raw.answer(_sized(PAGE)))
    assert f"Accept-Encoding: {ACCEPT_ENCODING}\r\n".encode() in raw.asked[0]


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        pytest.param(_sized(b""), b"", id="26-nothing"),
        pytest.param(_chunked(), b"", id="26-nothing in chunks"),
        pytest.param(_until_close(b""), b"", id="26-nothing until the end"),
        pytest.param(
            _chunked(*(PAGE[at : at + 1] for at in range(3000))), PAGE[:3000], id="chunks of a byte"
        ),
        pytest.param(_chunked(PAGE, end=b"0\r\nX-Sum: 1\r\n\r\n"), PAGE, id="trailers"),
        pytest.param(_until_close(PAGE), PAGE, id="31-until the connection ends"),
        pytest.param(_sized(gzip.compress(PAGE), headers=_coding("GZIP")), PAGE, id="41-upper case"),
        pytest.param(_sized(PAGE, headers=_coding("identity")), PAGE, id="41-identity"),
        pytest.param(_sized(PAGE, headers=_coding("UTF-8")), PAGE, id="41-a charset for a coding"),
        pytest.param(_sized(b"", headers=_coding("gzip")), b"", id="41-nothing, packed"),
        pytest.param(
            _sized(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), headers=_coding("gzip")),
            PAGE,
            id="41-two members",
        ),
        pytest.param(
            _sized(gzip.compress(gzip.compress(PAGE, mtime=0)), headers=_coding("gzip")),
            gzip.compress(PAGE, mtime=0),
            id="41-gzip in gzip",
        ),
    ],
)
async def test_an_odd_body_that_is_whole_is_read(
    raw: Any, impatient: Callable[..., Client], answer: bytes, body: bytes
) -> None:
    async with impatient() as client:
        page = await client.get(raw.answer(answer))
    assert page.body == body


async def test_30_what_comes_after_the_announced_length_is_no_part_of_the_body(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    begun = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_sized(b"", size=len(PAGE) - 9))
        await begun.wait()
        writer.write(PAGE)

    async with impatient() as client, client.stream(raw.answer(answer)) as response:
        begun.set()
        assert await read_body(response, max_bytes=CAP) == PAGE[:-9]


@pytest.mark.parametrize("size", [0, 4])
async def test_30_a_length_that_is_exceeded_at_once_gives_no_more_than_it_says(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], size: int
) -> None:
    # aiohttp's parser takes what follows for the next answer, and throws both away if they come together.
    error = await refused(raw.answer(_sized(b"hello", size=size)))
    assert error.reason is Reason.PROTOCOL_ERROR
    assert error.transient


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(_sized(PAGE, size=len(PAGE) + 1), Reason.SHORT_BODY, id="28-H8-one byte less"),
        pytest.param(_sized(b"", size=9), Reason.SHORT_BODY, id="28-H8-nothing of nine"),
        pytest.param(_chunked(PAGE, end=b""), Reason.SHORT_BODY, id="29-H8-no last chunk"),
        pytest.param(_chunked(PAGE, end=b"5\r\nab"), Reason.SHORT_BODY, id="29-H8-inside a chunk"),
        pytest.param(_chunked(PAGE, end=b"zz\r\n"), Reason.PROTOCOL_ERROR, id="29-no chunk size"),
        pytest.param(_chunked(PAGE, end=b"-5\r\nhello"), Reason.PROTOCOL_ERROR, id="29-negative chunk size"),
        pytest.param(
            _chunked(PAGE, end=b"f" * 17 + b"\r\nx"), Reason.PROTOCOL_ERROR, id="29-huge chunk size"
        ),
        pytest.param(_chunked(PAGE, end=b"5\r\nhelloxx"), Reason.PROTOCOL_ERROR, id="29-no line end"),
        pytest.param(_sized(b"x" * (CAP + 1)), Reason.TOO_LARGE, id="cap-announced"),
        pytest.param(_chunked(b"x" * (CAP + 1)), Reason.TOO_LARGE, id="cap-in chunks"),
        pytest.param(_until_close(b"x" * (CAP + 1)), Reason.TOO_LARGE, id="cap-until the end"),
        pytest.param(_sized(PAGE, headers=_coding("gzip")), Reason.PROTOCOL_ERROR, id="41-says gzip, is not"),
        pytest.param(_sized(PAGE, headers=_coding("br")), Reason.PROTOCOL_ERROR, id="41-says br, is not"),
        pytest.param(_sized(PAGE, headers=_coding("zstd")), Reason.PROTOCOL_ERROR, id="41-says zstd, is not"),
        pytest.param(_sized(PAGE, headers=_coding("deflate")), Reason.PROTOCOL_ERROR, id="41-says deflate"),
        pytest.param(_sized(PAGE, headers=_coding("rot13")), Reason.PROTOCOL_ERROR, id="41-unknown coding"),
        pytest.param(
            _sized(gzip.compress(gzip.compress(PAGE)), headers=_coding("gzip, gzip")),
            Reason.PROTOCOL_ERROR,
            id="41-two codings",
        ),
        pytest.param(
            _sized(gzip.compress(PAGE), headers=_coding("gzip") * 2),
            Reason.PROTOCOL_ERROR,
            id="41-said twice, done once",
        ),
    ],
)
async def test_a_body_that_is_not_what_it_says_is_refused(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], answer: bytes, reason: Reason
) -> None:
    assert (await refused(raw.answer(answer), max_bytes=CAP)).reason is reason


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("frame", [_sized, _chunked, _until_close], ids=["sized", "chunked", "until close"])
async def test_28_h8_a_packed_page_that_is_cut_is_short_however_it_is_framed(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], coding: str, frame: Callable[..., bytes]
) -> None:
    packed = PACKERS[coding](PAGE)
    for length in (1, len(packed) // 2, len(packed) - 1):
        error = await refused(raw.answer(frame(packed[:length], headers=_coding(coding))))
        assert error.reason is Reason.SHORT_BODY
        assert error.transient


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(_sized(PAGE, size=2 * len(PAGE)), id="28-sized"),
        pytest.param(_chunked(PAGE, end=b""), id="29-chunked"),
        pytest.param(_until_close(PAGE), id="31-until the connection ends"),
    ],
)
async def test_h8_a_reset_in_the_middle_is_never_taken_for_the_end(
    raw: Any, impatient: Callable[..., Client], reset: Any, start: bytes
) -> None:
    begun = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await begun.wait()
        reset(writer)

    async with impatient() as client, client.stream(raw.answer(answer)) as response:
        begun.set()
        with pytest.raises(FetchError) as caught:
            await read_body(response, max_bytes=CAP)
    assert caught.value.reason is Reason.SHORT_BODY


async def test_29_a_chunk_size_that_breaks_later_is_still_a_broken_rule(
    raw: Any, impatient: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.http.bodies.wire._GLANCE", 0.05)
    begun = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_chunked(PAGE, end=b""))
        await begun.wait()
        writer.write(b"zz\r\n")
        await writer.drain()
        await asyncio.Event().wait()

    async with impatient() as client, client.stream(raw.answer(answer)) as response:
        begun.set()
        with pytest.raises(FetchError) as caught:
            await read_body(response, max_bytes=CAP)
    assert caught.value.reason is Reason.PROTOCOL_ERROR


@cache
def _bomb(coding: str) -> bytes:
    """Return what unpacks to a million zeros and may be repeated."""
    zeros = b"\0" * 1_000_000
    match coding:
        case "br":
            packer = brotli.Compressor(quality=1)
            repeated: bytes = [packer.process(zeros) + packer.flush() for _ in range(2)][1]
            return repeated
        case "zstd":
            return zstd.compress(zeros)
        case _:
            packer = zlib.compressobj(9, wbits={"gzip": 31, "deflate": 15}[coding])
            return [packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)][1]


_STARTS = {"gzip": gzip.compress(b"")[:10], "deflate": b"\x78\xda", "br": b"", "zstd": b""}


def _endless(coding: str, piece: bytes, *, times: int) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        start = brotli_start() if coding == "br" else _STARTS[coding]
        writer.write(_until_close(start, headers=_coding(coding)))
        for _ in range(times):
            writer.write(piece)
            await writer.drain()

    def brotli_start() -> bytes:
        packer = brotli.Compressor(quality=1)
        first: bytes = packer.process(b"\0" * 1_000_000) + packer.flush()
        return first

    return answer


@pytest.mark.parametrize("coding", PACKERS)
async def test_41_a_bomb_of_ten_gigabytes_stops_at_the_cap_and_others_have_their_turn(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], coding: str
) -> None:
    turns = itertools.count()

    async def others() -> None:
        while True:
            next(turns)
            await asyncio.sleep(0)

    answer = _endless(coding, _bomb(coding) * 100, times=100)
    other = asyncio.create_task(others())
    error = await refused(raw.answer(answer), max_bytes=15_000_000)
    other.cancel()
    assert error.reason is Reason.TOO_LARGE
    assert next(turns) > 15_000_000 // 600_000


@pytest.mark.parametrize(
    ("coding", "nothing"),
    [
        pytest.param("gzip", b"\0\0\0\xff\xff" * 2000, id="41-empty gzip blocks"),
        pytest.param("deflate", b"\0\0\0\xff\xff" * 2000, id="41-empty deflate blocks"),
        pytest.param("br", b"\x0a" + b"\x0c" * 999, id="41-brotli junk"),
        pytest.param("zstd", b"\x50\x2a\x4d\x18\x08\x27\0\0" + b"x" * 9992, id="41-skippable zstd frames"),
    ],
)
async def test_41_what_unpacks_to_nothing_does_not_run_for_ever(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], coding: str, nothing: bytes
) -> None:
    error = await refused(raw.answer(_endless(coding, nothing, times=10_000)), max_bytes=CAP)
    assert error.reason in {Reason.TOO_LARGE, Reason.PROTOCOL_ERROR}


@pytest.mark.parametrize("start", [_sized(b"x", size=9), _chunked(b"x", end=b""), _until_close(b"x")])
async def test_45_a_server_that_falls_silent_in_its_body_is_not_waited_for(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], start: bytes
) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await asyncio.Event().wait()

    assert (await refused(raw.answer(answer), read_timeout=0.05)).reason is Reason.TIMEOUT


def _drips(drop: bytes, *, start: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.002)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_drips(b"x", start=_until_close(b"x")), id="45-a byte and a byte"),
        pytest.param(_drips(b"1\r\nx\r\n", start=_chunked(b"x", end=b"")), id="45-a chunk and a chunk"),
    ],
)
async def test_a_body_that_drips_ends_with_the_time_for_a_page(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], answer: Any
) -> None:
    assert (await refused(raw.answer(answer), page_timeout=0.3)).reason is Reason.TOO_SLOW


async def test_45_a_byte_a_second_is_too_slow(raw: Any, impatient: Callable[..., Client]) -> None:
    seconds = itertools.count(step=4.0)
    url = raw.answer(_drips(b"x", start=_until_close(b"x")))
    async with impatient() as client, client.stream(url) as response:
        with pytest.raises(FetchError) as caught:
            await read_body(response, max_bytes=CAP, clock=lambda: next(seconds))
    assert caught.value.reason is Reason.TOO_SLOW


@pytest.mark.parametrize(
    "drop",
    [
        pytest.param(b"2;" + b"a" * 500 + b"\r\n\0\0\r\n", id="45-chunk extensions"),
        pytest.param(b"5\r\n\0\0\0\xff\xff\r\n", id="41-empty blocks"),
    ],
)
async def test_what_brings_no_byte_of_the_body_is_silence(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    monkeypatch.setattr("scraper.http.bodies.reading._LONGEST_SILENCE", 0.2)
    start = _chunked(gzip.compress(b"")[:10], headers=_coding("gzip"), end=b"")
    error = await refused(raw.answer(_drips(drop, start=start)))
    assert error.reason in {Reason.TIMEOUT, Reason.PROTOCOL_ERROR}


@pytest.mark.parametrize(
    ("size", "most", "got"), [(10, 20, 10), (20, 20, 20), (21, 20, 20), (3_000_000, 500_000, 500_000)]
)
@pytest.mark.parametrize("coding", ["identity", *PACKERS])
async def test_the_start_of_a_body_is_never_more_than_asked_for(
    *, raw: Any, impatient: Callable[..., Client], coding: str, size: int, most: int, got: int
) -> None:
    body = PACKERS.get(coding, bytes)(b"x" * size)
    async with (
        impatient() as client,
        client.stream(raw.answer(_sized(body, headers=_coding(coding)))) as answer,
    ):
        if len(body) <= most or coding == "identity":
            assert await read_start(answer, max_bytes=most) == b"x" * got


async def test_pieces_are_small_and_never_empty(raw: Any, impatient: Callable[..., Client]) -> None:
    url = raw.answer(
        _sized(gzip.compress(b"") * 50 + gzip.compress(b"x" * 5_000_000), headers=_coding("gzip"))
    )
    async with impatient() as client, client.stream(url) as response:
        sizes = [len(piece) async for piece in body_pieces(response, max_bytes=10**9)]
    assert sum(sizes) == 5_000_000
    assert 0 < min(sizes) <= max(sizes) <= 600_000


async def test_39_a_client_reads_on_after_all_of_it(raw: Any, impatient: Callable[..., Client]) -> None:
    bad = [
        b"",
        b"junk",
        _sized(b"x", size=9),
        _chunked(b"x", end=b"zz\r\n"),
        _sized(PAGE, headers=_coding("br")),
    ]
    async with impatient(attempts=2) as client:
        for number, answer in enumerate(bad):
            with pytest.raises(FetchError):
                await client.get(raw.answer(answer, f"/{number}"))
        assert (await client.get(raw.answer(_sized(PAGE), "/good"))).body == PAGE


async def test_whatever_bytes_come_there_is_a_page_or_a_reason(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    chance = random.Random(46)
    good = [
        _sized(PAGE[:200]),
        _chunked(PAGE[:100], PAGE[100:200], end=b"0\r\nX-Sum: 1\r\n\r\n"),
        *(_sized(pack(PAGE), headers=_coding(coding)) for coding, pack in PACKERS.items()),
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 103 Early\r\n\r\n"
        + _sized(PAGE[:200], headers=b"ETag: a\r\nCache-Control: max-age=9\r\n"),
        b'HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Type: text/html; charset="x"\r\n\r\n',
    ]
    raw.answer(_sized(b"x"), "/x")
    seen = Counter[str]()
    async with impatient(read_timeout=0.5, page_timeout=2) as client:
        for number in range(600):
            answer = bytearray(chance.choice(good))
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(answer) if chance.random() < 0.3 else 150)
                junk = chance.choice(
                    [b"", b"\0", b"\r\n", b"\xff", b":", b" ", b"-", b"9", b"\x1b", b";", b"chunked"]
                )
                answer[at : at + chance.randint(0, 3)] = junk
            try:
                await client.get(raw.answer(bytes(answer), f"/{number}"), max_bytes=CAP)
                seen["page"] += 1
            except FetchError as error:
                seen[error.reason] += 1
                assert str(error).isprintable()  # noqa: PT017 - either outcome will do
    assert len(seen) > 4, seen


async def test_an_end_that_was_announced_is_believed_whatever_becomes_of_the_connection(
    raw: Any, impatient: Callable[..., Client], reset: Any
) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_sized(PAGE)[:-1000])
        await begun.wait()
        writer.write(PAGE[-1000:])
        await writer.drain()
        await over.wait()
        reset(writer)

    async with impatient() as client, client.stream(raw.answer(answer)) as response:
        pieces = body_pieces(response, max_bytes=CAP)
        body = await anext(pieces)
        begun.set()
        while len(body) < len(PAGE):
            body += await anext(pieces)
        over.set()
        await asyncio.sleep(0.05)
        assert body + b"".join([piece async for piece in pieces]) == PAGE


async def test_an_unchanged_page_may_name_the_length_that_it_has(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    url = raw.answer(b"HTTP/1.1 304 Same\r\nContent-Length: 99999999999\r\nContent-Encoding: gzip\r\n\r\n")
    async with impatient() as client:
        page = await client.get(url, validators={"If-None-Match": '"a"'})
    assert (page.status, page.body) == (304, b"")


async def test_an_error_that_is_kept_keeps_no_body(
    raw: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    errors = [
        await refused(raw.answer(_until_close(b"x" * 3_000_000), f"/{number}"), max_bytes=2_000_000)
        for number in range(3)
    ]
    frames = [frame for error in errors for frame, _ in walk_tb(error.__traceback__)]
    held = [thing for frame in frames for thing in frame.f_locals.values() if isinstance(thing, list)]
    assert {error.reason for error in errors} == {Reason.TOO_LARGE}
    assert [thing for thing in held if thing and isinstance(thing[0], bytes)] == []


async def test_a_large_page_of_a_host_waits_until_the_one_before_was_made_use_of(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    body = b"x" * (LARGE + 400_000)
    async with impatient(per_host=20) as client:
        first = await client.get(raw.answer(_until_close(body), "/1"))
        second = asyncio.create_task(client.get(raw.answer(_until_close(body), "/2")))
        small = await client.get(raw.answer(_until_close(b"small"), "/small"))
        await asyncio.wait([second], timeout=0.2)
        assert not second.done()
        first.free()
        assert (await second).body == first.body == body
    assert small.body == b"small"
