"""The genres of a post and their evidence: the G cases, each in a page full of others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.posts.genres.reading import GenreReading, read_genres
from scraper.posts.page.document import parse_document
from scraper.posts.page.scope import find_scope, soup_of
from storage.records import Trust

URL = "https://blog.example/2024/05/kora-lines/"
PAGE = """<!DOCTYPE html><html><head><title>Kora – Lines | Blog of Techno</title>{head}</head><body>
<header class="site-header"><h1>Hardstyle Blog</h1>
<nav class="menu"><a href="/category/house/">House</a><a href="/category/trance/" rel="tag">Trance</a></nav>
</header>
<main>
<div class="breadcrumbs"><a href="/">Home</a> › <a href="/category/gabber/" rel="category">Gabber</a></div>
{post}
<div id="comments"><p>this is pure hardstyle! Genre: Hardstyle #trance</p></div></main>
<aside class="sidebar"><ul class="widget widget_categories"><li><a href="/category/house/" rel="tag">House</a>
<li><a href="/category/trance/">Trance</a></ul><div class="widget"><p>Genre: Trance</p></div>
<div class="tagcloud"><a rel="tag" href="/tag/dubstep/">Dubstep</a></div></aside>
<footer class="site-footer">deep house, techno &amp; more <a rel="tag" href="/tag/ebm/">EBM</a></footer>
</body></html>"""
ARTICLE = """<article class="post hentry {classes}"><h1 class="entry-title">{title}</h1>
<div class="entry-content">
<p>They met in a lighthouse near the White House.</p>{inner}<p>More words of the post.</p></div>
{meta}</article>"""


def read(
    inner: str = "",
    *,
    meta: str = "",
    classes: str = "",
    title: str = "Kora – Lines",
    head: str = "",
    brackets: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    url: str = URL,
    article: str = ARTICLE,
) -> GenreReading:
    post = article.format(inner=inner, meta=meta, classes=classes, title=title)
    tree = parse_document(PAGE.format(head=head, post=post).encode(), charset="utf-8")
    scope = find_scope(tree, url=url)
    soup = soup_of(scope)
    return read_genres(
        tree, scope, soup, url=url, title_brackets=brackets, categories=categories, graph=default_graph()
    )


def genres(inner: str = "", **more: object) -> set[str]:
    return set(read(inner, **more).genres)  # type: ignore[arg-type]


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
            '<div class="tagcloud"><a rel="tag" href="/tag/house/">House</a></div>', set(), id="G26"
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
        pytest.param("<p>Genre: Electronic &gt; Grime</p>", {"grime"}, id="hierarchy"),
        pytest.param("<p>Genre: Tech House (108 BPM, A min)</p>", {"tech house"}, id="tempo in brackets"),
        pytest.param(
            "<p>Genre: Techno. Some house, trance and dub.</p>", {"techno"}, id="sentence behind the label"
        ),
        pytest.param(
            "<p><em>Filed under: Hip-Hop, Ambient, Kora</em></p>", {"hip hop", "ambient"}, id="filed under"
        ),
        pytest.param(
            "<p>Tags: #UKGarage #Soul #FreeDownload</p>", {"uk garage", "soul"}, id="tags as hashtags"
        ),
        pytest.param("<p>Hip-Hop / Folk | 139 BPM | RIG002</p>", {"hip hop", "folk"}, id="release line"),
        pytest.param(
            "<p>Tech House | Minimal Techno</p>", {"tech house", "minimal techno"}, id="line of genres"
        ),
        pytest.param("<p>Deep House / Some Label / 2024</p>", set(), id="line with another name"),
        pytest.param("<p>Minimal</p>", set(), id="line of an ambiguous word"),
        pytest.param("<h2>Techno</h2>", set(), id="heading"),
        pytest.param("<ol><li>Techno</li><li>Trance</li></ol>", set(), id="track list"),
        pytest.param("<p><b>Style</b> is everything in this house</p>", set(), id="label word in prose"),
        pytest.param(
            '<p>Read <a href="/tag/techno/">techno</a> and what else we wrote of it here</p>',
            set(),
            id="link in prose",
        ),
        pytest.param(
            "<p>We are #1 &#35;x &num;y a#techno https://x.example/#techno</p>", set(), id="no hashtags"
        ),
    ],
)
def test_what_stands_in_the_text(inner: str, expected: set[str]) -> None:
    assert genres(inner) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        pytest.param(
            '<span class="post-labels">Labels: '
            '<a rel="tag" href="/search/label/Nu%20Disco">Nu Disco</a></span>',
            {"nu disco"},
            id="G19",
        ),
        pytest.param(
            '<p class="cat-links"><a rel="category tag" href="/category/t/">Techno</a></p>',
            {"techno"},
            id="G27",
        ),
        pytest.param(
            "<p>".join(
                f'<a rel="tag" href="/tag/x/">{tag}</a>'
                for tag in ("house", "chicago", "odesza", "female vocalist", "remixes")
            ),
            {"house"},
            id="G34",
        ),
        pytest.param(
            '<a rel="tag" href="/tag/deep-house-internet/">deep-house-internet</a>'
            '<a rel="tag" href="/search/label/housemarque">Housemarque</a>'
            '<a rel="tag" href="/tag/techno-logic/">techno-logic</a>',
            set(),
            id="G35",
        ),
        pytest.param(
            '<a rel="category" href="/c/house/">House</a> '
            '<a rel="category" href="/c/deep-house/">Deep House</a>',
            {"deep house"},
            id="G45",
        ),
        pytest.param(
            '<div class="tags">In <a href="/genre/dub/">Dub</a></div>', {"dub"}, id="meta line without rel"
        ),
        pytest.param(
            '<p>tags: <a href="/tag/dub.html">Dub</a> <a href="/tag/x.html">x</a></p>',
            {"dub"},
            id="line of links",
        ),
        pytest.param(
            '<a rel="tag" href="/tag/deep-house-2/">see all</a>', {"deep house"}, id="slug of the address"
        ),
        pytest.param('<a rel="tag" href="/tag/dub/">#Dub (12)</a>', {"dub"}, id="sign and count"),
    ],
)
def test_what_the_post_is_filed_under(meta: str, expected: set[str]) -> None:
    reading = read(meta=meta)
    assert set(reading.genres) == expected
    assert all(found.trust is Trust.FILED for found in reading.evidence)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        pytest.param("type-post category-deep-house tag-free-download", {"deep house"}, id="G18"),
        pytest.param("type_audio deep_house music berlin scrollable", {"deep house"}, id="G20"),
        pytest.param("category-deep-house-internet tag-techno-logic", set(), id="G35"),
        pytest.param("tag--wave category-2", set(), id="what is left of a name in another script"),
        pytest.param("techno house audio", set(), id="words of a theme that is not Tumblr's"),
    ],
)
def test_class_names_of_the_post(classes: str, expected: set[str]) -> None:
    assert genres(classes=classes) == expected


def test_g15_to_g17_structured_data_counts_as_a_label() -> None:
    head = """<script type="application/ld+json">{"@graph": [
    {"@type": "MusicRecording", "genre": ["House", "https://x.example/techno"]},
    {"@type": "BreadcrumbList", "itemListElement": [{"name": "Trance"}]}]}</script>
    <script type="application/ld+json">{"genre": "Trance",</script>
    <meta itemprop="genre" content="Dubstep">"""
    reading = read(head=head)
    assert set(reading.genres) == {"house", "techno", "dubstep"}
    assert {found.trust for found in reading.evidence} == {Trust.LABEL}


def test_g21_categories_of_an_api_count_once() -> None:
    reading = read(categories=("Tech House", "tech-house", "Reviews"))
    assert reading.genres == ("tech house",)
    assert len(reading.evidence) == 1


@pytest.mark.parametrize(
    ("title", "bracket", "expected"),
    [
        pytest.param("Kora – Lines (Original Mix) [Tech House]", "Tech House", {"tech house"}, id="G22"),
        pytest.param(
            "Kora – Lines [Afro House / Jazz]", "Afro House / Jazz", {"afro house", "jazz"}, id="G22 two"
        ),
        pytest.param("Kora – Lines [Techno Records]", "Techno Records", set(), id="G23 label"),
        pytest.param("Kora – Lines [HOUSE001]", "HOUSE001", set(), id="G23 number"),
        pytest.param("Kora – Lines (Dub)", "Dub", set(), id="G23 version word"),
        pytest.param(
            "Swedish House Mafia – Dance Gavin Dance [Deep House Records]",
            "Deep House Records",
            set(),
            id="G33",
        ),
        pytest.param("Not your usual Tech House: Kora", "", set(), id="G41"),
    ],
)
def test_brackets_of_the_title(title: str, bracket: str, expected: set[str]) -> None:
    assert genres(title=title, brackets=(bracket,) if bracket else ()) == expected


@pytest.mark.parametrize(
    ("url", "inner", "expected"),
    [
        pytest.param("https://b.example/house/deep/567143_x/", "", {"deep house"}, id="G39"),
        pytest.param("https://b.example/melodic-techno/x/", "", {"melodic techno"}, id="G39 slug"),
        pytest.param(
            "https://b.example/house/deep/567143_x/", "<p>Genre: Dub</p>", {"dub"}, id="G39 only if alone"
        ),
        pytest.param("https://b.example/2024/05/techno/", "", set(), id="slug of the post"),
        pytest.param("https://b.example/white-house/x/", "", set(), id="whole folders"),
        pytest.param("http://[bad/techno/x", "", set(), id="no address"),
    ],
)
def test_words_of_the_address_count_only_where_nothing_else_does(
    url: str, inner: str, expected: set[str]
) -> None:
    assert genres(inner, url=url) == expected


def test_each_genre_comes_with_its_evidence() -> None:
    reading = read("<p>Genre: Deep House</p><p>#techno</p>", meta='<a rel="tag" href="/tag/house/">house</a>')
    assert [(found.genre, found.trust, found.source, found.text) for found in reading.evidence] == [
        ("deep house", Trust.LABEL, "label", "Genre: Deep House"),
        ("house", Trust.FILED, "tag link", "house"),
        ("techno", Trust.HINT, "hashtag", "#techno"),
    ]
    assert reading.genres == ("deep house", "techno")


def test_words_of_a_label_that_are_no_genre_are_told() -> None:
    assert read("<p>Genre: Techno, Wobblecore</p>").unknown == ("Wobblecore",)


def test_evidence_is_bounded() -> None:
    tags = "".join(f'<a rel="tag" href="/t/">{"Deep House" * 40}</a>, ' for _ in range(2000))
    reading = read(f"<p>{'#techno ' * 5000}</p>{'<p>Genre: Dub</p>' * 2000}", meta=f"<p>{tags}</p>")
    assert set(reading.genres) == {"dub", "techno"}
    assert len(reading.evidence) <= 50
    assert all(len(found.text) <= 200 for found in reading.evidence)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="Genre: Tchno#,/|<p>&;–\n·ab", max_size=150), st.text(max_size=30))
def test_any_text_gives_only_genres_of_the_graph(inner: str, bracket: str) -> None:
    reading = read(inner.replace("{", ""), brackets=(bracket,), categories=(bracket,))
    assert set(reading.genres) <= set(default_graph().names)
    assert {found.genre for found in reading.evidence} >= set(reading.genres)
