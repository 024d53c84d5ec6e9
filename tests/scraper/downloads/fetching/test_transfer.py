"""One file into its part. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.errors import DownloadError
from scraper.http.errors import FetchError
from storage.reasons import Reason
from tests.scraper.downloads.fetching.fetches import CUT, HTML, OTHER, SONG, fetch, fetch_cut, md5, moved
from tests.scraper.downloads.fetching.song_server import OLD, raw, rest, song, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.part.part import Part
    from scraper.http.client import Client
    from tests.scraper.downloads.fetching.song_server import SongServer


async def test_a_body_arrives_whole_and_hashed(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    songs.answers = [whole(SONG, Content_Type="audio/mpeg", Last_Modified=OLD)]
    part, counted = begin("t"), list[int]()
    received = await fetch(once, songs.url, part, on_bytes=counted.append, most=len(SONG))
    assert part.path.read_bytes() == SONG
    assert (received.size, received.sha256) == (len(SONG), hashlib.sha256(SONG).hexdigest())
    assert (received.address, received.content_type, received.etag) == (songs.url, "audio/mpeg", '"1"')
    assert (received.length_known, received.resumed_from) == (True, 0)
    assert (received.last_modified, received.modified) == (OLD, 1_600_000_000)
    assert sum(counted) == len(SONG)
    assert songs.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(raw(200, b""), Reason.EMPTY_BODY, id="26 empty body"),
        pytest.param(raw(206, SONG), Reason.PROTOCOL_ERROR, id="32 206 to a plain GET"),
        pytest.param(
            raw(206, SONG, Content_Range=f"bytes 0-{len(SONG) - 1}/{len(SONG)}"),
            Reason.PROTOCOL_ERROR,
            id="32 all of it as a part nobody asked for",
        ),
        pytest.param(raw(304, b""), Reason.PROTOCOL_ERROR, id="304 to a plain GET"),
        pytest.param(raw(416, b""), Reason.HTTP_ERROR, id="37 416 to a plain GET"),
        pytest.param(raw(200, HTML, Content_Type="audio/mpeg"), Reason.NOT_AUDIO, id="24 html as mp3"),
        pytest.param(raw(200, HTML, Content_Type="text/html"), Reason.NOT_AUDIO, id="23 L54 html"),
        pytest.param(raw(200, b'{"error": 1}'), Reason.NOT_AUDIO, id="24 json"),
        pytest.param(raw(404, b""), Reason.NOT_FOUND, id="not found"),
        pytest.param(raw(503, b""), Reason.SERVER_ERROR, id="server error"),
        pytest.param(raw(200, SONG, length=len(SONG) + 1), Reason.SHORT_BODY, id="28 shorter than announced"),
        pytest.param(
            raw(200, b"5\r\n\xff\xfb\0\0\0\r\n", length=None, Transfer_Encoding="chunked"),
            Reason.SHORT_BODY,
            id="29 chunks without end",
        ),
        pytest.param(
            raw(200, SONG, length=None, Content_Length="-5"), Reason.PROTOCOL_ERROR, id="27 negative"
        ),
        pytest.param(raw(200, SONG, length=None, Content_Length="+5"), Reason.PROTOCOL_ERROR, id="27 plus"),
        pytest.param(raw(200, SONG, length=None, Content_Length="1e9"), Reason.PROTOCOL_ERROR, id="27 1e9"),
        pytest.param(raw(200, SONG, content_length="5"), Reason.PROTOCOL_ERROR, id="27 two lengths"),
        pytest.param(raw(200, SONG, Transfer_Encoding="chunked"), Reason.PROTOCOL_ERROR, id="27 and chunks"),
        pytest.param(
            raw(200, gzip.compress(SONG)[:-9], Content_Encoding="gzip"),
            Reason.SHORT_BODY,
            id="28 compression without end",
        ),
        pytest.param(
            raw(200, gzip.compress(b"\1" * 50_000_000), Content_Encoding="gzip"),
            Reason.TOO_LARGE,
            id="41 bomb",
        ),
        pytest.param(raw(200, b"\xff", length=10**7), Reason.TOO_LARGE, id="announced as too large"),
        pytest.param(raw(200, b"\xff" * 2_000_000, length=None), Reason.TOO_LARGE, id="larger than allowed"),
        pytest.param(raw(200, SONG, X_Junk="a\x00b"), Reason.PROTOCOL_ERROR, id="40 NUL in a header"),
    ],
)
async def test_what_is_no_file_has_its_reason_and_nothing_to_go_on_from(
    songs: SongServer, once: Client, begin: Callable[..., Part], answer: bytes, reason: Reason
) -> None:
    songs.answers = [answer]
    part = begin("t")
    with pytest.raises((DownloadError, FetchError)) as caught:
        await fetch(once, songs.url, part, most=1_000_000)
    assert caught.value.reason is reason  # type: ignore[attr-defined]
    assert not part.resumable
    assert not part.lasting
    part.remove()
    assert list(part.path.parent.iterdir()) == []


async def test_what_comes_after_the_announced_length_is_dropped(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 30
    body = song("long", 2_000_000)  # so that the end does not come together with the headers
    songs.answers = [raw(200, body + b"more", length=len(body))]
    part = begin("t")
    await fetch(once, songs.url, part)
    assert part.path.read_bytes() == body


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        pytest.param(raw(200, SONG, length=None), False, id="31 until the connection ends"),
        pytest.param(raw(200, SONG), True, id="a length"),
        pytest.param(
            raw(200, b"%x\r\n%b\r\n0\r\n\r\n" % (len(SONG), SONG), length=None, Transfer_Encoding="chunked"),
            True,
            id="chunks with an end",
        ),
    ],
)
async def test_it_is_told_whether_the_server_said_where_the_file_ends(
    *, songs: SongServer, once: Client, begin: Callable[..., Part], answer: bytes, known: bool
) -> None:
    songs.answers = [answer]
    part = begin("t")
    assert (await fetch(once, songs.url, part)).length_known is known
    assert part.path.read_bytes() == SONG


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        pytest.param({"Content_Type": 'audio/mpeg; charset="\\";rm"'}, None, id="42 a charset that attacks"),
        pytest.param({"Content_Type": "audio/" + "x" * 8000}, None, id="42 a type of 8 kB"),
        pytest.param({"Last_Modified": "Mon, 01 Jan 1601 00:00:00 GMT"}, None, id="44 year 1601"),
        pytest.param({"Last_Modified": "Fri, 31 Dec 9999 23:59:59 GMT"}, None, id="44 year 9999"),
        pytest.param({"Last_Modified": "yesterday"}, None, id="44 garbage"),
        pytest.param({"Last_Modified": "Thu, 99 Jan 20000000000000 00:00:00"}, None, id="44 huge"),
        pytest.param({"Last_Modified": OLD}, 1_600_000_000, id="44 a date"),
        pytest.param({"Repr_Digest": "sha-256=nonsense"}, None, id="42 a digest that is none"),
        pytest.param({"Content_MD5": "\x80\xff"}, None, id="40 bytes for a digest"),
        pytest.param({"ETag": '"\xe9"', "Content_Range": "bytes x"}, None, id="40 a tag beyond ASCII"),
    ],
)
async def test_odd_headers_do_no_harm(
    *,
    songs: SongServer,
    once: Client,
    begin: Callable[..., Part],
    headers: dict[str, Any],
    what: float | None,
) -> None:
    songs.answers = [raw(200, SONG, length=-1, **headers)]
    received = await fetch(once, songs.url, begin("t"))
    assert received.modified == what


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(raw(200, HTML, Content_Type="audio/mpeg"), Reason.HTML_INSTEAD, id="21 a page as music"),
        pytest.param(raw(200, HTML), Reason.HTML_INSTEAD, id="21 a page"),
        pytest.param(
            raw(200, b"Quota exceeded, come back later", Content_Type="text/html"),
            Reason.HTML_INSTEAD,
            id="21 words that are called a page",
        ),
        pytest.param(raw(200, b'{"error": 1}'), Reason.NOT_AUDIO, id="21 json is for no people"),
        pytest.param(raw(200, SONG, Content_Type="text/html"), None, id="21 music that is called a page"),
    ],
)
async def test_a_redirect_to_a_page_may_be_another_thing_tomorrow(
    *, songs: SongServer, once: Client, begin: Callable[..., Part], answer: bytes, reason: Reason | None
) -> None:
    songs.answers = [moved("/login"), answer]
    if reason is None:
        assert (await fetch(once, songs.url, begin("t"))).address.endswith("/login")
        return
    with pytest.raises(DownloadError) as caught:
        await fetch(once, songs.url, begin("t"))
    assert caught.value.reason is reason


async def test_a_page_instead_of_the_rest_costs_nothing_of_what_is_there(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 21
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [moved("/quota"), raw(200, HTML, Content_Type="text/html")]
    with pytest.raises(DownloadError) as caught:
        await fetch(once, songs.url, part)
    assert caught.value.reason is Reason.HTML_INSTEAD
    songs.answers = [rest(SONG)]
    assert (await fetch(once, songs.url, part)).resumed_from == CUT
    assert part.path.read_bytes() == SONG


async def test_what_was_refused_can_be_looked_at(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 24
    songs.answers = [raw(200, HTML)]
    part = begin("t")
    with pytest.raises(DownloadError):
        await fetch(once, songs.url, part)
    assert part.path.read_bytes() == HTML


async def test_a_page_is_refused_before_it_is_read_to_its_end(
    serve: Any, once: Client, begin: Callable[..., Part]
) -> None:  # 24
    from aiohttp import web

    never = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"\n  <html>")
        await never.wait()
        return response

    async with serve(answer) as url:
        with pytest.raises(DownloadError) as caught:
            await fetch(once, url, begin("t"))
    assert caught.value.reason is Reason.NOT_AUDIO


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        pytest.param([1.0], False, id="a kilobyte a second"),
        pytest.param([4.0], True, id="45 250 bytes a second"),
        pytest.param([0.01] * 5 + [60.0], True, id="45 a fast start and then a trickle"),
    ],
)
async def test_a_trickle_is_given_up(
    *, serve: Any, once: Client, begin: Callable[..., Part], seconds: list[float], refused: bool
) -> None:
    from aiohttp import web

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"\xff" * 1000)
            await asyncio.sleep(0.001)
        return response

    steps = itertools.accumulate(itertools.chain(seconds, itertools.repeat(seconds[-1])))
    async with serve(answer) as url:
        try:
            await fetch(once, url, begin("t"), clock=lambda: next(steps))
        except DownloadError as error:
            assert refused
            assert error.reason is Reason.TOO_SLOW  # noqa: PT017 - one of two outcomes
        else:
            assert not refused


async def test_a_transfer_may_not_last_for_ever_however_steady(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 45
    songs.answers = [whole(song("long", 3_000_000))]
    steps = itertools.chain([0.0, 12 * 3600 + 1.0], itertools.repeat(12 * 3600 + 32.0))
    with pytest.raises(DownloadError) as caught:
        await fetch(once, songs.url, begin("t"), clock=lambda: next(steps))
    assert caught.value.reason is Reason.TOO_SLOW


class _SlowLane:
    """A bandwidth that lets a day pass for each chunk."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passed = 0

    def clock(self) -> float:
        return self.now

    async def take(self, size: int) -> None:
        self.now += 24 * 3600
        self.passed += size


async def test_the_time_that_we_make_a_server_wait_is_not_its_slowness(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 45
    body = song("long", 3_000_000)
    songs.answers = [whole(body)]
    lane, part = _SlowLane(), begin("t")
    received = await fetch(once, songs.url, part, clock=lane.clock, bandwidth=lane)
    assert received.size == lane.passed == len(body)
    assert lane.now > 12 * 3600


async def test_it_is_asked_for_room_when_the_length_is_known_and_again_on_the_way(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    body = song("large", 20 << 20)
    songs.answers = [whole(body)]
    needed: list[int] = []
    await fetch(once, songs.url, begin("t"), enough_room=needed.append)
    assert needed[0] == len(body)
    assert len(needed) == 2
    assert 0 < needed[1] <= 4 << 20


async def test_a_length_that_nobody_knows_needs_no_room_in_advance(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    songs.answers = [raw(200, SONG, length=None)]
    needed: list[int] = []
    await fetch(once, songs.url, begin("t"), enough_room=needed.append)
    assert needed == [0]


@pytest.mark.parametrize(
    ("headers", "checksum", "broken"),
    [
        pytest.param({}, f"sha256:{hashlib.sha256(SONG).hexdigest()}", False, id="the post's SHA-256"),
        pytest.param({}, f"sha256:{hashlib.sha256(OTHER).hexdigest()}", True, id="another SHA-256"),
        pytest.param({}, f"md5:{md5(SONG).hexdigest()}", False, id="the post's MD5"),
        pytest.param({}, f"md5:{md5(OTHER).hexdigest()}", True, id="another MD5"),
        pytest.param({}, "crc32:12345678", False, id="what is not understood"),
        pytest.param({"Content_MD5": "Q2hlY2sgSW50ZWdyaXR5IQ=="}, None, True, id="another Content-MD5"),
        pytest.param({"Digest": f"SHA={'A' * 27}="}, None, True, id="another SHA-1"),
    ],
)
@pytest.mark.parametrize("resumed", [False, True], ids=["at once", "gone on with"])
async def test_a_declared_digest_is_held_against_the_whole_file(
    *,
    songs: SongServer,
    once: Client,
    begin: Callable[..., Part],
    headers: dict[str, Any],
    checksum: str | None,
    broken: bool,
    resumed: bool,
) -> None:
    part = begin("t")
    if resumed:
        await fetch_cut(once, songs, part)
        # What speaks of the bytes of one answer is no digest of the file.
        broken = broken and "Content_MD5" not in headers
    songs.answers = [rest(SONG, **headers) if resumed else whole(SONG, **headers)]
    if not broken:
        assert (await fetch(once, songs.url, part, checksum=checksum)).size == len(SONG)
        return
    with pytest.raises(DownloadError) as caught:
        await fetch(once, songs.url, part, checksum=checksum)
    assert caught.value.reason is Reason.CHECKSUM


async def test_a_cancelled_transfer_keeps_what_came(
    serve: Any, once: Client, begin: Callable[..., Part]
) -> None:
    from aiohttp import web

    got, body = asyncio.Event(), song("long", 3_000_000)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"ETag": '"1"'})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[:1_500_000])
        await asyncio.sleep(60)
        return response

    came = 0

    def count(size: int) -> None:
        nonlocal came
        came += size
        if came == 1_500_000:
            got.set()

    async with serve(answer) as url:
        part = begin("t")
        task = asyncio.create_task(fetch(once, url, part, on_bytes=count))
        await got.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert part.lasting
    assert part.path.read_bytes() == body[:1_500_000]
