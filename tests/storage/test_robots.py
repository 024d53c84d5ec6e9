from __future__ import annotations

from typing import TYPE_CHECKING

from storage.robots import RobotsFiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


async def test_robots_are_kept_for_a_while(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "User-agent: *\n\0Disallow: /\ud800")
    pass_time(60)
    found = (200, "User-agent: *\n\ufffdDisallow: /\ufffd")
    assert await robots.get("https://a.example", max_age=60) == found
    pass_time(1)
    assert await robots.get("https://a.example", max_age=60) is None
    await robots.save("https://a.example", 404, "")
    assert await robots.get("https://a.example", max_age=60) == (404, "")
    assert await robots.get("https://b.example", max_age=60) is None


async def test_66_robots_from_the_future_are_not_used(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = RobotsFiles(database)
    await robots.save("https://a.example", 200, "")
    pass_time(-86400)
    assert await robots.get("https://a.example", max_age=60) is None
