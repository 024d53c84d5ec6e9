from __future__ import annotations

import asyncio

from scraper.downloads.publishing.contents import ContentTurns


async def test_the_same_content_is_published_by_one_after_another_and_others_beside_it() -> None:
    turns = ContentTurns()
    inside: list[str] = []
    most_of_same = 0
    other = asyncio.Event()

    async def publish(sha256: str, name: str) -> None:
        nonlocal most_of_same
        async with turns.turn(sha256):
            inside.append(name)
            most_of_same = max(most_of_same, sum(one.startswith("same") for one in inside))
            if name == "other":
                other.set()
            else:
                await other.wait()
            inside.remove(name)

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(publish("aa", f"same {number}"))
        group.create_task(publish("bb", "other"))
    assert most_of_same == 1


async def test_who_is_cancelled_while_waiting_takes_nobodys_turn() -> None:
    turns = ContentTurns()
    async with turns.turn("aa"):
        waiting = asyncio.create_task(turns.turn("aa").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    async with asyncio.timeout(60), turns.turn("aa"):
        pass
