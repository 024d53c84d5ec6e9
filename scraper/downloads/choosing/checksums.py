"""What an address declares of the bytes behind it. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# The fragment by which package indexes pin a file (packaging.python.org, "Simple repository API"), here for
# the two digests that publishers of music give.
_PINNED = re.compile(r"(?:^|&)(?:(sha256)=([0-9a-f]{64})|(md5)=([0-9a-f]{32}))(?:&|$)", re.IGNORECASE)


def declared_checksum(url: str) -> str | None:
    """Return the checksum that the fragment of `url` declares, as ``sha256:`` or ``md5:`` and digits.

    >>> declared_checksum("https://a.example/1.mp3#md5=9E107D9D372BB6826BD81D3542A419D6")
    'md5:9e107d9d372bb6826bd81d3542a419d6'
    >>> declared_checksum("https://a.example/1.mp3#t=30")
    """
    try:
        found = _PINNED.search(urlsplit(url).fragment)
    except ValueError:
        return None
    if found is None:
        return None
    algorithm, digits = (part for part in found.groups() if part is not None)
    return f"{algorithm}:{digits}".lower()
