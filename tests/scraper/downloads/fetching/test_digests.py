"""Digests that are declared, and whether they hold. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from scraper.downloads.fetching.digests import SIZES, Digest, broken_one, declared_by, declared_checksum

BODY = b"a song"


def _value(algorithm: str, body: bytes = BODY) -> bytes:
    return hashlib.new(algorithm, body, usedforsecurity=False).digest()


def b64(algorithm: str, body: bytes = BODY) -> str:
    return b64encode(_value(algorithm, body)).decode()


@pytest.mark.parametrize(
    ("headers", "algorithm"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"Repr-Digest": f"sha-256=:{b64('sha256')}:"}, "sha256", id="RFC 9530"),
        pytest.param({"Repr-Digest": f"sha-512=:{b64('sha512')}:"}, "sha512", id="RFC 9530, longer"),
        pytest.param({"Content-Digest": f"sha-256=:{b64('sha256')}:"}, "sha256", id="RFC 9530, of the content"),
        pytest.param(
            {"Repr-Digest": f"md5=:{b64('md5')}:, sha-256=:{b64('sha256')}:, x=:AAAA:"}, "sha256", id="strongest"
        ),
        pytest.param({"Digest": f"SHA-256={b64('sha256')},MD5={b64('md5')}"}, "sha256", id="RFC 3230"),
        pytest.param({"Digest": f"sha={b64('sha1')}, unixsum=30637"}, "sha1", id="RFC 3230, older"),
        pytest.param({"Content-MD5": b64("md5")}, "md5", id="RFC 1864"),
        pytest.param({"X-Goog-Hash": f"crc32c=n03x6A==,md5={b64('md5')}"}, "md5", id="Google"),
        pytest.param({"X-Goog-Hash": "crc32c=n03x6A=="}, None, id="Google, only a CRC"),
        pytest.param(
            {"X-Goog-Hash": f"md5={b64('md5')}", "X-Goog-Stored-Content-Encoding": "gzip"},
            None,
            id="Google, of what was unpacked",
        ),
        pytest.param({"x-amz-checksum-sha256": b64("sha256")}, "sha256", id="Amazon"),
        pytest.param({"x-amz-checksum-sha256": b64("sha256") + "-3"}, None, id="Amazon, of several parts"),
        pytest.param({"x-ms-blob-content-md5": b64("md5")}, "md5", id="Azure"),
        pytest.param({"Content-MD5": b64("md5"), "Content-Encoding": "gzip"}, None, id="41 of what was packed"),
        pytest.param({"Content-MD5": b64("md5"), "Content-Encoding": "identity"}, "md5", id="41 not packed"),
        pytest.param({"Content-MD5": _value("md5").hex()}, None, id="42 hexadecimal"),
        pytest.param({"Content-MD5": "!!!"}, None, id="42 no base64"),
        pytest.param({"Content-MD5": "\udcff\x00"}, None, id="40 bytes"),
        pytest.param({"Repr-Digest": "sha-256=" + b64("sha256")}, None, id="42 without colons"),
        pytest.param({"Repr-Digest": f"sha-256=:{b64('md5')}:"}, None, id="42 of another length"),
        pytest.param({"Repr-Digest": "sha-256=:" * 1000}, None, id="42 too long"),
        pytest.param(
            {"Repr-Digest": "sha-256=:oops:", "Content-MD5": b64("md5")}, "md5", id="42 the other one is whole"
        ),
    ],
)  # fmt: skip
def test_the_strongest_that_is_understood_counts(headers: dict[str, str], algorithm: str | None) -> None:
    found = declared_by(CIMultiDict(headers), partial=False)
    assert (found and found.algorithm) == algorithm
    if found is not None:
        assert found.value == _value(found.algorithm)


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        pytest.param({"Repr-Digest": f"sha-256=:{b64('sha256')}:"}, True, id="of the file"),
        pytest.param({"Digest": f"sha-256={b64('sha256')}"}, True, id="of the instance"),
        pytest.param({"X-Goog-Hash": f"md5={b64('md5')}"}, True, id="of the object"),
        pytest.param({"x-ms-blob-content-md5": b64("md5")}, True, id="of the blob"),
        pytest.param({"Content-Digest": f"sha-256=:{b64('sha256')}:"}, False, id="of the content"),
        pytest.param({"Content-MD5": b64("md5")}, False, id="of the body"),
        pytest.param({"x-amz-checksum-sha256": b64("sha256")}, False, id="perhaps of a part"),
    ],
)
def test_of_a_part_only_what_speaks_of_the_file_counts(headers: dict[str, str], *, believed: bool) -> None:
    assert (declared_by(CIMultiDict(headers), partial=True) is not None) is believed


def test_who_contradicts_itself_is_not_believed() -> None:
    headers = CIMultiDict([("Content-MD5", b64("md5")), ("Content-MD5", b64("md5", b"another"))])
    assert declared_by(headers, partial=False) is None
    headers.add("Digest", f"sha={b64('sha1')}")
    found = declared_by(headers, partial=False)
    assert found is not None
    assert found.algorithm == "sha1"


@pytest.mark.parametrize(
    ("text", "algorithm"),
    [
        (f"sha256:{_value('sha256').hex()}", "sha256"),
        (f" MD5:{_value('md5').hex().upper()} ", "md5"),
        (f"sha512:{_value('sha512').hex()}", "sha512"),
        (f"sha256:{_value('md5').hex()}", None),
        (f"crc32:{_value('md5').hex()}", None),
        ("sha256:", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_post_declares_is_read_or_not(text: str | None, algorithm: str | None) -> None:
    found = declared_checksum(text)
    assert (found and found.algorithm) == algorithm


def test_all_must_hold() -> None:
    actual = {name: _value(name) for name in SIZES}
    right = [Digest(name, value, "x") for name, value in actual.items()]
    wrong = Digest("md5", _value("md5", b"another"), "x")
    assert broken_one(right, actual) is None
    assert broken_one([*right, wrong], actual) is wrong
    assert broken_one([], actual) is None


@given(
    st.sampled_from(["Repr-Digest", "Content-Digest", "Digest", "Content-MD5", "X-Goog-Hash"]),
    st.text(max_size=200) | st.from_regex(r"\A(sha-256|md5|sha)=:?[\w+/=]{0,90}:?(, x)?\Z"),
    st.booleans(),
)
def test_any_header_is_read_or_passed_over(header: str, value: str, partial: bool) -> None:
    found = declared_by(CIMultiDict({header: value}), partial=partial)
    assert found is None or len(found.value) == SIZES[found.algorithm]
