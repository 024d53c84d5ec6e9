"""The records that travel between the rooms: posts, links, downloads. Values, not objects with behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from storage.reasons import Reason


class LinkKind(StrEnum):
    """What a link leads to. Links of no interest are not kept at all."""

    DIRECT = "direct"
    ARCHIVE = "archive"
    HOSTER = "hoster"
    MANUAL = "manual"
    GATE = "gate"
    STORE = "store"
    EMBED = "embed"
    DEAD = "dead"

    @property
    def queued(self) -> bool:
        """Whether links of this kind enter the download queue."""
        return self in {LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER}


class Trust(IntEnum):
    """How far a statement of genre is trusted; smaller is better."""

    LABEL = 1
    """An explicit label or structured data: ``Genre: Deep House``."""
    FILED = 2
    """The post's own categories and tags, or a title bracket that is wholly a genre."""
    HINT = 3
    """Hashtags and words of the address."""
    PROSE = 4
    """Running text. It gives a post no genre unless a query asks for it."""


class Precision(StrEnum):
    """How exactly a date is known."""

    TIME = "time"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class DownloadState(StrEnum):
    """Where a download stands in the queue."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When a post was published, never more exact than the blog said.

    `text` is ISO 8601, reduced to the precision known (``2024-05``), with the offset only where the
    blog gave one. `timestamp` is its earliest instant as POSIX seconds UTC (an unknown offset counts
    as UTC).
    """

    text: str
    precision: Precision
    timestamp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a post has a genre: `text` is what was read (at most 200 characters), `source` where it stood."""

    genre: str
    trust: Trust
    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a post. `url` is what to fetch, untouched; `key` is its identity."""

    url: str
    key: str
    kind: LinkKind
    host: str
    format: str | None = None
    """Lower-case file extension that the address names, else the words of the post, without the dot."""
    name: str | None = None
    """File name of the address, percent-decoded, or of the `download` attribute."""
    text: str | None = None
    """What the post calls it: the link's text or the track's title near it."""
    quality: str | None = None
    """What post or address say of its sound: ``320``, ``v0``, ``24bit`` … None where they say nothing."""
    group: int | None = None
    """Links of one group offer the same music: mirrors, other formats or qualities, parts of one archive."""
    part: int | None = None
    """Which part of a split archive it is; all parts of a group are needed."""
    sure: bool = True
    """Whether address, element or host say that this is music; else only the answer can tell."""
    expires: bool = False
    """Whether the address is signed for a limited time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a blog, as understood. `key` is the identity of `url`, `blog` the address of the blog."""

    url: str
    key: str
    blog: str
    title: str
    artist: str | None = None
    track: str | None = None
    version: str | None = None
    label: str | None = None
    featuring: tuple[str, ...] = ()
    published: Published | None = None
    genres: tuple[str, ...] = ()
    """The most specific canonical names."""
    evidence: tuple[Evidence, ...] = ()
    links: tuple[Link, ...] = ()
    cover: str | None = None
    listed_id: str | None = None
    """What the platform calls the post, whatever its address is: unique within its blog."""
    modified: float | None = None
    """When it was last changed, as the listing said when it was read: POSIX seconds UTC."""
    passwords: tuple[str, ...] = ()
    """What the post says that its archives are locked with."""
    partial: bool = False
    """Whether the post was too large to be read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """What a listing is held against to tell whether a post is to be read. Moments are POSIX seconds UTC."""

    published: float | None
    modified: float | None
    """When it was last changed, as the listing said when it was read."""
    listed_id: str | None
    """What the blog that was asked about calls it; None also where it was read for another blog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPosts:
    """Which posts of a listing are stored.

    `by_key` holds those found by their key and those found by their listed id, under the key that they are
    stored by; `by_id` tells this key by listed id. Where another key is listed, the post has moved.
    """

    by_key: Mapping[str, StoredPost]
    by_id: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A row of the download queue."""

    id: int
    key: str
    url: str
    host: str
    state: DownloadState
    attempts: int
    due: float
    """POSIX seconds UTC from which it may be claimed."""
    created: float
    updated: float
    kind: LinkKind
    format: str | None = None
    stem: str | None = None
    """Wished file name without its ending; made safe when the file is written."""
    referer: str | None = None
    """Address of the post that it was found in."""
    lease_until: float | None = None
    token: str | None = None
    reason: Reason | None = None
    detail: str | None = None
    path: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    checksum: str | None = None
    """What the post or the address says of its bytes: ``sha256:`` or ``md5:`` and hexadecimal digits."""
    priority: int = 0
    """Smaller comes first."""
    size: int | None = None
    """Bytes that a server announced for it: a hint for plans, not a promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which downloads a command of the queue is about; what is not given does not restrict."""

    ids: Collection[int] = ()
    states: Collection[DownloadState] = ()
    reason: Reason | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A halt of the queue: of one host, or of all where `host` is None. Moments are POSIX seconds UTC."""

    host: str | None
    since: float
    until: float | None = None
    """When it ends by itself; None where only a person ends it."""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingHost:
    """What waits for one host. `due` counts what may be claimed now; moments are POSIX seconds UTC."""

    host: str
    waiting: int
    due: int
    earliest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedPost:
    """A stored post together with what it matched and the downloads of its links, by link key."""

    post: Post
    matched: tuple[str, ...]
    downloads: dict[str, Download] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDownload:
    """A file to put into the queue. `key` is its identity: the queue never holds two rows of one key.

    `priority` orders the queue: smaller comes first.
    """

    key: str
    url: str
    host: str
    kind: LinkKind
    format: str | None = None
    stem: str | None = None
    """Wished file name without its ending."""
    referer: str | None = None
    """Address of the post that it was found in."""
    priority: int = 0
    checksum: str | None = None
    """What is declared of its bytes: ``sha256:`` or ``md5:`` and hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPost:
    """A post and what became of it. An empty `matched` means that the post did not match.

    `matched` holds the names of the query that it matched (``("any",)`` for a query without names);
    `wanted` is queued only if it matched.
    """

    post: Post
    matched: tuple[str, ...] = ()
    wanted: tuple[WantedDownload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a batch added: posts not stored before, downloads not queued before."""

    new: int
    queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A download whose file is published: `path` is final, `size` in bytes, `sha256` in hexadecimal."""

    id: int
    token: str
    path: str
    size: int
    sha256: str
    own: bool = False
    """Whether to record `path` as an intent although another download has the same content elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """What became of a group of intents, by the ids of the downloads."""

    lost: frozenset[int]
    """Those that their worker no longer holds: nothing of them was recorded."""
    elsewhere: Mapping[int, str]
    """Those whose content another download has, at this path: their own path was not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What is kept of an answer, to ask again only for what changed, when it may have, where it is now.

    `etag` and `last_modified` stand as they were sent (RFC 9110, section 8.8). Moments are POSIX seconds UTC.
    """

    etag: str | None = None
    last_modified: str | None = None
    answered: str | None = None
    """The address that gave the answer; None where it is the one that was asked for."""
    fresh_until: float | None = None
    """Until when the server says that asking again is of no use."""
    moved_to: str | None = None
    """Where what was asked for has moved for good."""
    moved_at: float | None = None
    """When the address asked for last said so."""
