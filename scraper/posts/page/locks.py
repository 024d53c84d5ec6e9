"""Posts behind a password: their page shows a form instead of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.posts.page.furniture import is_furniture, is_hidden
from scraper.posts.page.marks import class_tokens
from scraper.posts.page.scope import find_place
from storage.errors import CratedigError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_FIELDS = 20


class LockedPostError(CratedigError):
    """The post is behind a password, so there is nothing of it to read."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "the post is behind a password",
            where=url,
            next_step="Open the address in a browser if the blog gave you the password",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Locks:
    """The content of locks.toml."""

    names: frozenset[str]
    field_ids: frozenset[str]
    classes: frozenset[str]
    form_ids: frozenset[str]
    actions: tuple[str, ...]


def is_locked(tree: HtmlElement, *, url: str = "") -> bool:
    """Whether the post on a page asks for a password instead of saying anything.

    Only the form where the post should be counts, not one in a sidebar or in another post. `url` is the
    address of the page, which decides where it shows several posts; `tree` may also be the body that
    `parse_fragment` gives. Pure.
    """
    fields = [field for field in tree.iter("input") if _takes_password(field)][:_MAX_FIELDS]
    if not any(_is_lock(field) for field in fields):
        return False
    post = tree if tree.tag == "body" else find_place(tree, url=url).post
    return any(_is_lock(field) and _is_part(field, post) for field in fields)


@cache
def _locks() -> _Locks:
    data = tomllib.loads(Path(__file__).with_name("locks.toml").read_text(encoding="utf-8"))
    return _Locks(
        names=frozenset(data["fields"]["names"]),
        field_ids=frozenset(data["fields"]["ids"]),
        classes=frozenset(data["forms"]["classes"]),
        form_ids=frozenset(data["forms"]["ids"]),
        actions=tuple(data["forms"]["actions"]),
    )


def _takes_password(field: HtmlElement) -> bool:
    return _said(field, "type") == "password" or _said(field, "name") in _locks().names


def _is_lock(field: HtmlElement) -> bool:
    known = _locks()
    if _said(field, "name") in known.names or _said(field, "id") in known.field_ids:
        return True
    return any(_asks(around) for around in field.iterancestors())


def _asks(around: HtmlElement) -> bool:
    known = _locks()
    if _said(around, "id") in known.form_ids or not known.classes.isdisjoint(class_tokens(around)):
        return True
    action = _said(around, "action")
    return any(part in action for part in known.actions)


def _is_part(field: HtmlElement, post: HtmlElement) -> bool:
    """Whether `field` is in `post`, and not in furniture there."""
    for around in field.iterancestors():
        if around is post:
            return True
        if is_furniture(around) or is_hidden(around):
            return False
    return False


def _said(element: HtmlElement, attribute: str) -> str:
    return (element.get(attribute) or "").strip().lower()
