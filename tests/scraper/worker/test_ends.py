"""However a run ends, its worker ends with it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs to see other processes end")

ROOT = Path(__file__).parents[3]
# A run of the command line whose command reads a page in a worker, as the signals of a real one find it.
RUN = """
import argparse, asyncio, os, sys, time
from scraper.cli import program as app
from scraper.posts.worker.aside import Aside

class Command:
    async def run(self, options):
        async with Aside() as aside, asyncio.TaskGroup() as tasks:
            await aside.read("<" * 4000, os.getpid)
            reading = tasks.create_task(aside.read("<" * 4000, time.sleep, {seconds}))
            if not {seconds}:
                await reading
            print(aside.pid, flush=True)
            await asyncio.Event().wait()

try:
    asyncio.run(app._until_signalled(Command(), argparse.Namespace()))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("seconds", [pytest.param(60, id="busy"), pytest.param(0, id="idle")])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_ends_leaves_no_worker(how: signal.Signals, seconds: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN.format(seconds=seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        worker = os.pidfd_open(int(run.stdout.readline()))
        try:
            run.send_signal(how)
            _, complaints = run.communicate(timeout=120)
            ended = select.poll()
            ended.register(worker, select.POLLIN)
            assert ended.poll(120_000), "the worker has outlived its run"
        finally:
            os.close(worker)
    assert run.returncode == (-how if how is signal.SIGKILL else 130)
    assert complaints == ""
