"""Asking again, run after run, with a stand-in for the client: what is sent, and what is kept of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from scraper.blogs.asking import ABSENT_FEED, MOVE_MEMORY, Asker
from scraper.blogs.reading import WalkResult
from scraper.http.client import Page
from scraper.http.errors import FetchError
from storage.reasons import Reason
from storage.records import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.http.client import Client

URL, NEW, OTHER = "https://a.example/", "https://new.example/", "https://other.example/"
NOW = 1_795_168_800.0
MODIFIED = "Fri, 20 Nov 2026 10:00:00 GMT"


def page(url: str = URL, status: int = 200, **values: Any) -> Page:
    given: dict[str, Any] = {
        "content_type": "text/html",
        "charset": None,
        "etag": None,
        "last_modified": None,
    }
    return Page(url=url, status=status, body=b"", **given | values)


class Answers:
    """Answers by address, and what was sent to get them."""

    def __init__(self, answers: Mapping[str, Page | Reason]) -> None:
        self.answers = dict(answers)
        self.sent: list[tuple[str, dict[str, str]]] = []

    async def get(self, url: str, *, validators: Mapping[str, str] | None = None) -> Page:
        self.sent.append((url, dict(validators or {})))
        answer = self.answers[url]
        if isinstance(answer, Reason):
            raise FetchError(answer, url)
        return page(answer.url) if answer.unchanged and not validators else answer

    @property
    def asked(self) -> list[str]:
        return [url for url, _ in self.sent]


@pytest.fixture
def asker_of() -> Callable[..., tuple[Asker, WalkResult]]:
    def make(
        client: Answers, kept: Validator | None = None, *, full: bool = False, conditional: bool = True
    ) -> tuple[Asker, WalkResult]:
        async def look_up(url: str) -> Validator | None:
            return kept if url == URL else None

        result = WalkResult()
        return Asker(
            cast("Client", client),
            kept=look_up,
            full=full,
            conditional=conditional,
            now=lambda: NOW,
            result=result,
        ), result

    return make


@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        (None, {}),
        (Validator(), {}),
        (Validator(etag='W/"a"'), {"If-None-Match": 'W/"a"'}),
        (Validator(last_modified=MODIFIED), {"If-Modified-Since": MODIFIED}),
        (
            Validator(etag='"a"', last_modified="yesterday"),
            {"If-None-Match": '"a"', "If-Modified-Since": "yesterday"},
        ),
    ],
    ids=["nothing", "neither", "an etag", "a date", "both, exactly as they came"],
)
async def test_validators_are_echoed(
    asker_of: Callable[..., tuple[Asker, WalkResult]], kept: Validator | None, sent: dict[str, str]
) -> None:
    client = Answers({URL: page()})
    await asker_of(client, kept)[0].again(URL)
    assert client.sent == [(URL, sent)]
    await asker_of(client, kept)[0].again(URL, anew=True)
    await asker_of(client, kept, conditional=False)[0].again(URL)
    await asker_of(client, kept, full=True)[0].again(URL)
    assert client.sent[1:] == [(URL, {})] * 3


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (page(etag='"b"', last_modified=MODIFIED), Validator(etag='"b"', last_modified=MODIFIED)),
        (page(), Validator()),
        (page(etag='"b"', fresh_for=60.0), Validator(etag='"b"', fresh_until=NOW + 60)),
        (page(status=304), Validator(etag='"a"', last_modified="long ago")),
        (
            page(status=304, etag='"b"', fresh_for=60.0),
            Validator(etag='"b"', last_modified="long ago", fresh_until=NOW + 60),
        ),
        (page(OTHER, etag='"b"'), Validator(etag='"b"', answered=OTHER)),
        (page(etag='"' + "x" * 2000 + '"'), Validator()),
        (page(etag='"\udcff"', last_modified="x\0"), Validator()),
        (page(NEW, moved_to=NEW), Validator(answered=NEW, moved_to=NEW, moved_at=NOW)),
        (page(moved_to=URL), Validator()),
    ],
    ids=[
        "new ones",
        "none",
        "fresh",
        "304",
        "304 with more",
        "redirected",
        "too long",
        "not to be sent",
        "moved",
        "moved to itself",
    ],
)
async def test_what_an_answer_says_replaces_what_was_kept(
    asker_of: Callable[..., tuple[Asker, WalkResult]], answer: Page, kept: Validator
) -> None:
    asker, result = asker_of(Answers({URL: answer}), Validator(etag='"a"', last_modified="long ago"))
    found = await asker.again(URL)
    assert (found is None) is answer.unchanged
    assert result.unchanged == int(answer.unchanged)
    assert result.validators == {URL: kept}


@pytest.mark.parametrize(
    ("until", "asked"),
    [(NOW + 1, 0), (NOW, 1), (NOW - 1, 1), (NOW + ABSENT_FEED + 1, 1), (None, 1)],
    ids=["fresh", "just stale", "stale", "a clock that was set back", "never said"],
)
async def test_what_is_fresh_is_not_asked_for(
    asker_of: Callable[..., tuple[Asker, WalkResult]], until: float | None, asked: int
) -> None:
    client = Answers({URL: page()})
    kept = Validator(fresh_until=until)
    asker, result = asker_of(client, kept)
    found = await asker.again(URL)
    assert (len(client.sent), found is None, result.unchanged) == (asked, not asked, 1 - asked)
    for other in (asker_of(client, kept, conditional=False), asker_of(client, kept, full=True)):
        assert await other[0].again(URL) is not None


async def test_what_is_not_there_is_left_alone(asker_of: Callable[..., tuple[Asker, WalkResult]]) -> None:
    client = Answers({URL: page()})
    asker, result = asker_of(client)
    asker.leave_alone(URL)
    assert await asker_of(client, result.validators[URL])[0].again(URL) is None
    assert client.sent == []


@pytest.mark.parametrize(
    ("ago", "first"),
    [(0, NEW), (MOVE_MEMORY - 1, NEW), (MOVE_MEMORY, URL), (-1, URL), (None, URL)],
    ids=["now", "in time", "too long ago", "a clock that was set back", "not said when"],
)
async def test_a_move_is_believed_for_a_month(
    asker_of: Callable[..., tuple[Asker, WalkResult]], ago: float | None, first: str
) -> None:
    client = Answers({URL: page(), NEW: page(NEW)})
    kept = Validator(moved_to=NEW, moved_at=None if ago is None else NOW - ago)
    asker, result = asker_of(client, kept)
    await asker.again(URL)
    assert client.asked == [first]
    still = result.validators[URL]
    assert (still.moved_to, still.moved_at) == ((NEW, kept.moved_at) if first == NEW else (None, None))
    assert asker.moved == {}
    assert asker.distrust(URL) is (first == NEW)
    await asker.again(URL)
    assert client.asked[1:] == [URL]


async def test_a_second_move_is_news(asker_of: Callable[..., tuple[Asker, WalkResult]]) -> None:
    client = Answers({NEW: page(OTHER, moved_to=OTHER)})
    asker, result = asker_of(client, Validator(moved_to=NEW, moved_at=NOW - 9))
    await asker.again(URL)
    assert asker.moved == {URL: OTHER}
    assert (result.validators[URL].moved_to, result.validators[URL].moved_at) == (OTHER, NOW)


LATER = {
    Reason.TOO_SLOW,
    Reason.HEADER_TOO_LARGE,
    Reason.BLOCKED,
    Reason.SERVER_ERROR,
    Reason.RATE_LIMITED,
    Reason.TOO_LARGE,
}


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        (Reason.NOT_FOUND, [NEW, URL]),
        (Reason.GONE, [NEW, URL]),
        (Reason.UNREACHABLE, [NEW, URL]),
        (Reason.TLS, [NEW, URL]),
        (Reason.ROBOTS, [NEW, URL]),
        *((reason, [NEW]) for reason in sorted(LATER)),
    ],
)
async def test_where_a_new_address_is_no_good_the_old_one_is_asked(
    asker_of: Callable[..., tuple[Asker, WalkResult]], reason: Reason, asked: list[str]
) -> None:
    client = Answers({NEW: reason, URL: page()})
    asker, result = asker_of(client, Validator(etag='"a"', moved_to=NEW, moved_at=NOW))
    if URL in asked:
        assert await asker.again(URL) is not None
        assert result.validators == {URL: Validator()}
    else:
        with pytest.raises(FetchError):
            await asker.again(URL)
        assert result.validators == {}
    assert client.asked == asked


async def test_a_304_of_where_a_redirect_leads_today_is_asked_for_in_full(
    asker_of: Callable[..., tuple[Asker, WalkResult]],
) -> None:
    client = Answers({URL: page(OTHER, status=304)})
    asker, _ = asker_of(client, Validator(etag='"a"', answered=NEW))
    assert await asker.again(URL) is not None
    assert client.sent == [(URL, {"If-None-Match": '"a"'}), (URL, {})]
    client.answers[URL] = page(NEW, status=304)
    assert await asker.again(URL) is None
