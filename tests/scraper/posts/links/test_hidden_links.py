"""How blogs hide links: each way once."""

from __future__ import annotations

import base64

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.reading import Enclosure, read_links

PAGE = "https://b.example/p/"
FILE = "https://f.example/x/Song.mp3"
ZIP = "https://f.example/x/Songs.zip"
CODED = base64.b64encode(FILE.encode()).decode()
TWICE = "https%253A%252F%252Ff.example%252Fx%252FSong.mp3"
YOUTUBE = "https://www.youtube.com/embed/abcdefghijk"


def urls_of(html: str) -> list[str]:
    reading = read_links(BeautifulSoup(f"<article>{html}</article>", "lxml"), base=PAGE, page=PAGE)
    return [each.url for each in reading.links]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f'<a href="{FILE}">x</a>', id="a"),
        pytest.param(f'<a href="{FILE}" download="Song.mp3">x</a>', id="download"),
        pytest.param(f"<a onclick=\"window.open('{FILE}')\">x</a>", id="window.open"),
        pytest.param(f"<button onclick=\"location.href='{FILE}'\">x</button>", id="location.href"),
        pytest.param(f"<div onclick=\"document.location = '{FILE}'\">x</div>", id="document.location"),
        *(
            pytest.param(f'<div {name}="{FILE}"></div>', id=name)
            for name in (
                "data-href",
                "data-url",
                "data-src",
                "data-link",
                "data-file",
                "data-mp3",
                "data-audio",
                "data-track-url",
                "data-audio-src",
            )
        ),
        pytest.param(f'<audio src="{FILE}"></audio>', id="audio"),
        pytest.param(f'<audio><source src="{FILE}"></audio>', id="source"),
        pytest.param(f'<video><source src="{FILE}"></video>', id="video"),
        pytest.param(f'<embed src="p.swf" flashvars="soundFile={FILE}">', id="embed"),
        pytest.param(f'<object data="{FILE}"></object>', id="object"),
        pytest.param(f'<object><param name="movie" value="{FILE}"></object>', id="param"),
        pytest.param(f'<object><param name="FlashVars" value="a=1&amp;mp3={FILE}"></object>', id="flashvars"),
        pytest.param(
            f'<audio class="wp-audio-shortcode"><source src="{FILE}"><a href="{FILE}">{FILE}</a></audio>',
            id="audio-shortcode",
        ),
        pytest.param(
            f'<script class="wp-playlist-script">{{"tracks":[{{"src":"{FILE}"}}]}}</script>', id="playlist"
        ),
        pytest.param(
            f'<figure class="wp-block-audio"><audio src="{FILE}"></audio></figure>', id="audio-block"
        ),
        pytest.param(
            f'<figure class="wp-block-file"><a href="{FILE}">Song</a>'
            f'<a class="wp-block-file__button" href="{FILE}" download>Download</a></figure>',
            id="file-block",
        ),
        pytest.param(
            f'<a class="powerpress_link_pinw" href="{FILE}">Play in new window</a> | '
            f'<a class="powerpress_link_d" href="{FILE}" download="Song.mp3">Download</a>',
            id="powerpress",
        ),
        pytest.param(f'<script>var t = [{{audio: "{FILE}"}}];</script>', id="inline-array"),
        pytest.param(FILE, id="plain-text"),
        pytest.param(FILE.replace("https", "hxxps"), id="hxxps"),
        pytest.param(FILE.replace("f.example", "f[.]example"), id="dot-in-brackets"),
        pytest.param(FILE.replace("f.example", "f[dot]example"), id="dot-as-a-word"),
        pytest.param(FILE.replace("/x/", "/x/\n"), id="wrapped-line"),
        pytest.param(FILE.replace("/x/", "/x/<wbr>"), id="wbr"),
        pytest.param(FILE.replace("/x/", "/x/\u200b"), id="zero-width"),
        *(
            pytest.param(f'<a href="https://b.example/leave?{name}={FILE}">x</a>', id=f"?{name}=")
            for name in ("url", "u", "to", "q")
        ),
        pytest.param(f'<a href="/out/{FILE}">x</a>', id="/out/"),
        pytest.param(f'<a href="/go/{CODED}">x</a>', id="/go/"),
        pytest.param(f'<a href="https://href.li/?{FILE}">x</a>', id="href.li"),
        pytest.param(f'<a href="https://anonym.to/?{FILE}">x</a>', id="anonym.to"),
        pytest.param(f'<a href="https://l.facebook.com/l.php?u={FILE}&amp;h=x">x</a>', id="facebook"),
        pytest.param(f'<a href="https://www.google.com/url?q={FILE}">x</a>', id="google"),
        pytest.param(f'<a href="https://t.umblr.com/redirect?z={FILE}">x</a>', id="tumblr"),
        pytest.param(f'<a href="/?url={CODED}">x</a>', id="base64"),
        pytest.param(f'<a href="/?url={CODED.replace("=", "")}">x</a>', id="base64-without-padding"),
        pytest.param(f'<a href="/?url={TWICE}">x</a>', id="encoded-twice"),
        pytest.param(f'<a href="/out?url={FILE[::-1]}">x</a>', id="reversed"),
        pytest.param('<a href="/out?url=uggcf://s.rknzcyr/k/Fbat.zc3">x</a>', id="rot13"),
    ],
)
def test_a_hidden_file_is_found_once(html: str) -> None:
    assert urls_of(html) == [FILE]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f'<iframe src="{YOUTUBE}"></iframe>', id="iframe"),
        pytest.param(f'<noscript><iframe src="{YOUTUBE}"></iframe></noscript>', id="noscript"),
        pytest.param(f'<iframe data-src="{YOUTUBE}"></iframe>', id="data-src"),
        pytest.param(f'<iframe srcdoc="&lt;iframe src={YOUTUBE}&gt;"></iframe>', id="srcdoc"),
        pytest.param(f"<div><figure><div><iframe src={YOUTUBE}></iframe></div></figure></div>", id="nested"),
    ],
)
def test_a_hidden_player_is_found_once(html: str) -> None:
    assert urls_of(html) == [YOUTUBE]


@pytest.mark.parametrize(
    "text",
    [
        "mediafire dot com/file/abc",
        "see https://f.example/x/\nand then Song.mp3",
        "https://f.example/x/\nhttps://f.example/",
        "either/\nor.mp3",
    ],
)
def test_text_that_only_looks_like_an_address_stays_text(text: str) -> None:
    assert urls_of(f"<pre>{text}</pre>") == []


def test_an_address_that_is_whole_does_not_go_on_in_the_next_line() -> None:
    assert urls_of(f"<pre>{FILE}\n{ZIP}</pre>") == [FILE, ZIP]


@pytest.mark.parametrize("kind", ["audio/mpeg", None])
def test_a_file_that_a_feed_attaches_is_found_once(kind: str | None) -> None:
    node = BeautifulSoup(f'<a href="{FILE}">x</a>', "lxml")
    reading = read_links(node, base=PAGE, page=PAGE, enclosures=[Enclosure(url=FILE, type=kind)])
    assert [each.url for each in reading.links] == [FILE]
