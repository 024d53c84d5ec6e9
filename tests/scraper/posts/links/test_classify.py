from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.http.addresses.identity import fetch_url, link_key
from scraper.posts.links.address import read_address
from scraper.posts.links.classify import Classified, classify
from scraper.posts.links.hosts import find_host
from scraper.posts.links.offers import Element
from storage.records import LinkKind

PAGE = "https://b.example/p/"
DRIVE = "https://drive.google.com/file/d/1234567890ab"


def judged(url: str, *, text: str = "", element: Element = Element.LINK) -> Classified | None:
    found = classify(read_address(url), text=text, element=element, page=PAGE)
    return found if isinstance(found, Classified) else None


@pytest.mark.parametrize(
    ("url", "kind", "host"),
    [
        pytest.param("https://x.example/a.mp3", "direct", "x.example", id="direct"),
        pytest.param("https://x.example/a.ZIP?x=1#y", "direct", "x.example", id="direct-archive"),
        pytest.param("https://rapidgator.net/file/x/name.rar.html", "manual", "rapidgator.net", id="L7"),
        pytest.param("https://rg.to/file/x", "manual", "rapidgator.net", id="alias"),
        pytest.param(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1957&color=0",
            "embed",
            "soundcloud.com",
            id="L13",
        ),
        pytest.param("https://soundcloud.com/artist/sets/x", "embed", "soundcloud.com", id="L16-set"),
        pytest.param("https://soundcloud.com/artist/track", "embed", "soundcloud.com", id="L16-track"),
        pytest.param("https://archive.org/details/mtk043", "archive", "archive.org", id="L17"),
        pytest.param(
            "https://files.scene.org/view/music/a.mp3", "archive", "files.scene.org", id="scene.org"
        ),
        pytest.param(
            "https://www.dropbox.com/scl/fi/ab/t.wav?rlkey=k&dl=0", "hoster", "dropbox.com", id="L19"
        ),
        pytest.param(f"{DRIVE}/view", "hoster", "drive.google.com", id="L20"),
        pytest.param("https://mega.nz/file/ID#KEY", "hoster", "mega.nz", id="L22"),
        pytest.param("https://mega.co.nz/#!ID!KEY", "hoster", "mega.nz", id="L22-old"),
        pytest.param("https://www12.zippyshare.com/v/x/file.html", "dead", "zippyshare.com", id="L23"),
        pytest.param("https://hypeddit.com/track/x?utm_source=sc", "gate", "hypeddit.com", id="L24"),
        pytest.param("https://www.beatport.com/track/x/1", "store", "beatport.com", id="L26"),
        pytest.param("https://x.bandcamp.com/album/y", "store", "bandcamp.com", id="bandcamp"),
        pytest.param(
            "https://bandcamp.com/EmbeddedPlayer/album=1/size=large/",
            "embed",
            "bandcamp.com",
            id="bandcamp-player",
        ),
        pytest.param("https://we.tl/t-abc", "hoster", "wetransfer.com", id="wetransfer"),
        pytest.param("https://www.mediafire.com/?abcdefghijk", "hoster", "mediafire.com", id="mediafire-old"),
        pytest.param("https://pixeldrain.com/u/abc", "hoster", "pixeldrain.com", id="pixeldrain"),
        pytest.param("https://gofile.io/d/abc", "hoster", "gofile.io", id="gofile"),
        pytest.param("https://workupload.com/file/abc", "hoster", "workupload.com", id="workupload"),
        pytest.param(
            "https://krakenfiles.com/view/abc/file.html", "hoster", "krakenfiles.com", id="krakenfiles"
        ),
        pytest.param("https://1fichier.com/?abc", "manual", "1fichier.com", id="1fichier"),
        pytest.param("https://hearthis.at/a/t/listen.mp3", "direct", "hearthis.at", id="hearthis-file"),
        pytest.param("https://hearthis.at/a/t/", "embed", "hearthis.at", id="hearthis"),
        pytest.param(
            "https://web.archive.org/web/2012/http://b/a.mp3", "direct", "web.archive.org", id="wayback"
        ),
        pytest.param("https://sites.google.com/site/x/a.mp3", "direct", "google.com", id="file-on-any-host"),
    ],
)
def test_what_a_link_leads_to(url: str, kind: str, host: str) -> None:
    found = judged(url)
    assert found is not None
    assert (found.kind.value, found.host) == (kind, host)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://x.example/a.mp3.html", id="L7"),
        pytest.param("https://x.example/cover.mp3.jpg", id="L8"),
        pytest.param("https://www.mediafire.com/view/abc/cover.jpg", id="L8-on-a-hoster"),
        pytest.param("https://soundcloud.com/artist", id="L16-profile"),
        pytest.param("https://soundcloud.com/artist/likes", id="L16-likes"),
        pytest.param("https://soundcloud.com/tags/house", id="L16-tags"),
        pytest.param("https://www.youtube.com/@artist", id="L16-channel"),
        pytest.param("https://open.spotify.com/artist/1", id="L16-spotify"),
        pytest.param("https://docs.google.com/forms/d/e/1FAIpQLSabcdefgh/viewform", id="L21-forms"),
        pytest.param("https://docs.google.com/document/d/1234567890ab/edit", id="L21-docs"),
        pytest.param("https://www.google.com/search?q=a.mp3", id="L21-search"),
        pytest.param("https://plus.google.com/share?url=https://b/a.mp3", id="L21-plus"),
        pytest.param("https://www.google.com/maps/place/Berghain", id="L21-maps"),
        pytest.param("https://fonts.googleapis.com/css?family=Roboto", id="L21-fonts"),
        pytest.param("https://hypeddit.com/hype-my-music.php", id="L25-sign-up"),
        pytest.param("https://www.toneden.io/", id="L25-home"),
        pytest.param("https://www.beatport.com/artist/x/1", id="L26-artist"),
        pytest.param("https://novafile.org/premium3854.html", id="L40"),
        pytest.param("https://notrapidgator.net/file/x", id="L46"),
        pytest.param("https://rapidgator.net.example/file/x", id="L46-before"),
        pytest.param("https://commons.wikimedia.org/wiki/File:X.ogg", id="page-of-a-file"),
        pytest.param(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/users/1",
            id="player-of-a-profile",
        ),
        pytest.param(
            "https://w.soundcloud.com/player/?url=https%3A//w.soundcloud.com/player/%3Furl%3Dx",
            id="player-of-a-player",
        ),
        pytest.param("https://bit.ly/abc", id="short-address"),
        pytest.param("https://x.example/category/mp3/", id="a-word-is-no-extension"),
    ],
)
def test_what_is_of_no_interest(url: str) -> None:
    assert judged(url, text="more") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "https://archive.org/download/mtk043/a%20b.mp3",
            "https://ia800.us.archive.org/3/items/mtk043/a b.mp3",
            id="L18",
        ),
        pytest.param(
            "https://archive.org/embed/mtk043", "https://archive.org/details/mtk043", id="L18-player"
        ),
        pytest.param(
            f"{DRIVE}/view?usp=sharing", "https://drive.google.com/open?id=1234567890ab", id="L20-open"
        ),
        pytest.param(
            f"{DRIVE}/preview", "https://docs.google.com/uc?export=download&id=1234567890ab", id="L20-uc"
        ),
        pytest.param(
            "https://drive.usercontent.google.com/download?id=1234567890ab&export=download",
            DRIVE,
            id="L20-content",
        ),
        pytest.param("https://mega.nz/file/ID#KEY", "https://mega.co.nz/#!ID!KEY", id="L22-old-form"),
        pytest.param(
            "https://www.dropbox.com/s/x/t.wav?dl=0",
            "https://dl.dropboxusercontent.com/s/x/t.wav",
            id="dropbox",
        ),
        pytest.param(
            "https://www.mediafire.com/file/abcdefgh/x.zip/file",
            "https://mediafire.com/?abcdefgh",
            id="mediafire",
        ),
        pytest.param(
            "https://www.youtube.com/watch?t=1&v=abcdefghijk",
            "https://youtu.be/abcdefghijk?si=x",
            id="youtu.be",
        ),
        pytest.param(
            "https://www.youtube-nocookie.com/embed/abcdefghijk?rel=0",
            "https://youtube.com/shorts/abcdefghijk",
            id="youtube",
        ),
        pytest.param(
            "https://www.mixcloud.com/widget/iframe/?hide_cover=1&feed=%2Fa%2Fb%2F",
            "https://www.mixcloud.com/a/b/",
            id="mixcloud",
        ),
        pytest.param(
            "https://open.spotify.com/embed/track/1?utm_source=x",
            "https://open.spotify.com/intl-de/track/1",
            id="spotify",
        ),
        pytest.param("https://player.vimeo.com/video/12345?h=1", "https://vimeo.com/12345", id="vimeo"),
        pytest.param(
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b",
            "https://soundcloud.com/a/b?in=x",
            id="L13-page",
        ),
        pytest.param(
            "https://rg.to/file/1a2b", "https://rapidgator.net/file/1a2b/name.rar.html", id="rapidgator"
        ),
        pytest.param(
            "https://turb.to/abcdef12345/name.rar.html",
            "https://turbobit.net/download/free/abcdef12345",
            id="turbobit",
        ),
        pytest.param(
            "https://nitro.download/view/K1", "https://nitroflare.com/view/K1/name.rar", id="nitroflare"
        ),
        pytest.param("https://1fichier.com/?abc123&af=9", "https://1fichier.com/?abc123", id="1fichier"),
        pytest.param("https://k2s.cc/file/1a", "https://keep2share.cc/file/1a/name.rar", id="keep2share"),
        pytest.param(
            f"https://wetransfer.com/downloads/{'a' * 46}/{'b' * 46}/c1",
            f"https://wetransfer.com/downloads/{'a' * 46}/c1",
            id="wetransfer",
        ),
    ],
)
def test_all_addresses_of_an_item_have_one_key(one: str, other: str) -> None:
    keys = {found and found.key for found in (judged(fetch_url(url, PAGE) or "") for url in (one, other))}
    assert len(keys) == 1
    assert None not in keys


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/soundcloud%253Atracks%253A1957",
            id="L13",
        )
    ],
)
def test_the_track_of_a_player_is_its_key(url: str) -> None:
    found = judged(url)
    assert found is not None
    assert found.key == "https://api.soundcloud.com/tracks/1957"


@pytest.mark.parametrize(
    "url", [pytest.param("https://www.dropbox.com/scl/fi/ab/t.wav?rlkey=k&dl=0", id="L19")]
)
def test_the_address_to_fetch_is_untouched(url: str) -> None:
    found = judged(url)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize("url", [pytest.param("https://github.com/u/r/blob/main/x%20y.mp3", id="L51")])
def test_a_page_of_a_file_becomes_the_file(url: str) -> None:
    found = judged(url)
    assert found is not None
    assert (found.kind, found.url) == (LinkKind.DIRECT, "https://github.com/u/r/raw/main/x%20y.mp3")


@pytest.mark.parametrize(
    ("url", "text", "element", "kept"),
    [
        pytest.param("https://x.example/dl?id=9", "Download MP3", Element.LINK, True, id="L6"),
        pytest.param("https://x.example/dl?id=9", "Read on", Element.LINK, False, id="L6-other-text"),
        pytest.param("https://x.example/download.php?file=a.mp3", "", Element.LINK, True, id="L6-address"),
        pytest.param("https://x.example/play.html?file=a.mp3", "Download", Element.LINK, False, id="L6-page"),
        pytest.param("https://x.example/get/12", "İndir", Element.LINK, True, id="turkish"),
        pytest.param("https://x.example/get/12", "ダウンロードはこちら", Element.LINK, True, id="japanese"),
        pytest.param(
            "https://x.example/stream/mp3/4f5f15", "Song", Element.LINK, True, id="format-as-segment"
        ),
        pytest.param("https://x.example/x9", "Free Download", Element.BUTTON, True, id="button"),
        pytest.param("https://x.example/x9", "Free Download", Element.LINK, False, id="text-alone"),
        pytest.param("https://x.example/x9", "Play", Element.SOUND, True, id="audio"),
        pytest.param("https://x.example/x9.html", "Play", Element.SOUND, False, id="file-that-is-a-page"),
        pytest.param("https://x.example/x9", "Download MP3", Element.TEXT, False, id="running-text"),
        pytest.param("https://x.example/", "Download MP3", Element.BUTTON, False, id="home"),
        pytest.param("https://x.example/how-to-download", "Download MP3", Element.BUTTON, False, id="slug"),
        pytest.param("https://b.example/x9", "Download MP3", Element.BUTTON, False, id="own-page"),
        pytest.param("https://b.example/files/x9", "Download", Element.BUTTON, True, id="own-file"),
        pytest.param("https://bit.ly/abc", "Download", Element.LINK, True, id="short-address"),
        pytest.param("https://x.example/press-kit.pdf", "Download", Element.BUTTON, False, id="document"),
    ],
)
def test_other_hosts_need_more_than_one_sign(url: str, text: str, element: Element, kept: bool) -> None:
    assert (judged(url, text=text, element=element) is not None) is kept


def test_no_domain_stands_twice_in_the_table() -> None:
    table = tomllib.loads(files("scraper.posts.links").joinpath("hosts.toml").read_text("utf-8"))
    domains = Counter(domain for group in table["hosts"] for host in group["hosts"] for domain in host)
    assert [domain for domain, count in domains.items() if count > 1] == []
    assert all(find_host(domain) is not None for domain in domains)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(
        ["archive.org", "mega.nz", "w.soundcloud.com", "drive.google.com", "mediafire.com", "x.example"]
    ),
    st.text(max_size=40),
)
def test_keys_are_identities(host: str, rest: str) -> None:
    url = fetch_url(f"https://{host}/{rest}", PAGE)
    found = judged(url) if url is not None else None
    if found is not None:
        assert link_key(found.key) == found.key
