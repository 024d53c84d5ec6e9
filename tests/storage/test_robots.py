from __future__ import annotations

from typing import TYPE_CHECKING

from storage.robots import RobotsFile, RobotsFiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


async def test_robots_are_kept_with_their_age(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "User-agent: *\n\0Disallow: /\ud800")
    pass_time(60)
    found = RobotsFile(status=200, text="User-agent: *\n\ufffdDisallow: /\ufffd", age=60)
    assert await robots.get("https://a.example", max_age=60) == found
    pass_time(1)
    assert await robots.get("https://a.example", max_age=60) is None
    assert await robots.get("https://b.example", max_age=60) is None


async def test_a_later_answer_takes_the_place_of_an_earlier_one(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "User-agent: *")
    pass_time(60)
    await robots.save("https://a.example", 404, "")
    found = RobotsFile(status=404, text="", age=0)
    assert await robots.get("https://a.example", max_age=30) == found


async def test_origins_have_files_of_their_own(database: Database) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "a")
    await robots.save("http://a.example", 200, "b")
    await robots.save("https://a.example:8443", 200, "c")
    kept = [
        await robots.get(origin, max_age=60)
        for origin in ("https://a.example", "http://a.example", "https://a.example:8443")
    ]
    assert [file.text for file in kept if file] == ["a", "b", "c"]


async def test_66_robots_from_the_future_are_not_used(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "")
    pass_time(-86400)
    assert await robots.get("https://a.example", max_age=60) is None
