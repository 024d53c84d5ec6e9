"""Asking for the same addresses run after run: only for what changed, where it is now, and not too soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.http.errors import FetchError
from storage.reasons import Reason
from storage.records import Validator
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.blogs.reading import WalkResult
    from scraper.http.client import Client, Page

MOVE_MEMORY: Final = 30 * 86_400.0
"""Seconds for which a move for good is believed; then the address that was asked for is asked once more."""

ABSENT_FEED: Final = 7 * 86_400.0
"""Seconds for which a feed that is not there is left alone."""

_MAX_VALIDATOR = 1024  # characters: a longer one is not worth sending back
# What speaks of the new address itself; of these the old one may know more.
_NOT_THERE = frozenset(
    {
        Reason.UNREACHABLE,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.PROTOCOL_ERROR,
        Reason.BLOCKED_ADDRESS,
        Reason.BLOCKED_PORT,
        Reason.URL_INVALID,
        Reason.ROBOTS,
        Reason.ROBOTS_UNREACHABLE,
        Reason.NOT_FOUND,
        Reason.GONE,
        Reason.FORBIDDEN,
        Reason.HTTP_ERROR,
        Reason.REDIRECT_LOOP,
        Reason.BAD_REDIRECT,
    }
)


class Asker:
    """Asks for listings and feeds with what storage keeps of the last answers, and notes what to keep now.

    `kept` looks that up by address. With `full` nothing of it is used; only with `conditional` are fresh
    answers not asked for again, and others only if they changed. `now` tells POSIX seconds UTC.
    """

    def __init__(
        self,
        client: Client,
        *,
        kept: Callable[[str], Awaitable[Validator | None]],
        full: bool,
        conditional: bool,
        now: Callable[[], float],
        result: WalkResult,
    ) -> None:
        self.moved: dict[str, str] = {}
        """Moves for good that are not kept yet, by the address asked for."""
        self._client = client
        self._kept = kept
        self._full = full
        self._conditional = conditional
        self._now = now
        self._result = result
        self._by_memory: set[str] = set()
        self._distrusted: set[str] = set()

    async def kept(self, url: str) -> Validator:
        """Return what is kept of the last answer for `url`."""
        return (None if self._full else await self._kept(url)) or Validator()

    def is_fresh(self, kept: Validator) -> bool:
        """Return whether what is kept need not be asked for yet."""
        now, until = self._now(), kept.fresh_until
        # What ends later than anything may was kept by a clock that has been set back since.
        return self._conditional and until is not None and now < until <= now + ABSENT_FEED

    async def again(self, url: str, *, anew: bool = False) -> Page | None:
        """Ask for `url`; return None if it is fresh or unchanged since an earlier run stored all of it.

        With `anew` it is asked for in any case. Raises `FetchError`.
        """
        kept = await self.kept(url)
        if not anew and self.is_fresh(kept):
            self._result.unchanged += 1
            return None
        conditions = _conditions(kept) if self._conditional and not anew else {}
        page, moved = await self._ask(url, kept, conditions)
        self._result.validators[url] = self._remembered(url, page, kept, moved)
        if page.unchanged:
            self._result.unchanged += 1
            return None
        return page

    def leave_alone(self, url: str) -> None:
        """Note that there is nothing at `url`, so that it is not asked for in the next days."""
        self._result.validators[url] = Validator(fresh_until=self._now() + ABSENT_FEED)

    def distrust(self, url: str) -> bool:
        """Use the remembered move of `url` no more; return whether its last answer came by that."""
        self._distrusted.add(url)
        return url in self._by_memory

    async def _ask(self, url: str, kept: Validator, conditions: dict[str, str]) -> tuple[Page, bool]:
        """Return the answer for `url`, and whether it is that of where it is remembered to have moved."""
        source = kept.answered or url
        moved = self._move(url, kept)
        self._by_memory.discard(url)
        if moved is not None:
            try:
                page = await self._get(moved, conditions, source)
            except FetchError as error:
                if error.reason not in _NOT_THERE:
                    raise
            else:
                self._by_memory.add(url)
                return page, True
        return await self._get(url, conditions, source), False

    async def _get(self, url: str, conditions: dict[str, str], source: str) -> Page:
        page = await self._client.get(url, validators=conditions)
        if page.unchanged and conditions and page.url != source:
            # The redirects lead elsewhere now, and this 304 is about a page that was never read.
            return await self._client.get(url)
        return page

    def _move(self, url: str, kept: Validator) -> str | None:
        at = kept.moved_at
        if url in self._distrusted or at is None or not self._now() - MOVE_MEMORY < at <= self._now():
            return None
        return kept.moved_to

    def _remembered(self, url: str, page: Page, kept: Validator, moved: bool) -> Validator:  # noqa: FBT001
        now = self._now()
        to, at = (kept.moved_to, kept.moved_at) if moved else (None, None)
        if page.moved_to is not None and page.moved_to != url:
            to, at = page.moved_to, now
            if to != kept.moved_to:
                self.moved[url] = to
        etag, last_modified = _echoable(page.etag), _echoable(page.last_modified)
        if page.unchanged:  # RFC 9111, section 4.3.4: the rest stays as it was
            etag, last_modified = etag or kept.etag, last_modified or kept.last_modified
        return Validator(
            etag=etag,
            last_modified=last_modified,
            answered=None if page.url == url else page.url,
            fresh_until=now + page.fresh_for if page.fresh_for > 0 else None,
            moved_to=to,
            moved_at=at,
        )


def _conditions(kept: Validator) -> dict[str, str]:
    # RFC 9110, section 13.1: both are sent, exactly as they came; a server that knows ETags goes by these.
    headers = {}
    if kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    return headers


def _echoable(value: str | None) -> str | None:
    """Return `value` if it can be sent back exactly as it came."""
    return value if value and len(value) <= _MAX_VALIDATOR and storable(value) == value else None
