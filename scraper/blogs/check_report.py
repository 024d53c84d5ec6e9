"""What a short look at a blog tells: values, to be printed as text or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.http.errors import FetchError
    from storage.records import Post


class Asked(StrEnum):
    """What became of an address."""

    NOT_ASKED = "not asked"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedWay:
    """A way of listing that the blog offers and that is of no use, or not of enough: why, a clause."""

    way: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or sitemap of the blog. `named_by` says where its address is from."""

    url: str
    named_by: str
    asked: Asked
    error: FetchError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """What robots.txt says of the blog's page. `status` and `allows` are None where it was not read.

    `age` are the seconds since it was asked for, `crawl_delay` those that it asks for between two requests,
    and `delay` those that are in force.
    """

    obeyed: bool
    allows: bool | None = None
    status: int | None = None
    age: float = 0.0
    crawl_delay: float = 0.0
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPost:
    """A post that is listed and could not be read."""

    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogCheck:
    """What was found of the blog at `url`; `address` is where its page is, once it is found.

    `way` is the way of listing that a run would use, None where none was found; `refused` are those that it
    would rather use. `whole` says that the listing has the text of the posts, so that no page of a post was
    asked for; `announced` is how many posts the blog says that it has. `posts` are the newest, in the order
    of the listing. `error` says why the blog cannot be read, `until` when its host may be asked again where
    the host has said so, POSIX seconds UTC.
    """

    url: str
    address: str
    robots: RobotsVerdict
    platform: str | None = None
    recognised_by: str = ""
    way: str | None = None
    whole: bool = False
    announced: int | None = None
    refused: Sequence[RefusedWay] = ()
    feeds: Sequence[Source] = ()
    sitemaps: Sequence[Source] = ()
    posts: Sequence[Post | UnreadPost] = ()
    notes: Sequence[str] = ()
    requests: int = 0
    error: FetchError | None = None
    until: float | None = None
