"""One post as the REST API of WordPress describes it. Pure.

Source: https://developer.wordpress.org/rest-api/reference/posts/#schema
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from scraper.blogs.listed import ListedPost
from scraper.blogs.ways.fields import (
    MAX_TITLE,
    html_of,
    moment_of,
    number_of,
    object_of,
    objects_of,
    terms_of,
    text_of,
    title_of,
)
from scraper.blogs.ways.truncation import is_truncated
from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.blogs.ways.fields import Object

FIELDS: Final = (
    "id,link,title,date,date_gmt,modified_gmt,content,categories,tags,class_list,"
    "_links.wp:term,_links.wp:featuredmedia,_embedded"
)
"""What `listed_post` reads.

Only links that are among the fields are embedded, and what is embedded cannot be narrowed
(https://core.trac.wordpress.org/ticket/49538). WordPress before 5.3 knows no fields with a dot: it gives all
of `title` and `content`, and no terms.
"""

EMBEDDED: Final = "wp:term,wp:featuredmedia"

_MAX_CLASSES = 1000
_MAX_MARKUP = 4 * MAX_TITLE  # of a title or a name, entities and tags included
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", re.ASCII)
# The field with the ids of the terms, their taxonomy, and what their slugs begin with in class_list.
_TAXONOMIES = (("categories", "category", "category-"), ("tags", "post_tag", "tag-"))


def address_of(item: Object, home: str) -> str | None:
    """Return the address of the post `item`; None where it has none, or is of another site than `home`."""
    link = item.get("link")
    url = fetch_url(html_of(link), home) if isinstance(link, str) else None
    return url if url is not None and same_site(url, home) else None


def is_locked(item: Object) -> bool:
    """Return whether the content of `item` is behind a password."""
    protected = object_of(item.get("content")).get("protected")
    return protected is True or (
        isinstance(protected, (int, str)) and str(protected).lower() in {"1", "true"}
    )


def listed_post(item: Object, url: str) -> ListedPost:
    """Return the post `item` at `url`.

    Its content is left out where it is empty, a part only, or comes with fewer terms than the post has.
    """
    number = number_of(item.get("id"))
    categories, all_terms = _categories(item)
    content = _rendered(item.get("content"))
    whole = all_terms and bool(content.strip()) and not is_truncated(content, url)
    return ListedPost(
        url=url,
        key=post_key(url),
        title=_plain(_rendered(item.get("title"))),
        published=_published(item),
        categories=categories,
        id=None if number is None else str(number),
        modified=moment_of(item.get("modified_gmt")),
        content=content if whole else None,
        cover=_cover(item, url),
    )


def _rendered(value: object) -> str:
    return html_of(value if isinstance(value, str) else object_of(value).get("rendered"))


def _plain(markup: object) -> str | None:
    return title_of(markup[:_MAX_MARKUP]) if isinstance(markup, str) else None


def _published(item: Object) -> str | None:
    world, local = text_of(item.get("date_gmt")), text_of(item.get("date"))
    if world is not None and moment_of(world) is not None:
        return f"{world}Z" if _LOCAL_TIME.fullmatch(world) else world
    return local if moment_of(local) is not None else None


def _cover(item: Object, url: str) -> str | None:
    embedded = object_of(item.get("_embedded"))
    for media in objects_of(embedded.get("wp:featuredmedia")):
        source = media.get("source_url")
        if isinstance(source, str) and media.get("media_type", "image") == "image":
            return fetch_url(html_of(source), url)
    return None


def _categories(item: Object) -> tuple[tuple[str, ...], bool]:
    """Return the names of all terms of a post, and whether they are all.

    Of each taxonomy WordPress embeds ten (https://core.trac.wordpress.org/ticket/46201); since 6.7 the slugs
    of the others are classes, but for those that are no ASCII letters.
    """
    embedded = tuple(_embedded_terms(item))
    names = [_plain(term.get("name")) for term in embedded]
    complete = True
    for field, taxonomy, prefix in _TAXONOMIES:
        known = {text_of(term.get("slug")) for term in embedded if term.get("taxonomy") == taxonomy}
        ids = item.get(field)
        count = len(ids) if isinstance(ids, list) else 0
        if count > len(known):
            slugs = list(_class_slugs(item, prefix))
            names += [unquote(slug).replace("-", " ") for slug in slugs if slug not in known]
            complete = complete and len(slugs) >= count
    return terms_of(names), complete


def _embedded_terms(item: Object) -> Iterator[Object]:
    groups = object_of(item.get("_embedded")).get("wp:term")
    for group in groups if isinstance(groups, list) else ():
        yield from objects_of(group)


def _class_slugs(item: Object, prefix: str) -> Iterator[str]:
    classes = item.get("class_list")
    if isinstance(classes, dict):  # a list of PHP with gaps
        classes = list(classes.values())
    for name in classes[:_MAX_CLASSES] if isinstance(classes, list) else ():
        slug = html_of(name).removeprefix(prefix)
        if slug != name and slug and not slug.isdigit():
            yield slug
