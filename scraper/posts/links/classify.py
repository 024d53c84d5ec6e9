"""What a link leads to, judged by its address, its words and the element it stands in. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

from scraper.http.addresses.identity import fetch_url, link_key, same_site
from scraper.posts.links.address import read_address
from scraper.posts.links.file_names import MAX_NAME_LENGTH, named_file
from scraper.posts.links.hosts import find_host, formats
from scraper.posts.links.offers import Element, Offer, refusal
from scraper.posts.links.redirects import shares
from scraper.posts.links.texts import is_placeholder, says_download
from scraper.posts.links.why import Why
from storage.records import LinkKind

if TYPE_CHECKING:
    from scraper.posts.links.address import Address
    from scraper.posts.links.hosts import Host, Shape

_MAX_FOLLOWED = 3
_PLAYER_WORDS = frozenset({"play", "listen"})


class Classified(NamedTuple):
    """What a link leads to: `host` is the canonical name, `url` what to fetch, `key` its identity."""

    kind: LinkKind
    host: str
    url: str
    key: str
    file: str | None = None
    """Name of the music file that the address names."""
    sure: bool = True
    """Whether address, element or host say that it is music."""
    is_player: bool = False
    """Whether it is a page of the blog itself that plays something."""


def classify(
    address: Address,
    *,
    text: str = "",
    name: str | None = None,
    element: Element = Element.LINK,
    page: str = "",
) -> Classified | Why:
    """Return what an address leads to, or why it is of no interest.

    `text` is what stands on the link, `name` the file name of its `download` attribute, `page` the address
    of the post. Known hosts are judged by hosts.toml; of other hosts only files are kept: by their
    extension, or where words, element and address together offer a download. What it really is, the
    download finds out.
    """
    file = _file_of(address)
    if file is None and address.ending is not None and address.ending in formats().other | formats().image:
        return Why.IMAGE if address.ending in formats().image else Why.OTHER_FILE
    host = find_host(address.host)
    known = _of_known_host(address, host, depth=0) if host is not None else None
    if known is not None:
        is_mute = host is not None and host.said and isinstance(known, Classified) and not says_download(text)
        return Why.SAYS_NOTHING if is_mute else known
    if address.ending in formats().music:
        sure = address.ending in formats().audio or element is Element.SOUND
        return Why.PLACEHOLDER if is_placeholder(address.last) else _direct(address, host, file, sure=sure)
    if host is not None:
        return _page_of(host, address)
    offer = Offer(address=address, file=file, text=text, name=name, element=element, page=page)
    return _offered(offer, file)


def _offered(offer: Offer, file: str | None) -> Classified | Why:
    why = refusal(offer)
    if why is None:
        sure = offer.element is Element.SOUND or offer.is_named_sound
        return _direct(offer.address, None, file, sure=sure)
    return _own_player(offer.address, offer.element, offer.page) or why


def _file_of(address: Address) -> str | None:
    return address.last[:MAX_NAME_LENGTH] if address.ending in formats().music else named_file(address)


def _direct(address: Address, host: Host | None, file: str | None, *, sure: bool) -> Classified:
    return Classified(
        kind=LinkKind.DIRECT,
        host=address.host if host is None else host.name,
        url=address.url,
        key=link_key(address.url),
        file=file,
        sure=sure,
    )


def _of_known_host(address: Address, host: Host, *, depth: int) -> Classified | Why | None:
    tail = address.tail
    if host.excludes(tail):
        return _page_of(host, address)
    if not host.shapes:
        if host.kind is None:
            return None
        return Classified(
            kind=host.kind,
            host=host.name,
            url=address.url,
            key=link_key(address.url),
            file=_file_of(address),
            sure=not host.said,
        )
    query = parse_qs(address.query) if address.query else {}
    for shape in host.shapes:
        found = shape.read(tail)
        if found is None or (shape.query is not None and shape.query not in query):
            continue
        if shape.follow is not None:
            return _followed(address, query.get(shape.follow, [""])[0], depth)
        values = found.groupdict(default="")
        if shape.query is not None:
            values[shape.query] = query[shape.query][0]
        return _shaped(address, host, shape, values)
    return Why.PROFILE if host.is_profile(tail) and address.ending not in formats().music else None


def _page_of(host: Host, address: Address) -> Why:
    if host.kind is None:
        return Why.SHARES if shares(address.path) else Why.OTHER_HOST
    return Why.PROFILE if host.is_profile(address.tail) else Why.HOST_PAGE


def _shaped(address: Address, host: Host, shape: Shape, values: dict[str, str]) -> Classified | Why:
    if shape.kind is None:
        return Why.PAGE
    fetched = shape.fetch.format_map(values) if shape.fetch else address.url
    key = shape.key.format_map(values).rstrip("/") if shape.key else fetched
    file = _file_of(address if fetched == address.url else read_address(fetched))
    return Classified(kind=shape.kind, host=host.name, url=fetched, key=link_key(key), file=file)


def _followed(address: Address, inner: str, depth: int) -> Classified | Why:
    url = fetch_url(inner, address.url)
    target = read_address(url) if url is not None else None
    host = find_host(target.host) if target is not None else None
    if target is None or host is None or depth >= _MAX_FOLLOWED:
        return Why.HOST_PAGE
    known = _of_known_host(target, host, depth=depth + 1)
    if not isinstance(known, Classified):
        return known or Why.PROFILE
    return Classified(kind=known.kind, host=known.host, url=address.url, key=known.key)


def _own_player(address: Address, element: Element, page: str) -> Classified | None:
    # A player page of the blog itself: what it plays is on another page.
    if element is not Element.FRAME:
        return None
    path = address.path.lower()
    stems = {segment.partition(".")[0] for segment in path.split("/")}
    if not ("player" in path or not _PLAYER_WORDS.isdisjoint(stems)) or not same_site(address.url, page):
        return None
    key = link_key(address.url)
    return Classified(
        kind=LinkKind.EMBED, host=address.host, url=address.url, key=key, sure=True, is_player=True
    )
