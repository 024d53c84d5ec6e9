"""The journal beside a part, and which version of a file it speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from scraper.downloads.part.journal import Mark, Origin, header_line, mark_line, read_journal
from scraper.downloads.part.version import Version, version_of

NOW = "Sun, 06 Nov 1994 08:50:37 GMT"
MINUTE_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"
JUST_NOW = "Sun, 06 Nov 1994 08:49:38 GMT"

texts = st.text(max_size=50)
origins = st.builds(
    Origin,
    key=texts,
    asked=texts,
    answered=texts,
    version=st.builds(Version, etag=st.text(min_size=1, max_size=20), last_modified=st.none() | texts),
    total=st.none() | st.integers(0, 10**12),
)
sums = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(origins, st.lists(st.tuples(st.integers(1, 10**12), sums), max_size=5, unique_by=lambda pair: pair[0]))
def test_what_is_written_is_read(origin: Origin, pairs: list[tuple[int, str]]) -> None:
    marks = [Mark(size, sha256) for size, sha256 in sorted(pairs)]
    journal = read_journal(header_line(origin) + b"".join(map(mark_line, marks)))
    assert journal is not None
    assert journal.origin == origin
    assert list(journal.marks) == marks
    assert journal.size == (marks[-1].size if marks else 0)


@given(origins, st.binary(max_size=200), st.integers(0, 400))
def test_what_is_cut_or_foreign_is_passed_over(origin: Origin, junk: bytes, cut: int) -> None:
    line, mark = header_line(origin), Mark(5, "0" * 64)
    read_journal(junk)
    read_journal((line + junk)[:cut])
    journal = read_journal(line + junk + b"\n" + mark_line(mark))
    assert journal is not None
    assert journal.marks == (mark,)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format": 2}',
        b'{"format": 1, "key": 1, "asked": "", "answered": "", "etag": "", "last_modified": "", "total": 1}',
        b'{"format": 1, "key": "", "asked": "", "answered": "", "etag": "", "last_modified": "", "total": 1}',
        b'{"format": 1, "key": "", "asked": "", "answered": "", "etag": "1", "last_modified": "", "total": 1.5}',
        b"\xff\xfe",
    ],
    ids=range(10),
)
def test_a_first_line_that_is_none_makes_no_journal(line: bytes) -> None:
    assert read_journal(line + b"\n" + mark_line(Mark(5, "0" * 64))) is None


def test_marks_grow() -> None:
    origin = Origin(
        key="", asked="", answered="", version=Version(etag='"1"', last_modified=None), total=None
    )
    marks = [Mark(5, "1" * 64), Mark(4, "2" * 64), Mark(5, "3" * 64), Mark(6, "4" * 64)]
    journal = read_journal(header_line(origin) + b"".join(map(mark_line, marks)))
    assert journal is not None
    assert [mark.size for mark in journal.marks] == [5, 6]


@pytest.mark.parametrize(
    ("headers", "condition"),
    [
        pytest.param({"ETag": '"1"'}, '"1"', id="strong tag"),
        pytest.param({"ETag": '""'}, '""', id="empty tag"),
        pytest.param({"ETag": '"1"', "Last-Modified": JUST_NOW, "Date": NOW}, '"1"', id="tag before date"),
        pytest.param({"ETag": 'W/"1"', "Last-Modified": MINUTE_AGO, "Date": NOW}, None, id="35 weak tag"),
        pytest.param({"ETag": "1"}, None, id="35 tag without quotes"),
        pytest.param({"ETag": '"a"b"'}, None, id="35 tag with a quote inside"),
        pytest.param({"ETag": f'"{"x" * 5000}"'}, None, id="35 endless tag"),
        pytest.param({"ETag": '"\udcff"'}, None, id="40 bytes in a tag"),
        pytest.param({"Last-Modified": MINUTE_AGO, "Date": NOW}, MINUTE_AGO, id="a minute old"),
        pytest.param({"Last-Modified": JUST_NOW, "Date": NOW}, None, id="less than a minute old"),
        pytest.param({"Last-Modified": NOW, "Date": MINUTE_AGO}, None, id="of tomorrow"),
        pytest.param({"Last-Modified": MINUTE_AGO}, None, id="no clock"),
        pytest.param({"Last-Modified": MINUTE_AGO, "Date": "x"}, None, id="a broken clock"),
        pytest.param({"Last-Modified": "x", "Date": NOW}, None, id="44 no date"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_only_a_strong_validator_tells_a_version(headers: dict[str, str], condition: str | None) -> None:
    version = version_of(CIMultiDict(headers))
    assert (version and version.condition) == condition
