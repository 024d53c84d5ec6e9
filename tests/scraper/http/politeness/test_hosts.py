"""Which addresses share a budget."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from scraper.http.politeness.hosts import Host, host_of


@pytest.mark.parametrize(
    ("url", "name"),
    [
        pytest.param("https://blog.example/", "blog.example", id="plain"),
        pytest.param("https://BLOG.Example/Path", "blog.example", id="upper case"),
        pytest.param("https://www.blog.example/", "blog.example", id="www"),
        pytest.param("https://www2.blog.example/", "www2.blog.example", id="www2 is another host"),
        pytest.param("https://www.www.blog.example/", "www.blog.example", id="www once"),
        pytest.param("https://www.com/", "www.com", id="a host called www.com"),
        pytest.param("https://www/", "www", id="a host called www"),
        pytest.param("https://blog.example./", "blog.example", id="final dot"),
        pytest.param("http://blog.example:80/", "blog.example", id="the port of http"),
        pytest.param("https://blog.example:443/", "blog.example", id="the port of https"),
        pytest.param("http://blog.example:443/", "blog.example:443", id="https's port under http"),
        pytest.param("http://www.blog.example:8080/", "blog.example:8080", id="18 another port"),
        pytest.param("http://127.0.0.1:8000/", "127.0.0.1:8000", id="IPv4"),
        pytest.param("http://[::1]/", "::1", id="IPv6"),
        pytest.param("http://[::1]:8000/", "[::1]:8000", id="IPv6 and port"),
        pytest.param("https://müsik.example/", "xn--msik-0ra.example", id="7 punycode"),
        pytest.param("https://user:secret@blog.example/", "blog.example", id="5 credentials"),
    ],
)
def test_an_address_gives_its_host(url: str, name: str) -> None:
    assert host_of(URL(url)) == Host(name=name, group=name)


@pytest.mark.parametrize(
    ("host", "group"),
    [
        ("crates.blogspot.com", "blogspot.com"),
        ("crates.blogspot.de", "blogspot.com"),
        ("crates.blogspot.co.uk", "blogspot.com"),
        ("crates.blogspot.com.br", "blogspot.com"),
        ("1.bp.blogspot.com", "blogspot.com"),
        ("www.crates.blogspot.com", "blogspot.com"),
        ("wordpress.com", "wordpress.com"),
        ("crates.wordpress.com", "wordpress.com"),
        ("CRATES.files.WordPress.com.", "wordpress.com"),
        ("label.bandcamp.com", "bandcamp.com"),
        ("crates.github.io", "github.io"),
        ("crates.hateblo.jp", "hatenablog.com"),
        ("notwordpress.com", "notwordpress.com"),
        ("wordpress.com.example", "wordpress.com.example"),
        ("wordpress.example", "wordpress.example"),
        ("blogspot.example", "blogspot.example"),
        ("co.uk", "co.uk"),
        ("com", "com"),
    ],
)
def test_blogs_of_one_platform_share_a_group_by_whole_labels(host: str, group: str) -> None:
    assert host_of(URL(f"https://{host}/post")).group == group


def test_a_platform_is_known_at_any_port() -> None:
    assert host_of(URL("http://crates.wordpress.com:8080/")) == Host(
        name="crates.wordpress.com:8080", group="wordpress.com"
    )


def test_every_platform_is_named_by_a_domain_of_its_own_and_no_domain_is_listed_twice() -> None:
    data = tomllib.loads(files("scraper.http.politeness").joinpath("platforms.toml").read_text("utf-8"))
    domains = [domain for table in data.values() for domain in table["domains"]]
    assert len(domains) == len(set(domains))
    assert all(group in table["domains"] for group, table in data.items())
    assert all(domain == domain.strip().lower() and "." in domain for domain in domains)


@given(st.lists(st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True), min_size=1, max_size=200))
def test_the_group_of_any_host_is_how_its_name_ends(labels: list[str]) -> None:
    host = host_of(URL.build(scheme="https", host=".".join(labels)))
    assert host.name
    assert host.name.endswith(host.group) or "blogspot" in host.group
