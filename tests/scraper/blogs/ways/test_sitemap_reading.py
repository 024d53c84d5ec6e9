"""Sitemaps of all kinds, sound, broken and hostile."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.sitemap_reading import (
    MAX_ADDRESSES,
    Sitemap,
    moment_of_lastmod,
    read_sitemap,
    unpacked,
)
from scraper.blogs.ways.way import UnusableAnswerError
from scraper.http.page import MAX_PAGE_BYTES

URL = "https://b.example/sitemap.xml"
A, B = "https://b.example/a/", "https://b.example/b/"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ENTRIES = f"<url><loc>{A}</loc></url><url><loc>{B}</loc></url>"
SOUND = f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{ENTRIES}</urlset>'


def locs(sitemap: Sitemap) -> list[str]:
    return [entry.loc for entry in sitemap.pages]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(SOUND.encode(), id="sound"),
        pytest.param(b"\xef\xbb\xbf" + SOUND.encode(), id="P13-BOM"),
        pytest.param(b"\r\n\n " + SOUND.encode(), id="blank lines before"),
        pytest.param(SOUND.encode("utf-16"), id="UTF-16"),
        pytest.param(SOUND.replace(SPACE, "").encode(), id="no namespace"),
        pytest.param(SOUND.replace("sitemaps.org", "google.com").encode(), id="another namespace"),
        pytest.param(
            SOUND.replace("<url", "<s:url").replace("</url", "</s:url").encode(), id="a prefix of nothing"
        ),
        pytest.param(SOUND.replace(A, f"\n  <![CDATA[ {A} ]]>\n").encode(), id="P13-CDATA"),
        pytest.param(SOUND.replace("UTF-8", "x-unknown").encode(), id="P13-an unknown encoding"),
        pytest.param(SOUND.replace("</urlset>", "").encode(), id="without an end"),
        pytest.param(SOUND.replace("</url><url>", "<url>").encode(), id="an entry without an end"),
        pytest.param(
            SOUND.replace("</urlset>", "<url><loc>https://b.exam").encode(), id="cut within an address"
        ),
        pytest.param(SOUND.replace("<url>", "<!-- <url><loc>x</loc></url> --><url>").encode(), id="comments"),
        pytest.param(SOUND.replace("</loc>", "</loc>\x01\x0b", 1).encode(), id="control characters"),
        pytest.param(
            SOUND.replace("</urlset>", "<url/><url><loc/></url></urlset>").encode(), id="empty entries"
        ),
        pytest.param(SOUND.replace("<url>", "<url><image><loc>x</loc></image>").encode(), id="images"),
        pytest.param(
            SOUND.replace(
                "</loc>", "</loc><image:image><image:loc>/x.jpg</image:loc></image:image>"
            ).encode(),
            id="images whose prefix is not declared",
        ),
        pytest.param(
            SOUND.replace("</loc>", "</loc><xhtml:link rel='alternate' href='/x'/><video:video/>").encode(),
            id="alternates and videos",
        ),
        pytest.param(f"{A}\n{B}\n".encode(), id="text"),
        pytest.param(f"\ufeff\r\n{A}\r\n\r\n{B} \r\nmore soon".encode(), id="text with a BOM and remarks"),
    ],
)
def test_the_addresses_of_a_sitemap_are_read(body: bytes) -> None:
    assert locs(read_sitemap(body, URL)) == [A, B]
    assert locs(read_sitemap(unpacked(gzip.compress(body), URL), URL)) == [A, B]


@pytest.mark.parametrize("written", ["/?p=1&b=2", "/?p=1&amp;b=2", "/?p=1&#38;b=2"])
def test_ampersands_are_read_escaped_or_not(written: str) -> None:
    assert locs(read_sitemap(SOUND.replace(A, written).encode(), URL)) == ["/?p=1&b=2", B]


def test_an_index_names_sitemaps() -> None:
    body = (
        f"<sitemapindex {SPACE}><sitemap><loc>{A}</loc><lastmod>2024-05-01</lastmod></sitemap></sitemapindex>"
    )
    (entry,) = read_sitemap(body.encode(), URL).sitemaps
    assert (entry.loc, entry.lastmod) == (A, moment_of_lastmod("2024-05-01"))


def test_news_tell_title_and_date() -> None:
    news = (
        "<news:news><news:publication><news:name>B</news:name></news:publication>"
        "<news:publication_date>2024-05-01</news:publication_date><news:title>A &amp; B</news:title></news:news>"
    )
    entry = read_sitemap(SOUND.replace("</loc>", f"</loc>{news}").encode(), URL).pages[0]
    assert (entry.title, entry.published) == ("A & B", "2024-05-01")


def test_an_empty_sitemap_is_one() -> None:
    assert read_sitemap(f"<urlset {SPACE}></urlset>".encode(), URL) == Sitemap()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"Not found, see\nhttps://b.example/\n",
        b"<!doctype html><html><body><a href='/a'>404</a></body></html>",
        b"<?xml version='1.0'?><rss><channel><item><link>/a</link></item></channel></rss>",
        b"\x1f\x8b broken",
        b"\x00\x01\x02" * 1000,
    ],
    ids=["nothing", "a bracket", "text", "a page", "a feed", "broken gzip", "bytes"],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        read_sitemap(unpacked(body, URL), URL)
    assert caught.value.where == URL


def test_a_sitemap_ends_at_fifty_thousand_addresses() -> None:
    body = (
        "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(MAX_ADDRESSES + 10)) + "</urlset>"
    )
    assert len(read_sitemap(body.encode(), URL).pages) == MAX_ADDRESSES
    lines = "".join(f"https://b.example/{n}\n" for n in range(MAX_ADDRESSES + 10))
    assert len(read_sitemap(lines.encode(), URL).pages) == MAX_ADDRESSES


def test_41_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(UnusableAnswerError, match="unpacks to more than"):
        unpacked(gzip.compress(b" " * (MAX_PAGE_BYTES + 1)), URL)


def test_a_gzip_body_that_is_cut_or_damaged_is_read_as_far_as_it_goes() -> None:
    text = "".join(f"https://b.example/{n}\n" for n in range(20_000)).encode()
    packed = gzip.compress(text)
    assert text.startswith(unpacked(packed[: len(packed) // 2], URL))
    assert len(locs(read_sitemap(unpacked(packed[: len(packed) // 2], URL), URL))) > 1000


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{path}">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "file://{path}"> %p; <!ENTITY x "y">]>',
        '<!DOCTYPE r SYSTEM "file://{path}">',
    ],
    ids=["an entity", "a parameter entity", "a document type"],
)
def test_p13_nothing_of_this_machine_enters_a_sitemap(
    tmp_path_factory: pytest.TempPathFactory, head: str
) -> None:
    secret = tmp_path_factory.mktemp("xxe") / "secret.txt"
    secret.write_text('<!ENTITY x "TOPSECRET">', encoding="utf-8")
    body = head.replace("{path}", str(secret)) + f"<urlset><url><loc>{A}&x;</loc></url></urlset>"
    for written in (body.encode(), body.encode("utf-16")):
        assert "TOPSECRET" not in repr(read_sitemap(written, URL))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "x">{LAUGHS}]><urlset><url><loc>&l11;</loc></url></urlset>',
    "deep": "<urlset>" + "<url>" * 500_000,
    "attributes": "<urlset " + "a=b " * 500_000,
    "ampersands": "<urlset><url><loc>" + "&" * 3_000_000,
    "comments": "<urlset>" + "<!--" * 500_000,
    "cdata": "<urlset>" + "<![CDATA[" * 300_000,
    "names": "<urlset>" + "".join(f"<a{n}/>" for n in range(100_000)),
    "one long address": "<urlset><url><loc>https://b.example/" + "a" * 5_000_000 + "</loc></url></urlset>",
    "lines": "https://b.example/" + "\n" * 5_000_000,
    "what is not UTF-8": "<urlset>" + "\udcff<url><loc>\udcff</loc></url>" * 100_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_sitemaps_are_read_or_refused_in_bounded_time(body: str) -> None:
    started = time.thread_time()
    try:
        pages = read_sitemap(body.encode("utf-8", "surrogateescape"), URL).pages
    except UnusableAnswerError:
        pages = []
    assert time.thread_time() - started < 30
    assert all(len(entry.loc) <= 8192 for entry in pages)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        (" 2024-05-06 ", datetime(2024, 5, 6, tzinfo=UTC)),
        ("2024-05-06T10:30Z", datetime(2024, 5, 6, 10, 30, tzinfo=UTC)),
        ("2024-05-06t10:30:15z", datetime(2024, 5, 6, 10, 30, 15, tzinfo=UTC)),
        ("2024-05-06T10:30:15.5+02:00", datetime(2024, 5, 6, 8, 30, 15, 500_000, tzinfo=UTC)),
        ("2024-05-06T10:30:15", datetime(2024, 5, 6, 10, 30, 15, tzinfo=UTC)),
        ("2024-05-06 10:30:15+0000", datetime(2024, 5, 6, 10, 30, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01", None),
        ("9999-12-31", None),
        ("2024-13-01", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_lastmod_is_read_in_any_precision(text: str, moment: datetime | None) -> None:
    assert moment_of_lastmod(text) == (None if moment is None else moment.timestamp())


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: SOUND.replace(A, text).encode())
    )
)
def test_any_bytes_are_a_sitemap_or_refused(body: bytes) -> None:
    for written in (body, gzip.compress(body), b"\x1f\x8b" + body, SOUND.encode()[: len(body)] + body):
        try:
            sitemap = read_sitemap(unpacked(written, URL), URL)
        except UnusableAnswerError:
            continue
        assert all(entry.loc for entry in sitemap.pages)


@given(st.text(max_size=40))
def test_any_text_is_a_lastmod_or_none(text: str) -> None:
    moment = moment_of_lastmod(text)
    assert moment is None or moment > 0
