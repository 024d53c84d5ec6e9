from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import Validator
from storage.validators import Robots, Validators

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


async def test_a_validator_comes_back_and_is_replaced(database: Database) -> None:
    validators = Validators(database)
    first = Validator(etag='W/"1"', last_modified="Fri, 20 Nov 2026 10:00:00 GMT")
    await validators.save({"https://a.example/feed": first, "https://b.example/feed": Validator(etag='"x"')})
    assert await validators.get("https://a.example/feed") == first
    await validators.save({"https://a.example/feed": Validator(etag='"2"')})
    assert await validators.get("https://a.example/feed") == Validator(etag='"2"')
    assert await validators.get("https://b.example/feed") == Validator(etag='"x"')
    assert await validators.get("https://c.example/feed") is None


async def test_saving_no_validators_is_nothing(database: Database) -> None:
    validators = Validators(database)
    await validators.save({"https://a.example/feed": Validator(etag='"1"')})
    await validators.save({})
    assert await validators.get("https://a.example/feed") == Validator(etag='"1"')


async def test_robots_are_kept_for_a_while(
    database: Database,
    pass_time: Callable[[float], None],
) -> None:
    robots = Robots(database)
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
    robots = Robots(database)
    await robots.save("https://a.example", 200, "")
    pass_time(-86400)
    assert await robots.get("https://a.example", max_age=60) is None
