"""Where the demo finds its blog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from scraper.demo import site
from scraper.demo.server import DemoServer
from storage.errors import CratedigError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_checkout_serves_the_fixture_blog() -> None:
    folder = site.site_folder()
    assert folder.parts[-2:] == ("fixtures", "blog")
    assert (folder / "index.html").is_file()


def test_an_installed_package_serves_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_INSTALLED", tmp_path)
    assert site.site_folder() == tmp_path


def test_a_missing_blog_is_an_error_that_says_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_INSTALLED", tmp_path / "installed")
    monkeypatch.setattr(site, "_CHECKOUT", tmp_path / "checkout")
    with pytest.raises(CratedigError, match=r"blog is missing.*installed.*checkout.*Install"):
        site.site_folder()


async def test_the_demo_serves_no_page_that_names_another_origin() -> None:
    folder = site.site_folder()
    pages = [f"/{page.parent.relative_to(folder).as_posix()}/" for page in folder.rglob("index.*")]
    async with DemoServer(folder) as server, aiohttp.ClientSession(server.url) as session:
        for path in ("/robots.txt", *(page.replace("/./", "/") for page in pages)):
            async with session.get(path) as answer:
                assert answer.status == 200, path
                assert "http://blog.example" not in await answer.text(), path


async def test_a_listing_past_the_end_is_not_found() -> None:
    async with DemoServer(site.site_folder()) as server, aiohttp.ClientSession(server.url) as session:
        for path in ("/page/7/", "/wp-json/wp/v2/posts", "/sitemap.xml"):
            async with session.get(path) as answer:
                assert answer.status == 404, path
                assert "<article" in await answer.text()
