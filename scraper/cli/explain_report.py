"""What `scrape explain` prints: text of 80 columns. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from filters.counted import BlogDefaults
from scraper.cli.report import bytes_text
from scraper.cli.wrapping import wrapped
from storage.records import LinkKind, Precision, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filters.counted import Counted
    from filters.criteria import Criteria, Match
    from scraper.downloads.choosing.wanted import PlannedLink
    from scraper.explaining import KnownPost, ReadNow
    from scraper.posts.understood import Ignored
    from storage.records import Download, Evidence, Link, Post, Published

_LABEL = 12  # columns
_MOST_IGNORED = 12

TRUST_WORDS = {
    Trust.LABEL: "stated by a label",
    Trust.FILED: "what the post is filed under",
    Trust.HINT: "a hint",
    Trust.PROSE: "running text",
}
_KIND_REASONS = {
    LinkKind.DIRECT: "declared to be a file",
    LinkKind.ARCHIVE: "{host} is an archive that gives files to everybody",
    LinkKind.HOSTER: "{host} keeps files",
    LinkKind.MANUAL: "{host} wants a captcha, patience or money: for you to open",
    LinkKind.GATE: "{host} wants a follower or an address: for you to open",
    LinkKind.STORE: "{host} is a shop",
    LinkKind.EMBED: "{host} plays it; there is nothing to download",
    LinkKind.DEAD: "{host} has closed",
}
_SPANS = {Precision.DAY: "the day", Precision.WEEK: "the week", Precision.MONTH: "the month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is told of one post: what is known, what was read, and what the query makes of it.

    `now` is None where the page could not be read and what is stored is told instead.
    """

    known: KnownPost
    now: ReadNow | None
    post: Post
    criteria: Criteria
    counted: Counted
    match: Match
    kinship: Sequence[tuple[str, str]]
    """Which genre of the post is why it matches a name of the query: pairs of name and genre."""
    planned: Sequence[PlannedLink]


def explain_lines(told: Explanation) -> Iterator[str]:
    """Yield `told` in lines of at most 80 columns, longer only where an address is."""
    yield from wrapped(told.post.title)
    yield from _about(told)
    yield ""
    yield from _genres(told)
    yield ""
    yield from _links(told)
    yield ""
    yield from _verdict(told)


def kind_reason(link: Link) -> str:
    """Return why a link is of its kind: a clause."""
    if link.kind is LinkKind.DIRECT and not link.sure:
        return "words and address offer a file; only the answer can tell"
    if link.kind is LinkKind.DIRECT and link.format:
        return f"the address names a file (.{link.format})"
    return _KIND_REASONS[link.kind].format(host=link.host)


def _about(told: Explanation) -> Iterator[str]:
    post, now = told.post, told.now
    yield from _labelled("address", told.known.url)
    yield from _labelled("blog", told.known.blog)
    if now is None:
        yield from _labelled("read from", "the database, as it was stored")
    else:
        if now.address != told.known.url:
            yield from _labelled("answered at", now.address)
        cut = "; too large, so only its beginning was read" if post.partial else ""
        yield from _labelled("read from", f"its page of {bytes_text(now.size)}{cut}")
        yield from _labelled("the post is", now.understood.scope)
        yield from _labelled("title from", now.understood.title_source)
    for label, value in _names(told):
        yield from _labelled(label, value or "not named")
    yield from _labelled("published", _date(post.published, now))
    yield from _labelled("cover", post.cover or "none")
    if post.passwords:
        yield from _labelled("password", ", ".join(post.passwords))
    yield from _labelled("stored", _stored(told))


def _names(told: Explanation) -> Iterator[tuple[str, str | None]]:
    post = told.post
    yield from (("artist", post.artist), ("track", post.track))
    title = told.now.understood.title if told.now is not None else None
    more = [("version", post.version), ("guests", ", ".join(post.featuring)), ("label", post.label)]
    if title is not None:
        more += [("catalogue", title.catalogue), ("year", title.year)]
    yield from ((label, value) for label, value in more if value)


def _date(published: Published | None, now: ReadNow | None) -> str:
    if published is None:
        return "not known"
    exact = _SPANS.get(published.precision)
    source = now.understood.date_source if now is not None else None
    parts = [published.text, f"exact to {exact}" if exact else "", f"from {source}" if source else ""]
    return ", ".join(part for part in parts if part)


def _stored(told: Explanation) -> str:
    stored = told.known.stored
    if stored is None:
        return "no: no run has read it"
    matched = f"matched {', '.join(stored.matched)}" if stored.matched else "matched nothing so far"
    before = stored.post.genres
    changed = f"; its genres then: {', '.join(before) or 'none'}" if before != told.post.genres else ""
    return f"yes, {matched}{changed}"


def _genres(told: Explanation) -> Iterator[str]:
    post = told.post
    yield from wrapped(told.counted.describe() or "none", first="Genres: ")
    ordered = sorted(post.evidence, key=lambda one: (one.trust, one.genre))
    for trust, found in groupby(ordered, key=lambda one: one.trust):
        asked = "; counts only with --from-text" if trust is Trust.PROSE else ""
        yield from wrapped(f"{TRUST_WORDS[trust]} (trust {int(trust)}){asked}:", first="  ")
        for one in found:
            yield from wrapped(_evidence(one), first=f"    {one.genre}: ", then="      ")
    if not post.evidence:
        yield "  nothing in it names a genre"
    if told.now is not None:
        yield from _ignored(told.now.understood.ignored_genres)


def _evidence(one: Evidence) -> str:
    return f"{one.source} “{one.text}”"


def _links(told: Explanation) -> Iterator[str]:
    links = told.planned
    yield f"Links: {len(links) or 'none'}"
    for number, planned in enumerate(links, start=1):
        link = planned.link
        yield from wrapped(link.url, first=f"  {number:>2}  {link.kind:<8}", then=" " * 14)
        yield from wrapped(kind_reason(link), first=" " * 14)
        if said := _said(link):
            yield from wrapped(said, first=" " * 14)
        yield from wrapped(_fate(planned, told), first=" " * 14)
    if told.now is not None:
        yield from _ignored(told.now.understood.ignored_links)


def _said(link: Link) -> str:
    parts = [
        f"called “{link.text}”" if link.text else "",
        f"quality {link.quality}" if link.quality else "",
        f"group {link.group}" if link.group is not None else "",
        f"part {link.part}" if link.part is not None else "",
        "signed for a limited time" if link.expires else "",
    ]
    return "; ".join(part for part in parts if part)


def _fate(planned: PlannedLink, told: Explanation) -> str:
    stored = told.known.stored
    download = stored.downloads.get(planned.link.key) if stored is not None else None
    if download is not None and planned.link.kind.queued:
        return f"its download: {_state(download)}"
    if not planned.queued:
        return f"not queued: {planned.why}"
    return "to be queued" if told.match else "would be queued if the post matched"


def _state(download: Download) -> str:
    reason = f" ({download.reason})" if download.reason is not None else ""
    return f"{download.state}{reason}"


def _ignored(found: Sequence[Ignored]) -> Iterator[str]:
    if not found:
        return
    yield "  ignored:"
    for one in found[:_MOST_IGNORED]:
        yield from wrapped(f"{one.what} – {one.why}", first="    ", then="      ")
    if len(found) > _MOST_IGNORED:
        yield f"    and {len(found) - _MOST_IGNORED} more (--json tells all)"


def _verdict(told: Explanation) -> Iterator[str]:
    query = replace(told.criteria, defaults=BlogDefaults())  # which blog has which is another matter
    yield from wrapped(query.describe(), first="Query: ")
    if not told.match:
        yield from wrapped(f"It does not match: {told.match.reason}.")
        return
    kinds: dict[str, list[str]] = {}
    for name, genre in told.kinship:
        if genre != name:
            kinds.setdefault(genre, []).append(name)
    kin = ", ".join(f"{genre} is a kind of {' and of '.join(names)}" for genre, names in kinds.items())
    yield from wrapped(f"It matches {' and '.join(told.match.matched)}{f': {kin}' if kin else ''}.")


def _labelled(label: str, text: str) -> list[str]:
    return wrapped(text, first=f"  {label:<{_LABEL}}")
