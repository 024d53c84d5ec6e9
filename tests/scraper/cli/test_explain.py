"""scrape explain: one post, with the evidence, as a person and as a program read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer
    from tests.scraper.cli.conftest import HoldingServer

POSTS = {
    "several tracks": "2025/06/three-for-the-weekend/",
    "two qualities": "2025/05/wren-coil-copper-wire/",
    "a hoster": "2025/05/northgate-nine-roof-access/",
    "news": "2025/06/pressing-plant-on-the-canal/",
    "Cyrillic": "2025/05/lada-somova-nochnoy-tramvay/",
    "filed only": "2025/04/dj-crosspatch-harbour-tape-04/",
}


def _explain(scrape: Callable[..., Any], url: str, *words: str) -> Any:
    return scrape("explain", url, "--allow-private", *words)


@pytest.mark.parametrize("path", POSTS.values(), ids=POSTS.keys())
def test_no_line_but_that_of_an_address_is_wider_than_80_columns(
    scrape: Callable[..., Any], served: DemoServer, path: str
) -> None:
    ran = _explain(scrape, served.url + path, "--genres", "house")
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if len(line) > 80 and "://" not in line] == []


def test_genres_and_links_are_shown_with_their_evidence(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    out = _explain(scrape, served.url + POSTS["two qualities"], "--genres", "house", "techno").out
    assert "  artist      Wren & Coil\n  track       Copper Wire\n  version     Extended Mix\n" in out
    assert "Genres: deep tech\n  stated by a label (trust 1):\n" in out
    assert "    deep tech: label “Genre: Minimal / Deep Tech”\n" in out
    assert "the address names a file (.flac)\n" in out
    assert "not queued: the same music is queued as flac" in out
    assert (
        "Query: house, techno\nIt matches house and techno: deep tech is a kind of house and of techno.\n"
        in out
    )


def test_what_was_passed_over_is_told_with_the_reason(scrape: Callable[..., Any], served: DemoServer) -> None:
    found = json.loads(_explain(scrape, served.url + POSTS["two qualities"], "--json").out)
    assert {"what": "Tracks", "why": "no genre is called so"} in found["ignored"]["genres"]
    assert {each["why"] for each in found["ignored"]["links"]} >= {"the post's own blog"}


def test_a_post_that_does_not_match_says_why(scrape: Callable[..., Any], served: DemoServer) -> None:
    out = _explain(scrape, served.url + POSTS["a hoster"], "--genres", "house").out
    assert "It does not match: genres hip hop, not house.\n" in out
    assert "would be queued if the post matched" in out


def test_without_genres_everything_matches(scrape: Callable[..., Any], served: DemoServer) -> None:
    assert "Query: any genre\nIt matches any.\n" in _explain(scrape, served.url + POSTS["news"]).out


def test_json_holds_what_a_program_needs(scrape: Callable[..., Any], served: DemoServer) -> None:
    url = served.url + POSTS["two qualities"]
    found = json.loads(_explain(scrape, url, "--genres", "house", "--json").out)
    assert (found["url"], found["blog"], found["stored"]) == (url, served.url, None)
    assert found["scope"] == "article element with the title"
    assert found["title"] == {
        "text": "Wren & Coil – Copper Wire (Extended Mix)",
        "source": "heading marked entry-title",
    }
    assert (found["genres"], found["basis"], found["matched"]) == (["deep tech"], "stated", ["house"])
    assert found["because"] == [{"query": "house", "genre": "deep tech"}]
    assert {(one["trust"], one["source"]) for one in found["evidence"]} == {(1, "label")}
    assert [(one["format"], one["kind"], one["queued"]) for one in found["links"]] == [
        ("flac", "direct", True),
        ("mp3", "direct", False),
    ]


def test_nothing_is_kept_and_no_database_is_made(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    assert _explain(scrape, served.url + POSTS["news"]).code == 0
    assert list(tmp_path.iterdir()) == []


def test_what_runs_have_made_of_the_post_is_told(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--quiet")
    url = served.url + POSTS["two qualities"]
    assert "stored      yes, matched house\n" in _explain(scrape, url, "--genres", "house").out
    assert "its download: waiting\n" in _explain(scrape, url, "--genres", "house").out
    scrape("download", "--to", str(tmp_path / "music"), "--allow-private", "--quiet")
    found = json.loads(_explain(scrape, url, "--json").out)
    assert (found["stored"]["matched"], found["links"][0]["download"]["state"]) == (["house"], "done")


def test_a_page_that_is_gone_is_told_from_what_was_stored(
    scrape: Callable[..., Any], served: HoldingServer
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--quiet")
    url = served.url + POSTS["two qualities"]
    served.gone.add(f"/{POSTS['two qualities']}")
    ran = _explain(scrape, url, "--genres", "house")
    assert ran.code == 1
    assert "read from   the database, as it was stored\n" in ran.out
    assert "Genres: deep tech\n" in ran.out
    assert ran.err.startswith("scrape: its page could not be read now, so this is what was stored: ")
    found = json.loads(_explain(scrape, url, "--json").out)
    assert (found["read"], found["scope"], found["genres"]) == (None, None, ["deep tech"])


@pytest.mark.parametrize("path", ["", "page/2/", "tag/techno/"])
def test_an_address_that_a_run_would_not_take_for_a_post_is_told(
    scrape: Callable[..., Any], served: DemoServer, path: str
) -> None:
    ran = _explain(scrape, served.url + path)
    assert ran.err.startswith("scrape: by its address a run would not take this for a post. ")
    assert f"scrape blogs check {served.url} " in ran.err
    assert _explain(scrape, served.url + path, "--quiet").err == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere"], 2, "'nowhere' is no address of a post: write https://blog.example/2026/11/a-post/"),
        (["https://b.example/x/", "--genres", "hose"], 2, "Did you mean house"),
        (["ftp://b.example/x/"], 2, "only http and https are read"),
        ([], 2, "No post is named"),
        (["https://b.example/x/", "--genres", "house", "https://b.example/y/"], 2, "one post"),
    ],
)
def test_a_slip_is_one_line_and_asks_for_nothing(
    scrape: Callable[..., Any], words: list[str], code: int, said: str
) -> None:
    ran = scrape("explain", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_page_that_is_not_there_is_one_line(scrape: Callable[..., Any], served: DemoServer) -> None:
    ran = _explain(scrape, f"{served.url}2025/06/no-such-post/")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "404" in ran.err
