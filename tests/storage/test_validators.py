from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import Validator
from storage.validators import Validators

if TYPE_CHECKING:
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


async def test_all_that_is_known_of_an_answer_comes_back_and_is_replaced_as_a_whole(
    database: Database,
) -> None:
    validators = Validators(database)
    whole = Validator(
        etag='"1"',
        last_modified="Fri, 20 Nov 2026 10:00:00 GMT",
        answered="https://c.example/",
        fresh_until=1_000_600.0,
        moved_to="https://b.example/",
        moved_at=1_000_000.0,
    )
    await validators.save({"https://a.example/": whole})
    assert await validators.get("https://a.example/") == whole
    await validators.save({"https://a.example/": Validator()})
    assert await validators.get("https://a.example/") == Validator()
