"""The demo's web server, asked over real sockets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from scraper.demo.server import DemoServer, _served
from scraper.demo.site import site_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SONG = bytes(range(256)) * 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    blog = tmp_path / "blog"
    for name in ("about", "feed", "files", "two words"):
        (blog / name).mkdir(parents=True)
    (blog / "index.html").write_text('<a href="http://blog.example/about/">About</a>', "utf-8")
    (blog / "about/index.html").write_text("<p>Über uns</p>", "utf-8")
    (blog / "two words/index.html").write_text("<p>two words</p>", "utf-8")
    (blog / "feed/index.xml").write_text("<rss><link>http://blog.example/</link></rss>", "utf-8")
    (blog / "404.html").write_text("<article>something else</article>", "utf-8")
    (blog / "files/a song.mp3").write_bytes(SONG)
    (tmp_path / "secret.txt").write_text("outside", "utf-8")
    (blog / "files/leak.txt").symlink_to(tmp_path / "secret.txt")
    return blog


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[DemoServer]:
    async with DemoServer(folder) as running:
        yield running


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url) as session:
        yield session


async def _raw_status(server: DemoServer, target: str) -> tuple[int, bytes]:
    """Ask for `target` as it is written: a client library would tidy it first."""
    url = URL(server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1]), answer


async def test_text_names_the_origin_it_is_served_from(
    server: DemoServer, client: aiohttp.ClientSession
) -> None:
    async with client.get("/") as answer:
        assert await answer.text() == f'<a href="{server.url}about/">About</a>'


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/about/", "text/html; charset=utf-8"),
        ("/feed/", "application/rss+xml; charset=utf-8"),
        ("/files/a%20song.mp3", "audio/mpeg"),
    ],
)
async def test_each_file_has_its_content_type(client: aiohttp.ClientSession, path: str, kind: str) -> None:
    async with client.get(path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind


async def test_text_that_is_known_already_is_not_sent_again(client: aiohttp.ClientSession) -> None:
    async with client.get("/feed/") as first:
        etag = first.headers["ETag"]
    async with client.get("/feed/", headers={"If-None-Match": etag}) as second:
        assert (second.status, await second.read()) == (304, b"")
        assert second.headers["ETag"] == etag


async def test_text_that_has_changed_is_sent_again(folder: Path, client: aiohttp.ClientSession) -> None:
    async with client.get("/feed/") as first:
        etag = first.headers["ETag"]
    (folder / "feed/index.xml").write_text("<rss>new</rss>", "utf-8")
    async with client.get("/feed/", headers={"If-None-Match": etag}) as second:
        assert (second.status, await second.text()) == (200, "<rss>new</rss>")


@pytest.mark.parametrize(
    ("path", "location"),
    [("/about", "/about/"), ("/two%20words", "/two%20words/"), ("//about", "/about/")],
    ids=["plain", "space", "no other host"],
)
async def test_a_folder_without_its_slash_redirects(server: DemoServer, path: str, location: str) -> None:
    status, answer = await _raw_status(server, path)
    assert status == 301
    assert f"Location: {location}\r\n".encode() in answer


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/page/9/", "/files/", "/about/index.html/", f"/{'x' * 300}"],
    ids=lambda path: path[:20],
)
async def test_what_is_not_there_gets_the_page_for_it(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        assert (answer.status, await answer.text()) == (404, "<article>something else</article>")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/files/%2E%2E/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/files/..%5c..%5csecret.txt",
        "/files/leak.txt",
        "//../secret.txt",
        "/secret.txt%00.html",
    ],
)
async def test_no_path_leads_out_of_the_folder(server: DemoServer, path: str) -> None:
    status, answer = await _raw_status(server, path)
    assert status == 404
    assert b"outside" not in answer


async def test_an_absolute_path_is_looked_for_inside_the_folder(server: DemoServer, folder: Path) -> None:
    status, _ = await _raw_status(server, f"/{folder.parent}/secret.txt")
    assert status == 404


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["..", ".", "", "files", "about", "2025", "\\", "~"]) | st.text(max_size=8),
        max_size=8,
    )
)
def test_whatever_the_path_the_answer_is_inside(parts: list[str]) -> None:
    folder = site_folder().resolve()
    served = _served(folder, "/" + "/".join(parts))
    if isinstance(served, Path):
        assert served.is_file()
        assert served.is_relative_to(folder)
    elif served is not None:
        assert served.startswith("/")
        assert not served.startswith("//")


async def test_audio_can_be_asked_for_in_parts(client: aiohttp.ClientSession) -> None:
    async with client.get("/files/a%20song.mp3", headers={"Range": "bytes=100-"}) as answer:
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes 100-{len(SONG) - 1}/{len(SONG)}"
        assert answer.headers["ETag"]
        assert answer.headers["Last-Modified"]
        assert await answer.read() == SONG[100:]


async def test_requests_are_remembered_with_their_status(
    server: DemoServer, client: aiohttp.ClientSession
) -> None:
    await client.head("/about/")
    await client.get("/gone/?page=2")
    await client.get("/files/a%20song.mp3", headers={"Range": "bytes=0-3"})
    assert list(server.requests) == [
        "HEAD /about/ 200",
        "GET /gone/?page=2 404",
        "GET /files/a%20song.mp3 206",
    ]


async def test_a_port_that_is_taken_is_an_os_error(server: DemoServer, folder: Path) -> None:
    port = URL(server.url).port
    assert port is not None
    with pytest.raises(OSError, match=str(port)):
        async with DemoServer(folder, port=port):
            pass


async def test_it_stops_at_once_although_a_client_stays_connected(folder: Path) -> None:
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(30), DemoServer(folder) as running:
            await (await session.get(running.url)).read()
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(running.url)


async def test_only_reading_is_allowed(client: aiohttp.ClientSession) -> None:
    async with client.post("/about/") as answer:
        assert answer.status == 405
