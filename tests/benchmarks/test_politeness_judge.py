from __future__ import annotations

import pytest

from benchmarks.polite_hosts import Served, Temper
from benchmarks.politeness_judge import broken_promises, peak_in_flight, report_of


def _served(*requests: tuple[float, float] | tuple[float, float, int], host: str = "h") -> list[Served]:
    """Requests as (arrived, answered[, status]), each for a page of its own."""
    return [
        Served(
            host=host,
            path=f"/{number}",
            arrived=request[0],
            answered=request[1],
            status=request[2] if len(request) == 3 else 200,
        )
        for number, request in enumerate(requests)
    ]


def _broken(log: list[Served], temper: Temper, *, pages: int, per_host: int = 2) -> list[str]:
    return broken_promises(report_of(temper, log), temper, pages=pages, per_host=per_host)


@pytest.mark.parametrize(
    ("log", "peak"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param(_served((0, 1), (1, 2)), 1, id="one after the other"),
        pytest.param(_served((0, 3), (1, 2), (1.5, 4), (2.5, 3)), 3, id="overlapping"),
    ],
)
def test_the_peak_is_the_most_between_arrival_and_answer(log: list[Served], peak: int) -> None:
    assert peak_in_flight(log) == peak


@pytest.mark.parametrize(
    ("temper", "log"),
    [
        pytest.param(Temper(name="h"), _served((0, 1), (0, 1), (1, 2)), id="two at once"),
        pytest.param(Temper(name="h", crawl_delay=0.5), _served((0, 0.1), (0.5, 0.6), (1, 2)), id="delay"),
        pytest.param(
            Temper(name="h", limited_at=1, retry_after=3),
            _served((0, 0.1, 429), (0.05, 0.15), (3.1, 3.2), (3.1, 3.3)),
            id="under way when the 429 was sent, then left alone",
        ),
        pytest.param(
            Temper(name="h", bearable=1), _served((0, 1), (0, 0, 503), (1, 2)), id="a refusal of a weak host"
        ),
    ],
)
def test_kept_promises_are_not_called_broken(temper: Temper, log: list[Served]) -> None:
    assert _broken(log, temper, pages=sum(one.status == 200 for one in log)) == []


@pytest.mark.parametrize(
    ("temper", "log", "pages", "sentence"),
    [
        pytest.param(
            Temper(name="h"),
            _served((0, 2), (0, 2), (1, 2)),
            3,
            "h: 3 requests in flight, 2 allowed",
            id="peak",
        ),
        pytest.param(
            Temper(name="h", crawl_delay=0.5),
            _served((0, 0.1), (0.5, 0.6), (0.9, 1)),
            3,
            "h: 0.400 s between requests, Crawl-delay 0.5",
            id="delay",
        ),
        pytest.param(
            Temper(name="h", limited_at=1, retry_after=3),
            [*_served((0, 0.1, 429)), *_served((2.9, 3))],
            1,
            "h: asked within the 3 s of Retry-After",
            id="Retry-After",
        ),
        pytest.param(Temper(name="h"), _served((0, 1), (0, 1, 500)), 2, "h: 1 of 2 pages read", id="lost"),
        pytest.param(
            Temper(name="h"),
            [*_served((0, 1)), *_served((0, 1))],
            1,
            "h: 1 requests for pages read before",
            id="again",
        ),
        pytest.param(Temper(name="h"), _served((0, 1), (2, 3)), 2, "h: kept waiting for 2.0 s", id="waiting"),
        pytest.param(
            Temper(name="h", bearable=1),
            [*_served(*[(0, 0, 503)] * 4), *_served((1, 2), (1, 2))],
            2,
            "h: 4 requests that it could not bear",
            id="weak",
        ),
    ],
)
def test_a_broken_promise_is_named(temper: Temper, log: list[Served], pages: int, sentence: str) -> None:
    assert _broken(log, temper, pages=pages) == [sentence]


def test_only_the_host_s_own_requests_count() -> None:
    log = [*_served((0, 1)), *_served((0, 1), (0, 1), (0, 1), host="other")]
    assert report_of(Temper(name="h"), log).peak == 1
