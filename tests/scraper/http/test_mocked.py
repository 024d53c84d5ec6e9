"""The client's tries with aioresponses in place of the network: the border only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import aiohttp
import pytest
from aioresponses import aioresponses

from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOG = "https://b.example/"


class _Response(aiohttp.ClientResponse):
    """aiohttp 3.14 asks for a stream writer that aioresponses does not know of yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"stream_writer": Mock(), **kwargs})


@pytest.fixture
def answers() -> Iterator[aioresponses]:
    with aioresponses() as mocked:
        mocked.get(re.compile(r".*/robots\.txt$"), status=404, response_class=_Response, repeat=True)
        yield mocked


async def _no_nap(_seconds: float) -> None:
    return


async def test_a_reset_connection_is_tried_again(answers: aioresponses) -> None:
    answers.get(BLOG, exception=aiohttp.ServerDisconnectedError())
    answers.get(BLOG, body="hello", response_class=_Response)
    async with Client(sleep=_no_nap) as client:
        assert (await client.get(BLOG)).body == b"hello"


async def test_tries_end_and_the_last_reason_is_told(answers: aioresponses) -> None:
    answers.get(BLOG, status=502, response_class=_Response, repeat=True)
    async with Client(sleep=_no_nap, limits=Limits(attempts=4)) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(BLOG)
        assert client.requests == 5  # robots.txt, and four tries
    assert (caught.value.reason, caught.value.status) == (Reason.SERVER_ERROR, 502)


async def test_a_page_that_is_gone_is_asked_for_once(answers: aioresponses) -> None:
    answers.get(BLOG, status=410, response_class=_Response, repeat=True)
    async with Client(sleep=_no_nap) as client:
        with pytest.raises(FetchError):
            await client.get(BLOG)
        assert client.requests == 2


async def test_a_broken_certificate_is_not_tried_again_without_verification(answers: aioresponses) -> None:
    key = Mock(ssl=True, host="b.example", port=443, is_ssl=True)
    answers.get(
        BLOG, exception=aiohttp.ClientConnectorCertificateError(key, ValueError("expired")), repeat=True
    )
    async with Client(sleep=_no_nap) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(BLOG)
        assert client.requests == 2
    assert caught.value.reason is Reason.TLS
