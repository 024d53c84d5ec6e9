"""Blogs with themes that somebody made by hand: no class, id or element tells where the post is.

Each page has what blogs put around their posts: a menu, a radio in the header, a widget with a genre, a cloud
of tags, the mix of the month, other posts, comments, a footer. All of it says ALIEN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

TEXT: Final = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et magna "
    "aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat"
)
WORDS: Final = TEXT.split()
GENRES: Final = ("trance", "hardstyle", "dubstep", "ambient", "drum and bass", "psytrance")
"""What the furniture names."""


def title(number: int) -> str:
    return f"Nemo Vale – Signal {number}"


def text(number: int) -> str:
    """Return a paragraph that no other post has."""
    words = [WORDS[number * step % len(WORDS)] for step in range(3, 28)]
    return f"Number {number}: {' '.join(words)}."


def genre(number: int) -> str:
    """Return the genre of a post: that of most is the same."""
    return "Techno" if number % 5 == 4 else "Deep House"


def others(number: int) -> Sequence[int]:
    """Return the posts that the page of a post shows as related: others for each."""
    return (number * 7 % 50 + 60, number * 11 % 50 + 120, number * 13 % 50 + 180)


def tables(number: int) -> str:
    related = "<br>".join(f'<a href="/post/{n}/">{title(n)} [ALIEN Trance]</a>' for n in others(number))
    cloud = " ".join(f'<a href="/tag/{name}/"><font size=5>{name}</font></a>' for name in GENRES)
    return f"""<table width="100%"><tr><td colspan=3><font size=7>ALIEN blog</font><br>
      <audio src="/radio/alien-live.mp3" controls></audio></td></tr>
    <tr><td width=150><font size=2><b>Genres</b><br><a href="/genre/trance/">Trance</a><br>
      <a href="/genre/hardstyle/">Hardstyle</a><br>Genre: Trance<br>
      <a href="/mixes/alien-month.mp3">Mix of the month</a></font></td>
    <td><font face="Verdana"><font size=5><b>{title(number)}</b></font><br><font size=1>posted on a day</font>
      <p>{text(number)}<p><b>Genre:</b> {genre(number)}<p>Format: MP3 320<p>
      <a href="/files/{number}.mp3"><img src="/dl.gif" alt="Download"></a>
      <p>{related}</font></td>
    <td width=150><font size=2>{cloud}</font></td></tr>
    <tr><td colspan=3><center>ALIEN footer, genre: Dubstep</center></td></tr></table>"""


def div_soup(number: int) -> str:
    cloud = "".join(f'<div><a href="/tag/{name}/" rel="tag">{name}</a></div>' for name in GENRES)
    related = "".join(
        f'<div><div><a href="/post/{n}/">{title(n)} ALIEN</a></div><div>more ambient</div></div>'
        for n in others(number)
    )
    return f"""<div><div><div><a href="/">ALIEN blog</a></div>
      <div><audio><source src="/radio/alien-live.mp3" type="audio/mpeg"></audio></div></div>
    <div><div><div>{title(number)}</div><div><div>{text(number)}</div><div>{text(number + 300)}</div></div>
      <div>Genre: {genre(number)}</div><div>Quality: 320</div>
      <div><a href="/files/{number}.mp3">Download</a></div></div>
      <div><div>You might also like</div><div>{related}</div></div></div>
    <div><div><div>Now spinning</div><div>Genre: Trance</div></div>
      <div><div>ALIEN tags</div>{cloud}</div>
      <div><div>ALIEN month</div><div><a href="/mixes/alien-month.mp3">Mix of the month</a></div></div></div>
    <div>ALIEN footer</div></div>"""


def utility_classes(number: int) -> str:
    cloud = "".join(f'<li class="px-2 text-sm"><a href="/tag/{name}/">#{name}</a></li>' for name in GENRES)
    related = "".join(
        f'<div class="p-4 shadow"><p class="text-xl"><a href="/post/{n}/">{title(n)}</a></p>'
        "<p class='text-xs'>ALIEN</p></div>"
        for n in others(number)
    )
    return f"""<div class="flex items-center bg-black"><a class="text-3xl" href="/">ALIEN blog</a>
      <div class="ml-4"><audio class="w-64" src="/radio/alien-live.mp3"></audio></div></div>
    <div class="grid grid-cols-12 gap-4"><div class="col-span-3"><div class="rounded p-4"><p>ALIEN</p>
      <p>Genre: Trance</p><p>Style: Psytrance</p></div><ul class="flex-wrap">{cloud}</ul>
      <div class="p-4"><p class="text-lg">Mix of the month</p>
      <p><a class="underline" href="/mixes/alien-month.mp3">ALIEN download</a></p></div></div>
    <div class="col-span-9"><h1 class="text-4xl">{title(number)}</h1><p class="mt-2">{text(number)}</p>
      <table class="w-full"><tr><td>Genre</td><td>{genre(number)}</td></tr>
      <tr><td>Format</td><td>MP3</td></tr></table>
      <div class="mt-8"><a class="px-4 py-2" href="/files/{number}.mp3">Download</a></div></div>
    <div class="col-span-12"><div class="grid">{related}</div></div></div>
    <div class="py-8 text-center">ALIEN footer</div>"""


def translated_classes(number: int) -> str:
    cloud = "".join(f'<li><a href="/stichwort/{name}/">{name}</a></li>' for name in GENRES)
    related = "".join(f'<li><a href="/post/{n}/">{title(n)} ALIEN</a></li>' for n in others(number))
    return f"""<div class="kopf"><h1>ALIEN Blog</h1><div class="funk"><audio src="/radio/alien-live.mp3"></audio>
      </div><ul class="auswahl"><li><a href="/genre/trance/">Trance</a></li><li><a href="/">Start</a></li></ul></div>
    <div class="mitte"><div class="beitrag"><h2>{title(number)}</h2><div class="inhalt"><p>{text(number)}</p>
      <p>Genre: {genre(number)}</p><p>Format: FLAC</p><p><a href="/files/{number}.mp3">Herunterladen</a></p></div></div>
      <div class="seite"><div class="kasten"><h3>Gerade läuft</h3><p>Genre: Trance</p></div>
      <div class="kasten"><h3>Themen</h3><ul class="wolke">{cloud}</ul></div>
      <div class="kasten"><h3>Mix</h3><a href="/mixes/alien-month.mp3">Mix des Monats ALIEN</a></div>
      <div class="kasten"><h3>Ähnliche Beiträge</h3><ul>{related}</ul></div></div></div>
    <div class="fuss">ALIEN</div>"""


def flat(number: int) -> str:
    cloud = " ".join(f'<a href="/tag/{name}/">{name}</a>' for name in GENRES)
    return f"""<h2><a href="/">ALIEN blog</a></h2><p><audio src="/radio/alien-live.mp3"></audio></p>
    <ul><li><a href="/genre/trance/">Trance</a></li><li><a href="/genre/dubstep/">Dubstep</a></li></ul>
    <h3>{title(number)}</h3><p>{text(number)}</p><p>Genre: {genre(number)}</p>
    <p><a href="/files/{number}.mp3">Download</a></p><p>Format: MP3</p>
    <h4>ALIEN tags</h4><p>{cloud}</p><h4>Mix of the month</h4>
    <p><a href="/mixes/alien-month.mp3">ALIEN mix</a></p><h4>Now spinning</h4><p>Genre: Trance</p>
    <p>ALIEN footer</p>"""


THEMES: Final[dict[str, Callable[[int], str]]] = {
    "tables": tables,
    "div soup": div_soup,
    "utility classes": utility_classes,
    "translated classes": translated_classes,
    "flat": flat,
}


def page(theme: str, number: int) -> str:
    """Return the page of a post."""
    return f"<html><head><title>{title(number)}</title></head><body>{THEMES[theme](number)}</body></html>"


class HandmadeBlog:
    """Posts by number, the highest first, in one of THEMES; `asked` are the posts that were asked for.

    `status` makes posts fail, `before` is awaited with the number of a post before its page is made.
    """

    def __init__(self, theme: str, posts: int, *, per_page: int = 100) -> None:
        self.theme = theme
        self.numbers = list(range(posts, 0, -1))
        self.per_page = per_page
        self.asked: list[int] = []
        self.status: dict[int, int] = {}
        self.before: Callable[[int], Awaitable[None]] | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == "/" or path.startswith("/page/"):
            return self._listing(1 if path == "/" else int(path.strip("/").split("/")[-1]))
        if not path.startswith("/post/"):
            return web.Response(status=404)
        number = int(path.strip("/").split("/")[-1])
        if self.before is not None:
            await self.before(number)
        self.asked.append(number)
        if number in self.status:
            return web.Response(status=self.status[number])
        return web.Response(text=page(self.theme, number), content_type="text/html")

    def _listing(self, number: int) -> web.Response:
        start = (number - 1) * self.per_page
        shown = self.numbers[start : start + self.per_page]
        links = "".join(f'<h2><a href="/post/{n}/">{title(n)}</a></h2>' for n in shown)
        more = start + self.per_page < len(self.numbers)
        older = f'<a class="older" href="/page/{number + 1}/">Older posts</a>' if more else ""
        return web.Response(text=f"<html><body>{links}{older}</body></html>", content_type="text/html")
