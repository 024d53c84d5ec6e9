"""The client against a real server on loopback. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from scraper import __version__
from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError
from storage.reasons import Reason
from storage.robots import RobotsFiles


async def _no_robots(request: web.Request) -> web.Response:
    return web.Response(status=404 if request.path == "/robots.txt" else 200, text="hello")


async def test_a_page_is_read_whole_with_what_a_later_question_needs(client: Client, serve: Any) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        return web.Response(
            body="größer".encode(), content_type="text/html", charset="utf-8", headers={"ETag": 'W/"a"'}
        )

    async with serve(answer) as url:
        page = await client.get(f"{url}/post")
    assert (page.status, page.body.decode(), page.charset, page.etag) == (200, "größer", "utf-8", 'W/"a"')


async def test_the_user_agent_says_who_asks_and_whom_to_write_to(serve: Any) -> None:
    agents: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        agents.append(request.headers["User-Agent"])
        return web.Response(text="x")

    async with serve(answer) as url, Client(allow_private=True, contact="me@b.example") as client:
        await client.get(url)
    assert set(agents) == {f"cratedig/{__version__} (+me@b.example)"}


async def test_a_server_that_fails_twice_is_asked_a_third_time(
    client: Client, serve: Any, naps: list[float]
) -> None:
    asked = Counter[str]()

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] += 1
        return web.Response(status=503 if request.path == "/x" and asked["/x"] < 3 else 200, text="x")

    async with serve(answer) as url:
        page = await client.get(f"{url}/x")
    assert page.status == 200
    assert asked["/x"] == 3
    assert naps


async def test_retry_after_is_kept_by_every_task_of_the_host(serve: Any, quick: Any) -> None:
    asked: dict[str, float] = {}

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] = quick.now
        if request.path == "/slow":
            return web.Response(status=429, headers={"Retry-After": "7"})
        return web.Response(text="x")

    async with (
        serve(answer) as url,
        Client(
            allow_private=True,
            obey_robots=False,
            sleep=quick.sleep,
            clock=quick.clock,
            limits=Limits(attempts=1),
        ) as client,
    ):
        with pytest.raises(FetchError) as caught:
            await client.get(f"{url}/slow")
        await client.get(f"{url}/other")
    assert caught.value.retry_after == 7
    assert asked["/other"] - asked["/slow"] >= 7


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("/loop/a", Reason.REDIRECT_LOOP, id="13-loop"),
        pytest.param("/chain/0", Reason.REDIRECT_LOOP, id="13-more than ten hops"),
        pytest.param("/to/file", Reason.BAD_REDIRECT, id="14"),
        pytest.param("/status/204", Reason.HTTP_ERROR, id="no content"),
        pytest.param("/status/403", Reason.FORBIDDEN, id="403"),
        pytest.param("/status/410", Reason.GONE, id="410"),
        pytest.param("/challenge", Reason.BLOCKED, id="challenge"),
        pytest.param("/big", Reason.TOO_LARGE, id="too large"),
        pytest.param("/bomb", Reason.TOO_LARGE, id="41-gzip bomb"),
        pytest.param("/short", Reason.SHORT_BODY, id="28-short body"),
        pytest.param("/private", Reason.ROBOTS, id="robots"),
    ],
)
async def test_what_gives_no_page_says_why(serve: Any, path: str, reason: Reason) -> None:
    async with serve(_hostile) as url, Client(allow_private=True, limits=Limits(attempts=1)) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(f"{url}{path}", max_bytes=100_000)
    assert caught.value.reason is reason


async def _hostile(request: web.Request) -> web.StreamResponse:
    kind, _, rest = request.path.strip("/").partition("/")
    match kind:
        case "robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /private")
        case "loop":
            return web.Response(status=302, headers={"Location": "/loop/b" if rest == "a" else "/loop/a"})
        case "chain":
            return web.Response(status=301, headers={"Location": f"/chain/{int(rest) + 1}"})
        case "to":
            return web.Response(status=302, headers={"Location": "file:///etc/passwd"})
        case "status":
            return web.Response(status=int(rest))
        case "challenge":
            return web.Response(status=403, headers={"cf-mitigated": "challenge"})
        case "big":
            return web.Response(body=b"x" * 100_001)
        case "bomb":
            return web.Response(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"})
        case "short":
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"x" * 10)
            assert request.transport is not None
            request.transport.close()
            return response
        case _:
            return web.Response(text="x")


async def test_45_headers_that_never_end_are_not_waited_for(naps: list[float]) -> None:
    over = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"X-Drip: drop\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)
            writer.close()
            await writer.wait_closed()
        over.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server, asyncio.timeout(60):
        port = server.sockets[0].getsockname()[1]
        limits = Limits(attempts=1, read_timeout=5, headers_timeout=0.05)
        async with Client(allow_private=True, obey_robots=False, limits=limits) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(f"http://127.0.0.1:{port}/")
        await over.wait()
    assert caught.value.reason is Reason.TIMEOUT


async def test_credentials_in_an_address_are_not_sent(client: Client, serve: Any) -> None:
    seen: list[bool] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append("Authorization" in request.headers)
        return web.Response(text="x")

    async with serve(answer) as url:
        await client.get(url.replace("http://", "http://user:secret@"))
    assert seen
    assert not any(seen)


async def test_cookies_of_one_answer_are_not_sent_with_the_next(client: Client, serve: Any) -> None:
    cookies: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        return web.Response(text="x", headers={"Set-Cookie": "a=b"})

    async with serve(answer) as url:
        await client.get(url)
        await client.get(url)
    assert set(cookies) == {None}


async def test_robots_txt_is_asked_for_once_and_its_delay_is_kept_from_the_first_page_on(
    client: Client, serve: Any, quick: Any
) -> None:
    asked: list[tuple[str, float]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, quick.now))
        return web.Response(text="User-agent: cratedig\nCrawl-delay: 0.5")

    async with serve(answer) as url:
        await client.get(f"{url}/a")
        await client.get(f"{url}/b")
    assert [path for path, _ in asked] == ["/robots.txt", "/a", "/b"]
    assert all(later - earlier >= 0.5 for (_, earlier), (_, later) in pairwise(asked))


async def test_a_crawl_delay_known_from_an_earlier_run_is_kept_before_the_first_page(
    serve: Any, quick: Any, database: Any
) -> None:
    asked: list[tuple[str, float]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, quick.now))
        return web.Response(text="User-agent: *\nCrawl-delay: 4")

    async with serve(answer) as url:
        for run in range(2):
            options: dict[str, Any] = {"sleep": quick.sleep, "clock": quick.clock}
            async with Client(allow_private=True, robots_store=RobotsFiles(database), **options) as client:
                await client.get(f"{url}/{run}")
    assert [path for path, _ in asked] == ["/robots.txt", "/0", "/1"]
    assert all(later - earlier >= 4 for (_, earlier), (_, later) in pairwise(asked))


async def test_a_request_whose_connection_ends_is_sent_again_by_the_client_alone(
    serve: Any, quick: Any
) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        assert request.transport is not None
        if len(asked) > 1:
            request.transport.close()  # on a connection that was good a moment ago
        return web.Response(text="x")

    async with (
        serve(answer) as url,
        Client(
            allow_private=True,
            obey_robots=False,
            sleep=quick.sleep,
            clock=quick.clock,
            limits=Limits(attempts=3),
        ) as client,
    ):
        await client.get(f"{url}/good")
        with pytest.raises(FetchError) as caught:
            await client.get(f"{url}/bad")
        assert client.requests == len(asked) == 4
    assert caught.value.reason is Reason.UNREACHABLE


async def test_sitemaps_come_from_robots_txt_which_is_asked_for_once(client: Client, serve: Any) -> None:
    asked = Counter[str]()

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] += 1
        return web.Response(text="Sitemap: /map.xml\nSitemap: https://b.example/posts.xml\n")

    async with serve(answer) as url:
        assert await client.sitemaps(f"{url}/post") == (f"{url}/map.xml", "https://b.example/posts.xml")
        assert await client.sitemaps(url)
    assert asked == {"/robots.txt": 1}


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (500, False), (503, False)]
)
async def test_a_refused_robots_txt_allows_and_a_failing_one_disallows(
    serve: Any, status: int, allowed: bool
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status if request.path == "/robots.txt" else 200, text="x")

    async with serve(answer) as url, Client(allow_private=True, limits=Limits(attempts=1)) as client:
        if allowed:
            assert (await client.get(url)).status == 200
        else:
            with pytest.raises(FetchError) as caught:
                await client.get(url)
            assert caught.value.reason is Reason.ROBOTS_UNREACHABLE
            assert caught.value.transient, "the next run asks again"


async def test_a_challenge_in_place_of_robots_txt_is_called_what_it_is(client: Client, serve: Any) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"cf-mitigated": "challenge"})

    async with serve(answer) as url:
        with pytest.raises(FetchError) as caught:
            await client.get(f"{url}/post")
    assert caught.value.reason is Reason.BLOCKED


async def test_robots_txt_beyond_its_first_500_kib_is_not_read(client: Client, serve: Any) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(
                text="User-agent: *\nDisallow: /private\n" + "#" * 600_000 + "\nDisallow: /\n"
            )
        return web.Response(text="x")

    async with serve(answer) as url:
        assert (await client.get(f"{url}/public")).status == 200
        with pytest.raises(FetchError):
            await client.get(f"{url}/private")


async def test_never_more_requests_at_once_to_a_host_than_allowed(serve: Any) -> None:
    running = peak = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1
        return web.Response(text="x")

    async with serve(answer) as url, Client(allow_private=True, limits=Limits(per_host=3)) as client:
        await asyncio.gather(*(client.get(f"{url}/{number}") for number in range(60)))
    assert peak == 3


async def test_nobody_at_the_address_is_unreachable(client: Client, unused_tcp_port: int) -> None:
    with pytest.raises(FetchError) as caught:
        await client.get(f"http://127.0.0.1:{unused_tcp_port}/")
    assert caught.value.reason is Reason.UNREACHABLE
    assert "127.0.0.1" in str(caught.value)
