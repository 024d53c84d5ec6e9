"""What is known of a blog's furniture survives the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.blog_furniture import BlogFurniture, read_furniture
from storage.blogs import Blogs

if TYPE_CHECKING:
    from storage.database import Database

BLOG = "https://blog.example/"
_PRINTS = st.integers(min_value=0, max_value=2**64 - 1)
_KNOWN = st.builds(
    BlogFurniture,
    posts=st.integers(min_value=0, max_value=1000),
    of=st.lists(_PRINTS, max_size=5).map(tuple),
    prints=st.dictionaries(_PRINTS, st.integers(min_value=1, max_value=1000), max_size=5),
    links=st.frozensets(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), max_size=3),
)


@settings(max_examples=50)
@given(_KNOWN)
def test_what_is_written_is_what_is_read(known: BlogFurniture) -> None:
    assert read_furniture(known.written()) == known


async def test_a_blog_begins_without_furniture_and_keeps_what_was_recorded(database: Database) -> None:
    blogs = Blogs(database)
    assert await blogs.furniture(BLOG) == BlogFurniture()
    known = BlogFurniture(posts=3, of=(1, 2**64 - 1), prints={7: 3}, links=frozenset({"https://x/a.mp3"}))
    await blogs.keep_furniture(BLOG, known)
    assert await blogs.furniture(BLOG) == known
    state = await blogs.get(BLOG)
    assert state is not None
    assert (state.url, [each.url for each in await blogs.all()]) == (BLOG, [BLOG])
    await blogs.keep_furniture(BLOG, BlogFurniture())
    assert await blogs.furniture(BLOG) == BlogFurniture()
