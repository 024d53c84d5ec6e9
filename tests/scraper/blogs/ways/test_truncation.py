"""Whole posts and beginnings of posts, by how they end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.truncation import is_truncated

URL = "https://b.example/2024/05/kora-lines/"
WORDS = "Kora is back with a record that sounds like rain on a tin roof and ends far too early to be put away"
FOOTER = f'<p>The post <a href="{URL}">Kora</a> appeared first on <a href="https://b.example">A blog</a>.</p>'


@pytest.mark.parametrize(
    "content",
    [
        "<p>A fine track. [&hellip;]</p>",
        "<p>A fine track. [&#8230;]</p>\n",
        "A fine track [...]",
        "<p>A fine track. [ . . . ] »</p>",
        f'<p>A fine track. <a href="{URL}">[&hellip;]</a></p>',
        f"<p>{WORDS}&hellip;</p>",
        f"{WORDS} ...",
        f"<p>{WORDS} [&hellip;]</p>\n{FOOTER}",
        f"<p>{WORDS}&hellip;</p>\n{FOOTER}",
        f'<p>A <a href="{URL}#more-12" class="more-link">Mehr</a></p>',
        f"<p>A <a class='more-link' href='{URL}'>(more&hellip;)</a></p>",
        '<p>A <a href=/2024/05/kora-lines/#more-12>Nanu</a></p><div class="sharedaddy">Share: Facebook</div>',
        f'<p>A</p><a href="{URL}">Continue reading<span class="screen-reader-text"> &#8220;Kora&#8221;</span></a>',
        f'<p>A <a href="{URL}">[Read more...]</a></p>{FOOTER}',
        f'<p>A <a href="{URL}?utm_source=rss">Read More &rarr;</a> | 3 comments</p>',
        f'<p>A <a href="{URL}">Lire l’article</a></p>',
        f'<p>A <a href="{URL}">続きを読む</a></p>',
        f'<p>A <a href="{URL}">Читать далее «Kora»</a></p>',
        f'<p>A <a href="{URL}">Más</a></p>',
        "<p>A fine track. (more&hellip;)</p>",
    ],
)
def test_a_beginning_is_told_by_its_end(content: str) -> None:
    assert is_truncated(content, URL)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<p>A fine track.</p>",
        "<p>To be continued&hellip;</p>",
        "<p>And then there was silence...</p>",
        f'<p>{WORDS} <a href="https://b.example/a.mp3">Download</a></p><p>More to come&hellip;</p>',
        f"<p>{WORDS}</p><p>{WORDS}&hellip;</p>",
        f'<p>{WORDS}</p><img src="a.jpg">&hellip;',
        "<p>He said [&hellip;] and left.</p>",
        f'<p>A</p><span id="more-12"></span><p>{WORDS}</p>',
        f"<p>A fine track.</p>{FOOTER}",
        '<p>Read more about Kora on <a href="https://c.example/kora">her page</a>.</p>',
        '<p>A <a href="https://b.example/2024/04/other/" class="more-link">Read more</a></p>',
        f'<p>A <a href="{URL}#comments">Leave a comment</a> <a href="{URL}">Permalink</a></p>',
        f'<p>A <a href="{URL}">Moreno</a> <a href="{URL}">Read moreover</a></p>',
        "<p>Genre: (Deep House …)</p>",
    ],
)
def test_a_whole_post_is_not_taken_for_a_beginning(content: str) -> None:
    assert not is_truncated(content, URL)


@pytest.mark.parametrize(
    "footer",
    [
        f'<p>Der Beitrag <a href="{URL}">Kora</a> erschien zuerst auf <a href="/">Blog</a>.</p>',
        f'<p>L’article <a href="{URL}">Kora</a> est apparu en premier sur <a href="/">Blog</a>.</p>',
        f'<p>La entrada <a href="{URL}">Kora</a> se publicó primero en <a href="/">Blog</a>.</p>',
        f'<p>Запись <a href="{URL}">Kora</a> впервые появилась <a href="/">Blog</a>.</p>',
        "<p>THE POST Kora APPEARED FIRST ON Blog</p>",
    ],
)
def test_the_footer_of_a_feed_says_nothing_in_any_language(footer: str) -> None:
    assert not is_truncated(f"<p>A fine track.</p>{footer}", URL)
    assert is_truncated(f"<p>A fine track. [&hellip;]</p>{footer}", URL)


def test_a_mark_far_from_the_end_of_a_long_post_is_its_own_words() -> None:
    assert not is_truncated(f'<a href="{URL}" class="more-link">More</a>{"<p>words</p>" * 1000}', URL)


@given(
    st.text(
        st.sampled_from('<a href="/2024/05/kora-lines/" class=more-link>[…](...)&#; p\ud800\x00'),
        max_size=400,
    )
)
def test_any_text_is_judged(content: str) -> None:
    assert is_truncated(content, URL) in {True, False}


@pytest.mark.parametrize("piece", ["<a ", "<a b>", '<a href="', "[…] ", "[ ", "<", "(", "<p>", "&", FOOTER])
def test_hostile_markup_takes_no_time(piece: str) -> None:
    content = piece * (1_000_000 // len(piece))
    start = time.thread_time()
    is_truncated(content, URL)
    assert time.thread_time() - start < 30
