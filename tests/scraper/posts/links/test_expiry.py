from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.reading import read_links

PAGE = "https://b.example/p/"


def expiring(href: str) -> bool:
    node = BeautifulSoup("<article><a>Song</a></article>", "lxml")
    assert node.a is not None
    node.a["href"] = href
    (link,) = read_links(node, base=PAGE, page=PAGE).links
    return link.expires


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("https://b/a.mp3?X-Amz-Expires=600&X-Amz-Signature=ab", id="L4"),
        pytest.param("https://b/a.mp3?x-amz-signature=ab", id="L4 lower-case"),
        pytest.param("https://b/a.mp3?AWSAccessKeyId=k&Expires=1&Signature=ab", id="L4 version 2"),
        pytest.param("https://b/a.mp3?Policy=p&Signature=s&Key-Pair-Id=k", id="L4 cloudfront"),
        pytest.param("https://b/a.mp3?GoogleAccessId=k&Expires=1&Signature=ab", id="L4 google"),
        pytest.param("https://b/a.mp3?sv=2024&se=2024-05-01&sr=b&sig=ab%3D", id="L4 azure"),
        pytest.param("https://b/a.mp3?md5=ab&expires=1", id="L4 nginx"),
        pytest.param("https://we.tl/t-abc", id="L4 wetransfer"),
        pytest.param("https://wetransfer.com/downloads/abc", id="L4 wetransfer-page"),
    ],
)
def test_signed_addresses_expire(href: str) -> None:
    assert expiring(href)


@pytest.mark.parametrize(
    "href",
    [
        "https://b/a.mp3",
        "https://b/a.mp3?dl=1&token=c4a01ac23a",
        "https://b/a.mp3?expires=never",
        "https://b/a.mp3?signature=dish",
        "https://b/a.mp3?sig=1",
        "https://notwetransfer.com/a.mp3",
    ],
)
def test_other_addresses_do_not(href: str) -> None:
    assert not expiring(href)
