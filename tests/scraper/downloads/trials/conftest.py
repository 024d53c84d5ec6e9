"""The one nursery that all trials share: it takes a second to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

pytest.register_assert_rewrite("tests.scraper.downloads.trials.state")

from tests.scraper.downloads.trials.nursery import Nursery, open_nursery  # noqa: E402 - after that

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """Where workers come from."""
    async with open_nursery() as opened:
        yield opened
