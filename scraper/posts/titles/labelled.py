"""Artist, track and label that a post states beside its title: in labelled lines and in JSON-LD."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from scraper.posts.statements.labels import LabelKind
from scraper.posts.statements.structured import recording_in_json_ld
from scraper.posts.titles.parts import Confidence, TitleParts
from scraper.posts.titles.reading import read_fields
from scraper.posts.titles.text import clean
from scraper.posts.titles.witnesses import split_by_witnesses
from scraper.posts.titles.words import title_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scraper.posts.page.stated import Stated
    from scraper.posts.statements.labels import LabelValue

_MAX_NAME = 150
_MAX_LABEL = 100


def complete_title(
    title: TitleParts,
    labels: Sequence[LabelValue],
    stated: Stated,
    *,
    is_genre: Callable[[str], bool],
    tracks: Callable[[], Iterable[str]] = tuple,
) -> TitleParts:
    """Return `title` with what it leaves open filled in from labelled lines, else from JSON-LD in `stated`.

    `tracks` gives other names of the track in the post: a title without a separator is told apart by them.

    A title that is sure of artist and track keeps them; one with a single dash may be turned round by a
    labelled artist, and a guess gives way. A value counts only if the post states no other of its kind. The
    first label of the post is the label where the title names none. Pure.
    """
    own = title.label or _first_label(labels)
    if title.confidence is not Confidence.HIGH:
        title = _named(title, labels, stated, is_genre, tracks)
    return replace(title, label=own) if own and not title.label else title


def _named(
    title: TitleParts,
    labels: Sequence[LabelValue],
    stated: Stated,
    is_genre: Callable[[str], bool],
    tracks: Callable[[], Iterable[str]],
) -> TitleParts:
    artist = _only(labels, LabelKind.ARTIST)
    track = _only(labels, LabelKind.TITLE) or _only(labels, LabelKind.ALBUM)
    if artist and title.track and _same(artist, title.track) and (not track or _same(track, title.artist)):
        return replace(title, artist=title.track, track=title.artist)
    if title.confidence >= Confidence.FAIR:
        return title
    if not (artist and track):
        artist, track = (
            _by_witness(title, artist, (track,) if track else ())
            or _recording(stated)
            or (None if title.track else _by_witness(title, artist, tracks()))
            or (artist, None)
        )
    if artist and track and (named := read_fields(title.text, artist, track, is_genre=is_genre)).track:
        brackets = tuple(dict.fromkeys((*title.brackets, *named.brackets)))
        return replace(named, catalogue=named.catalogue or title.catalogue, brackets=brackets)
    return title if title.track or not artist else replace(title, artist=artist)


def _by_witness(title: TitleParts, artist: str | None, tracks: Iterable[str]) -> tuple[str, str] | None:
    found = split_by_witnesses(title.text, artists=(artist,) if artist else (), tracks=tracks)
    return found if found and not _is_column(found[0]) else None


def _is_column(artist: str) -> bool:
    # Podcast #51: Kora is no Kora by Podcast #51.
    return artist.casefold().rstrip(" #№0123456789:.–-") in title_words().columns


def _recording(stated: Stated) -> tuple[str, str] | None:
    found = recording_in_json_ld(stated)  # plugins escape it as if it were HTML
    return (clean(unescape(found[0])), clean(unescape(found[1]))) if found else None


def _only(labels: Sequence[LabelValue], kind: LabelKind) -> str | None:
    """Return the value that the post states behind labels of `kind`, if it states one only."""
    names = {
        name.casefold(): name
        for label in labels
        if label.kind is kind
        and label.sure
        and not _is_other(label)
        and (name := _name(label.value, _MAX_NAME))
    }
    return next(iter(names.values())) if len(names) == 1 else None


def _first_label(labels: Sequence[LabelValue]) -> str | None:
    named = (
        _name(label.value, _MAX_LABEL) for label in labels if label.kind is LabelKind.LABEL and label.sure
    )
    return next((name for name in named if name), None)


def _is_other(label: LabelValue) -> bool:
    # By: may name who wrote the post, Name: may name anything.
    word = label.text[: len(label.text) - len(label.value)].strip(" :：|–—-").casefold()
    return word in title_words().vague_labels


def _name(value: str, limit: int) -> str | None:
    name = clean(value)[:limit].rstrip()
    named = any(letter.isalnum() for letter in name) and "://" not in name
    return name if named and name.casefold() not in title_words().no_names else None


def _same(one: str, other: str | None) -> bool:
    return other is not None and _key(one) == _key(other)


def _key(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text
