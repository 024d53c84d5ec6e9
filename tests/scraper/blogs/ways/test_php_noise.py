"""JSON with what PHP and caches write around it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.php_noise import read_noisy_json
from scraper.blogs.ways.way import UnusableAnswerError

URL = "https://b.example/wp-json/wp/v2/posts"
JSON = '[{"id": 1}]'
WARNING = "<br />\n<b>Warning</b>:  Undefined array key [0] in <b>/srv/a.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    "body",
    [
        JSON,
        "\ufeff" + JSON,
        "\n\n \ufeff" + JSON,
        WARNING + JSON,
        WARNING * 20 + JSON,
        "\ufeff" + WARNING + JSON,
        "\nNotice: [] operator not supported for strings in /srv/a.php on line 3\n" + JSON,
        '\nDeprecated: passing {} is deprecated {"x\n' + JSON,
        JSON + "\n<!-- Cached by a plugin -->",
        WARNING + JSON + "\n" + WARNING,
    ],
)  # fmt: skip
def test_the_json_between_warnings_is_read(body: str) -> None:
    assert read_noisy_json(body.encode(), URL) == [{"id": 1}]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null and void",
        "<!DOCTYPE html><p>Warning: maintenance</p>",
        "<html><body>Warning: <script>[{}]</script>",
        "<p>403</p>" + JSON,
        "callback(" + JSON + ")",
        WARNING,
        WARNING + JSON[:-1],
        WARNING + JSON + " and more",
        WARNING + "x" * 70_000 + JSON,
        JSON + JSON,
        "[" * 100_000,
        WARNING + '[{"a":' * 10_000,
        '[{"id": ' + "9" * 5000 + "}]",
    ],
)
def test_what_is_no_json_is_refused(body: str) -> None:
    with pytest.raises(UnusableAnswerError, match="JSON"):
        read_noisy_json(body.encode(), URL)


@given(st.one_of(st.binary(), st.binary().map(lambda noise: WARNING.encode() + b'[{"' + noise)))
def test_any_bytes_give_a_value_or_the_documented_error(body: bytes) -> None:
    with contextlib.suppress(UnusableAnswerError):
        read_noisy_json(body, URL)


def test_broken_json_with_many_beginnings_is_read_once() -> None:
    body = (WARNING + '[{"a":' * 50 + "[" + "1," * 1_000_000 + "!").encode()
    start = time.thread_time()
    with pytest.raises(UnusableAnswerError):
        read_noisy_json(body, URL)
    assert time.thread_time() - start < 30
