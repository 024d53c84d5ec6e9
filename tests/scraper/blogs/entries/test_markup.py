"""The HTML in elements of feeds."""

from __future__ import annotations

import pytest
from lxml import etree

from scraper.blogs.entries.markup import content_html, element_html, has_markup


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<c>&lt;p>A &amp;amp; B&lt;/p></c>", "<p>A &amp; B</p>"),
        ("<c><![CDATA[<p>A</p>]]></c>", "<p>A</p>"),
        ("<c>A &amp; <p>B<br/></p> C</c>", "A &amp; <p>B<br></p> C"),
        ('<c xmlns:x="urn:x"><x:iframe src="a"/><x:b/></c>', '<iframe src="a"></iframe><b></b>'),
        ("<c/>", None),
    ],
)
def test_what_is_in_an_element_is_html(xml: str, expected: str | None) -> None:
    assert element_html(etree.fromstring(xml)) == expected


def test_an_entity_of_the_documents_own_leaves_the_content_unknown() -> None:
    parser = etree.XMLParser(resolve_entities=False)
    xml = '<!DOCTYPE c [<!ENTITY own "x">]><c>A &own; <p>B</p></c>'
    assert element_html(etree.fromstring(xml, parser)) is None


@pytest.mark.parametrize(
    ("attributes", "text", "expected"),
    [
        ('type="html"', "&lt;p>A&lt;/p>", "<p>A</p>"),
        ('type="text/html" mode="escaped"', "&lt;p>A&lt;/p>", "<p>A</p>"),
        ('type="application/xhtml+xml" mode="xml"', "<p>A</p>", "<p>A</p>"),
        ('type="xhtml"', "<div>A<hr/></div>", "<div>A<hr></div>"),
        ("", "A\n&lt; B", "A<br>\n&lt; B"),
        ('type="text"', " ", None),
        ('type="text/html" mode="base64"', "PHA+", None),
        ('type="image/svg+xml"', "<svg/>", None),
        ('type="html" src="/a"', "", None),
    ],
)
def test_the_content_of_an_atom_entry_is_html(attributes: str, text: str, expected: str | None) -> None:
    assert content_html(etree.fromstring(f"<content {attributes}>{text}</content>")) == expected


@pytest.mark.parametrize(
    ("text", "has"), [("a <b>c</b>", True), ("<br/>", True), ("a < b > c", False), ("<3", False)]
)
def test_markup_is_told_from_signs(text: str, *, has: bool) -> None:
    assert has_markup(text) is has
