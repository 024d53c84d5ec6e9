from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from yarl import URL

from scraper.http.errors import FetchError
from scraper.http.robots import origins as robots_txt
from scraper.http.robots.origins import FAILURE_AGE, MAX_AGE, MAX_STALE, Robots
from scraper.http.robots.rules import RobotsRules
from storage.reasons import Reason
from storage.robots import RobotsFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PAGE = URL("https://b.example/private/post")
FILE = "https://b.example/robots.txt"
RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 0.5"


class Server:
    """Answers with what `answers` holds for an address, or with `answer`; it may be told to wait."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] | FetchError = (200, RULES)
        self.answers: dict[str, tuple[int, bytes] | FetchError] = {}
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def read(self, url: URL) -> tuple[int, bytes]:
        self.asked.append(str(url))
        await self.open.wait()
        answer = self.answers.get(str(url), self.answer)
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def fail(
        self,
        reason: Reason = Reason.SERVER_ERROR,
        *,
        status: int | None = None,
        url: str = FILE,
        **more: object,
    ) -> None:
        detail = f"status {status}" if status else None
        self.answer = FetchError(reason, url, status=status, detail=detail, **more)  # type: ignore[arg-type]


class Store:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.files: dict[str, tuple[int, str, float]] = {}

    async def get(self, origin: str, *, max_age: float) -> RobotsFile | None:
        if origin not in self.files:
            return None
        status, text, saved = self.files[origin]
        age = self.clock() - saved
        return RobotsFile(status=status, text=text, age=age) if age <= max_age else None

    async def save(self, origin: str, status: int, text: str) -> None:
        self.files[origin] = (status, text, self.clock())


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store(clock)


@pytest.fixture
def run(server: Server, store: Store, clock: Clock) -> Callable[[], Robots]:
    """Begin a run of the program: nothing in memory, the store as it is."""
    return lambda: Robots(server.read, store=store, clock=clock)


@pytest.fixture
async def robots(run: Callable[[], Robots]) -> AsyncIterator[Robots]:
    made = run()
    yield made
    await made.close()


async def _refused(robots: Robots, url: URL = PAGE) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await robots.check(url)
    return caught.value


async def test_what_is_disallowed_is_refused_and_the_rest_comes_with_its_rules(robots: Robots) -> None:
    refused = await _refused(robots)
    assert (refused.reason, refused.url) == (Reason.ROBOTS, str(PAGE))
    rules = await robots.check(PAGE.with_path("/post"))
    assert rules.crawl_delay == 0.5
    assert rules is await robots.rules(PAGE), "rules that forbid the page are rules all the same"


async def test_each_origin_is_asked_once_for_its_own_file(robots: Robots, server: Server) -> None:
    for url in ("https://b.example/1", "https://b.example/2?x#y", "https://B.example:443/3"):
        await robots.check(URL(url))
    await robots.check(URL("http://b.example/1"))
    await robots.check(URL("https://b.example:8443/deep/path"))
    assert server.asked == [FILE, "http://b.example/robots.txt", "https://b.example:8443/robots.txt"]


async def test_sitemaps_are_resolved_against_the_origin(robots: Robots, server: Server) -> None:
    server.answer = (200, b"Sitemap: /s.xml")
    assert (await robots.rules(PAGE)).sitemaps == ("https://b.example/s.xml",)


async def test_who_comes_while_the_file_is_asked_for_waits_for_it(robots: Robots, server: Server) -> None:
    server.open.clear()
    waiting = [asyncio.create_task(robots.rules(PAGE)) for _ in range(50)]
    await asyncio.sleep(0)
    server.open.set()
    rules = await asyncio.gather(*waiting)
    assert server.asked == [FILE]
    assert len({id(one) for one in rules}) == 1


async def test_who_is_cancelled_does_not_take_the_answer_from_the_others(
    robots: Robots, server: Server
) -> None:
    server.open.clear()
    first, second = (asyncio.create_task(robots.rules(PAGE)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    server.open.set()
    assert (await second).crawl_delay == 0.5
    assert server.asked == [FILE]


async def test_closing_ends_what_is_still_asked_for(robots: Robots, server: Server) -> None:
    server.open.clear()
    waiting = asyncio.create_task(robots.rules(PAGE))
    await asyncio.sleep(0)
    await robots.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_error_of_ours_is_raised_and_not_remembered(robots: Robots, server: Server) -> None:
    async def broken(url: URL) -> tuple[int, bytes]:
        raise RuntimeError(str(url))

    robots._read = broken
    with pytest.raises(RuntimeError):
        await robots.rules(PAGE)
    robots._read = server.read
    assert (await robots.rules(PAGE)).crawl_delay == 0.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 499])
async def test_an_unavailable_file_allows_and_is_kept_as_such(
    robots: Robots, server: Server, store: Store, status: int
) -> None:
    server.fail(Reason.NOT_FOUND, status=status)
    await robots.check(PAGE)
    await robots.check(PAGE)
    assert server.asked == [FILE]
    assert store.files["https://b.example"][:2] == (status, "")


async def test_redirects_without_an_end_count_as_unavailable(robots: Robots, server: Server) -> None:
    server.fail(Reason.REDIRECT_LOOP)
    await robots.check(PAGE)


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        pytest.param(200, RULES, False, id="200"),
        pytest.param(203, RULES, False, id="203"),
        pytest.param(206, RULES, False, id="206"),
        pytest.param(204, b"", True, id="204"),
        pytest.param(200, b"", True, id="empty"),
        pytest.param(200, b"<!DOCTYPE html>\nUser-agent: *\nDisallow: /", True, id="a page"),
        pytest.param(200, b"\xe9\n" + RULES, False, id="H1-no UTF-8"),
        pytest.param(200, RULES + b"\n# much" * 20_000, False, id="large"),
    ],
)
async def test_what_came_with_a_status_of_success_counts(
    robots: Robots, server: Server, status: int, body: bytes, *, allowed: bool
) -> None:
    server.answer = (status, body)
    if allowed:
        await robots.check(PAGE)
    else:
        assert (await _refused(robots)).reason is Reason.ROBOTS


@pytest.mark.parametrize(
    ("reason", "status", "url", "said"),
    [
        pytest.param(Reason.SERVER_ERROR, 500, FILE, "server-error: status 500", id="H1-500"),
        pytest.param(Reason.SERVER_ERROR, 503, FILE, "server-error: status 503", id="503"),
        pytest.param(Reason.RATE_LIMITED, 429, FILE, "rate-limited: status 429", id="429"),
        pytest.param(Reason.HTTP_ERROR, 304, FILE, "http-error: status 304", id="304"),
        pytest.param(Reason.TIMEOUT, None, FILE, "timeout", id="H1-time-out"),
        pytest.param(Reason.SHORT_BODY, None, FILE, "short-body", id="H1-short"),
        pytest.param(Reason.PROTOCOL_ERROR, None, FILE, "protocol-error", id="no HTTP"),
        pytest.param(Reason.BAD_REDIRECT, None, FILE, "bad-redirect", id="14-redirect to file://"),
        pytest.param(
            Reason.BLOCKED_ADDRESS, None, "http://10.0.0.1/", "blocked-address", id="15-redirect inside"
        ),
        pytest.param(Reason.UNREACHABLE, None, "https://c.example/", "unreachable", id="redirect to nobody"),
    ],
)
async def test_an_unreachable_file_disallows_everything(
    robots: Robots, server: Server, store: Store, *, reason: Reason, status: int | None, url: str, said: str
) -> None:
    server.fail(reason, status=status, url=url)
    refused = await _refused(robots, URL("https://b.example/public"))
    assert refused.reason is Reason.ROBOTS_UNREACHABLE
    assert refused.transient
    assert (refused.url, refused.status, refused.detail) == ("https://b.example/public", status, said)
    assert not store.files, "the next run asks again"


@pytest.mark.parametrize(
    "reason",
    [Reason.UNREACHABLE, Reason.TLS, Reason.BLOCKED, Reason.BLOCKED_ADDRESS, Reason.BLOCKED_PORT],
)
async def test_what_is_wrong_with_the_host_itself_is_called_so(
    robots: Robots, server: Server, reason: Reason
) -> None:
    server.fail(reason)
    assert (await _refused(robots)).reason is reason


@pytest.mark.parametrize("seconds", [70.0, 1800.0])
async def test_a_host_that_is_to_be_left_alone_is_asked_when_that_is_over(
    robots: Robots, server: Server, clock: Clock, seconds: float
) -> None:
    server.fail(Reason.RATE_LIMITED, retry_after=seconds, asked=False)
    refused = await _refused(robots)
    assert (refused.reason, refused.retry_after, refused.asked) == (Reason.RATE_LIMITED, seconds, False)
    clock.time += seconds - 1
    assert (await _refused(robots)).retry_after == 1
    assert len(server.asked) == 1
    clock.time += 1
    server.answer = (200, RULES)
    assert (await robots.rules(PAGE)).crawl_delay == 0.5


async def test_a_failure_is_remembered_for_a_few_minutes_in_this_run_only(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock
) -> None:
    server.fail(status=503)
    first = await _refused(robots)
    later = [await _refused(robots, PAGE / str(number)) for number in range(500)]
    assert server.asked == [FILE]
    assert first.asked
    assert not any(refused.asked for refused in later)
    assert {refused.reason for refused in later} == {Reason.ROBOTS_UNREACHABLE}
    assert later[7].url == str(PAGE / "7")
    assert later[7].retry_after is None
    assert (await _refused(run())).asked, "another run asks again"
    clock.time += FAILURE_AGE
    server.answer = (200, RULES)
    assert (await _refused(robots)).reason is Reason.ROBOTS


@pytest.mark.parametrize(("asks", "waits"), [(7.0, FAILURE_AGE), (3600.0, 3600.0), (1e9, MAX_AGE)])
async def test_25_retry_after_of_a_robots_txt_is_kept(
    robots: Robots, server: Server, clock: Clock, asks: float, waits: float
) -> None:
    server.fail(Reason.RATE_LIMITED, status=429, retry_after=asks)
    assert (await _refused(robots)).retry_after == waits
    clock.time += waits - 1
    assert (await _refused(robots)).retry_after == 1
    assert len(server.asked) == 1
    clock.time += 1
    await _refused(robots)
    assert len(server.asked) == 2


async def test_the_file_is_asked_for_again_after_a_day(robots: Robots, server: Server, clock: Clock) -> None:
    await robots.rules(PAGE)
    clock.time += MAX_AGE - 1
    await robots.rules(PAGE)
    assert len(server.asked) == 1
    clock.time += 1
    server.answer = (200, b"")
    await robots.check(PAGE)
    assert len(server.asked) == 2


async def test_another_run_within_a_day_uses_what_is_kept(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock
) -> None:
    await robots.rules(PAGE)
    clock.time += MAX_AGE - 10
    second = run()
    assert (await second.rules(PAGE)).crawl_delay == 0.5
    assert len(server.asked) == 1
    clock.time += 10
    await second.rules(PAGE)
    assert len(server.asked) == 2, "the day counts from the answer, not from the run"


@pytest.mark.parametrize("kept", ["in memory", "in the store"])
async def test_a_copy_stands_in_for_a_file_that_cannot_be_read(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock, kept: str
) -> None:
    await robots.rules(PAGE)
    later = robots if kept == "in memory" else run()
    clock.time += 20 * MAX_AGE
    server.fail(status=503)
    for number in range(10):
        assert (await _refused(later, PAGE / str(number))).reason is Reason.ROBOTS
    await later.check(URL("https://b.example/public"))
    assert len(server.asked) == 2
    clock.time += FAILURE_AGE
    await later.rules(PAGE)
    assert len(server.asked) == 3, "it is asked for again"


async def test_a_copy_older_than_thirty_days_does_not(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock
) -> None:
    await robots.rules(PAGE)
    clock.time += MAX_STALE + 1
    server.fail(status=503)
    for late in (robots, run()):
        assert (await _refused(late)).reason is Reason.ROBOTS_UNREACHABLE


async def test_the_age_of_a_copy_counts_from_the_answer_not_from_the_run(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock
) -> None:
    await robots.rules(PAGE)
    clock.time += MAX_AGE / 2
    second = run()
    await second.rules(PAGE)
    clock.time += MAX_STALE - MAX_AGE / 2 + 1
    server.fail(status=503)
    assert (await _refused(second)).reason is Reason.ROBOTS_UNREACHABLE


async def test_that_there_was_no_file_is_no_copy_of_one(
    robots: Robots, run: Callable[[], Robots], server: Server, clock: Clock
) -> None:
    server.fail(Reason.NOT_FOUND, status=404)
    await robots.check(PAGE)
    clock.time += MAX_AGE
    server.fail(status=503)
    for late in (robots, run()):
        assert (await _refused(late)).reason is Reason.ROBOTS_UNREACHABLE


async def test_without_a_store_memory_keeps_the_copy(server: Server, clock: Clock) -> None:
    robots = Robots(server.read, store=None, clock=clock)
    await robots.rules(PAGE)
    server.fail(status=503)
    for _ in range(3):
        clock.time += MAX_AGE
        assert (await robots.rules(PAGE)).crawl_delay == 0.5
    assert len(server.asked) == 4


@pytest.mark.parametrize(("lines", "in_thread"), [(10, False), (1_000, True)])
async def test_a_large_file_is_parsed_beside_the_loop(
    robots: Robots, server: Server, monkeypatch: pytest.MonkeyPatch, lines: int, *, in_thread: bool
) -> None:
    threads: list[threading.Thread] = []

    class Watched(RobotsRules):
        def __init__(self, text: str, *, origin: str = "") -> None:
            threads.append(threading.current_thread())
            super().__init__(text, origin=origin)

    monkeypatch.setattr(robots_txt, "RobotsRules", Watched)
    server.answer = (200, b"User-agent: *\n" + b"Disallow: /a\n" * lines)
    await robots.rules(PAGE)
    assert [thread is not threading.main_thread() for thread in threads] == [in_thread]


async def test_memory_holds_so_many_origins_and_those_used_last(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots_txt, "MAX_ORIGINS", 3)
    robots = Robots(server.read, store=None, clock=clock)
    for host in "abcad":
        await robots.rules(URL(f"https://{host}.example/"))
    assert list(robots._known) == ["https://c.example", "https://a.example", "https://d.example"]
    await robots.rules(URL("https://b.example/"))
    assert server.asked.count(FILE) == 2


async def test_memory_holds_so_many_lines_of_rules(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots_txt, "MAX_LINES", 100)
    robots = Robots(server.read, store=None, clock=clock)
    for host in "abc":
        server.answer = (200, b"User-agent: *\n" + b"".join(b"Allow: /%d\n" % n for n in range(39)))
        await robots.rules(URL(f"https://{host}.example/"))
    assert list(robots._known) == ["https://b.example", "https://c.example"]
    server.answer = (200, b"User-agent: *\n" + b"".join(b"Allow: /%d\n" % n for n in range(500)))
    await robots.rules(URL("https://d.example/"))
    assert list(robots._known) == ["https://d.example"], "the last one stays, whatever its size"
    clock.time += MAX_AGE
    await robots.rules(URL("https://d.example/"))
    assert robots._lines == 501, "what is read anew counts once"
    server.answer = (200, b"")
    for host in "ef":
        await robots.rules(URL(f"https://{host}.example/"))
    assert (list(robots._known), robots._lines) == (["https://e.example", "https://f.example"], 0)
