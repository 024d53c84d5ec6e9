"""What an answer to a Range is good for. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from scraper.downloads.fetching.asking import ENOUGH, Kept, Verdict, Way, judge
from scraper.downloads.fetching.ranges import ContentRange, read_range, read_total
from scraper.downloads.part.journal import Origin
from scraper.downloads.part.version import Version

URL = "https://blog.example/song.mp3"
OLD = "Sun, 06 Nov 1994 08:49:37 GMT"
LARGE = 4 * ENOUGH


def kept(size: int = 2 * ENOUGH, *, etag: str | None = '"1"', total: int | None = LARGE) -> Kept:
    version = Version(etag=etag, last_modified=OLD)
    origin = Origin(key="k", asked=URL, answered=URL, version=version, total=total)
    return Kept(origin=origin, size=size, start=size - 10)


def part(first: int = 2 * ENOUGH - 10, *, last: int = LARGE - 1, total: str = str(LARGE)) -> dict[str, str]:
    return {"Content-Range": f"bytes {first}-{last}/{total}", "ETag": '"1"'}


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        pytest.param(part(), Verdict.GO_ON, id="what was asked for"),
        pytest.param(part(last=3 * ENOUGH + 10), Verdict.GO_ON, id="a good piece of it"),
        pytest.param(part(last=2 * ENOUGH + 10), Verdict.ASK_FOR_ALL, id="35 a morsel of it"),
        pytest.param(part(0), Verdict.ASK_FOR_ALL, id="34 from the start"),
        pytest.param(part(total="*"), Verdict.ASK_FOR_ALL, id="35 no total"),
        pytest.param(part(total=str(LARGE + 1)), Verdict.ASK_FOR_ALL, id="35 another total"),
        pytest.param(part() | {"ETag": 'W/"1"'}, Verdict.ASK_FOR_ALL, id="35 a weak tag"),
        pytest.param(part() | {"ETag": '"2"'}, Verdict.ASK_FOR_ALL, id="35 another tag"),
        pytest.param(part() | {"Last-Modified": "x"}, Verdict.ASK_FOR_ALL, id="35 another date"),
        pytest.param(part() | {"Last-Modified": OLD}, Verdict.GO_ON, id="the same date"),
        pytest.param(part() | {"Content-Length": "7"}, Verdict.ASK_FOR_ALL, id="35 another length"),
        pytest.param(
            part() | {"Content-Type": "Multipart/ByteRanges"}, Verdict.ASK_FOR_ALL, id="35 several ranges"
        ),
        pytest.param(part() | {"Content-Encoding": "br"}, Verdict.ASK_FOR_ALL, id="41 compressed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", [Way.CONDITIONAL, Way.PLAIN])
@pytest.mark.parametrize("same_host", [True, False])
def test_a_206_is_gone_on_with_only_if_all_of_it_fits(
    *, headers: dict[str, str], verdict: Verdict, way: Way, same_host: bool
) -> None:
    answer = judge(kept(), way, status=206, headers=CIMultiDict(headers), same_host=same_host)
    assert answer is verdict


@pytest.mark.parametrize(
    ("way", "same_host", "date", "verdict"),
    [
        (Way.CONDITIONAL, True, OLD, Verdict.GO_ON),
        (Way.CONDITIONAL, True, None, Verdict.GO_ON),  # the server need not repeat what it was told
        (Way.CONDITIONAL, True, "x", Verdict.ASK_FOR_ALL),
        (Way.CONDITIONAL, False, OLD, Verdict.ASK_FOR_ALL),
        (Way.PLAIN, True, OLD, Verdict.GO_ON),
        (Way.PLAIN, True, None, Verdict.ASK_FOR_ALL),
        (Way.PLAIN, False, OLD, Verdict.ASK_FOR_ALL),
    ],
)
def test_a_date_alone_proves_little(*, way: Way, same_host: bool, date: str | None, verdict: Verdict) -> None:
    headers = CIMultiDict(part())
    del headers["ETag"]
    if date is not None:
        headers["Last-Modified"] = date
    assert judge(kept(etag=None), way, status=206, headers=headers, same_host=same_host) is verdict


@pytest.mark.parametrize(
    ("size", "headers", "verdict"),
    [
        pytest.param(LARGE, {"Content-Range": f"bytes */{LARGE}", "ETag": '"1"'}, Verdict.WHOLE, id="equal"),
        pytest.param(LARGE, {"Content-Range": f"bytes */{LARGE}"}, Verdict.ASK_FOR_ALL, id="37 no tag"),
        pytest.param(
            LARGE, {"Content-Range": f"bytes */{LARGE}", "ETag": '"2"'}, Verdict.ASK_FOR_ALL, id="37 another tag"
        ),
        pytest.param(
            LARGE - 1, {"Content-Range": f"bytes */{LARGE}", "ETag": '"1"'}, Verdict.ASK_FOR_ALL, id="37 smaller"
        ),
        pytest.param(
            LARGE, {"Content-Range": f"bytes */{LARGE - 1}", "ETag": '"1"'}, Verdict.ASK_FOR_ALL, id="37 larger"
        ),
        pytest.param(LARGE, {"ETag": '"1"'}, Verdict.ASK_FOR_ALL, id="37 no total"),
    ],
)  # fmt: skip
def test_a_416_says_complete_only_of_the_same_file_of_the_same_size(
    size: int, headers: dict[str, str], verdict: Verdict
) -> None:
    expected = Verdict.COMPLETE if verdict is Verdict.WHOLE else verdict
    said = CIMultiDict(headers | {"Last-Modified": OLD})
    assert judge(kept(size), Way.CONDITIONAL, status=416, headers=said, same_host=True) is expected


@pytest.mark.parametrize(
    ("way", "size", "ranges", "verdict"),
    [
        (Way.CONDITIONAL, 2 * ENOUGH, "bytes", Verdict.ASK_PLAINLY),
        (Way.CONDITIONAL, 2 * ENOUGH, "none", Verdict.WHOLE),
        (Way.CONDITIONAL, ENOUGH // 2, "bytes", Verdict.WHOLE),
        (Way.PLAIN, 2 * ENOUGH, "bytes", Verdict.WHOLE),
    ],
)
def test_a_200_of_the_same_version_is_refused_once_if_much_is_there(
    way: Way, size: int, ranges: str, verdict: Verdict
) -> None:
    headers = CIMultiDict({"ETag": '"1"', "Last-Modified": OLD, "Accept-Ranges": ranges})
    assert judge(kept(size), way, status=200, headers=headers, same_host=True) is verdict
    headers["ETag"] = '"2"'
    assert judge(kept(size), way, status=200, headers=headers, same_host=True) is Verdict.WHOLE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes 0-0/1", ContentRange(0, 0, 1)),
        (" bytes  5-9/* ", ContentRange(5, 9, None)),
        ("bytes 5-4/9", None),
        ("bytes 5-9/9", None),
        ("bytes */9", None),
        ("bytes=0-0/1", None),
        ("items 0-0/1", None),
        ("bytes ٣-٤/٩", None),
        ("bytes 0-0/1" + "0" * 200, None),
        ("", None),
        (None, None),
    ],
)
def test_a_range_is_read_or_not(text: str | None, expected: ContentRange | None) -> None:
    assert read_range(text) == expected


@given(st.text(max_size=40) | st.from_regex(r"\Abytes (\d+-\d+|\*)/(\d+|\*)\Z"))
def test_any_text_is_an_honest_range_or_none(text: str) -> None:
    found = read_range(text)
    assert found is None or (0 <= found.first <= found.last and (found.total or found.last + 1) > found.last)
    assert (read_total(text) or 0) >= 0
