from __future__ import annotations

import pytest

from scraper.downloads.choosing.checksums import declared_checksum

MD5 = "9e107d9d372bb6826bd81d3542a419d6"
SHA256 = "ab" * 32


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        (f"https://a.example/1.mp3#md5={MD5}", f"md5:{MD5}"),
        (f"https://a.example/1.mp3#sha256={SHA256.upper()}", f"sha256:{SHA256}"),
        (f"https://a.example/1.mp3#t=30&sha256={SHA256}", f"sha256:{SHA256}"),
        (f"https://a.example/1.mp3#md5={MD5}00", None),
        (f"https://a.example/1.mp3?md5={MD5}", None),
        (f"https://a.example/1.mp3#xmd5={MD5}", None),
        ("https://a.example/1.mp3", None),
        ("https://[a.example/1.mp3#md5=1", None),
    ],
)
def test_a_fragment_may_pin_the_content(url: str, declared: str | None) -> None:
    assert declared_checksum(url) == declared
