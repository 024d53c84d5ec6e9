from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import http_throughput, many_hosts, politeness, queue_speed

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[Callable[[list[str]], object], str], Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(main: Callable[[list[str]], object], options: str) -> Any:
        main(options.split())
        table = capsys.readouterr().out
        assert len(table.splitlines()) >= 1
        main([*options.split(), "--json"])
        return json.loads(capsys.readouterr().out)

    return run


def test_throughput_gives_pages_per_second_and_a_ratio_to_the_bare_loop_for_each_way(run: Run) -> None:
    (result,) = run(http_throughput.main, "--hosts 2 --workers 2 --rounds 2 --pages 4")["runs"]
    assert (result["hosts"], result["workers"], result["rounds"], result["pages"]) == (2, 2, 2, 4)
    assert result["target"].keys() == {"what", "ratio", "kept"}
    assert {"bare aiohttp loop", "guard + gate", "Client.get"} <= result["ways"].keys()
    assert result["target"]["what"] in result["ways"]
    for way in result["ways"].values():
        assert way["pages_per_second"] > 0
        assert len(way["ratio"]) == 3
        assert way.keys() == {"pages_per_second", "ratio", "processor_us", "processor_us_over_bare"}
    assert result["ways"]["bare aiohttp loop"]["ratio"] == [1.0, 1.0, 1.0]


def test_politeness_reports_what_each_of_five_hosts_saw(run: Run) -> None:
    result = run(politeness.main, "--pages 2 --crawl-delay 0.05")
    assert result.keys() == {"pages", "per_host", "peak", "hosts", "broken"}
    assert [host["host"] for host in result["hosts"]] == ["normal", "crawl-delay", "429", "503", "late"]
    for host in result["hosts"]:
        assert host["pages"] == 2
        assert host["peak"] >= 1
        assert {"errors", "smallest_interval", "longest_pause", "retry_after_kept", "seconds"} <= host.keys()


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is loopback on Linux only")
def test_many_hosts_counts_open_files_and_gives_the_limit_back(run: Run) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    result = run(many_hosts.main, "--hosts 4 --concurrency 2 --open-files 512")
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    assert (result["hosts"], result["concurrency"], result["open_files_allowed"]) == (4, 2, 512)
    assert result["read"] == 4
    assert result["failed"] == {}
    assert 0 < result["open_files_peak"] <= 512
    assert result["seconds"] >= 0


def test_the_queue_is_measured_by_batch_and_by_the_size_of_the_table(run: Run) -> None:
    result = run(queue_speed.main, "--rows 1200 --turns 1 --claims 10")
    assert result.keys() == {"commit", "speeds", "broken"}
    assert result["commit"] > 0
    assert [speed["batch"] for speed in result["speeds"]] == [1, 32, 100, 500] * 6
    assert {speed["table"] for speed in result["speeds"]} >= {"1,000 rows, 1 host", "1,200 rows, 1,000 hosts"}
    for speed in result["speeds"]:
        assert min(speed["claim"], speed["acknowledge"], speed["processor"], speed["best"]) > 0
