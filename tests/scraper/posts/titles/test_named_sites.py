"""What tells the name of a blog that no meta element states."""

from __future__ import annotations

import pytest
from lxml import html

from scraper.posts.page.document import read_head
from scraper.posts.page.scope import find_scope
from scraper.posts.titles.headline import read_headline
from scraper.posts.titles.named_sites import named_site

PAGE = "https://{host}/2020/05/post.html"
POST = "<div id='content'><p>Nothing repeats the title here.</p></div>"


def _title(head: str, body: str = "", *, host: str = "b.example", blog: str | None = None) -> str:
    url = PAGE.format(host=host)
    tree = html.document_fromstring(f"<head>{head}</head><body>{body}{POST}</body>")
    scope, read = find_scope(tree, url=url), read_head(tree, url)
    return read_headline(tree, scope, read, url=url, listed=None, blog=blog).text


@pytest.mark.parametrize(
    ("head", "body", "host", "blog"),
    [
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title><meta property='og:site_name' content='Crate Notes'>",
            "",
            "b.example",
            None,
            id="T10 stated",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>", "", "cratenotes.example", None, id="T10 host"
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "",
            "www.crate-notes.example",
            None,
            id="T10 host with www",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "",
            "cratenotes.host.example",
            None,
            id="T10 host's first label",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "",
            "b.example",
            "https://b.example/~cratenotes/",
            id="T10 address of the blog",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "<div><a href='/'>Crate Notes</a></div>",
            "b.example",
            None,
            id="T10 link home",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "<div><a href='https://b.example/crates'>Crate Notes</a></div>",
            "b.example",
            "https://b.example/crates/",
            id="T10 link to the blog in a folder",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "<a href='/'><img src='/h.png' alt='Crate Notes'></a>",
            "b.example",
            None,
            id="T10 picture that leads home",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title>",
            "<img src='/logo.gif' alt='Crate Notes'>",
            "b.example",
            None,
            id="T10 logo",
        ),
        pytest.param(
            "<title>Crate Notes | Bootleg Sets</title>",
            "<a href='/'>Crate Notes</a>",
            "b.example",
            None,
            id="T10 in front of a bar",
        ),
        pytest.param(
            "<title>Bootleg Sets - Crate Notes</title><meta property='og:site_name' content='The Company'>",
            "<a href='/'>Crate Notes</a>",
            "b.example",
            None,
            id="T10 another name is stated",
        ),
    ],
)
def test_a_site_that_is_known_is_taken_off(head: str, body: str, host: str, blog: str | None) -> None:
    assert _title(head, body, host=host, blog=blog) == "Bootleg Sets"


@pytest.mark.parametrize(
    ("head", "body", "host"),
    [
        pytest.param(
            "<title>Kora – Lines</title>", "<a href='/'>Kora</a>", "b.example", id="artist's own blog"
        ),
        pytest.param("<title>Kora – Lines</title>", "", "kora.example", id="artist's own host"),
        pytest.param(
            "<title>Kora – Lines</title>", "<a href='/lines/'>Lines</a>", "b.example", id="link elsewhere"
        ),
        pytest.param(
            "<title>Kora – Lines</title>", "<a href='/?p=1'>Lines</a>", "b.example", id="link with a query"
        ),
        pytest.param(
            "<title>Kora – Lines</title>", "<img src='/cover.jpg' alt='Lines'>", "b.example", id="a cover"
        ),
        pytest.param(
            "<title>Kora – Lines</title>", "<a href='http://['>Lines</a>", "b.example", id="a broken link"
        ),
        pytest.param(
            "<title>Kora – Lines</title><meta property='og:title' content='Kora – Lines'>",
            "",
            "lines.example",
            id="og:title has it too",
        ),
    ],
)
def test_nothing_is_taken_off_on_a_guess(head: str, body: str, host: str) -> None:
    assert _title(head, body, host=host) == "Kora – Lines"


def test_a_link_to_the_page_itself_leads_to_no_home() -> None:
    url = PAGE.format(host="b.example")
    tree = html.document_fromstring(f"<title>Sets - Notes</title><a href='{url}'>Sets</a>")
    assert named_site(tree, read_head(tree, url), url=url, blog=url) is None
