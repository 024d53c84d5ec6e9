"""What stands before a link: the text of its line, and the names of track and group that still hold there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.posts.links.texts import MAX_TEXT_LENGTH, clean_text, track_name

# A line of more pieces is no name.
_MAX_PIECES = 60
_LINE_LENGTH = 4 * MAX_TEXT_LENGTH
_TAIL_LENGTH = 60


class Spot(NamedTuple):
    """Where an address stands."""

    line: str
    """The beginning of the text of its line before it, without that of other links."""
    tail: str
    """The end of that text."""
    emphasis: str
    """The emphasised end of that text, as it stands."""
    track: str | None
    """The track that was named last before this line."""
    group: str | None
    """The emphasised text that stands last before this line: a heading."""
    number: int
    """Number of its line in the post."""
    between: str
    """All text since the address before."""
    parted: bool
    """Whether a picture, a player or much text stands between the address before and this one."""
    is_text: bool
    """Whether it stands in running text, where a heading above does not name it."""

    def near(self) -> str | None:
        """Return the name of the track or group that stands before the link."""
        name = track_name(self.line) or self.track
        return name or (_label(self.emphasis) if self.is_text else self.label())

    def label(self) -> str | None:
        """Return the emphasised text before the link, on its line or above it."""
        return _label(self.emphasis) or self.group


@dataclass(slots=True)
class Line:
    """What a walk has read of the line that it is in."""

    emphasis: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _track: str | None = None
    _group: str | None = None
    _outer: list[tuple[str | None, str | None]] = field(default_factory=list)
    _number: int = 0
    _between: list[str] = field(default_factory=list)
    _parted: bool = False

    def read(self, text: str, *, emphasised: bool) -> None:
        """Take in a piece of text outside of links."""
        if len(self._pieces) < _MAX_PIECES:
            self._pieces.append(text[:MAX_TEXT_LENGTH])
        if emphasised and len(self.emphasis) < _MAX_PIECES:
            self.emphasis.append(text[:MAX_TEXT_LENGTH])

    def spot(self, before: str | None = None) -> Spot:
        """Return where an address stands that comes now; `before` is its line where it stands in a text."""
        line = "".join(self._pieces) if before is None else before
        spot = Spot(
            line=line[:_LINE_LENGTH],
            tail=line[-_TAIL_LENGTH:] if len(self._pieces) < _MAX_PIECES else "",
            emphasis="".join(self.emphasis)[:_LINE_LENGTH],
            track=self._track,
            group=self._group,
            number=self._number,
            between=self.between(),
            parted=self._parted,
            is_text=before is not None,
        )
        self._between.clear()
        self._parted = False
        return spot

    def end(self) -> None:
        """Begin a new line."""
        if self.emphasis:
            text = "".join(self.emphasis)
            if text.strip():
                self._track = track_name(text) or self._track
                self._group = _label(text) or self._group
            self.emphasis.clear()
        if self._pieces:
            self._pieces.clear()
        self._number += 1
        if self._between and self._between[-1] != "\n":
            self._between.append("\n")

    def open(self) -> None:
        """Begin a container: what is named in it holds in it only."""
        self._outer.append((self._track, self._group))

    def close(self) -> None:
        """End a container."""
        if self._outer:
            self._track, self._group = self._outer.pop()

    def part(self) -> None:
        """Part what comes from the addresses before."""
        self._parted = True

    def pass_by(self, text: str) -> None:
        """Remember text between two addresses; much text parts them."""
        if len(self._between) < _MAX_PIECES:
            self._between.append(text[: MAX_TEXT_LENGTH + 1])
        else:
            self._parted = True

    def between(self) -> str:
        """Return the text since the last address."""
        return "".join(self._between)


def _label(text: str) -> str | None:
    return clean_text(text).rstrip(" :–—-|") or None
