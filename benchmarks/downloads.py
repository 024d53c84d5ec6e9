"""How fast files come, beside aria2c and curl: few large ones, and many small ones.

Run it with ``python -m benchmarks.downloads``; see README.md. Exit code 1: a file is missing or not whole.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any, Final

from benchmarks.command_run import run_process
from benchmarks.downloaders import Aria2, Cratedig, Curl, Job, installed_peers
from benchmarks.song_server import song_server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.command_run import ProcessRun
    from benchmarks.downloaders import Downloader

BEYOND: Final = (
    "Beyond its peers cratedig hashes each file (SHA-256), opens it to see that it is music, brings it to "
    "the disk (fsync) before it gets its name, and records all of it in the database in durable commits."
)
_MUCH = 400_000_000  # bytes
_FEW = 200
_OURS = Cratedig.name
_SERVER = "the server alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`files` of `size` bytes, fetched `at_once`; `targets`: how many times a peer's time we may take."""

    name: str
    files: int
    size: int
    at_once: int
    targets: Mapping[str, float]


LARGE: Final = Load(
    name="large", files=100, size=8_000_000, at_once=8, targets={Aria2.name: 1.0, Curl.name: 1.0}
)
SMALL: Final = Load(name="small", files=2000, size=64_000, at_once=16, targets={Aria2.name: 1 / 3})


@dataclass(slots=True)
class Figures:
    """The runs of one program, one each round, and how many files were missing or not whole after them."""

    runs: list[ProcessRun] = field(default_factory=list)
    missing: int = 0

    @property
    def seconds(self) -> float:
        """The median over the rounds."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def processor(self) -> float:
        """Seconds of processor time, the median over the rounds."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The most memory in any round."""
        return max(run.peak_mb for run in self.runs)

    def ratio(self, peer: Figures) -> tuple[float, float, float]:
        """Return our time in times of `peer`'s in the same round: median, least, most."""
        rounds = [ours.seconds / theirs.seconds for ours, theirs in zip(self.runs, peer.runs, strict=True)]
        return statistics.median(rounds), min(rounds), max(rounds)


def measure(load: Load, *, rounds: int, folder: Path | None = None) -> dict[str, Any]:
    """Return the figures of `load`, fetched by each program in turn, as many times as `rounds`.

    All write to new folders inside `folder` (by default that of temporary files).
    """
    peers, missing = installed_peers()
    programs: list[Downloader] = [Cratedig(), *peers]
    figures = {program.name: Figures() for program in programs}
    with (
        song_server(size=load.size) as base,
        TemporaryDirectory(prefix="cratedig-downloads-", dir=folder) as name,
    ):
        top = Path(name)
        alone = [_read_bare(load, base, top) for _ in range(rounds)]
        for _ in range(rounds):
            for program in programs:
                _fetch(program, load, base, top, figures[program.name])
            programs.append(programs.pop(0))  # nobody always follows the same one
        lateness = _lateness(load, base, top)
    return {
        "load": load.name,
        "files": load.files,
        "size": load.size,
        "at_once": load.at_once,
        "rounds": rounds,
        "not_installed": missing,
        "server_seconds": round(min(alone), 3),
        "programs": {name: _object(load, figure, figures[_OURS]) for name, figure in figures.items()},
        "targets": targets_of(load, figures),
        "loop_lateness": lateness,
    }


def _fetch(program: Downloader, load: Load, base: str, top: Path, figures: Figures) -> None:
    job = _job(load, base, top)
    program.prepare(job)
    os.sync()  # nobody pays for what the one before has left to be written
    run = program.run(job)
    figures.runs.append(run)
    whole = sum(path.stat().st_size == load.size for path in job.to.glob("*.mp3"))
    figures.missing += load.files - whole
    if run.exit_code or whole != load.files:
        print((job.work / "stderr").read_text(errors="replace")[-2000:], file=sys.stderr)
    _clear(job, load)


def _job(load: Load, base: str, top: Path) -> Job:
    place = Path(mkdtemp(dir=top))
    to, work = place / "files", place / "work"
    to.mkdir()
    work.mkdir()
    urls = [f"{base}{number}.mp3" for number in range(load.files)]
    return Job(urls=urls, to=to, at_once=load.at_once, work=work)


def _clear(job: Job, load: Load) -> None:
    """Make room for the next, unless it is little that is taken.

    A file system that has just removed thousands of files may be slow to create others: an ext4 took six
    times as long for some minutes.
    """
    if load.files * load.size > _MUCH or load.files <= _FEW:
        shutil.rmtree(job.to)


def _read_bare(load: Load, base: str, top: Path) -> float:
    words = [base, str(load.files), str(load.at_once)]
    run = run_process(
        [sys.executable, "-m", "benchmarks.bare_reader", *words],
        output=top / "stdout",
        messages=top / "stderr",
    )
    return run.seconds


def _lateness(load: Load, base: str, top: Path) -> dict[str, Any]:
    """Run cratedig once more, watched, which costs it a little."""
    job, program = _job(load, base, top), Cratedig()
    program.prepare(job)
    output = job.work / "lateness"
    program.run(job, ("-m", "benchmarks.loop_lateness", str(output)))
    figures: dict[str, Any] = json.loads(output.read_text())
    _clear(job, load)
    return figures


def _object(load: Load, figures: Figures, ours: Figures) -> dict[str, Any]:
    return {
        "seconds": round(figures.seconds, 3),
        "processor": round(figures.processor, 3),
        "peak_mb": round(figures.peak_mb, 1),
        "mb_per_second": round(load.files * load.size / figures.seconds / 1e6),
        "ratio": [round(value, 3) for value in ours.ratio(figures)],
        "missing": figures.missing,
    }


def targets_of(load: Load, figures: Mapping[str, Figures]) -> list[dict[str, Any]]:
    """Return the targets of `load` whose peers were measured, and whether they were kept."""
    return [
        {"peer": peer, "ratio": most, "kept": figures[_OURS].ratio(figures[peer])[0] <= most}
        for peer, most in load.targets.items()
        if peer in figures
    ]


def _print_table(run: dict[str, Any]) -> None:
    print(
        f"{run['files']:,} files of {run['size']:,} bytes, {run['at_once']} at once, {run['rounds']} rounds"
    )
    print(f"{'':18}{'seconds':>9}{'MB/s':>8}{'CPU s':>8}{'peak MB':>9}{'cratedig ÷ it (least-most)':>30}")
    for name, program in run["programs"].items():
        median, least, most = program["ratio"]
        ratio = f"{median:.2f} ({least:.2f}-{most:.2f})"
        print(
            f"{name:18}{program['seconds']:>9.2f}{program['mb_per_second']:>8,}{program['processor']:>8.2f}"
            f"{program['peak_mb']:>9.0f}{ratio:>30}"
        )
        if program["missing"]:
            print(f"{name}: {program['missing']:,} file{'s' * (program['missing'] > 1)} missing or not whole")
    print(f"{_SERVER:18}{run['server_seconds']:>9.2f}")
    for name in run["not_installed"]:
        print(f"{name:18}is not installed: left out")
    for target in run["targets"]:
        kept = "kept" if target["kept"] else "MISSED"
        print(f"at most {target['ratio']:.2f} of the time of {target['peer']}: {kept}")
    late = run["loop_lateness"]
    print(
        f"event loop late: median {late['median_ms']} ms, 99 % {late['p99_ms']}, worst {late['worst_ms']}\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table of each load or one JSON object, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--loads", nargs="+", choices=(LARGE.name, SMALL.name), default=[LARGE.name, SMALL.name]
    )
    parser.add_argument("--scale", type=float, default=1.0, help="of the number of files")
    parser.add_argument("--folder", type=Path, help="where to write: the file system counts")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args(arguments)
    runs = []
    for load in (LARGE, SMALL):
        if load.name in options.loads:
            scaled = replace(load, files=max(1, round(load.files * options.scale)))
            runs.append(measure(scaled, rounds=options.rounds, folder=options.folder))
            if not options.json:
                _print_table(runs[-1])
    print(json.dumps({"runs": runs, "beyond": BEYOND}) if options.json else BEYOND)
    return int(any(program["missing"] for run in runs for program in run["programs"].values()))


if __name__ == "__main__":
    sys.exit(main())
