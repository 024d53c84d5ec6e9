from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.http.robots.text import MAX_BYTES, lines_for_us, robots_text

_FILE = "User-agent: *\nDisallow: /a\n"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_FILE.encode(), id="plain"),
        pytest.param(_FILE.encode("utf-8-sig"), id="UTF-8 mark"),
        pytest.param(b"\xff\xfe" + _FILE.encode("utf-16-le"), id="UTF-16 LE mark"),
        pytest.param(b"\xfe\xff" + _FILE.encode("utf-16-be"), id="UTF-16 BE mark"),
        pytest.param(_FILE.replace("D", "\ufeffD").encode(), id="mark between two files put together"),
    ],
)
def test_the_byte_order_mark_says_how_to_decode(body: bytes) -> None:
    assert robots_text(body) == _FILE


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b"# caf\xe9\nDisallow: /a", "# caf\ufffd\nDisallow: /a", id="H1-no UTF-8"),
        pytest.param(b"Dis\0allow: /a", "Dis\ufffdallow: /a", id="NUL"),
        pytest.param(b"\xff\xfeU\0\x00\xd8", "U\ufffd", id="UTF-16 with half a character"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_what_cannot_be_decoded_is_replaced_and_the_rest_stays(body: bytes, text: str) -> None:
    assert robots_text(body) == text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!DOCTYPE html><p>User-agent: *\nDisallow: /", id="doctype"),
        pytest.param(b"\xef\xbb\xbf\r\n <HTML>\nUser-agent: *\nDisallow: /", id="mark and space before it"),
        pytest.param(b"<!-- a -->\n<!-- b --> <html>\nUser-agent: *\nDisallow: /", id="comments before it"),
        pytest.param(b"<head><title>\nUser-agent: *\nDisallow: /", id="head"),
        pytest.param(b"<script>1</script>\nUser-agent: *\nDisallow: /", id="script"),
        pytest.param(b'<?xml version="1.0"?><Error>\nUser-agent: *\nDisallow: /', id="XML"),
    ],
)
def test_a_page_is_no_robots_txt(body: bytes) -> None:
    assert robots_text(body) == ""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!-- $Id: robots.txt $ -->\nUser-agent: *\nDisallow: /a", id="comment of HTML"),
        pytest.param(b"<!-- no end\nUser-agent: *\nDisallow: /a", id="comment without an end"),
        pytest.param(b"<headers>\nUser-agent: *", id="no tag of HTML"),
    ],
)
def test_a_robots_txt_that_begins_like_a_page_is_one(body: bytes) -> None:
    assert robots_text(body).encode() == body


@pytest.mark.parametrize("read", [MAX_BYTES, MAX_BYTES + 5, 2 * MAX_BYTES])
def test_a_line_that_the_cap_cuts_is_dropped(read: int) -> None:
    rule = b"Disallow: /private/of/mine\n"
    body = b"User-agent: *\nDisallow: /first\n"
    body += b"#" * (MAX_BYTES - len(body) - 12) + b"\n" + rule
    assert body[:MAX_BYTES].endswith(b"Disallow: /")
    text = robots_text(body[:read])
    assert text.endswith("#\n")
    assert "/first\n" in text


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_that_ends_at_the_cap_counts(end: bytes) -> None:
    body = b"Disallow: /" + b"a" * (MAX_BYTES - 11 - len(end)) + end
    assert len(body) == MAX_BYTES
    assert robots_text(body + b"Disallow: /") == body.decode()


def test_beyond_the_cap_nothing_is_read() -> None:
    body = b"#" * 1023 + b"\n"
    assert len(robots_text(body * 600)) == MAX_BYTES


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            "User-agent: a\nDisallow: /a\nUser-agent: *\nDisallow: /b",
            ["User-agent: ", "User-agent: *", "Disallow: /b"],
            id="rules for others",
        ),
        pytest.param(
            "User-agent: *\nDisallow: /b\nUser-agent: a\nDisallow: /a",
            ["User-agent: *", "Disallow: /b", "User-agent: "],
            id="rules for others after ours",
        ),
        pytest.param(
            "User-agent: a\nUser-agent: cratedig\nUser-agent: b\nDisallow: /a",
            ["User-agent: ", "User-agent: cratedig", "User-agent: ", "Disallow: /a"],
            id="rules for others and us",
        ),
        pytest.param("Disallow: /a\nAllow: /b", [], id="rules for nobody"),
        pytest.param(
            "User-agent: *\nSitemap: /a\nDisallow: /b # why\n\n# end",
            ["User-agent: *", "Sitemap: /a", "Disallow: /b"],
            id="comments",
        ),
        pytest.param(
            "User-agent: *\rDisallow: /a\r\nDisallow: /b\x0bAllow: /\u2028",
            ["User-agent: *", "Disallow: /a", "Disallow: /b Allow: /"],
            id="ends of lines",
        ),
    ],
)
def test_only_what_may_concern_us_is_kept(text: str, lines: list[str]) -> None:
    assert lines_for_us(text) == lines


@pytest.mark.parametrize("form", ["User-agent: {}", "user agent {}", "user \t agent {}", "USERAGENT : {}"])
def test_names_of_others_do_not_multiply_the_rules(form: str) -> None:
    agents = "".join(f"{form.format(f'bot{number}*')}\n" for number in range(20_000))
    rules = "".join(f"Allow: /{number}\n" for number in range(10_000))
    assert lines_for_us(agents + rules) == ["User-agent: "]


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda part: b"\xff\xfe" + part))
def test_any_bytes_are_text_that_can_be_stored(body: bytes) -> None:
    text = robots_text(body)
    assert "\0" not in text
    assert text.encode().decode() == text
    assert all(line == line.strip() or line == "User-agent: " for line in lines_for_us(text))
