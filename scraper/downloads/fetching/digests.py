"""Digests that servers and posts declare for a file: which are understood, and whether they hold. Pure."""

from __future__ import annotations

import binascii
import logging
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.http.head import is_uncoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multidict import CIMultiDictProxy

_log = logging.getLogger(__name__)

SIZES: Final = {"sha512": 64, "sha256": 32, "sha1": 20, "md5": 16}
"""Bytes of the digests that are understood, the strongest first."""

# As headers call them: RFC 9530, section 5; RFC 3230, section 4.1.1; RFC 5843.
_NAMES = {"sha-512": "sha512", "sha-256": "sha256", "sha": "sha1", "md5": "md5"}
# Of the whole file, in base64. The first two: RFC 1864, and Azure's own for answers that are parts
# (https://learn.microsoft.com/rest/api/storageservices/get-blob); then those of S3
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
_PLAIN = {
    "Content-MD5": "md5",
    "x-ms-blob-content-md5": "md5",
    "x-amz-checksum-sha256": "sha256",
    "x-amz-checksum-sha1": "sha1",
}
_OF_THE_PART = frozenset({"Content-MD5", "Content-Digest", "x-amz-checksum-sha256", "x-amz-checksum-sha1"})
_REPR = re.compile(r"([a-z0-9-]{1,20})=:([A-Za-z0-9+/=]{1,128}):")
_PAIR = re.compile(r"([A-Za-z0-9-]{1,20})=([A-Za-z0-9+/=]{1,128})")
_CHECKSUM = re.compile(r"(sha512|sha256|sha1|md5):([0-9a-f]{32,128})")
_LONGEST = 2000
_NO_CODING = frozenset({"", "identity"})


@dataclass(frozen=True, slots=True)
class Digest:
    """What a whole file's digest is declared to be; `algorithm` as hashlib calls it."""

    algorithm: str
    value: bytes
    source: str
    """The header, or what else declared it."""


def declared_checksum(text: str | None) -> Digest | None:
    """Return the digest that a post or an address declares, ``sha256:<hex>`` or ``md5:<hex>``."""
    found = _CHECKSUM.fullmatch(text.strip().lower()) if text and len(text) <= _LONGEST else None
    if found is None or len(found[2]) != 2 * SIZES[found[1]]:
        return None
    return Digest(found[1], bytes.fromhex(found[2]), "the post")


def declared_by(headers: CIMultiDictProxy[str] | Mapping[str, str], *, partial: bool) -> Digest | None:
    """Return the strongest digest of the whole file that an answer declares and that is understood.

    `partial` says that the answer is a 206: then what speaks of its own bytes says nothing of the file. So
    it is with all of them where the body was compressed for the way, for what is hashed is what comes out.
    What is malformed, or contradicts itself, is passed over. Sources: RFC 9530 (Repr-Digest, Content-Digest),
    RFC 3230 (Digest), RFC 1864 (Content-MD5), https://cloud.google.com/storage/docs/xml-api/reference-headers
    """
    if not is_uncoded(headers):
        return None
    found: dict[str, set[Digest]] = {}
    for digest in _all(headers, partial=partial):
        found.setdefault(digest.algorithm, set()).add(digest)
    for algorithm in SIZES:
        digests = found.get(algorithm, set())
        if len({digest.value for digest in digests}) == 1:
            return min(digests, key=lambda digest: digest.source)
        if digests:
            _log.debug("several %s digests in one answer, none is believed", algorithm)
    return None


def algorithms_of(digests: Iterable[Digest]) -> frozenset[str]:
    """Return the algorithms that `digests` are of."""
    return frozenset(digest.algorithm for digest in digests)


def broken_one(digests: Iterable[Digest], actual: Mapping[str, bytes]) -> Digest | None:
    """Return one of `digests` that does not hold, None when all do; `actual` is by algorithm."""
    return next((digest for digest in digests if actual[digest.algorithm] != digest.value), None)


def _all(headers: Mapping[str, str], *, partial: bool) -> Iterator[Digest]:
    for header in ("Repr-Digest", "Content-Digest"):
        if not (partial and header in _OF_THE_PART):
            for name, value in _members(headers, header, _REPR):
                yield from _read(_NAMES.get(name), value, header)
    for name, value in _members(headers, "Digest", _PAIR):
        yield from _read(_NAMES.get(name.lower()), value, "Digest")
    # Where Google unpacks what it stores, its hash is still that of the packed file.
    if headers.get("x-goog-stored-content-encoding", "").strip().lower() in _NO_CODING:
        for name, value in _members(headers, "X-Goog-Hash", _PAIR):
            yield from _read("md5" if name == "md5" else None, value, "X-Goog-Hash")
    for header, algorithm in _PLAIN.items():
        if not (partial and header in _OF_THE_PART):
            for value in _values(headers, header):
                yield from _read(algorithm, value.strip(), header)


def _members(headers: Mapping[str, str], header: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for value in _values(headers, header):
        for member in value.split(","):
            if found := pattern.fullmatch(member.strip()):
                yield found[1], found[2]
            else:
                _log.debug("%s is malformed: %.100r", header, member)


def _values(headers: Mapping[str, str], header: str) -> Iterator[str]:
    every = getattr(headers, "getall", None)
    values: list[str] = every(header, []) if every else [headers[header]] if header in headers else []
    for value in values:
        if len(value) <= _LONGEST:
            yield value
        else:
            _log.debug("%s is longer than any honest one", header)


def _read(algorithm: str | None, text: str, source: str) -> Iterator[Digest]:
    if algorithm is None:
        return
    try:
        value = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) == SIZES[algorithm]:
        yield Digest(algorithm, value, source)
    else:
        _log.debug("%s is no %s digest: %.100r", source, algorithm, text)
