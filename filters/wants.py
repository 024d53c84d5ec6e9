"""Which links of a post are wanted, and which of several that offer the same music is preferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from storage.records import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import Link

ALL = "all"
"""The preference that wants every format, quality and mirror."""

QUEUED_KINDS = tuple(kind for kind in LinkKind if kind.queued)
"""Kinds of links that can be asked for, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """The links that are wanted: of these `kinds` and `formats`, none meaning all that can be queued.

    `prefer` is a format, a quality, `ALL`, or None for the best.
    """

    kinds: tuple[LinkKind, ...] = ()
    formats: tuple[str, ...] = ()
    prefer: str | None = None

    @classmethod
    def parse(
        cls, *, kinds: Iterable[LinkKind] = (), formats: Iterable[str] = (), prefer: str | None = None
    ) -> Self:
        """Return what is wanted, each word once and in one order: equal wishes are equal."""
        chosen = set(kinds)
        return cls(
            kinds=tuple(kind for kind in QUEUED_KINDS if kind in chosen),
            formats=tuple(sorted(set(formats))),
            prefer=prefer,
        )

    def refuses(self, link: Link) -> str | None:
        """Return why `link` is never queued for this query, None where it may be.

        A link whose format is not known may be of any.
        """
        if not link.kind.queued:
            return f"links of kind {link.kind} are not fetched"
        if self.kinds and link.kind not in self.kinds:
            return f"its kind is {link.kind}, not {_either(self.kinds)}"
        if self.formats and link.format is not None and link.format not in self.formats:
            return f"its format is {link.format}, not {_either(self.formats)}"
        return None

    def misses(self, links: Iterable[Link]) -> str | None:
        """Return why a post with `links` is not wanted, None where one of them may be."""
        if not (self.kinds or self.formats) or any(self.refuses(link) is None for link in links):
            return None
        return f"no link {' '.join(self._narrowed())}"

    def describe(self) -> list[str]:
        """Return the wishes as parts of a line for messages."""
        parts = [f"links {' '.join(narrowed)}"] if (narrowed := self._narrowed()) else []
        return [*parts, f"{self.prefer} preferred"] if self.prefer else parts

    def _narrowed(self) -> list[str]:
        parts = [f"of kind {_either(self.kinds)}"] if self.kinds else []
        return [*parts, f"to {_either(self.formats)}"] if self.formats else parts


def _either(words: Iterable[str]) -> str:
    return " or ".join(map(str, words))
