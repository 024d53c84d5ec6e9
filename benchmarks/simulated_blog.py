"""A music blog of any length whose posts are made from their numbers: none is kept in memory. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST: Final = datetime(2006, 1, 1, tzinfo=UTC)
_YEARS: Final = timedelta(days=20 * 365)  # from the first post to the last one, however many they are
_ARTISTS = (
    "Paper Harbours",
    "Low Tide Unit",
    "Ines Valtari",
    "Nine Volt Choir",
    "Old Ferry",
    "Mira Sol Kane",
)
_TRACKS = ("Night Signal", "Glass Weather", "Slow Lantern", "Second Floor", "Concrete Bloom")
_LABELS = ("Copper Wire", "Salt Office", "Tenth Floor", "Blue Ledger")
_PROSE = (
    "We first heard this one on a ferry, half asleep, and asked three strangers what it was.",
    "The drums were taped in a stairwell with two microphones and a borrowed desk.",
    "It opens with a minute of rain before anything that could be called a beat arrives.",
    "Nobody in the room could say where the singer had come from, and nobody wanted to know.",
    "The flip side is slower, warmer, and the one that we keep coming back to.",
    "Turn it up, close the window, apologise to nobody.",
    "There are traces of old radio plays in it, cut up and put back in the wrong order.",
    "A friend played it twice in one evening, and the second time it was better.",
    "The sleeve was printed by hand, in an edition that was gone within a week.",
    "It has been on repeat here since spring, which is why this note comes so late.",
    "Everything was mixed to tape, and the tape was old; you can hear both.",
)
_SENTENCES = 21  # about 1,700 characters
GENRES: Final = ("Deep House", "Techno", "Ambient", "Drum and Bass", "Disco", "Electro", "Dub")


@dataclass(frozen=True, slots=True)
class SimulatedPost:
    """Post `number` of a blog, 1 being the oldest. Addresses are paths of the blog's own host."""

    number: int
    published: datetime

    @property
    def title(self) -> str:
        """Artist and track; the number makes it the only one of this name."""
        artist, track = _ARTISTS[self.number % len(_ARTISTS)], _TRACKS[self.number % len(_TRACKS)]
        return f"{artist} – {track} {self.number}"

    @property
    def genre(self) -> str:
        """The one genre that the post is filed under and labelled with."""
        return GENRES[self.number % len(GENRES)]

    @property
    def label(self) -> str:
        """The record label."""
        return _LABELS[self.number % len(_LABELS)]

    @property
    def path(self) -> str:
        """Where the post is."""
        return f"/{self.published:%Y/%m}/night-signal-{self.number}/"

    @property
    def excerpt(self) -> str:
        """Its first sentence."""
        return _PROSE[self.number % len(_PROSE)]

    @property
    def content(self) -> str:
        """About 2 KB of HTML: prose, the labels, and one link to an mp3 file."""
        said = [_PROSE[(self.number + step) % len(_PROSE)] for step in range(_SENTENCES)]
        prose = "".join(f"<p>{' '.join(said[at : at + 3])}</p>\n" for at in range(0, len(said), 3))
        return (
            f"{prose}<p>Label: {self.label}<br>\nGenre: {self.genre}</p>\n"
            f'<p><a href="/files/night-signal-{self.number}.mp3">Download (mp3, 320 kbps)</a></p>\n'
        )


@dataclass(frozen=True)
class SimulatedBlog:
    """A blog of so many `posts` at `origin`, spread evenly over twenty years."""

    origin: str
    posts: int

    @cached_property
    def _step(self) -> timedelta:
        return timedelta(seconds=_YEARS // timedelta(seconds=1) // self.posts)

    def post(self, number: int) -> SimulatedPost:
        """Return post `number`, from 1 to `posts`."""
        return SimulatedPost(number, _FIRST + number * self._step)

    def count_after(self, moment: datetime) -> int:
        """Return how many posts were published after `moment`."""
        return min(self.posts, max(0, self.posts - (moment - _FIRST) // self._step))

    def page(self, number: int, *, size: int, among: int | None = None) -> Iterator[SimulatedPost]:
        """Yield page `number`, from 1, of `size` posts of the newest `among` ones, the newest first."""
        among = self.posts if among is None else among
        start = (number - 1) * size
        for place in range(start, min(start + size, among)):
            yield self.post(self.posts - place)

    def pages(self, *, size: int, among: int | None = None) -> int:
        """Return how many pages there are."""
        return -(-(self.posts if among is None else among) // size)
