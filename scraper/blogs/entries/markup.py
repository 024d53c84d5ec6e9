"""The HTML in an element of a feed: escaped, in a CDATA section, as XHTML or plain text. Pure."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_XHTML = ("xhtml", "application/xhtml+xml")
_HTML = ("html", "text/html", "text/x-html", "application/html")
_TEXT = ("", "text", "text/plain")


def has_markup(text: str) -> bool:
    """Return whether there is a tag of HTML in `text`."""
    return _TAG.search(text) is not None


def content_html(element: _Element) -> str | None:
    """Return the HTML of an Atom content element, version 1.0 (RFC 4287, 4.1.3) or 0.3.

    None where it has none: the content stands elsewhere, or is of another type.
    """
    kind = (element.get("type") or "").split(";")[0].strip().lower()
    if element.get("src") or element.get("mode") == "base64":
        return None
    if kind in _XHTML or kind in _HTML:
        return element_html(element)
    if kind not in _TEXT:
        return None
    text = element_html(element)
    # Feeds that say "text" and mean HTML are common.
    if text is None or len(element) or has_markup(text):
        return text
    return escape(text.strip(), quote=False).replace("\n", "<br>\n") or None


def element_html(element: _Element) -> str | None:
    """Return the HTML in `element` as typed, which changes its tree.

    None where there is none, or an entity of the document's own is in it.
    """
    if not len(element):
        return element.text or None
    if any(True for _ in element.iter(etree.Entity)):
        return None
    for node in element.iter(etree.Element):
        node.tag = etree.QName(node).localname
    # Out of its document, whose namespaces would be written into it.
    alone = etree.Element("div")
    alone.extend(list(element))
    etree.cleanup_namespaces(alone)
    # As HTML, where an empty element is not closed by a slash: browsers read <iframe/> as open.
    inner = (etree.tostring(child, method="html", encoding="unicode") for child in alone)
    return escape(element.text or "", quote=False) + "".join(inner) or None
