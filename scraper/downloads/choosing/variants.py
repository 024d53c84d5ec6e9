"""The variants in which links offer the same music: formats, qualities, whole or split. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.fetching.resolvers import is_fetchable
from scraper.posts.links.qualities import natural_quality
from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from storage.records import Link

_ACCESS = {LinkKind.DIRECT: 0, LinkKind.ARCHIVE: 1, LinkKind.HOSTER: 2}
_NO_ACCESS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Links to the same music in one format and quality: mirrors of a file, or of the parts of an archive."""

    links: tuple[Link, ...]
    format: str | None
    quality: str | None

    @property
    def parts(self) -> dict[int | None, list[Link]]:
        """The mirrors of each part, in the order of the post; a whole file is the part None."""
        found: dict[int | None, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.part, []).append(link)
        return found

    @property
    def complete(self) -> bool:
        """Whether no part is seen to be missing; how many there are in all nobody tells."""
        numbers = sorted(part for part in self.parts if part is not None)
        return not numbers or (numbers[0] <= 1 and numbers[-1] - numbers[0] == len(numbers) - 1)

    @property
    def fetchable(self) -> bool:
        """Whether each part has a mirror that a file can be had from."""
        return all(any(access(link) < _NO_ACCESS for link in mirrors) for mirrors in self.parts.values())

    def chosen(self, *, failed: Container[str], held: Container[str]) -> list[Link]:
        """Return the mirror of each part that is to be fetched.

        What is in the queue already is kept, what has `failed` comes last; then the host that has most parts,
        and the easiest access. `failed` and `held` are keys of links.
        """
        parts_of_host = Counter(host for host, _ in {(link.host, link.part) for link in self.links})

        def order(link: Link) -> tuple[bool, bool, int, int, bool]:
            return (
                link.key in failed,
                link.key not in held,
                -parts_of_host[link.host],
                access(link),
                not link.sure,
            )

        return [min(mirrors, key=order) for mirrors in self.parts.values()]

    def __str__(self) -> str:
        return " ".join(dict.fromkeys(word for word in (self.format, self.quality) if word))


def variants_of(links: Iterable[Link]) -> list[Variant]:
    """Return the variants among the links of one group, in the order of the post.

    Parts of split archives are parted by format and quality only where several are named: of an archive often
    only the first part says what it is.
    """
    links = tuple(links)
    split = [link for link in links if link.part is not None]
    formats = {link.format for link in split} - {None}
    qualities = {_quality(link) for link in split} - {None}
    found: dict[tuple[bool, str | None, str | None], list[Link]] = {}
    for link in links:
        key = (False, link.format, _quality(link))
        if link.part is not None:
            key = (True, _shared(formats, link.format), _shared(qualities, _quality(link)))
        found.setdefault(key, []).append(link)
    return [
        Variant(links=tuple(members), format=file_format, quality=quality)
        for (_, file_format, quality), members in found.items()
    ]


def access(link: Link) -> int:
    """Return how easily the file of `link` can be had: 0 for a file itself, 3 where no host gives it."""
    return _ACCESS.get(link.kind, _NO_ACCESS) if is_fetchable(link.url, link.kind) else _NO_ACCESS


def _quality(link: Link) -> str | None:
    return link.quality or natural_quality(link.format)


def _shared(named: set[str | None], own: str | None) -> str | None:
    return own if len(named) > 1 else next(iter(named), None)
