"""Which links of a page are the post's: what its scope and the table of hosts leave out."""

from __future__ import annotations

import pytest

from scraper.posts.links.reading import read_links
from scraper.posts.page.document import parse_document
from scraper.posts.page.scope import find_scope
from scraper.posts.page.soup import soup_of

PAGE = "https://b.example/2024/05/kora-lines/"
SONG = "https://b.example/u/song.mp3"


def urls_of(html: str) -> list[str]:
    tree = parse_document(f"<html><body>{html}</body></html>".encode(), charset="utf-8")
    node = soup_of(find_scope(tree, url=PAGE))
    return [each.url for each in read_links(node, base=PAGE, page=PAGE).links]


POST = f'<article class="post"><h1>Kora – Lines</h1><p>Text of it.</p><a href="{SONG}">Song</a></article>'


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            f'{POST}<aside id="sidebar"><div class="widget"><a href="/u/mix.mp3">Mix of the month</a></div></aside>',
            id="L39",
        ),
        pytest.param(
            f'<header class="site-header"><audio src="/radio.mp3"></audio></header>{POST}', id="L39 radio"
        ),
        pytest.param(
            POST.replace(
                "</article>", '<a href="https://novafile.org/premium3854.html"><img src=b.gif></a></article>'
            ),
            id="L40",
        ),
        pytest.param(
            f'{POST}<div id="comments"><p>great! http://spam.example/x.mp3</p></div>',
            id="L38",
        ),
        pytest.param(
            POST.replace(
                "</article>",
                '<div class="jp-relatedposts"><a href="/2024/05/song-mp3-download/">Song MP3 Download</a></div></article>',
            ),
            id="L41",
        ),
    ],
)
def test_links_of_the_furniture_are_not_the_posts(html: str) -> None:
    assert urls_of(html) == [SONG]
