from __future__ import annotations

import contextlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathvalidate import is_valid_filename

from scraper.downloads.naming.component import MAX_BYTES, safe_name
from scraper.downloads.naming.fields import FIELDS, TELLING
from scraper.downloads.naming.template import (
    MAX_FOLDERS,
    MAX_PATH_BYTES,
    PLAIN,
    NameTemplate,
    NameTemplateError,
)

_VALUES: dict[str, str | None] = {
    "name": "Kora - Lines (Dub)",
    "artist": "Kora",
    "title": "Lines",
    "version": "Dub",
    "label": None,
    "genre": "house",
    "blog": "blog.example",
    "id": "0123abcd",
    "part": None,
}


def _render(template: str, **values: str | None) -> str:
    return str(NameTemplate.parse(template).render({**_VALUES, **values}, "mp3"))


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{name}", "Kora - Lines (Dub).mp3"),
        ("{blog}/{artist} - {title}", "blog.example/Kora - Lines (Dub).mp3"),
        ("{artist} - {title} [{version}]", "Kora - Lines [Dub].mp3"),
        ("{ artist } - {title}", "Kora - Lines (Dub).mp3"),
        ("{label|artist}/{name}", "Kora/Kora - Lines (Dub).mp3"),
        ("{label|post|Various}/{name}", "Various/Kora - Lines (Dub).mp3"),
        ("{label}/{name}", "unknown/Kora - Lines (Dub).mp3"),
        ("{format}/{name}", "mp3/Kora - Lines (Dub).mp3"),
        ("Music {genre}/new/{id}", "Music house/new/0123abcd.mp3"),
        ("{{{artist}}} {{title}} {id}", "{Kora} {title} 0123abcd.mp3"),
        ("{name}.flac", "Kora - Lines (Dub).flac.mp3"),
        ("{label} {post|version}", "Dub.mp3"),
    ],
)
def test_a_template_becomes_a_path(template: str, path: str) -> None:
    assert _render(template) == path


@pytest.mark.parametrize(
    ("values", "path"),
    [
        pytest.param({"artist": "a/b"}, "a-b/Lines (Dub).mp3", id="48 a slash in a value makes no folder"),
        pytest.param({"artist": ".."}, "unknown/Lines (Dub).mp3", id="48 a way out"),
        pytest.param({"artist": "../../etc"}, "etc/Lines (Dub).mp3", id="43 a long way out"),
        pytest.param({"artist": "~root"}, "root/Lines (Dub).mp3", id="43 a home folder"),
        pytest.param({"artist": ".incomplete"}, "incomplete/Lines (Dub).mp3", id="64 the folder of parts"),
        pytest.param({"artist": "C:"}, "C/Lines (Dub).mp3", id="43 a drive"),
        pytest.param({"artist": "nul"}, "nul_/Lines (Dub).mp3", id="49 a device"),
        pytest.param({"artist": "x. "}, "x/Lines (Dub).mp3", id="49 trailing dot and space"),
        pytest.param({"artist": "\u202egpj\x1b"}, "gpj/Lines (Dub).mp3", id="52 steering signs"),
        pytest.param({"artist": "{title}"}, "{title}/Lines (Dub).mp3", id="56 a field in a value"),
        pytest.param({"artist": "{0.__class__}"}, "{0.__class__}/Lines (Dub).mp3", id="56 format string"),
        pytest.param({"artist": "%(x)s $(id) `id`"}, "%(x)s $(id) `id`/Lines (Dub).mp3", id="56 others"),
        pytest.param(
            {"title": "..", "version": None}, "Kora/Kora - Lines (Dub).mp3", id="48 nothing is left"
        ),
        pytest.param({"title": None, "name": None}, "Kora/untitled.mp3", id="48 nothing at all"),
    ],
)
def test_values_of_strangers_name_nothing_but_one_part(values: dict[str, str | None], path: str) -> None:
    assert _render("{artist}/{title}", **values) == path


@pytest.mark.parametrize(
    ("template", "what"),
    [
        pytest.param("{artst} - {title}", r"no field 'artst'\. Did you mean {artist}\?", id="a slip"),
        pytest.param("{track}", r"Did you mean {title}\?", id="what others call it"),
        pytest.param("{0.__class__}", r"no field '0.__class__'", id="56 attribute"),
        pytest.param("{title!r:>9}", r"no field", id="56 conversion"),
        pytest.param("{xyzzy}", r"The fields are name, artist", id="nothing like it"),
        pytest.param("{label|artst}", r"Did you mean {artist}\?", id="a slip at the end"),
        pytest.param("{Nobody|title}", r"no field 'Nobody'", id="a word that is not the last"),
        pytest.param("{title|}", r"no field ''", id="no word"),
        pytest.param("{}", r"no field ''", id="no field"),
        pytest.param("{title", r"A { stands alone", id="not closed"),
        pytest.param("title}", r"A } stands alone", id="not opened"),
        pytest.param("{a{title}}", r"A { stands alone", id="nested"),
        pytest.param("", r"one name", id="empty"),
        pytest.param("music", r"one name", id="always the same"),
        pytest.param("{title}/{blog}", r"one name from '{title}/{blog}'\. Add {name}", id="the same in a folder"),
        pytest.param("/music/{title}", r"stays below", id="43 absolute"),
        pytest.param("~/music/{title}", r"stays below", id="43 home"),
        pytest.param("C:/music/{title}", r"stays below", id="43 drive"),
        pytest.param("{artist}\\{title}", r"separated by /", id="48 backslash"),
        pytest.param("../{title}", r"without a name", id="48 out"),
        pytest.param("a/./{title}", r"without a name", id="48 dot"),
        pytest.param("a//{title}", r"without a name", id="48 nothing between"),
        pytest.param("..a/{title}", r"without a name", id="48 dots in front"),
        pytest.param("{title}/", r"one name", id="48 a folder only"),
        pytest.param("1/2/3/4/5/6/{title}", r"at most 5 folders", id="too deep"),
        pytest.param("{title}" + "x" * 500, r"at most 500 characters", id="too long"),
    ],
)  # fmt: skip
def test_what_cannot_name_files_is_refused(template: str, what: str) -> None:
    with pytest.raises(NameTemplateError, match=what):
        NameTemplate.parse(template)


def test_the_fields_of_a_template_are_known() -> None:
    assert NameTemplate.parse("{blog}/{artist|label|Nobody} {{x}}").fields == {"blog", "artist", "label"}


def test_each_field_is_explained_and_can_be_used() -> None:
    assert set(FIELDS) >= TELLING
    for field in FIELDS:
        assert _render(f"{{{field}|Nothing}} {{id}}")


def test_parts_of_an_archive_keep_their_numbers_however_long_the_name() -> None:  # 50
    paths = [
        NameTemplate.parse(template).render({"title": "あ" * 200, "name": f"あ.{part}", "part": part}, "rar")
        for part in ("part1", "part2")
        for template in ("{title}", "{part} {title}")
    ]
    first, other, second, another = (path.name for path in paths)
    assert first.endswith(".part1.rar")
    assert second == first.replace("part1", "part2")
    assert other.startswith("part1 あ")
    assert another.startswith("part2 あ")
    assert _render("{name}", name="Kora.part1", part="part1") == "Kora.part1.mp3"


_ANY = st.one_of(st.none(), st.text(st.characters(codec=None), max_size=300))


@given(
    st.sampled_from(["{name}", "{blog}/{artist} - {title}", "{a1}/{a2}/{a3}/{a4}/{a5}/{title} ({version}) [{label}]"]),
    st.fixed_dictionaries({field: _ANY for field in FIELDS if field != "part"}),
)  # fmt: skip
def test_a_path_is_always_safe_and_bounded(template: str, values: dict[str, str | None]) -> None:
    for number, field in enumerate(("genre", "post", "label", "artist", "date"), start=1):
        template = template.replace(f"{{a{number}}}", f"{{{field}}}")
    path = NameTemplate.parse(template).render(values, "flac")
    assert len(str(path).encode()) <= MAX_PATH_BYTES
    assert len(path.parts) == template.count("/") + 1 <= MAX_FOLDERS + 1
    assert path.suffix == ".flac"
    for part in path.parts:
        assert len(part.encode()) <= MAX_BYTES
        assert part[0] not in ".-~ "
        assert is_valid_filename(part, platform="universal", max_len=255)
    assert NameTemplate.parse(template).render(values, "flac") == path


@given(st.text(st.sampled_from("{}|/.~ ab\\"), max_size=30))
def test_a_template_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(NameTemplateError):
        path = NameTemplate.parse(text.replace("a", "title")).render({"title": "Lines"}, "mp3")
        assert ".." not in path.parts
        assert not path.is_absolute()
        assert path.suffix == ".mp3"


def test_the_plain_template_names_files_as_without_one() -> None:
    name = "Kora - " + "Lines " * 60
    assert PLAIN.render({"name": name}, "mp3") == PurePosixPath(safe_name(name, "mp3"))
