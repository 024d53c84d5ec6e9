from __future__ import annotations

import pytest

from tests.scraper.posts.links.markup import link, links_of


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        pytest.param(
            link("/a.mp3", "<img src=x.jpg>")
            + link("/a.mp3", "<img alt=play>")
            + link("/a.mp3", "Artist – Song"),
            ["Artist – Song"],
            id="L37",
        ),
        pytest.param(
            f"<b>Rapidgator</b> {link('https://rg.to/file/a', 'Link 1')} "
            f"<b>MediaFire</b> {link('https://mediafire.com/file/b', 'Link 2')}",
            ["Rapidgator", "MediaFire"],
            id="L42",
        ),
        pytest.param(
            "<b>Rapidgator</b> https://rg.to/file/a <b>MediaFire</b> https://mediafire.com/file/b",
            ["Rapidgator", "MediaFire"],
            id="L42 plain-text",
        ),
        pytest.param(
            f"<h3>Artist – Song</h3><p>Nice.</p><p>{link('/a.mp3', 'Download')}</p>",
            ["Artist – Song"],
            id="heading",
        ),
        pytest.param(
            f"<ul><li>1. Foo – Bar {link('/a.mp3', 'MP3')} | {link('/a.flac', 'FLAC')}</li></ul>"
            f"<p>{link('/b.mp3', 'Download')}</p>",
            ["Foo – Bar", "Foo – Bar", "Download"],
            id="list-item",
        ),
        pytest.param(
            f"<div><h3>Foo – Bar</h3></div><div>{link('/b.mp3', 'here')}</div>", ["here"], id="another-block"
        ),
        pytest.param(f"<p>Foo: {link('/a.mp3', 'Hollow Letters')}</p>", ["Hollow Letters"], id="its-own"),
        pytest.param(
            f"<h3>Foo – Bar</h3><p>{link('/a.mp3', '<img alt=Download>')}</p>", ["Foo – Bar"], id="picture"
        ),
        pytest.param(
            '<figure><audio src="/a.mp3"></audio><figcaption>Northern</figcaption></figure>',
            ["Northern"],
            id="caption",
        ),
        pytest.param("<p>Foo – Bar: https://b/a.mp3</p>", ["Foo – Bar"], id="plain-text"),
        pytest.param(link("/a.mp3", "https://b.example/a.mp3"), [None], id="an-address-is-no-name"),
    ],
)
def test_a_link_is_called_by_what_names_the_track(html: str, texts: list[str | None]) -> None:
    assert [each.text for each in links_of(html)] == texts


@pytest.mark.parametrize(
    ("html", "name"),
    [
        pytest.param(link("/Artist%20-%20Song.mp3"), "Artist - Song.mp3", id="L1"),
        pytest.param('<a href="/f/77" download="Song.mp3">x</a>', "Song.mp3", id="download-attribute"),
        pytest.param(link("https://mediafire.com/file/k/Mix.zip/file"), "Mix.zip", id="segment-before"),
        pytest.param(link("/download.php?file=x%2Fa.mp3"), "a.mp3", id="query"),
        pytest.param('<audio src="/play/7"></audio>', None, id="none"),
    ],
)
def test_the_name_of_the_file(html: str, name: str | None) -> None:
    assert [each.name for each in links_of(html)] == [name]
