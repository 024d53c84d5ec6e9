from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.export import CSV_COLUMNS, post_object, render_csv, render_json, render_jsonl
from storage.reasons import Reason
from storage.records import (
    Download,
    DownloadState,
    Link,
    LinkKind,
    MatchedPost,
    Post,
    Precision,
    Published,
)
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GENERATED = datetime(2026, 11, 20, 10, tzinfo=UTC)
FILE = Link(
    url="https://files.example/a.mp3",
    key="a",
    kind=LinkKind.DIRECT,
    host="files.example",
    format="mp3",
    name="a.mp3",
    quality="320",
    group=1,
    part=2,
)
GATE = Link(url="https://gate.example/1", key="g", kind=LinkKind.GATE, host="gate.example")
DONE = Download(
    id=1,
    key="a",
    url=FILE.url,
    host=FILE.host,
    state=DownloadState.DONE,
    attempts=1,
    due=0.0,
    created=0.0,
    updated=0.0,
    kind=LinkKind.DIRECT,
    path="/music/a.mp3",
    bytes=9,
    sha256="ab",
)
POST = Post(
    url="https://blog.example/crazy",
    key="k",
    blog="https://blog.example/",
    title="Crazy",
    artist="Nasty C",
    published=Published(text="2026-11-18T09:30:00+01:00", precision=Precision.TIME, timestamp=1763454600.0),
    genres=("deep house", "dub"),
    links=(FILE, GATE),
    passwords=("foo57",),
)
MATCHED = MatchedPost(post=POST, matched=("house",), downloads={"a": DONE})
EXPORTED = {
    "url": "https://blog.example/crazy",
    "blog": "https://blog.example/",
    "title": "Crazy",
    "artist": "Nasty C",
    "track": None,
    "version": None,
    "label": None,
    "published": "2026-11-18T09:30:00+01:00",
    "genres": ["deep house", "dub"],
    "matched": ["house"],
    "cover": None,
    "passwords": ["foo57"],
    "links": [
        {
            "url": "https://files.example/a.mp3",
            "kind": "direct",
            "host": "files.example",
            "format": "mp3",
            "name": "a.mp3",
            "quality": "320",
            "group": 1,
            "part": 2,
            "download": {
                "state": "done",
                "path": "/music/a.mp3",
                "bytes": 9,
                "sha256": "ab",
                "reason": None,
            },
        },
        {
            "url": "https://gate.example/1",
            "kind": "gate",
            "host": "gate.example",
            **dict.fromkeys(["format", "name", "quality", "group", "part", "download"]),
        },
    ],
}
HOSTILE = "\u202egpj.exe\ud800 \x1b]0;pwn\x07 \x9b31m \u2028 \u200f \x7f \0 \r\n </script> あ👩‍🎤"


async def _stream(*posts: MatchedPost) -> AsyncIterator[MatchedPost]:
    for post in posts:
        yield post


async def _text(chunks: AsyncIterator[str]) -> str:
    return "".join([chunk async for chunk in chunks])


async def _csv(*posts: MatchedPost) -> list[dict[str, str]]:
    text = await _text(render_csv(_stream(*posts)))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_json_is_one_object_as_documented(count: int) -> None:
    chunks = render_json(_stream(*[MATCHED] * count), genres=["house", "techno"], generated=GENERATED)
    assert json.loads(await _text(chunks)) == {
        "schema": 1,
        "generated": "2026-11-20T10:00:00+00:00",
        "genres": ["house", "techno"],
        "posts": [EXPORTED] * count,
    }


async def test_json_lines_have_a_post_a_line() -> None:
    text = await _text(render_jsonl(_stream(MATCHED, MATCHED)))
    assert text.endswith("\n")
    assert [json.loads(line) for line in text.splitlines()] == [EXPORTED, EXPORTED]
    assert await _text(render_jsonl(_stream())) == ""


async def test_a_post_is_written_before_the_next_is_read() -> None:
    read = 0

    async def posts() -> AsyncIterator[MatchedPost]:
        nonlocal read
        for _ in range(3):
            read += 1
            yield MATCHED

    for chunks in (
        render_json(posts(), genres=[], generated=GENERATED),
        render_jsonl(posts()),
        render_csv(posts()),
    ):
        read = 0
        async for chunk in chunks:
            if "Crazy" in chunk:
                break
        assert read == 1


@pytest.mark.parametrize(
    ("state", "reason", "shown"),
    [
        pytest.param(
            DownloadState.RUNNING,
            None,
            {"state": "running", "path": None, "bytes": None},
            id="a plan is no file",
        ),
        pytest.param(
            DownloadState.FAILED,
            Reason.GONE,
            {"state": "failed", "path": None, "reason": "gone"},
            id="failed",
        ),
        pytest.param(
            DownloadState.DONE, None, {"state": "done", "path": "/music/a.mp3", "reason": None}, id="done"
        ),
    ],
)
def test_a_download_shows_its_file_only_when_it_is_there(
    state: DownloadState, reason: Reason | None, shown: dict[str, Any]
) -> None:
    post = replace(MATCHED, downloads={"a": replace(DONE, state=state, reason=reason)})
    download = post_object(post)["links"][0]["download"]
    assert {name: download[name] for name in shown} == shown


async def test_52_53_json_stays_valid_and_shows_no_character_that_steers() -> None:
    post = replace(MATCHED, post=replace(POST, title=HOSTILE))
    for chunks in (
        render_json(_stream(post), genres=[HOSTILE], generated=GENERATED),
        render_jsonl(_stream(post)),
    ):
        text = await _text(chunks)
        assert text.encode().decode() == text
        assert not set(text) & set("\u202e\x1b\x07\x9b\u2028\u200f\x7f\0\r")
        assert "あ👩‍🎤" in text
        read = json.loads(text)
        title = read["posts"][0]["title"] if "posts" in read else read["title"]
        assert title == HOSTILE.replace("\ud800", "\ufffd")


@settings(deadline=None)
@given(title=st.text(st.characters(codec=None, categories=None)))
async def test_any_title_survives_json(title: str) -> None:
    line = await _text(render_jsonl(_stream(replace(MATCHED, post=replace(POST, title=title)))))
    assert len(line.splitlines()) == 1
    # Only what no text can hold is replaced; NUL can stand in JSON.
    assert json.loads(line)["title"].replace("\0", "\ufffd") == storable(title)


async def test_csv_has_a_link_a_row() -> None:
    first, second = await _csv(MATCHED)
    assert tuple(first) == CSV_COLUMNS
    assert first == {
        "url": "https://blog.example/crazy",
        "blog": "https://blog.example/",
        "title": "Crazy",
        "artist": "Nasty C",
        "track": "",
        "version": "",
        "label": "",
        "published": "2026-11-18T09:30:00+01:00",
        "genres": "deep house; dub",
        "matched": "house",
        "cover": "",
        "link_url": "https://files.example/a.mp3",
        "link_kind": "direct",
        "link_host": "files.example",
        "link_format": "mp3",
        "link_name": "a.mp3",
        "download_state": "done",
        "download_path": "/music/a.mp3",
        "download_bytes": "9",
        "download_sha256": "ab",
        "download_reason": "",
        "link_quality": "320",
        "link_group": "1",
        "link_part": "2",
        "passwords": "foo57",
    }
    assert second["title"] == "Crazy"
    assert (second["link_kind"], second["download_state"]) == ("gate", "")
    assert (second["link_quality"], second["link_group"], second["passwords"]) == ("", "", "foo57")


async def test_csv_has_one_row_for_a_post_without_links() -> None:
    (row,) = await _csv(replace(MATCHED, post=replace(POST, links=())))
    assert row["title"] == "Crazy"
    assert {value for name, value in row.items() if name.startswith(("link", "download"))} == {""}


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        pytest.param('=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")', id="54 ="),
        pytest.param("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0", id="54 +"),
        pytest.param("-rf", "'-rf", id="54 -"),
        pytest.param("@SUM(1)", "'@SUM(1)", id="54 @"),
        pytest.param("\t=1", "'\t=1", id="54 tab"),
        pytest.param("\r=1", "'\r=1", id="54 carriage return"),
        pytest.param("＝1", "'＝1", id="54 full width"),
        pytest.param("a=b", "a=b", id="54 inside is harmless"),
        pytest.param('a,"b"\nc', 'a,"b"\nc', id="quotes, commas and lines stay"),
        pytest.param("a\x1b]0;pwn\x07\0b", "a\ufffd]0;pwn\ufffd\ufffdb", id="53 control characters"),
        pytest.param("a\ud800", "a\ufffd", id="52 lone surrogate"),
    ],
)
async def test_a_cell_is_never_a_formula(title: str, cell: str) -> None:
    post = replace(MATCHED, post=replace(POST, title=title))
    assert {row["title"] for row in await _csv(post)} == {cell}


async def test_54_every_cell_is_guarded_and_json_is_unchanged() -> None:
    evil = "=1+1"
    link = replace(FILE, url=evil, host=evil, format=evil, name=evil, quality=evil)
    post = replace(
        POST,
        url=evil,
        blog=evil,
        artist=evil,
        track=evil,
        version=evil,
        label=evil,
        cover=evil,
        genres=(evil,),
        links=(link,),
        passwords=(evil,),
    )
    matched = MatchedPost(post=post, matched=(evil,), downloads={"a": replace(DONE, path=evil)})
    (row,) = await _csv(matched)
    assert not [name for name, value in row.items() if value.startswith("=")]
    assert post_object(matched)["artist"] == evil
