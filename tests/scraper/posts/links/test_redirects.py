from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.http.addresses.identity import fetch_url
from scraper.posts.links.address import Address, read_address
from scraper.posts.links.redirects import unwrap
from scraper.posts.links.why import Why

PAGE = "https://b.example/p/"
TARGET = "https://c.example/f/a.mp3"
CODED = base64.b64encode(TARGET.encode()).decode()


def target_of(url: str, *, page: str = PAGE) -> str | Why:
    found = unwrap(read_address(url), page=page)
    return found.url if isinstance(found, Address) else found


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"https://b.example/out?url={CODED}", id="L28"),
        pytest.param(f"https://b.example/?go={CODED.rstrip('=')}", id="L28-without-padding"),
        pytest.param(f"https://b.example/go/{CODED}", id="L28-path"),
        pytest.param(f"https://b.example/out/?u={CODED[::-1]}", id="reversed-base64"),
        pytest.param(f"https://b.example/out/?u={quote(TARGET[::-1])}", id="reversed"),
        pytest.param(
            f"https://b.example/out/?u={quote(quote(TARGET, safe=''), safe='')}", id="encoded-twice"
        ),
        pytest.param("https://b.example/out/?u=uggcf://p.rknzcyr/s/n.zc3", id="rot13"),
        pytest.param(f"https://l.facebook.com/l.php?u={quote(TARGET, safe='')}&h=x", id="L29-facebook"),
        pytest.param(f"https://href.li/?{TARGET}", id="L29-href.li"),
        pytest.param(f"https://www.google.com/url?sa=t&q={quote(TARGET)}", id="google"),
        pytest.param(f"https://t.umblr.com/redirect?z={quote(TARGET)}&t=x", id="tumblr"),
        pytest.param(f"https://vk.com/away.php?to={quote(TARGET)}", id="vk"),
        pytest.param(f"https://b.example/out/{TARGET}", id="path"),
        pytest.param(f"https://href.li/?https://b.example/out?url={CODED}", id="two-wrappers"),
        pytest.param(TARGET, id="no-wrapper"),
    ],
)
def test_a_wrapper_leads_to_its_target(url: str) -> None:
    assert target_of(url) == TARGET


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.facebook.com/sharer/sharer.php?u={TARGET}",
        f"https://b.example/share?url={TARGET}",
        "https://b.example/out?url=house",
        "https://b.example/f/a.mp3?src=https://b.example/",
        "https://web.archive.org/web/2012/http://b.example/a.mp3",
        "https://b.example/go/home",
    ],
)
def test_what_is_no_wrapper_stays(url: str) -> None:
    assert target_of(url) == url


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("javascript:alert(1)", id="L30"),
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "http://127.0.0.1/a.mp3",
        "http://[::1]/a.mp3",
        "http://localhost/a",
    ],
)
@pytest.mark.parametrize(
    "encode", [quote, lambda text: base64.urlsafe_b64encode(text.encode()).decode()], ids=["plain", "base64"]
)
def test_a_wrapper_leads_to_public_addresses_only(target: str, encode: object) -> None:
    assert callable(encode)
    assert target_of(f"https://b.example/out?url={encode(target)}") in {Why.OTHER_SCHEME, Why.PRIVATE}


def test_on_a_private_blog_targets_may_be_private() -> None:
    url = "http://127.0.0.1:8000/out?url=http://127.0.0.1:9000/a.mp3"
    assert target_of(url, page="http://127.0.0.1:8000/p/") == "http://127.0.0.1:9000/a.mp3"


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=60),
    st.sampled_from(["https://b.example/out?url=", "https://href.li/?", "https://b.example/go/"]),
)
def test_any_value_may_be_carried(value: str, wrapper: str) -> None:
    url = fetch_url(wrapper + value, PAGE)
    if url is not None:
        target = target_of(url)
        assert isinstance(target, Why) or target.startswith(("http://", "https://"))
