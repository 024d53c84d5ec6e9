"""Going on with what is there, or not. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import gzip
import hashlib
from email.utils import formatdate
from math import ceil
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.body import Bounds, pour
from scraper.downloads.part.part import SEAM
from scraper.http.errors import FetchError
from storage.reasons import Reason
from tests.scraper.downloads.fetching.fetches import CUT, HTML, OTHER, SONG, fetch, fetch_cut, md5, moved
from tests.scraper.downloads.fetching.song_server import OLD, raw, rest, song, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scraper.downloads.part.part import Part
    from scraper.http.client import Client
    from tests.scraper.downloads.fetching.song_server import Answer, Asked, SongServer


async def test_a_failing_try_leaves_what_the_next_goes_on_from(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [rest(SONG, cut=80_000), rest(SONG)]
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    received = await fetch(once, songs.url, part)
    assert part.path.read_bytes() == SONG
    assert (received.size, received.sha256) == (len(SONG), hashlib.sha256(SONG).hexdigest())
    assert received.resumed_from == 80_000
    assert [asked.start for asked in songs.asked] == [CUT - SEAM, 80_000 - SEAM]
    assert {asked.headers["if-range"] for asked in songs.asked} == {'"1"'}


async def test_a_date_that_is_old_enough_is_a_validator_too(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    part = begin("t")
    await fetch_cut(once, songs, part, etag=None)
    songs.answers = [rest(SONG, etag=None)]
    assert (await fetch(once, songs.url, part)).resumed_from == CUT
    assert songs.asked[0].headers["if-range"] == OLD
    assert part.path.read_bytes() == SONG


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"ETag": 'W/"1"', "Last_Modified": OLD}, id="35 weak tag"),
        pytest.param({"ETag": "1", "Last_Modified": OLD}, id="35 tag without quotes"),
        pytest.param({"ETag": None}, id="nothing"),
        pytest.param({"ETag": None, "Last_Modified": formatdate(1_700_000_000 - 30)}, id="changed just now"),
        pytest.param({"ETag": None, "Last_Modified": OLD, "Date": None}, id="no clock to tell its age"),
        pytest.param({"Accept_Ranges": "none"}, id="a server that gives no parts"),
        pytest.param({"Content_Encoding": "gzip"}, id="compressed"),
    ],
)
async def test_without_a_strong_validator_nothing_is_gone_on_with(
    *, songs: SongServer, once: Client, begin: Callable[..., Part], headers: dict[str, Any]
) -> None:
    body = gzip.compress(SONG) if "Content_Encoding" in headers else SONG
    songs.answers = [raw(200, body[:CUT], length=len(body), **({"ETag": '"1"'} | headers)), whole(OTHER)]
    part = begin("t")
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    assert (await fetch(once, songs.url, part)).resumed_from == 0
    assert songs.asked[1].start is None
    assert part.path.read_bytes() == OTHER


def _part_of(body: bytes, start: int, **said: Any) -> bytes:
    return raw(
        206,
        body[start:],
        **({"ETag": '"1"', "Content_Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} | said),
    )


START = CUT - SEAM
GROWN = SONG + OTHER
DATED = formatdate(1_600_000_001, usegmt=True)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([whole(OTHER)], id="33 a 200 to a Range"),
        pytest.param([whole(OTHER, etag='"2"')], id="36 changed between two tries"),
        pytest.param([_part_of(OTHER, 0), whole(OTHER)], id="34 206 from the start"),
        pytest.param([_part_of(OTHER, START + 1), whole(OTHER)], id="34 206 from elsewhere"),
        pytest.param([_part_of(OTHER, START), whole(OTHER)], id="36 another file of the same tag"),
        pytest.param([_part_of(OTHER, START, ETag='"2"'), whole(OTHER)], id="35 another tag"),
        pytest.param([_part_of(SONG, START, ETag='W/"1"'), whole(OTHER)], id="35 a weak tag"),
        pytest.param([_part_of(SONG, START, ETag=None), whole(OTHER)], id="35 no tag"),
        pytest.param([_part_of(SONG, START, Last_Modified=DATED), whole(OTHER)], id="35 another date"),
        pytest.param([_part_of(GROWN, START), whole(OTHER)], id="35 another total"),
        pytest.param([_part_of(SONG[:-9], START), whole(OTHER)], id="35 a smaller total"),
        pytest.param(
            [_part_of(SONG, START, Content_Range=f"bytes {START}-{len(SONG) - 1}/*"), whole(OTHER)],
            id="35 a total of *",
        ),
        pytest.param([_part_of(SONG, START, Content_Range=None), whole(OTHER)], id="35 no Content-Range"),
        pytest.param(
            [_part_of(SONG, START, Content_Range="bytes 5-1/9"), whole(OTHER)], id="35 no honest range"
        ),
        pytest.param(
            [_part_of(SONG, START, Content_Type="multipart/byteranges; boundary=x"), whole(OTHER)],
            id="35 multipart/byteranges",
        ),
        pytest.param(
            [_part_of(SONG, START, Content_Encoding="gzip"), whole(OTHER)], id="41 a compressed part"
        ),
        pytest.param(
            [_part_of(SONG, START, Content_Range=f"bytes {START}-{START + 50}/{len(SONG)}"), whole(OTHER)],
            id="35 a length that is not that of the range",
        ),
        pytest.param(
            [raw(206, SONG[START:] + b"x", length=None, ETag='"1"', Content_Range=f"bytes {START}-99999/100000"),
             whole(OTHER)],
            id="30 more bytes than the range has",
        ),
        pytest.param([raw(416, b"", Content_Range="bytes */60000"), whole(OTHER)], id="37 416 without a tag"),
        pytest.param([raw(416, b"", Content_Range="bytes */50000"), whole(OTHER)], id="37 part too large"),
        pytest.param([raw(416, b"", ETag='"1"'), whole(OTHER)], id="37 416 without a total"),
        pytest.param(
            [raw(416, b"", Content_Range="bytes */100000", ETag='"1"'), whole(OTHER)], id="37 part too small"
        ),
        pytest.param(
            [raw(416, b"", Content_Range="bytes */60000", ETag='"1"'), whole(OTHER)],
            id="37 complete by another total than before",
        ),
        pytest.param([raw(412, b""), raw(412, b""), whole(OTHER)], id="412 to all that is not plain"),
        pytest.param([raw(412, b""), whole(OTHER)], id="412, then a 200"),
        pytest.param([raw(501, b""), _part_of(OTHER, START, ETag='"2"'), whole(OTHER)], id="501, then changed"),
        pytest.param([raw(400, b""), raw(416, b""), whole(OTHER)], id="400, then 416"),
    ],
)  # fmt: skip
async def test_what_does_not_continue_is_fetched_anew_within_the_try_and_never_glued(
    songs: SongServer, once: Client, begin: Callable[..., Part], answers: list[Answer]
) -> None:
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [*answers, raw(503, b"")]
    received = await fetch(once, songs.url, part)
    assert part.path.read_bytes() == OTHER
    assert received.sha256 == hashlib.sha256(OTHER).hexdigest()
    assert received.resumed_from == 0
    assert len(songs.asked) == len(answers)


@pytest.mark.parametrize("status", [400, 412, 501])
async def test_a_server_that_refuses_the_condition_is_asked_once_without_it(
    songs: SongServer, once: Client, begin: Callable[..., Part], status: int
) -> None:
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [raw(status, b""), rest(SONG)]
    assert (await fetch(once, songs.url, part)).resumed_from == CUT
    assert part.path.read_bytes() == SONG
    assert ["if-range" in asked.headers for asked in songs.asked] == [True, False]


async def test_a_server_that_takes_every_condition_for_broken_is_asked_without_one(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    body, part = song("long", 4_000_000), begin("t")

    def answer(asked: Asked) -> bytes:
        if "if-range" in asked.headers:
            return whole(body, Accept_Ranges="bytes")
        made = rest(body)
        return made if isinstance(made, bytes) else made(asked)

    songs.answers = [whole(body, cut=3_000_000), answer]
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    assert (await fetch(once, songs.url, part)).resumed_from == 3_000_000
    assert part.path.read_bytes() == body


@pytest.mark.parametrize("total_known", [False, True])
async def test_a_part_that_is_complete_is_the_file(
    *, songs: SongServer, once: Client, begin: Callable[..., Part], total_known: bool
) -> None:  # 37
    def chunks(end: bytes) -> bytes:
        return raw(200, b"%x\r\n%b\r\n" % (len(SONG), SONG) + end, length=None, Transfer_Encoding="chunked",
                   ETag='"1"')  # fmt: skip

    part = begin("t")
    songs.answers = [chunks(b"")]
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    songs.answers = [
        rest(SONG) if total_known else raw(416, b"", ETag='"1"', Content_Range=f"bytes */{len(SONG)}")
    ]
    received = await fetch(once, songs.url, part, checksum=f"md5:{md5(SONG).hexdigest()}")
    assert received.resumed_from == received.size == len(SONG)
    assert part.path.read_bytes() == SONG


@pytest.mark.parametrize("size", [1_200_000, 1_400_000, 2_100_000])
async def test_a_server_that_gives_the_rest_in_pieces_is_asked_on(
    songs: SongServer, once: Client, begin: Callable[..., Part], size: int
) -> None:
    body, part = song("long", 4_000_000), begin("t")

    def piece(asked: Asked) -> bytes:
        assert asked.start is not None  # what came is gone on with, piece after piece
        end = min(asked.start + size, len(body))
        said = f"bytes {asked.start}-{end - 1}/{len(body)}"
        return raw(206, body[asked.start : end], ETag='"1"', Content_Range=said)

    songs.answers = [whole(body, cut=1_000_000), piece]
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    assert (await fetch(once, songs.url, part)).size == len(body)
    assert part.path.read_bytes() == body
    assert len(songs.asked) == 1 + ceil(3_000_000 / (size - SEAM))


async def test_another_address_begins_anew(
    songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:  # 38
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [whole(OTHER)]
    assert (await fetch(once, f"{songs.url}?other", part)).resumed_from == 0
    assert songs.asked[0].start is None
    assert part.path.read_bytes() == OTHER


async def test_behind_a_redirect_the_condition_goes_to_the_host_that_it_is_of(
    songs: SongServer, other_songs: SongServer, once: Client, begin: Callable[..., Part]
) -> None:
    songs.answers = [moved(other_songs.url)]
    other_songs.answers = [whole(SONG, cut=CUT), rest(SONG)]
    part = begin("t")
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    assert (await fetch(once, songs.url, part)).resumed_from == CUT
    assert "if-range" not in songs.asked[1].headers
    assert other_songs.asked[1].headers["if-range"] == '"1"'
    assert part.path.read_bytes() == SONG


@pytest.mark.parametrize(
    ("first", "then", "resumed"),
    [
        pytest.param({}, {}, True, id="the same tag"),
        pytest.param({}, {"etag": '"2"'}, False, id="another tag"),
        pytest.param(
            {"etag": None, "Last_Modified": OLD},
            {"etag": None, "Last_Modified": OLD},
            False,
            id="only a date",
        ),
    ],
)
async def test_another_host_goes_on_only_with_the_same_tag(
    *,
    songs: SongServer,
    other_songs: SongServer,
    once: Client,
    begin: Callable[..., Part],
    first: dict[str, Any],
    then: dict[str, Any],
    resumed: bool,
) -> None:
    songs.answers = [whole(SONG, cut=CUT, **first), moved(other_songs.url)]
    other_songs.answers = [rest(SONG, **then), whole(OTHER)]
    part = begin("t")
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    await fetch(once, songs.url, part)
    assert "if-range" not in other_songs.asked[0].headers
    assert part.path.read_bytes() == (SONG if resumed else OTHER)


LONG = song("long", 3_000_000)


@pytest.mark.parametrize(
    ("answer", "more", "reason"),
    [
        pytest.param(whole(LONG), {"checksum": f"md5:{'0' * 32}"}, Reason.CHECKSUM, id="another checksum"),
        pytest.param(rest(LONG), {"checksum": f"md5:{'0' * 32}"}, Reason.CHECKSUM, id="the same at the end"),
        pytest.param(whole(LONG), {"most": 2_500_000}, Reason.TOO_LARGE, id="announced as too large"),
        pytest.param(rest(LONG), {"most": 2_500_000}, Reason.TOO_LARGE, id="too large with the rest"),
        pytest.param(raw(200, LONG, length=None), {"most": 2_500_000}, Reason.TOO_LARGE, id="grew too large"),
        pytest.param(raw(200, HTML), {}, Reason.NOT_AUDIO, id="24 a page by now"),
    ],
)
async def test_what_was_refused_is_nothing_to_go_on_from(
    *,
    songs: SongServer,
    once: Client,
    begin: Callable[..., Part],
    answer: Answer,
    more: dict[str, Any],
    reason: Reason,
) -> None:
    part = begin("t")
    songs.answers = [whole(LONG, cut=2_000_000)]
    with pytest.raises(FetchError):
        await fetch(once, songs.url, part)
    assert part.size == 2_000_000
    songs.answers = [answer]
    with pytest.raises(DownloadError) as caught:
        await fetch(once, songs.url, part, **more)
    assert caught.value.reason is reason
    assert not part.resumable
    if reason is Reason.NOT_AUDIO:
        assert part.path.read_bytes() == HTML


@pytest.mark.parametrize("answer", [raw(200, b"", ETag='"2"'), raw(503, b""), raw(404, b"")])
async def test_an_empty_or_failing_server_costs_nothing_of_what_is_there(
    songs: SongServer, once: Client, begin: Callable[..., Part], answer: bytes
) -> None:  # 26
    part = begin("t")
    await fetch_cut(once, songs, part)
    songs.answers = [answer]
    with pytest.raises((DownloadError, FetchError)):
        await fetch(once, songs.url, part)
    songs.answers = [rest(SONG)]
    assert (await fetch(once, songs.url, part)).resumed_from == CUT
    assert part.path.read_bytes() == SONG


@pytest.mark.parametrize("known", [True, False])
async def test_a_whole_file_outlives_a_crash_and_only_a_doubtful_one_is_gone_on_from(
    *, songs: SongServer, once: Client, begin: Callable[..., Part], known: bool
) -> None:  # 31
    songs.answers = [raw(200, LONG, length=-1 if known else None, ETag='"1"')]
    part = begin("old")
    await fetch(once, songs.url, part)
    assert part.resumable is not known
    assert part.lasting
    songs.answers = [rest(LONG)]
    again = begin("new")
    assert (await fetch(once, songs.url, again)).resumed_from == len(LONG)
    assert again.path.read_bytes() == LONG


async def test_what_a_slow_server_has_sent_is_on_the_disk_within_seconds(
    begin: Callable[..., Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill -9 then costs no more than that."""
    now = 0.0
    monkeypatch.setattr("scraper.downloads.part.part.monotonic", lambda: now)
    part = begin("t")
    on_disk: list[int] = []

    async def trickle() -> AsyncIterator[bytes]:
        nonlocal now
        for _ in range(12):
            now += 1.0
            yield bytes(1000)

    def look(_: int) -> None:
        on_disk.append(part.path.stat().st_size if part.path.exists() else 0)

    bounds = Bounds(max_bytes=10**6, on_bytes=look, bandwidth=None, enough_room=None, clock=lambda: now)
    assert await pour(trickle(), part, bounds, have=0, total=None, where="https://a.example/1") == 12_000
    assert on_disk == [0] * 4 + [5000] * 5 + [10_000] * 3
    await part.finish()
