"""The real command as a process."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from tests.scraper.downloads.trials.nursery import ROOT

if TYPE_CHECKING:
    from pathlib import Path


async def start_download(database: Path, folder: Path, *options: str) -> asyncio.subprocess.Process:
    """Start `scrape download`; what it says on stderr is to be read."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scraper", "download", "--database", str(database), "--to", str(folder),
        "--allow-private", "--no-robots", "--quiet", *options,
        cwd=database.parent, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
