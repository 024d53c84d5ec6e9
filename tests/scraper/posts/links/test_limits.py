from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links import sources
from scraper.posts.links.reading import MAX_LINKS, Enclosure, read_links
from storage.records import LinkKind
from tests.scraper.posts.links.markup import PAGE, link, links_of, node_of


@pytest.mark.parametrize("count", [pytest.param(3000, id="L53")])
def test_no_more_links_than_the_limit_and_the_reading_is_partial(count: int) -> None:
    html = "".join(link(f"https://b/{number}.mp3", "Download") for number in range(count))
    reading = read_links(node_of(html), base=PAGE, page=PAGE)
    assert (len(reading.links), reading.partial) == (MAX_LINKS, True)


def test_a_post_of_few_links_is_read_whole() -> None:
    assert not read_links(node_of(link("/a.mp3") * 3), base=PAGE, page=PAGE).partial


def test_the_walk_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_NODES", 20)
    reading = read_links(node_of("<p>x</p>" * 20 + link("/a.mp3")), base=PAGE, page=PAGE)
    assert (reading.links, reading.partial) == ((), True)


@pytest.mark.parametrize(
    ("opening", "count"),
    [
        pytest.param("<div>", 1, id="L53 div"),
        pytest.param("<div onclick=\"window.open('/a.mp3')\">", 2, id="L53 click"),
        pytest.param("<b><li>", 1, id="L53 list"),
        pytest.param("<noscript>", 0, id="L53 noscript"),
    ],
)
def test_deep_nests_are_walked_through(opening: str, count: int) -> None:
    node = node_of(opening * 10_000 + link("https://b/z.mp3"), "html.parser")
    assert len(read_links(node, base=PAGE, page=PAGE).links) == count


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000,
        "http://" * 30_000,
        "(" * 200_000,
        "https://b/" + ")" * 200_000,
        "a-" * 100_000,
        "[.]/" * 50_000,
        "x/ " * 70_000,
        "password: " * 20_000,
        "https://b/x/\n" * 15_000,
        "%20" * 60_000,
        "part 1 " * 30_000,
    ],
    ids=[
        "dots",
        "schemes",
        "open",
        "closed",
        "hyphens",
        "brackets",
        "words",
        "labels",
        "lines",
        "escapes",
        "parts",
    ],
)
def test_long_texts_give_no_links(text: str) -> None:
    html = f"<p>{text}</p><script>{text}'{text}</script><a onclick=\"open('{text}\">x</a>{link(text)}"
    assert not links_of(html)


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=60),
    st.sampled_from(["a", "audio", "iframe", "form", "param", "button"]),
    st.text(max_size=30),
)
def test_no_address_is_too_strange(href: str, tag: str, text: str) -> None:
    node = node_of("")
    element = BeautifulSoup("", "lxml").new_tag(tag)
    for name in ("href", "src", "action", "value", "onclick", "data-url", "style"):
        element[name] = href
    element.string = text
    node.append(element)
    for each in read_links(node, base=PAGE, page=PAGE, enclosures=[Enclosure(url=href)]).links:
        assert each.url.startswith(("http://", "https://"))
        assert each.kind in LinkKind


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["", "hxxps://", "https://"]), st.text(max_size=60))
def test_no_text_is_too_strange(before: str, text: str) -> None:
    node = node_of("")
    node.append(f"{before}mega.nz/file/{text} {before}{text}")
    read_links(node, base=PAGE, page=PAGE)
