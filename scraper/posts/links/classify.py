"""What a link leads to, judged by its address, its words and the element it stands in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from scraper.http.addresses.identity import fetch_url, link_key, same_site
from scraper.posts.links.file_names import extension, last_segment, named_file
from scraper.posts.links.hosts import find_host, formats
from scraper.posts.links.redirects import only_mentions
from scraper.posts.links.texts import is_delivery_parameter, is_delivery_word, names_format, says_download
from storage.records import LinkKind

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from scraper.posts.links.hosts import Host, Shape

_MAX_FOLLOWED = 3
_SLUG_HYPHENS = 2


class Element(StrEnum):
    """Where an address was found, as far as it matters for what it leads to."""

    LINK = "link"
    """Something to click without further signs."""
    BUTTON = "button"
    """Something to click that looks like a download: a button, a form."""
    FILE = "file"
    """Declared to be a file: the source of an audio player, an enclosure, a `download` attribute."""
    FRAME = "frame"
    """An iframe, embed or object."""
    TEXT = "text"
    """Running text, or a value in a script: only an address that speaks for itself counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What a link leads to: `host` is the canonical name, `url` what to fetch, `key` its identity."""

    kind: LinkKind
    host: str
    url: str
    key: str


def classify(
    url: str, *, text: str = "", element: Element = Element.LINK, page: str = ""
) -> Classified | None:
    """Return what `url`, an address as `fetch_url` gives it, leads to; None where it is of no interest.

    `text` is what stands on the link, `page` the address of the post. Known hosts are judged by
    hosts.toml; of other hosts only files are kept: by their extension, or where words, element and
    address together offer a download. What it really is, the download finds out.
    """
    parts = urlsplit(url)
    file = named_file(parts)
    if file is None and extension(last_segment(parts)) in formats().other:
        return None
    host = find_host(parts.hostname or "")
    known = _of_known_host(url, parts, host, depth=0) if host is not None else None
    if host is not None and known is not None:
        return known.link if not host.said or says_download(text) else None
    if not _is_file(parts) and (host is not None or not _offers_file(parts, file, text, element, page)):
        return _own_player(url, parts, element, page)
    name = host.name if host is not None else parts.hostname or ""
    return Classified(kind=LinkKind.DIRECT, host=name, url=url, key=link_key(url))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """A known host has decided; `link` is None where it decided against the address."""

    link: Classified | None


def _of_known_host(url: str, parts: SplitResult, host: Host, *, depth: int) -> _Verdict | None:
    tail = url.partition("://")[2]
    tail = tail[len(parts.netloc) :]
    if host.excludes(tail):
        return _Verdict(link=None)
    if not host.shapes:
        whole = host.kind and Classified(kind=host.kind, host=host.name, url=url, key=link_key(url))
        return _Verdict(link=whole) if whole else None
    query = parse_qs(parts.query) if "?" in tail else {}
    for shape in host.shapes:
        found = shape.read(tail)
        if found is None or (shape.query is not None and shape.query not in query):
            continue
        if shape.follow is not None:
            return _Verdict(link=_followed(url, query.get(shape.follow, [""])[0], depth))
        values = found.groupdict(default="")
        if shape.query is not None:
            values[shape.query] = query[shape.query][0]
        return _Verdict(link=_shaped(url, host, shape, values))
    return None


def _shaped(url: str, host: Host, shape: Shape, values: dict[str, str]) -> Classified | None:
    if shape.kind is None:
        return None
    fetched = shape.fetch.format_map(values) if shape.fetch else url
    key = shape.key.format_map(values).rstrip("/") if shape.key else fetched
    return Classified(kind=shape.kind, host=host.name, url=fetched, key=link_key(key))


def _followed(url: str, inner: str, depth: int) -> Classified | None:
    target = fetch_url(inner, url)
    parts = urlsplit(target or "")
    host = find_host(parts.hostname or "")
    if target is None or host is None or depth >= _MAX_FOLLOWED:
        return None
    known = _of_known_host(target, parts, host, depth=depth + 1)
    item = known.link if known is not None else None
    return item and Classified(kind=item.kind, host=item.host, url=url, key=item.key)


def _is_file(parts: SplitResult) -> bool:
    return extension(last_segment(parts)) in formats().music


def _offers_file(parts: SplitResult, file: str | None, text: str, element: Element, page: str) -> bool:
    """Whether words, element and address of a link to an unknown host together offer a file."""
    if _is_page(parts) or element in {Element.TEXT, Element.FRAME}:
        return False
    if element is Element.FILE:
        return True
    segments = parts.path.split("/")
    names = [pair.partition("=")[0] for pair in parts.query.split("&")]
    served = any(is_delivery_word(segment.partition(".")[0]) for segment in segments)
    served = served or any(map(is_delivery_parameter, names))
    said = says_download(text)
    if served:
        formatted = file is not None or any(segment.lower() in formats().audio for segment in segments)
        return formatted or said or element is Element.BUTTON
    if not said or segments[-1].count("-") >= _SLUG_HYPHENS or same_site(parts.geturl(), page):
        return False
    return element is Element.BUTTON or names_format(text)


def _is_page(parts: SplitResult) -> bool:
    last = last_segment(parts)
    ending = extension(last)
    is_other = ending is not None and ending not in formats().script
    return is_other or not (last or parts.query) or only_mentions(parts)


def _own_player(url: str, parts: SplitResult, element: Element, page: str) -> Classified | None:
    # A player page of the blog itself: what it plays is on another page.
    if element is not Element.FRAME or "player" not in parts.path.lower() or not same_site(url, page):
        return None
    return Classified(kind=LinkKind.EMBED, host=parts.hostname or "", url=url, key=link_key(url))
