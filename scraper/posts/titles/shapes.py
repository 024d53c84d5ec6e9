"""Which part of a title is the artist and which the track: one function a shape, the safest shape first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.posts.titles.brackets import Finds, is_catalogue_number, is_noise, is_version
from scraper.posts.titles.parts import Confidence
from scraper.posts.titles.text import (
    DASHES,
    Span,
    bracket_groups,
    quoted,
    split_bars,
    split_dashes,
    split_loose_dashes,
)
from scraper.posts.titles.words import title_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_ARTIST_WORDS = 12
_MAX_NAME_WORDS = 8
_PIECES_WITH_TAIL = 3
_SIDE_MARKS = " ,:：/／" + DASHES


class Names(NamedTuple):
    """The artist and the track as they stand in the title, not yet freed of quotation marks and guests."""

    artist: str | None
    track: str
    confidence: Confidence


def find_names(text: str, finds: Finds) -> Names | None:
    """Return artist and track of `text`, which has no brackets left at its end, or None if no shape fits.

    ``Artist - Title - Rest``: a rest that is noise, version, label or catalogue number is taken away; what
    follows a title that ended visibly (quotation marks, a label's bracket) is a remark and dropped; anything
    else stays with the title. ``A | B | C`` is artist, title, label; ``A // B // C`` title, artist, label;
    a version says otherwise. Of fields between bars, one with a dash or quotation marks is read alone.
    """
    fields = list(split_bars(text))
    if len(fields) > 1:
        fields = [field for field in fields if field and not is_noise(field)] or [text]
    if len(fields) == 1:
        return _from_field(fields[0], finds)
    for field in fields:
        if len(split_dashes(field)) > 1 or _quoted_end(field):
            return _from_field(finds.peel(field), finds)
    return _from_fields(fields, finds, slashes=" // " in text)


def _from_field(text: str, finds: Finds) -> Names | None:
    pieces = _without_tail(split_dashes(text), finds)
    if len(pieces) > 1:
        return _from_dashes(pieces, finds)
    text = pieces[0]
    return _from_quotes(text) or _from_by(text) or _from_colon(text, finds) or _from_loose_dash(text)


def _without_tail(found: Sequence[str], finds: Finds) -> list[str]:
    pieces = [piece for piece in (piece.strip() for piece in found) if piece] or [""]
    while len(pieces) > 1:
        tail = pieces[-1]
        sure = len(pieces) >= _PIECES_WITH_TAIL
        lead = title_words().label_lead.match(tail)
        if not sure and not ((lead or is_noise(tail)) and _quoted_end(pieces[0])):
            break
        if lead:
            finds.labels.append(tail[lead.end() :])
        elif is_catalogue_number(tail):
            finds.catalogues.append(tail)
        elif is_version(tail):
            finds.versions.append(tail)
        elif not is_noise(tail):
            break
        pieces.pop()
        pieces[-1] = finds.peel(pieces[-1])
    return pieces


def _from_dashes(pieces: list[str], finds: Finds) -> Names | None:
    first, second, *rest = pieces
    if call := title_words().calls.match(first):
        first = first[call.end() :]
    reverse = _is_quoted(first) and not _is_quoted(second)
    artist, track = (second, first) if reverse else (first, second)
    confidence = Confidence.HIGH if _is_quoted(track) or finds.versions else Confidence.FAIR
    if rest and not reverse:
        confidence = Confidence.LOW
        labels = len(finds.labels) + len(finds.catalogues)
        peeled = finds.peel(second)
        if not _is_quoted(second) and len(finds.labels) + len(finds.catalogues) == labels:
            peeled = " - ".join([peeled, *rest])
        track = peeled
    if len(artist.split()) > _MAX_ARTIST_WORDS:
        return None
    return Names(artist, _without_remark(track), confidence)


def _from_quotes(text: str) -> Names | None:
    words = title_words()
    spans = quoted(text)
    if not spans:
        return None
    if spans[0].start == 0:
        after = _after_release(text[spans[0].end :].strip(_SIDE_MARKS))
        if by := words.by_quoted.match(after):
            return Names(after[by.end() :], spans[0].inside(text), Confidence.HIGH)
        if after and text[spans[0].end :].lstrip()[:1] in {"/", "／"} and not quoted(after):
            return Names(after, spans[0].inside(text), Confidence.FAIR)
        return Names(None, text, Confidence.FAIR) if _is_quoted(text) else None
    span = _quoted_end(text)
    artist = _announced(text[: span.start]) if span else None
    return Names(artist, _without_remark(text[span.start :]), Confidence.HIGH) if span and artist else None


def _announced(before: str) -> str | None:
    words = title_words()
    artist = before.rstrip(_SIDE_MARKS)
    if call := words.calls.match(artist) or words.possessive_calls.match(artist):
        artist = artist[call.end() :]
        if artist.endswith(("’s", "'s")):
            artist = artist[:-2]
        elif words.possessive_calls.match(before):
            return None
    elif before.rstrip().endswith(("’s", "'s")):  # Kora’s “Lines”; with a dash or a colon it is the name
        artist = artist[:-2]
    return artist if _may_be_artist(artist) else None


def _may_be_artist(text: str) -> bool:
    words = title_words()
    parts = text.casefold().split()
    return (
        0 < len(parts) <= _MAX_NAME_WORDS
        and text[-1] not in "&+"
        and text.casefold() not in words.columns
        and words.headline_verbs.isdisjoint(parts)
    )


def _from_by(text: str) -> Names | None:
    words = title_words()
    found = [match.span() for match in words.by_plain.finditer(text)]
    if len(found) != 1 or ":" in text or "?" in text:
        return None
    track, artist = text[: found[0][0]], text[found[0][1] :]
    if artist.casefold() in words.by_not_artists or not words.by_not_titles.isdisjoint(
        track.casefold().split()
    ):
        return None
    named = _is_name(track) and _is_name(artist)
    return Names(artist, track, Confidence.LOW) if named else None


def _is_name(text: str) -> bool:
    parts = text.split()
    small = [_begins_small(part) for part in parts]
    inner = (part in title_words().small_words or not low for part, low in zip(parts, small, strict=True))
    return len(parts) <= _MAX_NAME_WORDS and not (small[0] or small[-1]) and all(inner)


def _begins_small(word: str) -> bool:
    # Latin letters only: other scripts have no capitals, or names without them.
    first = word.lstrip("(\"'“‘")[:1]
    return first.isascii() and first.islower()


def _from_colon(text: str, finds: Finds) -> Names | None:
    artist, colon, track = text.partition(": ")
    proven = finds.versions or title_words().release.search(track)
    if colon and proven and track.strip() and _may_be_artist(artist):
        return Names(artist, track, Confidence.LOW)
    return None


def _from_loose_dash(text: str) -> Names | None:
    pieces = split_loose_dashes(text)
    if len(pieces) != 2 or not _may_be_artist(pieces[0].strip()):  # noqa: PLR2004 - artist and title
        return None
    return Names(pieces[0], pieces[1], Confidence.LOW)


def _from_fields(fields: list[str], finds: Finds, *, slashes: bool) -> Names | None:
    if len(fields) not in {2, 3}:
        return None
    peeled, versions = [], []
    proven = bool(finds.versions)
    for field in fields:
        before = len(finds.versions)
        peeled.append(finds.peel(field))
        versions.append(len(finds.versions) > before)
    versions[-1] = versions[-1] or proven
    if len(fields) == 3:  # noqa: PLR2004 - the third is the label
        finds.labels.insert(0, peeled[2])
    title_first = versions[0] or (slashes and len(fields) == 3 and not versions[1])  # noqa: PLR2004
    if len(fields) == 2 and not slashes and not any(versions):  # noqa: PLR2004
        return None
    track, artist = peeled[:2] if title_first else (peeled[1], peeled[0])
    return Names(artist, track, Confidence.LOW)


def _quoted_end(text: str) -> Span | None:
    # The quotation after a name with which the text ends, but for EP, Video and brackets.
    spans = list(quoted(text))
    if not spans or not _ends_after(text, spans[-1]):
        return None
    first = spans.pop()
    while spans and text[spans[-1].end : first.start].strip() in title_words().joints:
        first = spans.pop()
    return first if first.start > 0 else None


def _is_quoted(text: str) -> bool:
    spans = quoted(text)
    return bool(spans) and spans[0].start == 0 and _ends_after(text, spans[0])


def _ends_after(text: str, span: Span) -> bool:
    after = text[span.end :]
    for group in reversed(bracket_groups(after)):
        after = after[: group.start] + after[group.end :]
    after = after.strip()
    return not after or is_noise(after) or after.casefold() in title_words().after_quotes


def _without_remark(track: str) -> str:
    """Return “Title” (Label) without what stands behind the end of the title: ``(Part 2)`` goes on with it.

    Brackets whose content is known have been taken before.
    """
    spans = quoted(track)
    after = track[spans[0].end :] if spans and spans[0].start == 0 else ""
    groups = bracket_groups(after)
    if not groups or sum(group.end - group.start for group in groups) < len(after.replace(" ", "")):
        return track
    kept = [after[group.start : group.end] for group in groups if not _is_remark(group.inside(after))]
    return " ".join([spans[0].inside(track), *kept])


def _is_remark(content: str) -> bool:
    words = content.casefold().replace(".", " ").split()
    goes_on = any(word.isdecimal() for word in words) or not title_words().sections.isdisjoint(words)
    return content[:1].isupper() and _is_name(content) and not goes_on


def _after_release(after: str) -> str:
    first, _, rest = after.partition(" ")
    return rest if first.casefold() in title_words().after_quotes else after
