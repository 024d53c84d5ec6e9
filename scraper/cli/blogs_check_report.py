"""What `scrape blogs check` prints: text of 80 columns, or one object. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from scraper.blogs.check_report import Asked, UnreadPost
from scraper.cli.report import utc_time
from scraper.cli.wrapping import wrapped
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.blogs.check_report import BlogCheck, RobotsVerdict, Source
    from scraper.http.errors import FetchError
    from storage.records import Post

_LABEL = 12  # columns
_HOUR = 3600.0
_DAY = 86_400.0
_OK = range(200, 300)


def check_lines(found: BlogCheck) -> Iterator[str]:
    """Yield `found` in lines of at most 80 columns, longer only where an address is."""
    moved = "" if found.address == found.url else f", which leads to {found.address}"
    yield from wrapped(f"{found.url}{moved}")
    yield from _labelled("platform", _platform(found))
    yield from _labelled("listed by", _listing(found))
    for way in found.refused:
        yield from _labelled("not by", f"{way.way}: {way.why}")
    yield from _labelled("robots.txt", _robots(found.robots, found.error))
    if found.platform is not None:
        yield from _sources("feed", found.feeds, without="the page names none")
        yield from _sources("sitemap", found.sitemaps, without="robots.txt names none")
    for note in found.notes:
        yield from _labelled("note", note)
    yield from _labelled("requests", f"{found.requests:,}")
    if found.posts:
        yield ""
        yield "The newest posts, as they are read:"
    for number, post in enumerate(found.posts, start=1):
        yield from _post(number, post)


def _sources(label: str, sources: Sequence[Source], *, without: str) -> Iterator[str]:
    for source in sources:
        yield from _labelled(label, _source(source))
    if not sources:
        yield from _labelled(label, without)


def _labelled(label: str, text: str) -> list[str]:
    return wrapped(text, first=f"  {label:<{_LABEL}}")


def _platform(found: BlogCheck) -> str:
    if found.platform is None:
        return "not known: no page was read"
    return f"{found.platform} ({found.recognised_by})" if found.recognised_by else found.platform


def _listing(found: BlogCheck) -> str:
    if found.way is None:
        return "no way was found"
    text = "which has the posts as a whole" if found.whole else "then the page of each post"
    number = "their number is not told" if found.announced is None else f"{found.announced:,} announced"
    return f"{found.way}, {text}; {number}"


def _robots(robots: RobotsVerdict, error: FetchError | None) -> str:
    if not robots.obeyed:
        return "not read (--no-robots)"
    if robots.allows is None or robots.status is None:
        unreachable = error is not None and error.reason is Reason.ROBOTS_UNREACHABLE
        return "cannot be read, so nothing may be asked for" if unreachable else "not known: nothing came"
    verdict = "allows it" if robots.allows else "forbids it"
    if robots.status not in _OK:
        verdict = f"there is none ({robots.status}), so all is allowed"
    if robots.age > _DAY:
        verdict += f"; it cannot be read now, this is a copy of {robots.age / _DAY:.0f} days ago"
    elif robots.age > _HOUR:
        verdict += f"; as of {robots.age / _HOUR:.0f} hours ago"
    asked = f"Crawl-delay {robots.crawl_delay:g} s" if robots.crawl_delay else "no Crawl-delay"
    in_force = f"; {robots.delay:g} s between two requests" if robots.delay else ""
    return f"{verdict}; {asked}{in_force}"


def _source(source: Source) -> str:
    said = source.error.what if source.error else str(source.asked)
    return f"{source.url} (named by {source.named_by}; {said})"


def _post(number: int, post: Post | UnreadPost) -> Iterator[str]:
    first, then = f"  {number}  ", "     "
    if isinstance(post, UnreadPost):
        yield from wrapped(f"could not be read: {post.why}", first=first)
        yield from wrapped(post.url, first=then)
        return
    yield from wrapped(post.title or "(no title)", first=first)
    parts = [("artist", post.artist), ("track", post.track), ("version", post.version), ("label", post.label)]
    yield from wrapped(
        "; ".join(f"{name}: {value}" for name, value in parts if value) or "no artist, no track", first=then
    )
    date = post.published.text if post.published else "no date"
    yield from wrapped(f"{date}; {', '.join(post.genres) or 'no genres'}", first=then)
    kinds = _kinds(post)
    links = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
    yield from wrapped(f"links: {links}" if links else "no links", first=then)
    yield from wrapped(post.url, first=then)


def _kinds(post: Post) -> dict[str, int]:
    return dict(Counter(str(link.kind) for link in post.links))


def check_object(found: BlogCheck) -> dict[str, Any]:
    """Return `found` as --json tells it."""
    robots = found.robots
    return {
        "url": found.url,
        "address": found.address,
        "platform": found.platform,
        "recognised_by": found.recognised_by or None,
        "way": found.way,
        "announced": found.announced,
        "not_by": [{"way": way.way, "message": way.why} for way in found.refused],
        "robots": {
            "obeyed": robots.obeyed,
            "allows": robots.allows,
            "status": robots.status,
            "age_seconds": round(robots.age),
            "crawl_delay": robots.crawl_delay,
            "delay": robots.delay,
        },
        "feeds": _source_objects(found.feeds),
        "sitemaps": _source_objects(found.sitemaps),
        "posts": [_post_object(post) for post in found.posts],
        "notes": list(found.notes),
        "requests": found.requests,
        "error": None if found.error is None else _error_object(found.error, found.until),
    }


def _source_objects(sources: Sequence[Source]) -> list[dict[str, Any]]:
    return [
        {
            "url": source.url,
            "named_by": source.named_by,
            "asked": source.asked is not Asked.NOT_ASKED,
            "reason": _reason(source.error),
        }
        for source in sources
    ]


def _post_object(post: Post | UnreadPost) -> dict[str, Any]:
    if isinstance(post, UnreadPost):
        return {"url": post.url, "unread": post.why}
    return {
        "url": post.url,
        "unread": None,
        "title": post.title,
        "artist": post.artist,
        "track": post.track,
        "version": post.version,
        "label": post.label,
        "published": post.published.text if post.published else None,
        "genres": list(post.genres),
        "links_by_kind": _kinds(post),
    }


def _error_object(error: FetchError, until: float | None) -> dict[str, Any]:
    return {
        "reason": str(error.reason),
        "message": error.what,
        "next_step": error.next_step,
        "until": None if until is None else utc_time(until),
    }


def _reason(error: FetchError | None) -> str | None:
    return None if error is None else str(error.reason)
