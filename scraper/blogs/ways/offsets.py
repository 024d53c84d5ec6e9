"""Listings that are asked for from a number on: where the next answer has to begin. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from scraper.blogs.ways.fields import MAX_ITEMS, number_of, unusable

MAX_START: Final = 10_000_000
"""No blog has so many posts: a listing that is still not at its end goes round."""

_MAX_PARAMETERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What an answer says of the part of a listing that it is.

    `first` is the number of the very first post, `asked` the one that the answer's address asks for and
    `said` the one that it says it begins with, None where either is silent; `received` counts the entries
    that came, `total` those of the whole listing, None where nobody tells.
    """

    first: int
    asked: int | None
    said: int | None
    received: int
    total: int | None

    @property
    def start(self) -> int:
        """The number of the first entry that came, as far as anybody tells."""
        return next((each for each in (self.asked, self.said) if each is not None), self.first)

    def following(self, where: str) -> int | None:
        """Return the number to go on with; None at the end, which is an empty answer or the total.

        A total below what came already is no end. Raises `UnusableAnswerError`, about the answer from
        `where`, if the listing is empty as a whole (feeds that are switched off may look so), or if the
        answer begins with another post than the one asked for, as one that comes again and again does.
        """
        if not self.received:
            if self.start > self.first:
                return None
            raise unusable("this listing is empty", where)
        if self.asked is not None and self.said is not None and self.asked != self.said:
            raise unusable(f"this answer begins with post {self.said}, not with post {self.asked}", where)
        after = self.start + self.received
        if after > MAX_START:
            raise unusable(f"this listing has no end before post {MAX_START:,}", where)
        return None if self.total == after - self.first else after


def parameters(url: str) -> dict[str, str]:
    """Return the parameters in the query of `url`, the last of each name."""
    try:
        return dict(parse_qsl(urlsplit(url).query, max_num_fields=_MAX_PARAMETERS))
    except ValueError:
        return {}


def number_in(url: str, name: str) -> int | None:
    """Return the whole number that `url` gives for the parameter `name`, None where it gives none."""
    return number_of(parameters(url).get(name))


def entries_in(value: object) -> list[object]:
    """Return the entries in `value`, of any type: a list, or one alone; at most `MAX_ITEMS`."""
    if isinstance(value, list):
        return value[:MAX_ITEMS]
    return [] if value is None else [value]
