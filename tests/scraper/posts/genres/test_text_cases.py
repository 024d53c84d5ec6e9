"""The genre cases of a post's text, each in a page full of other genres, read by the whole reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

CLOUD = [name for name in default_graph().names if " " not in name][:25]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param("<p><strong>Genre:</strong> Deep House</p>", {"deep house"}, id="G1"),
        pytest.param(
            "<p>Genre: Tech House, Minimal / Deep Tech, Afro House</p>", {"deep tech", "afro house"}, id="G2"
        ),
        pytest.param("<p>Genres | Techno · House; Electro</p>", {"techno", "house", "electro"}, id="G3"),
        pytest.param(
            "<p>Style: Melodic House &amp; Techno</p>", {"melodic house", "melodic techno"}, id="G4"
        ),
        pytest.param("<p>Music Style: AMBIENT – DUB</p>", {"ambient", "dub"}, id="G5"),
        pytest.param("<dl><dt>Genre</dt><dd>Drum &amp;amp; Bass</dd></dl>", {"drum and bass"}, id="G6"),
        pytest.param("<p>Genre: DnB</p>", {"drum and bass"}, id="G7 DnB"),
        pytest.param("<p>Genre: D&amp;B</p>", {"drum and bass"}, id="G7 D&B"),
        pytest.param("<p>Genre: Drum'n'Bass</p>", {"drum and bass"}, id="G7 'n'"),
        pytest.param("<p>Genre: drum and bass</p>", {"drum and bass"}, id="G7 and"),
        pytest.param("<p>Genre: Bass</p>", {"bass music"}, id="G8 bass"),
        pytest.param("<p>Genre: Bass House</p>", {"bass house"}, id="G8 bass house"),
        pytest.param("<p>Genre: UKG</p>", {"uk garage"}, id="G9"),
        pytest.param("<p>Жанр: Deep House, Техно</p>", {"deep house", "techno"}, id="G10"),
        pytest.param(
            "<p>Género: Deep House Estilo: Techno Año: 2024</p>", {"deep house", "techno"}, id="G11"
        ),
        pytest.param("<p>Genre\u00a0: Techno</p>", {"techno"}, id="G12"),
        pytest.param("<p>Stil: Drum’n’Bass</p>", {"drum and bass"}, id="G13"),
        pytest.param("<p>ジャンル：テクノ</p>", {"techno"}, id="G14"),
        pytest.param("<p>#techhouse #DeepHouse #newmusic</p>", {"tech house", "deep house"}, id="G24"),
        pytest.param("", set(), id="G25"),
        pytest.param(
            '<div class="widget tagcloud">'
            + "".join(f'<a rel="tag" href="/tag/{n}/">{name}</a>' for n, name in enumerate(CLOUD))
            + "</div>",
            set(),
            id="G26",
        ),
        pytest.param(
            '<p class="breadcrumb"><a href="/">Home</a> › <a rel="category" href="/c/house/">House</a></p>',
            set(),
            id="G28",
        ),
        pytest.param(
            '<p><a href="/">Home</a> › <a href="/category/house/">House</a></p>',
            set(),
            id="G28 without class",
        ),
        pytest.param("<h3>Related posts</h3><ul><li>Best Trance 2024 #trance</li></ul>", set(), id="G29"),
        pytest.param('<ol class="comment-list"><li>Genre: Hardstyle</li></ol>', set(), id="G30"),
        pytest.param(
            "<p>from the White House, housewife, warehouse, Housemarque, lighthouse</p>", set(), id="G31"
        ),
        pytest.param(
            "<p>technology, entrance, trapped, guidance, platinum, relating, minimalist, abundance</p>",
            set(),
            id="G32",
        ),
        pytest.param("<p>Genre: N/A</p>", set(), id="G36 N/A"),
        pytest.param("<p>Genre: Various</p>", set(), id="G36 Various"),
        pytest.param("<p>Genre: –</p>", set(), id="G36 dash"),
        pytest.param("<p>Genre:</p>", set(), id="G36 empty"),
        pytest.param("<p>Genre: House</p>", {"house"}, id="G37"),
        pytest.param("<p>1) A – B Genre: House<br>2) C – D Genre: Techno</p>", {"house", "techno"}, id="G38"),
        pytest.param(
            "<p>1) A – B</p><p>Genre: House</p><p>2) C – D</p><p>Genre: Techno</p>",
            {"house", "techno"},
            id="G38 p",
        ),
        pytest.param(
            '<!-- Genre: Trance --><script>var genre="Trance"</script>'
            '<p style="display:none">Genre: Trance</p>'
            "<template><p>Genre: Trance</p></template>",
            set(),
            id="G40",
        ),
        pytest.param("<p>Genre: tech&shy;no</p>", {"techno"}, id="G42 soft hyphen"),
        pytest.param("<p>Genre: te<wbr>ch\u200dno</p>", {"techno"}, id="G42 wbr, joiner"),
        pytest.param("<p>genre: progressive</p>", {"progressive house"}, id="G43 label"),
        pytest.param("<p>a progressive rock record</p>", set(), id="G43 prose"),
        pytest.param(
            "<p><b>Genre</b>: <a href=a>Afro</a> <a href=b>House</a></p>", {"afro house"}, id="G44 split"
        ),
        pytest.param("<p><b>Genre</b>: <a href=a>Afro House</a></p>", {"afro house"}, id="G44 one link"),
        pytest.param(
            "<p>Genre: <a href=a>Tech House</a> <a href=b>Dub</a></p>",
            {"tech house", "dub"},
            id="G44 two genres",
        ),
        pytest.param("<p>Genre: Electronic</p>", {"electronic"}, id="G46"),
    ],
)
def test_what_stands_in_the_text(
    read_post: Callable[..., Understood], inner: str, expected: set[str]
) -> None:
    assert set(read_post(inner).post.genres) == expected
