from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.post_places import Place, Places
from storage.records import Post, ReadPost

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = st.sampled_from("abcdef")
BLOGS = st.integers(1, 2)
IDS = st.none() | st.sampled_from("1234")
STORED = st.lists(st.tuples(KEYS, BLOGS, IDS), unique_by=lambda row: row[0])
BATCH = st.lists(st.tuples(KEYS, BLOGS, IDS), min_size=1)


def _unique(rows: Iterable[tuple[str, int, str | None]]) -> bool:
    keys, listed = [], []
    for key, blog_id, listed_id in rows:
        keys.append(key)
        if listed_id is not None:
            listed.append((blog_id, listed_id))
    return len(keys) == len(set(keys)) and len(listed) == len(set(listed))


@settings(deadline=None)
@given(stored=STORED.filter(_unique), batch=BATCH)
def test_keys_and_listed_ids_are_unique_after_every_step(
    stored: list[tuple[str, int, str | None]], batch: list[tuple[str, int, str | None]]
) -> None:
    rows = dict(enumerate(stored, start=1))
    places = Places(
        Place(id=row, key=key, blog_id=blog_id, listed_id=listed_id)
        for row, (key, blog_id, listed_id) in rows.items()
    )
    for key, blog_id, listed_id in batch:
        post = Post(url=key, key=key, blog=str(blog_id), title="", listed_id=listed_id)
        places.put(ReadPost(post=post), blog_id=blog_id, now=0.0)
    for step in places.steps:
        rows[step.id] = (step.key, rows[step.id][1], None)
        assert _unique(rows.values())
    for number, place in enumerate(places.written(), start=100):
        rows[place.id or number] = (place.key, place.blog_id, place.listed_id)
        assert _unique(rows.values())
    key, blog_id, listed_id = batch[-1]
    (last,) = [row for row in rows.values() if row[0] == key]
    assert last[1] == blog_id
    assert last[2] == listed_id or listed_id is None
    assert set(range(1, len(stored) + 1)) <= rows.keys()
    assert places.left() == {key for key, _, _ in stored} - {key for key, _, _ in rows.values()}
