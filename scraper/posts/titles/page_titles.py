"""What the head of a page calls the post: ``og:title`` and the title of the page, without the site's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.posts.titles.site_names import goes_on, strip_site_name
from scraper.posts.titles.text import clean
from scraper.posts.titles.words import title_words

if TYPE_CHECKING:
    from scraper.posts.page.document import Head

_MAX_LENGTH = 500
_LEAST_PART = 4
_MAX_ARTIST_WORDS = 6
# Headings and titles of one post differ in these, where a plugin has made them typographic.
_TYPOGRAPHY = str.maketrans("‘’“”«»‐‑‒–—―", '\'\'""""------')


class PageTitle(NamedTuple):
    """A title from the head of a page; `exact` where nothing of the site's name can be left in it."""

    text: str
    source: str
    exact: bool

    def repeats(self, heading: str) -> bool:
        """Whether this is `heading`, alone or with what may be the name of the site behind it."""
        whole, part = _folded(self.text), _folded(heading)
        if not whole.startswith(part) or len(part) * _LEAST_PART <= len(whole):
            return False
        if len(whole) == len(part):
            return True
        return not (whole[len(part)].isalnum() or self.completes(heading))

    def completes(self, heading: str) -> bool:
        """Whether the title surely has more than `heading`, behind a dash or a colon: an artist alone."""
        whole, part = _folded(self.text), _folded(heading)
        if not self.exact or not whole.startswith(part) or len(part.split()) > _MAX_ARTIST_WORDS:
            return False
        return goes_on(whole, len(part)) and not any(goes_on(part, place) for place in range(len(part)))


def page_titles(head: Head) -> list[PageTitle]:
    """Return what the page calls its post, the best first, each without the name of the site.

    A title that is but the name of the site is none.
    """
    social, page = clean(head.og_title or ""), clean(head.title or "")
    stripped = strip_site_name(social, head.site_name)
    shorter = title_words().archive.sub("", strip_site_name(page, head.site_name, heading=stripped), count=1)
    proven = stripped != social or (page.startswith(social) and page != social)
    found = [
        PageTitle(stripped[:_MAX_LENGTH].rstrip(), "og:title", proven),
        PageTitle(shorter[:_MAX_LENGTH].rstrip(), "title of the page", shorter != page),
    ]
    site = clean(head.site_name or "").casefold()
    return [title for title in found if title.text and title.text.casefold() != site]


def _folded(text: str) -> str:
    return text.casefold().translate(_TYPOGRAPHY)
