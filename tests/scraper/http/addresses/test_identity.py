from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.http.addresses.identity import (
    MAX_URL_LENGTH,
    fetch_url,
    host_suffixes,
    link_key,
    origin,
    post_key,
    same_site,
)

BASE = "https://b.example/p/"

_PIECES = (
    "http:// https:// // / b.example www. mega.nz :80 :443 :8080 @ ? # & = % %2 %2F %41 %C3 %A9 %CC%81 "
    "%E2%80%93 %25 %3D %2e \u0301 \u0338 é e A – + ; \\ .. . utm_source=a ref=1 _=1 m=1 /amp index.html "
    "[ ] \ud800 \udcff ß 。 a=1 b"
)
_ADDRESS_PIECES = st.sampled_from([*_PIECES.split(" "), " ", "\n"])
ADDRESSES = st.one_of(
    st.text(max_size=80),
    st.lists(_ADDRESS_PIECES, max_size=14).map("".join),
    st.lists(_ADDRESS_PIECES, max_size=10).map(lambda pieces: "http://b.example/" + "".join(pieces)),
)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("/a%20-%20b.mp3", "https://b.example/a%20-%20b.mp3", id="L1-root-relative"),
        pytest.param("../f/a.FLAC", "https://b.example/f/a.FLAC", id="L2-dot-relative"),
        pytest.param("//cdn.example/a.mp3", "https://cdn.example/a.mp3", id="L3-scheme-relative"),
        pytest.param(
            "https://b/a.mp3?X-Amz-Signature=a%2Fb&z=+",
            "https://b/a.mp3?X-Amz-Signature=a%2Fb&z=+",
            id="L4-query-untouched",
        ),
        pytest.param(
            "https://b/a.mp3?x=1&amp;y=2", "https://b/a.mp3?x=1&amp;y=2", id="entities-are-the-parser's"
        ),
        pytest.param("https://mega.nz/file/ID#KEY", "https://mega.nz/file/ID#KEY", id="L22-fragment-kept"),
        pytest.param(
            "https://b/a%e2%80%93b+c.mp3", "https://b/a%e2%80%93b+c.mp3", id="L48-escapes-as-they-are"
        ),
        pytest.param(
            "https://всесаундтреки.рф/a.mp3", "https://xn--80adhccsnv2afbpk.xn--p1ai/a.mp3", id="L49-idn"
        ),
        pytest.param("http://аpple.com/x", "http://xn--pple-43d.com/x", id="H7-homograph"),
        pytest.param(" https://b/a.mp3 ", "https://b/a.mp3", id="L52-spaces-around"),
        pytest.param("https://b/a\n\tb\r\n.mp3", "https://b/ab.mp3", id="L52-line-breaks-inside"),
        pytest.param(
            "a b (ü) [320].mp3", "https://b.example/p/a%20b%20(%C3%BC)%20[320].mp3", id="unsafe-escaped"
        ),
        pytest.param("100% Juice.mp3", "https://b.example/p/100%25%20Juice.mp3", id="stray-percent"),
        pytest.param("http://HOST/%2e%2e/%2E%2e/x", "http://host/x", id="H6-escaped-dots"),
        pytest.param("http://host/a/./b/../c/..", "http://host/a/", id="H6-dots"),
        pytest.param("http:\\\\host\\x?a\\b", "http://host/x?a\\b", id="H6-back-slashes"),
        pytest.param("https://user:p%40ss@b/x", "https://b/x", id="H5-credentials-are-dropped"),
        pytest.param("http://[::1]:81/x", "http://[::1]:81/x", id="ipv6"),
        pytest.param("ftp://b/a.mp3", None, id="L50-ftp"),
        pytest.param("magnet:?xt=urn:btih:1", None, id="L50-magnet"),
        pytest.param("D:/site/x.mp3", None, id="L32-drive-letter"),
        pytest.param("file:///etc/passwd", None, id="H1-file"),
        pytest.param("javascript:void(0)", None, id="H11-javascript"),
        pytest.param("data:audio/mpeg;base64,AAAA", None, id="H11-data"),
        pytest.param("https://b/a%0d%0aX-Evil:1", None, id="H6-escaped-line-break"),
        pytest.param("https://b/a%00.mp3", None, id="H6-escaped-nul"),
        pytest.param("https://b/a\x00.mp3", None, id="H6-nul"),
        pytest.param("https://b/" + "a" * MAX_URL_LENGTH, None, id="H8-too-long"),
        pytest.param("https://b/" + "ü" * 2000, None, id="H8-too-long-when-escaped"),
        pytest.param("https://b:99999/", None, id="bad-port"),
        pytest.param("https://b:0/", None, id="port-zero"),
        pytest.param("https://[b/", None, id="open-bracket"),
        pytest.param("https://a b/", None, id="space-in-host"),
        pytest.param("", None, id="L52-empty"),
        pytest.param(" \n", None, id="L52-blank"),
    ],
)
def test_an_address_is_made_sendable_and_otherwise_left_alone(href: str, expected: str | None) -> None:
    assert fetch_url(href, BASE) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://b/a.mp3?utm_source=rss&fbclid=1", "https://b/a.mp3", id="L5-tracking"),
        pytest.param("https://b/u.mp3?_=1", "https://b/u.mp3", id="L9-cache-buster"),
        pytest.param("https://youtu.be/x?si=abc", "https://youtu.be/x", id="A5-si-of-youtube"),
        pytest.param("http://b/A.mp3", "https://b/A.mp3", id="L47-scheme-twins"),
        pytest.param("https://B.Example:443/a", "http://b.example:80/a", id="A5-host-and-ports"),
        pytest.param("https://b./a", "https://b/a", id="root-dot"),
        pytest.param("https://b/a%E2%80%93b", "https://b/a–b", id="L48-escape-or-literal"),
        pytest.param("https://b/a%e2%80%93b", "https://b/a%E2%80%93b", id="L48-case-of-escapes"),
        pytest.param("https://b/caf\u00e9", "https://b/cafe\u0301", id="L48-NFC-NFD"),
        pytest.param("https://b/caf%C3%A9", "https://b/cafe%CC%81", id="L48-NFC-NFD-escaped"),
        pytest.param("https://b/%7Ea%2Db", "https://b/~a-b", id="unreserved"),
        pytest.param("https://b/a (1) [2].mp3", "https://b/a%20%281%29%20%5B2%5D.mp3", id="brackets"),
        pytest.param("https://b/a#x", "https://b/a#y", id="H12-fragments"),
        pytest.param("https://u:p@b/a", "https://b/a", id="H5-credentials"),
        pytest.param("https://b/?b=2&a=1", "https://b/?a=1&b=2", id="order-of-parameters"),
        pytest.param("https://b", "https://b/?", id="bare-host"),
        pytest.param("https://всесаундтреки.рф/", "https://xn--80adhccsnv2afbpk.xn--p1ai/", id="L49-idn"),
    ],
)
def test_addresses_of_one_thing_have_one_key(one: str, other: str) -> None:
    assert link_key(one) == link_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://b/a.mp3", "https://b/A.mp3", id="L47-case-of-path"),
        pytest.param("https://b/a+b", "https://b/a%20b", id="L48-plus"),
        pytest.param("https://b/a%2Fb", "https://b/a/b", id="slash"),
        pytest.param("https://b/a%3Fb", "https://b/a?b", id="question-mark"),
        pytest.param("https://b/a%23b", "https://b/a#b", id="hash"),
        pytest.param("https://mega.nz/file/ID#K1", "https://mega.nz/file/ID#K2", id="L22-mega"),
        pytest.param("https://b/a?token=1", "https://b/a?token=2", id="A5-signatures"),
        pytest.param("https://b/a?si=1", "https://b/a", id="A5-si-elsewhere"),
        pytest.param("https://b/a?_=x", "https://b/a", id="A5-underscore-without-number"),
        pytest.param("https://www.b/a", "https://b/a", id="www"),
        pytest.param("https://b:8080/a", "https://b/a", id="H18-port"),
        pytest.param("https://b/a/", "https://b/a", id="trailing-slash"),
    ],
)
def test_addresses_of_two_things_have_two_keys(one: str, other: str) -> None:
    assert link_key(one) != link_key(other)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param("http://www.b.example/2024/a", id="www-and-slash"),
        pytest.param("https://b.example/2024/a/amp/", id="P7-amp-folder"),
        pytest.param("https://b.example/2024/a/?amp", id="P7-amp-flag"),
        pytest.param("https://b.example/2024/a/?amp=1", id="P7-amp-parameter"),
        pytest.param("https://b.example/2024/a/?m=1", id="P7-blogger-mobile"),
        pytest.param("https://b.example/2024/a/?replytocom=7#respond", id="P7-reply"),
        pytest.param("https://b.example/2024/a/#comments", id="P7-comments"),
        pytest.param("https://b.example/2024/a/index.html", id="index"),
        pytest.param("https://b.example/2024/a/?utm_medium=feed", id="tracking"),
    ],
)
def test_views_of_a_post_have_its_key(view: str) -> None:
    assert post_key(view) == post_key("https://b.example/2024/a/")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://b.example/?p=12", "https://b.example/?p=13", id="plain-permalinks"),
        pytest.param("https://b.example/?m=202405", "https://b.example/", id="month"),
        pytest.param("https://b.example/amp", "https://b.example/", id="post-called-amp"),
        pytest.param("https://b.example/a", "https://b.example/A", id="case"),
        pytest.param("https://b.example/a", "https://c.example/a", id="host"),
        pytest.param("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a", id="port"),
    ],
)
def test_two_posts_have_two_keys(one: str, other: str) -> None:
    assert post_key(one) != post_key(other)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        pytest.param("https://www.b.example/x", "http://b.example/", True, id="www-and-scheme"),
        pytest.param("https://b.example:443/", "http://b.example:80/", True, id="default-ports"),
        pytest.param("http://b.example:8080/", "http://b.example/", False, id="H18-port"),
        pytest.param("https://a.b.example/", "https://b.example/", False, id="subdomain"),
        pytest.param("https://notb.example/", "https://b.example/", False, id="L46-ending"),
        pytest.param("mailto:a@b.example", "mailto:a@b.example", False, id="no-host"),
    ],
)
def test_a_site_is_a_host_and_its_port(a: str, b: str, same: bool) -> None:
    assert same_site(a, b) is same


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@B.example:443/a?b#c", "https://b.example"),
        ("http://b.example:443/", "http://b.example:443"),
        ("http://[::1]:80/", "http://[::1]"),
        ("mailto:x", ""),
    ],
)
def test_an_origin_has_no_credentials_and_no_default_port(url: str, expected: str) -> None:
    assert origin(url) == expected


def test_suffixes_are_whole_labels() -> None:
    assert list(host_suffixes("a.b.c")) == ["a.b.c", "b.c", "c"]


@settings(deadline=None)
@given(ADDRESSES)
@example("http://b/%A\u030a")
@example("http://b/%3A%CC%8A")
@example("http://b/%%34%31")
@example("http://b:443/amp/amp/index.html/amp")
@example("A://[")
@example("HTTP://0/;/")
def test_keys_of_keys_are_the_same_keys(url: str) -> None:
    assert link_key(link_key(url)) == link_key(url)
    assert post_key(post_key(url)) == post_key(url)


@settings(deadline=None)
@given(ADDRESSES)
def test_a_fetch_address_is_sendable_and_stays_as_it_is(href: str) -> None:
    url = fetch_url(href, BASE)
    if url is not None:
        assert url.isascii()
        assert " " not in url
        assert url.isprintable()
        assert url.startswith(("http://", "https://"))
        assert fetch_url(url, "https://other.example/") == url
        assert link_key(url) == link_key(fetch_url(url, url) or "")


@settings(deadline=None)
@given(ADDRESSES, ADDRESSES)
def test_any_text_may_be_asked_about(a: str, b: str) -> None:
    fetch_url(a, b)
    origin(a)
    assert same_site(a, b) == same_site(b, a)
