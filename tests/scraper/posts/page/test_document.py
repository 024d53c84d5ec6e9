"""Bytes to tree: encodings that lie, hostile pages, and what the head says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.http.page import MAX_PAGE_BYTES
from scraper.posts.page.document import (
    MAX_TAGS,
    UnreadablePageError,
    parse_document,
    parse_fragment,
    read_head,
)

URL = "https://blog.example/2024/05/a-post/"


def text_of(body: bytes, charset: str | None = None) -> str:
    return "".join(parse_document(body, charset=charset).itertext())


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param("<p>Größe".encode(), "utf-8", "Größe", id="header utf-8"),
        pytest.param("<p>Жанр".encode("cp1251"), "windows-1251", "Жанр", id="header windows-1251"),
        pytest.param("<p>日本".encode("shift_jis"), "shift_jis", "日本", id="header shift_jis"),
        pytest.param("<p>日本".encode("iso2022_jp"), "iso-2022-jp", "日本", id="seven bits, not ASCII"),
        pytest.param("<p>日本".encode("utf-16"), None, "日本", id="BOM of UTF-16"),
        pytest.param("<p>日本".encode("utf-8-sig"), "iso-8859-1", "日本", id="BOM beats the header"),
        pytest.param(b"<meta charset=windows-1251><p>\xc6", None, "Ж", id="meta"),
        pytest.param("<p>Größe".encode(), None, "Größe", id="nothing said, UTF-8"),
        pytest.param("<p>Größe".encode("cp1252"), None, "Größe", id="nothing said, windows-1252"),
        pytest.param("<p>Größe".encode(), "iso-8859-1", "Größe", id="header says Latin-1, it is UTF-8"),
        pytest.param("<p>Größe".encode("cp1252"), "utf-8", "Größe", id="header says UTF-8, it is not"),
        pytest.param(
            "<p>Größe süß öde".encode() + b" \xff",
            "utf-8",
            "Größe süß öde \ufffd",
            id="one foreign byte in UTF-8",
        ),
        pytest.param(b"<p>x", "punycode", "x", id="a codec that is no encoding of the web"),
        pytest.param(b"<p>x", "zip", "x", id="a codec that is no encoding at all"),
        pytest.param(b"<p>+ADw-", "utf-7", "+ADw-", id="utf-7 is not obeyed"),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-16"?><p>x', None, "x", id="an XML declaration that lies"
        ),
    ],
)
def test_text_is_read_in_the_encoding_that_fits(body: bytes, charset: str | None, text: str) -> None:
    assert text_of(body, charset).strip() == text


@pytest.mark.parametrize("body", [b"", b"  \n", b"<!-- nothing -->", b"<!doctype html>"])
def test_bytes_without_an_element_are_unreadable_and_say_the_next_step(body: bytes) -> None:
    with pytest.raises(UnreadablePageError, match="Open the address"):
        parse_document(body, charset=None)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.none() | st.text(max_size=20))
def test_any_bytes_give_a_tree_or_the_typed_error(body: bytes, charset: str | None) -> None:
    try:
        tree = parse_document(body, charset=charset)
    except UnreadablePageError:
        return
    assert tree.tag == "html"
    read_head(tree, URL)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(["<div>", "</p>", "<table>", "<b", "\x00", "<!--", "]]>", "<svg>", "é", "<td>"]))
)
def test_any_soup_of_tags_gives_a_tree_or_the_typed_error(pieces: list[str]) -> None:
    try:
        assert parse_document("".join(pieces).encode(), charset=None).tag == "html"
    except UnreadablePageError:
        return


def test_l53_ten_thousand_nested_elements_give_a_part_of_the_page() -> None:
    body = b"<body><h1>Title</h1>" + b"<div>" * 10_000 + b"deep"
    assert "Title" in text_of(body)


def test_l53_a_page_of_twelve_megabytes_is_read_to_its_end() -> None:
    body = (
        b"<body>"
        + b"<p>Some words of a paragraph</p>\n".replace(b"words", b"words" * 50) * 44_000
        + b"<p>the end</p>"
    )
    assert len(body) > 12_000_000
    assert parse_document(body, charset="utf-8").xpath("string(//p[last()])") == "the end"


@pytest.mark.parametrize(
    "crowd",
    [
        pytest.param(b"".join(b' a%d="x"' % number for number in range(20_000)), id="named"),
        pytest.param(b"".join(b" a%d" % number for number in range(20_000)), id="bare"),
        pytest.param(b"".join(b'a%d="x"' % number for number in range(20_000)), id="without blanks"),
    ],
)
def test_what_is_behind_a_tag_of_countless_attributes_is_not_read(crowd: bytes) -> None:
    tree = parse_document(b"<body><p>before</p><p " + crowd + b">behind</p></body>", charset="utf-8")
    assert "".join(tree.itertext()) == "before"


def test_a_long_value_is_no_crowd_of_attributes() -> None:
    data = b'<div data-state="' + b"x" * 300_000 + b'">kept</div>'
    assert "".join(parse_document(data, charset="utf-8").itertext()) == "kept"


def test_l53_what_is_behind_more_tags_than_memory_is_for_is_not_read() -> None:
    most = b"<p>x</p>" * (MAX_TAGS - 1)
    assert text_of(most + b"<b>last</b>").endswith("xlast")
    assert text_of(most + b"<b>last</b> and <i>more</i>").endswith("xlast and ")


def test_l53_what_is_behind_as_many_bytes_as_the_client_reads_of_a_page_is_not_read() -> None:
    paragraph = b"<p>" + b"x" * 396 + b"\n"
    tree = parse_document(paragraph * 40_000, charset=None)
    assert len(tree.findall(".//p")) == MAX_PAGE_BYTES // len(paragraph)


def test_what_is_behind_fifteen_megabytes_is_not_read_even_within_a_character() -> None:
    body = b"<p>" + "ä".encode() * 8_000_000
    assert "Ã" not in text_of(body, "iso-8859-1")[:1000]


def test_the_head_gives_absolute_addresses_and_tidy_text() -> None:
    page = b"""<html lang="de-DE"><head><title> Kora \n Lines | Blog </title><base href="/sub/">
    <meta property="og:title" content="Kora - Lines"><meta property="og:site_name" content="Blog">
    <meta name="generator" content="WordPress 6.1">
    <meta property="article:modified_time" content="2025-01-01"><meta property="og:image" content="cover.jpg">
    <meta property="article:published_time" content="2024-05-01T10:00:00+02:00"></head><body>x"""
    head = read_head(parse_document(page, charset=None), URL)
    assert head.title == "Kora Lines | Blog"
    assert (head.og_title, head.site_name) == ("Kora - Lines", "Blog")
    assert head.base == "https://blog.example/sub/"
    assert (head.language, head.published) == ("de-DE", "2024-05-01T10:00:00+02:00")
    assert head.image == "https://blog.example/sub/cover.jpg"


def test_a_bare_page_has_a_head_of_nothing_but_its_address() -> None:
    head = read_head(parse_document(b"<p>x", charset=None), URL)
    assert head.base == URL
    assert [head.title, head.image, head.published, head.language] == [None] * 4


@pytest.mark.parametrize("href", ["http://[bad/", "javascript:alert(1)", "  ", "data:text/html,x"])
def test_an_address_in_the_head_that_leads_nowhere_is_none(href: str) -> None:
    page = f'<meta property="og:image" content="{href}"><base href="{href}"><p>x'.encode()
    head = read_head(parse_document(page, charset=None), URL)
    assert (head.image, head.base) == (None, URL)


def test_the_title_of_a_drawing_is_not_the_title_of_the_page() -> None:
    page = b"<body><svg><title>Icon</title></svg><p>x"
    assert read_head(parse_document(page, charset=None), URL).title is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Жанр: Дип хаус. Новый релиз от артиста, скачать бесплатно можно здесь", "cp1251"),
        ("Жанр: Дип хаус. Новый релиз от артиста, скачать бесплатно можно здесь", "koi8_r"),
        ("ジャンル：テクノ。新しいリリースをダウンロードできます。", "shift_jis"),
        ("ジャンル：テクノ。新しいリリースをダウンロードできます。", "euc_jp"),
        ("größer schöner Ärger, Übergröße für alle Hörer", "cp1252"),
        ("风格：电子音乐，深浩室。免费下载。", "gb18030"),
        ("Gatunek: żółć, źródło dźwięku, łagodny", "cp1250"),
    ],
)
def test_a_page_that_declares_nothing_is_read_by_what_its_letters_look_like(text: str, encoding: str) -> None:
    page = f"<html><body><article class='post'><p>{text}</p></article></body></html>".encode(encoding)
    assert "".join(parse_document(page, charset=None).itertext()) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("just text", "just text"),
        ("", ""),
        ("<!-- x -->", ""),
        ("<script>x</script><p>y", "xy"),
        ("<p>a</p></div></article></body></html>b", "ab"),
        ("<html><head><title>t</title></head><body class=k>b</body></html>c", "tbc"),
        ("<meta charset=gbk>日本", "日本"),
        ("a\x00b\ud800c", "a\ufffdb\ufffdc"),
        ("\ud83d\udd25", "🔥"),
    ],
)
def test_a_fragment_is_whole_in_a_body_without_attributes(content: str, text: str) -> None:
    body = parse_fragment(content)
    assert (body.tag, dict(body.attrib), "".join(body.itertext())) == ("body", {}, text)


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_a_fragment(content: str) -> None:
    assert parse_fragment(content).tag == "body"
