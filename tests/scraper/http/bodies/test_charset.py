"""Encodings as headers, pages and bytes tell them, and what is believed where they contradict each other."""

from __future__ import annotations

import codecs

import charset_normalizer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.http.bodies.charset import encoding_of

GERMAN = "Größe süß, Übergröße für alle Hörer"
POLISH = "Sejm zagłosował: fundusze coraz bliżej, ale Ťažké časy"
RUSSIAN = "Жанр: Дип хаус. Новый релиз от артиста, скачать бесплатно можно здесь"
JAPANESE = "ジャンル：テクノ。新しいリリースをダウンロードできます。"
CHINESE = "风格：电子音乐，深浩室。免费下载。"


def html(text: str, *, meta: str = "") -> str:
    head = f'<meta charset="{meta}">' if meta else ""
    return f"<!doctype html><html><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


def read(body: bytes, charset: str | None = None) -> str:
    return body.decode(encoding_of(body, charset) or "utf-8", "replace")


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param(html(GERMAN).encode(), "utf-8", GERMAN, id="header"),
        pytest.param(html(RUSSIAN).encode("cp1251"), "windows-1251", RUSSIAN, id="header of single bytes"),
        pytest.param(html(RUSSIAN).encode("koi8_r"), "KOI8-R", RUSSIAN, id="header in capitals"),
        pytest.param(html(JAPANESE).encode("cp932"), "x-sjis", JAPANESE, id="header in a browser's name"),
        pytest.param(html(JAPANESE).encode("euc_jp"), "'euc-jp'", JAPANESE, id="header in quotes"),
        pytest.param(html(CHINESE).encode("gb18030"), "gb2312", CHINESE, id="a label of a smaller set"),
        pytest.param(html(JAPANESE).encode("iso2022_jp"), "iso-2022-jp", JAPANESE, id="seven bits"),
        pytest.param(html(GERMAN).encode("utf-16"), None, GERMAN, id="BOM of UTF-16"),
        pytest.param(html(GERMAN).encode("utf-8-sig"), "iso-8859-1", GERMAN, id="BOM beats the header"),
        pytest.param(html(RUSSIAN, meta="koi8-r").encode("koi8_r"), None, RUSSIAN, id="meta"),
        pytest.param(
            html(RUSSIAN, meta="koi8-r").encode("koi8_r"), "x-klingon", RUSSIAN, id="unknown header"
        ),
        pytest.param(
            html(RUSSIAN, meta="koi8-r").encode("cp1251"), "cp1251", RUSSIAN, id="header beats meta"
        ),
        pytest.param(html(GERMAN).encode(), None, GERMAN, id="nothing said, UTF-8"),
        pytest.param(html(GERMAN).encode(), "", GERMAN, id="an empty header"),
    ],
)
def test_an_honest_declaration_is_believed(body: bytes, charset: str | None, text: str) -> None:
    assert text in read(body, charset)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param(html(GERMAN).encode("cp1252"), "utf-8", GERMAN, id="says UTF-8, is windows-1252"),
        pytest.param(html(RUSSIAN).encode("cp1251"), "utf-8", RUSSIAN, id="says UTF-8, is windows-1251"),
        pytest.param(html(JAPANESE).encode("euc_jp"), "utf-8", JAPANESE, id="says UTF-8, is EUC-JP"),
        pytest.param(html(CHINESE).encode("gb18030"), "utf-8", CHINESE, id="says UTF-8, is GB 18030"),
        pytest.param(html(GERMAN).encode(), "iso-8859-1", GERMAN, id="says Latin-1, is UTF-8"),
        pytest.param(html(RUSSIAN).encode(), "gbk", RUSSIAN, id="says GBK, is UTF-8"),
        pytest.param(html(JAPANESE, meta="utf-8").encode(), "shift_jis", JAPANESE, id="meta is right"),
        pytest.param(html(RUSSIAN, meta="utf-8").encode("cp1251"), "cp1251", RUSSIAN, id="header is right"),
        pytest.param(
            html(POLISH, meta="windows-1250").encode("cp1250"), "latin-1", POLISH, id="only meta fits wholly"
        ),
        pytest.param(html(GERMAN, meta="utf-16").encode(), None, GERMAN, id="meta says UTF-16"),
        pytest.param(html("even").encode() + b" ", "utf-16", "even", id="header says UTF-16 of ASCII"),
        pytest.param(html(GERMAN).encode("utf-16-le"), None, GERMAN, id="UTF-16 without a BOM"),
        pytest.param(html(GERMAN).encode("utf-16-be"), "utf-16", GERMAN, id="UTF-16 of the other order"),
        pytest.param(("\n" + html(GERMAN)).encode("utf-16-be"), "utf-8", GERMAN, id="UTF-16 that says UTF-8"),
        pytest.param(html("+ADw-").encode(), "utf-7", "+ADw-", id="utf-7 is not obeyed"),
        pytest.param(html("x").encode(), "zip", "x", id="a codec that is no encoding"),
        pytest.param(html(GERMAN).encode(), '";rm', GERMAN, id="42 a header that attacks"),
        pytest.param(html(GERMAN).encode(), '\\";rm' * 1600, GERMAN, id="42 a header of 8 kB"),
        pytest.param(html(GERMAN).encode(), "utf\x00-8\r\n", GERMAN, id="a header with control characters"),
    ],
)
def test_a_wrong_declaration_is_survived(body: bytes, charset: str | None, text: str) -> None:
    assert text in read(body, charset)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param(
            html(GERMAN).encode("cp1252") + "“”".encode(), "iso-8859-1", GERMAN, id="UTF-8 quotes in Latin-1"
        ),
        pytest.param(html(GERMAN).encode() + b" \xff", "utf-8", f"{GERMAN}", id="a foreign byte in UTF-8"),
        pytest.param(html(GERMAN).encode() + b" \xff", "latin-1", f"{GERMAN}", id="the same, called Latin-1"),
        pytest.param(html(RUSSIAN).encode() + b" \xff", "gbk", f"{RUSSIAN}", id="the same, called GBK"),
        pytest.param(html(JAPANESE).encode("cp932") + b"\x81", "shift_jis", JAPANESE, id="a cut character"),
        pytest.param(html(GERMAN).encode() + b"\xc3", "utf-8", GERMAN, id="a cut character of UTF-8"),
    ],
)
def test_a_few_broken_characters_contradict_nothing(body: bytes, charset: str, text: str) -> None:
    assert text in read(body, charset)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        ("免費下載最新的電子音樂，深度浩室", "big5"),
        ("최신 하우스 음악 무료 다운로드", "euc_kr"),
        ("Κατεβάστε δωρεάν τη νέα μουσική, ελληνικά τραγούδια", "cp1253"),
        ("Gatunek: żółć, źródło dźwięku, łagodny", "cp1250"),
        ("Nejnovější skladby zdarma ke stažení, český house, příští týden", "cp1250"),
        (GERMAN, "cp1252"),
        ("Écoutez la dernière création déjà disponible à télécharger, où que vous soyez", "cp1252"),
        ("Canción española: descarga aquí el año nuevo, música electrónica", "cp1252"),
        ("Música eletrônica, não perca as canções do verão, coração", "cp1252"),
        ("perché così è già più caffè città", "cp1252"),
        ("Går på fest med låtar från Göteborg", "cp1252"),
        ("Don’t stop the “music” – it’s here", "cp1252"),
        ("Sigur Rós • Ágætis byrjun • Björk", "cp1252"),
        ("Beyoncé", "cp1252"),
        ("© 2009", "cp1252"),
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_a_page_that_declares_nothing_is_read_by_what_its_letters_look_like(
    text: str, encoding: str, times: int
) -> None:
    body = html(f"{text}</p>\n<p>more words, all ASCII</p><p>" * times).encode(encoding)
    assert text in read(body)
    assert text in read(body, "utf-8")


@pytest.mark.parametrize(
    "body", [b"", b"x", html("plain").encode(), html(GERMAN).encode(), html(JAPANESE).encode("utf-8-sig")]
)
def test_sound_utf8_needs_no_decoding(body: bytes) -> None:
    assert encoding_of(body, "utf-8") is None
    assert encoding_of(body, None) is None


@pytest.mark.parametrize(
    ("text", "encoding"), [(GERMAN, "cp1252"), (JAPANESE, "shift_jis"), (RUSSIAN, "cp1251")]
)
def test_the_slow_detection_is_given_little_of_a_page_of_15_megabytes(
    text: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_bytes: list[int] = []
    real = charset_normalizer.from_bytes

    def watched(sequences: bytes, *, cp_isolation: list[str]) -> charset_normalizer.CharsetMatches:
        given_bytes.append(len(sequences))
        return real(sequences, cp_isolation=cp_isolation)

    monkeypatch.setattr(charset_normalizer, "from_bytes", watched)
    body = b"<p>no letter beyond ASCII</p>\n" * 100_000 + b"".join(
        f"<p>{number} {text}</p>".encode(encoding) for number in range(200_000)
    )
    assert text in body.decode(encoding_of(body, None) or "ascii")
    assert len(given_bytes) == 1
    assert given_bytes[0] <= 20_000


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400), st.none() | st.text(max_size=50))
def test_any_bytes_can_be_decoded_with_what_comes_out(body: bytes, charset: str | None) -> None:
    encoding = encoding_of(body, charset)
    if encoding is None:
        codecs.getincrementaldecoder("utf-8")("strict").decode(body)
    else:
        body.decode(encoding, "replace").encode("utf-8", "replace")


@settings(deadline=None, max_examples=200)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
    st.sampled_from(["latin-1", "cp1251"]),
)
def test_utf8_is_read_as_such_whatever_single_bytes_it_is_called(text: str, charset: str) -> None:
    assert encoding_of(html(text).encode(), charset) is None
