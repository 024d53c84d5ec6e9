"""When the process looks for garbage: not while it imports what it needs."""

from __future__ import annotations

import argparse
import asyncio
import gc

from scraper.cli.exits import Exit
from scraper.cli.parsing import Parser
from scraper.cli.program import _until_signalled


class Pausing:
    """A command that notes whether garbage is looked for, before its first pause and after it."""

    def __init__(self) -> None:
        self.looked_for: list[bool] = []

    def build_parser(self) -> Parser:
        return Parser()

    async def run(self, _options: argparse.Namespace) -> Exit:
        self.looked_for.append(gc.isenabled())
        await asyncio.sleep(0)
        self.looked_for.append(gc.isenabled())
        return Exit.DONE


async def test_garbage_is_looked_for_from_the_first_pause_of_a_command_on() -> None:
    command = Pausing()
    gc.disable()
    try:
        assert await _until_signalled(command, argparse.Namespace()) is Exit.DONE
    finally:
        gc.enable()
        gc.unfreeze()
    assert command.looked_for == [False, True]
