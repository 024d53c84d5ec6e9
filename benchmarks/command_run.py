"""The program as people run it, in a process of its own: how long it took, and its memory at the peak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_KIB: Final = 1024  # getrusage(2): ru_maxrss is in KiB, on macOS in bytes
_TAIL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRun:
    """One process from its start to its end.

    `seconds` are those on the clock, `processor` those that it and children of its own were at work.
    """

    seconds: float
    processor: float
    peak_mb: float
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRun(ProcessRun):
    """One run of the command: `counts` is what it says with --json, `said` the end of its messages."""

    counts: dict[str, Any]
    said: str


def run_scrape(
    arguments: Sequence[str], *, folder: Path, program: Sequence[str] = ("-m", "scraper")
) -> CommandRun:
    """Run ``scrape`` with `arguments` and --json, but none of this user's settings, and write to `folder`.

    `program` says how Python is to begin it. For the peak see `run_process`.
    """
    config, output, messages = (folder / name for name in ("config.toml", "stdout", "stderr"))
    config.touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRATEDIG_")}
    run = run_process(
        [sys.executable, *program, *arguments, "--json", "--config", str(config)],
        output=output,
        messages=messages,
        environment=environment,
    )
    said = output.read_text(encoding="utf-8").strip()
    return CommandRun(
        seconds=run.seconds,
        processor=run.processor,
        peak_mb=run.peak_mb,
        exit_code=run.exit_code,
        counts=json.loads(said) if said else {},
        said=messages.read_text(encoding="utf-8", errors="replace")[-_TAIL:],
    )


def run_process(
    command: Sequence[str], *, output: Path, messages: Path, environment: Mapping[str, str] | None = None
) -> ProcessRun:
    """Run `command` to its end; what it says goes to `output` and `messages`.

    The peak is that of the process alone, in MB. It is never below the memory of the process that calls this:
    Linux begins to count before the program is loaded.
    """
    started = time.monotonic()
    with output.open("wb") as stdout, messages.open("wb") as stderr:
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, env=environment)  # noqa: S603 - ours
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return ProcessRun(
        seconds=seconds,
        processor=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss * (1 if sys.platform == "darwin" else _KIB) / 1e6,
        exit_code=process.returncode,
    )
