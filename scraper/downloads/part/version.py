"""Which version of a file bytes are of, as far as its server says it without doubt. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.fetching.moments import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

STRONG_AFTER: Final = 60.0
"""Seconds that a file must have stayed as it is for its date to be a strong validator.

A date counts seconds, and two clocks may differ: RFC 9110, section 8.8.2.2.
"""

# A strong entity tag: RFC 9110, section 8.8.3. A weak one begins with W/; what has no quotes is none.
_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]{0,1000}"')
_LONGEST_DATE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version by its strong validators, as they were sent: two files of one version are equal bytes.

    Without an `etag` the `last_modified` is a strong one; with it, it is only to be compared.
    """

    etag: str | None
    last_modified: str | None

    @property
    def condition(self) -> str:
        """The value of If-Range that stands for it: RFC 9110, section 13.1.5."""
        return self.etag or self.last_modified or ""


def version_of(headers: Mapping[str, str]) -> Version | None:
    """Return the version that an answer with these `headers` is of, None where no later one can be told.

    A weak or broken entity tag is none, and forbids to go by the date (RFC 9110, section 13.1.5).
    """
    modified = headers.get("Last-Modified", "").strip()
    modified = modified if 0 < len(modified) <= _LONGEST_DATE and modified.isascii() else ""
    tag = headers.get("ETag")
    if tag is not None:
        tag = tag.strip()
        return Version(etag=tag, last_modified=modified or None) if _STRONG_TAG.fullmatch(tag) else None
    then, now = moment_of(modified), moment_of(headers.get("Date", ""))
    if then is None or now is None or now - then < STRONG_AFTER:
        return None
    return Version(etag=None, last_modified=modified)
