"""What a robots.txt says to cratedig: RFC 9309, with Protego to match the rules."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from protego import Protego

from scraper.http.addresses.identity import fetch_url
from scraper.http.robots.text import PRODUCT_TOKEN, lines_for_us

if TYPE_CHECKING:
    from collections.abc import Iterator


MAX_CRAWL_DELAY: Final = 60
"""Seconds; a longer Crawl-delay counts as this."""

MAX_SITEMAPS: Final = 100

# Matching a wildcard compares, at worst, each of its characters with each of the address. Here that takes
# some 20 ms; the largest of 4,231 real files needs an address of 4,000 characters to get there.
_MAX_COMPARISONS = 100_000_000


class RobotsRules:
    """The rules of one robots.txt for cratedig. Without text there are none: everything is allowed.

    `origin` is the address that relative sitemaps are resolved against; they are dropped without it.
    """

    __slots__ = ("_protego", "_wildcards", "crawl_delay", "lines", "sitemaps")

    def __init__(self, text: str, *, origin: str = "") -> None:
        lines = lines_for_us(text)
        self._protego = Protego.parse("\n".join(lines))
        self._wildcards = sum(len(line) for line in lines if "*" in line or "$" in line)
        self.lines: Final = len(lines)
        """How many lines are kept: the measure of the memory that the rules take."""
        self.crawl_delay: Final = _crawl_delay(self._protego)
        """Seconds between two requests, fractions kept, 0 where none are asked for."""
        self.sitemaps: Final = tuple(islice(_sitemaps(self._protego, origin), MAX_SITEMAPS))
        """Addresses of the sitemaps that it names, in order, each once."""

    def allows(self, url: str) -> bool:
        """Return whether `url`, a valid absolute address, may be requested.

        One that would take too long to compare with the wildcards of the file may not.
        """
        if len(url) * self._wildcards > _MAX_COMPARISONS:
            return False
        return self._protego.can_fetch(url, PRODUCT_TOKEN)


def _crawl_delay(rules: Protego) -> float:
    """Return the longer of Crawl-delay and the inverse of Request-rate, at whatever hour that one counts."""
    delay = rules.crawl_delay(PRODUCT_TOKEN) or 0.0
    rate = rules.request_rate(PRODUCT_TOKEN)
    if rate is not None:
        # Both are integers of any length: a quotient beyond the cap may not fit into a float.
        slow = rate.seconds > MAX_CRAWL_DELAY * rate.requests
        delay = max(delay, MAX_CRAWL_DELAY if slow else rate.seconds / rate.requests)
    return min(delay, float(MAX_CRAWL_DELAY))


def _sitemaps(rules: Protego, origin: str) -> Iterator[str]:
    seen = set()
    for named in rules.sitemaps:
        url = fetch_url(named, origin)
        if url is not None and url not in seen:
            seen.add(url)
            yield url
