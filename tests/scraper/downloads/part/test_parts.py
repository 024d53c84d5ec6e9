"""Part files and who takes them over. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import random
import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.downloads.part import earlier as earlier_module
from scraper.downloads.part.journal import read_journal
from scraper.downloads.part.part import SEAM
from scraper.downloads.part.parts import KEPT_FOR, Parts, key_hash
from tests.scraper.downloads.part.claims import MIB, URL, claim, origin, parts_in, write, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.downloads.part.part import Part

    Begin: TypeAlias = Callable[..., Part]

SONG = random.Random(1).randbytes(5 * MIB // 2)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with parts_in(tmp_path) as opened:
        yield opened


@pytest.fixture
def begin(parts: Parts) -> Iterator[Begin]:
    """Begin the part of a claim: ``begin("token", "key")``. Its files are closed with the test."""
    begun: list[Part] = []

    def of(token: str, key: str = "k") -> Part:
        begun.append(parts.begin(claim(token, key)))
        return begun[-1]

    yield of
    for part in begun:
        part._flush()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_an_earlier_claim_left_is_gone_on_from(begin: Begin, tmp_path: Path) -> None:
    await write(begin("old"), SONG, to=len(SONG) - 5)
    part = begin("new")
    await part.load(URL)
    assert part.size == len(SONG) - 5
    assert part.origin == origin(total=len(SONG))
    assert names(tmp_path) == [part.name, f"{part.name}.journal"]
    part.take(SONG[-5:])
    assert (await part.finish())["sha256"] == hashlib.sha256(SONG).digest()
    assert part.path.read_bytes() == SONG


async def test_it_is_gone_on_from_again_and_again(begin: Begin) -> None:
    await write(begin("0"), SONG, to=MIB)
    for turn in range(1, 10):
        part = begin(str(turn))
        await part.load(URL)
        part.take(SONG[part.size : part.size + 100_000])
        await part.put_down()
    assert part.size == MIB + 900_000
    assert part.path.read_bytes() == SONG[: part.size]


async def test_a_kill_costs_what_was_not_written_yet_and_no_more(begin: Begin, tmp_path: Path) -> None:
    killed = begin("old")
    killed.start(origin())
    killed.take(SONG[:MIB])
    await killed.write()
    killed.take(SONG[MIB : MIB + 500_000])  # never written: the process died
    part = begin("new")
    await part.load(URL)
    assert part.size == MIB
    killed.remove()


async def test_a_small_file_costs_one_hop_to_a_thread_and_has_no_journal(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops, part = [], begin("t")
    loop = asyncio.get_running_loop()
    real = loop.run_in_executor

    def counted(*args: Any) -> object:
        hops.append(args)
        return real(*args)

    monkeypatch.setattr(loop, "run_in_executor", counted)
    part.start(origin())
    part.take(SONG[:1000])
    assert (await part.finish())["sha256"] == hashlib.sha256(SONG[:1000]).digest()
    assert len(hops) == 1
    assert names(tmp_path) == [part.name]


async def test_a_failed_small_file_can_be_gone_on_from_within_its_claim_only(
    begin: Begin, tmp_path: Path
) -> None:
    part = begin("old")
    await write(part, SONG[:100_000], to=50_000)
    assert part.resumable
    assert not part.lasting
    assert await part.seam() == SONG[50_000 - SEAM : 50_000]
    await part.put_down()
    again = begin("new")
    await again.load(URL)
    assert again.size == 0
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "address"),
    [pytest.param("k", f"{URL}?other", id="38 another address"), pytest.param("l", URL, id="38 another job")],
)
async def test_what_is_of_something_else_is_thrown_away(
    begin: Begin, tmp_path: Path, key: str, address: str
) -> None:
    stem = f"{key_hash(key)}.old"
    await write(begin("old"), SONG)
    for name in names(tmp_path):
        (tmp_path / name).rename(tmp_path / name.replace(name[: name.index(".old") + 4], stem))
    part = begin("new", key)
    await part.load(address)
    assert part.size == 0
    assert not part.resumable
    assert names(tmp_path) == []


async def test_the_longest_of_several_is_taken_and_all_lose_their_names(begin: Begin, tmp_path: Path) -> None:
    for token, size in (("a", MIB), ("b", 2 * MIB), ("c", MIB + 5)):
        other = begin("x", "other")
        await write(other, SONG, to=size)
        for name in names(tmp_path):
            if ".x." in name:
                new = name.replace(f"{key_hash('other')}.x", f"{key_hash('k')}.{token}")
                (tmp_path / name).rename(tmp_path / new)
                if new.endswith("journal"):
                    text = (tmp_path / new).read_text()
                    (tmp_path / new).write_text(text.replace('"other"', '"k"'))
    part = begin("new")
    assert [name for name in names(tmp_path) if name.endswith(".part")] == []
    await part.load(URL)
    assert part.size == 2 * MIB


async def test_a_worker_that_wakes_up_writes_to_no_file_of_the_new_claim(
    begin: Begin, tmp_path: Path
) -> None:  # 68
    stopped = begin("old")
    stopped.start(origin())
    stopped.take(SONG[:MIB])
    await stopped.write()
    part = begin("new")
    stopped.take(b"\0" * MIB)
    await stopped.write()  # between the claim and the copy
    await part.load(URL)
    stopped.take(b"\0" * MIB)
    await stopped.write()
    await stopped.finish()
    assert not stopped.path.exists()  # it has nothing that it could publish
    assert part.size == MIB
    assert part.path.read_bytes() == SONG[:MIB]
    stopped.remove()
    assert names(tmp_path) == [part.name, f"{part.name}.journal"]


async def test_what_was_taken_over_but_not_copied_is_taken_over_by_the_next(
    begin: Begin, tmp_path: Path
) -> None:
    await write(begin("old"), SONG)
    begin("killed before its first step")
    part = begin("new")
    await part.load(URL)
    assert part.size == len(SONG)


async def test_a_copy_that_is_cancelled_leaves_the_original_to_the_next(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(begin("old"), SONG)
    monkeypatch.setattr(earlier_module, "STEP", MIB)
    cancelled, stepped, go = begin("b"), threading.Event(), threading.Event()
    real = os.pread

    def slow(*args: int) -> bytes:
        stepped.set()
        go.wait(5)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(f"{earlier_module.__name__}.os.pread", slow)
        task = asyncio.create_task(cancelled.load(URL))
        await asyncio.to_thread(stepped.wait, 5)
        task.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert cancelled.lasting
    assert not cancelled.path.exists()
    part = begin("new")
    await part.load(URL)
    assert part.size == len(SONG)


@pytest.mark.parametrize(("code", "kept"), [(errno.ENOSPC, False), (errno.EDQUOT, False), (errno.EIO, True)])
async def test_a_part_that_the_disk_cannot_hold_twice_makes_room_by_going(
    *, begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kept: bool
) -> None:  # 65
    await write(begin("old"), SONG)

    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    part = begin("new")
    with monkeypatch.context() as patch:
        patch.setattr("scraper.downloads.part.file.os.pwrite", fail)
        if kept:
            with pytest.raises(OSError, match=os.strerror(code)):
                await part.load(URL)
        else:
            await part.load(URL)
    assert part.lasting is kept
    assert part.size == 0
    if not kept:
        assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("spoil", "left"),
    [
        pytest.param(lambda part, _: part.write_bytes(part.read_bytes()[: 3 * MIB // 2]), MIB, id="lost its end"),
        pytest.param(
            lambda part, _: part.write_bytes(part.read_bytes()[: 3 * MIB // 2] + bytes(MIB)), MIB, id="zeros"
        ),
        pytest.param(lambda part, _: part.write_bytes(b"x" + part.read_bytes()[1:]), 0, id="another start"),
        pytest.param(lambda part, _: part.write_bytes(b""), 0, id="empty"),
        pytest.param(lambda part, _: part.unlink(), 0, id="gone"),
        pytest.param(lambda _, journal: journal.unlink(), 0, id="no journal"),
        pytest.param(lambda _, journal: journal.write_bytes(b""), 0, id="an empty journal"),
        pytest.param(lambda _, journal: journal.write_bytes(b"\0" * 500), 0, id="a journal of zeros"),
        pytest.param(
            lambda _, journal: journal.write_bytes(journal.read_bytes()[:-3]), 2 * MIB, id="its last line is cut"
        ),
        pytest.param(
            lambda _, journal: journal.write_bytes(journal.read_bytes() + b'{"size": 9'), len(SONG), id="a cut mark"
        ),
    ],
)  # fmt: skip
async def test_after_a_loss_of_power_the_last_mark_that_holds_counts(
    begin: Begin, tmp_path: Path, spoil: Callable[[Path, Path], object], left: int
) -> None:
    old = begin("old")
    await write(old, SONG)
    spoil(old.path, tmp_path / f"{old.name}.journal")
    part = begin("new")
    await part.load(URL)
    assert part.size == left
    if left:
        assert part.path.read_bytes() == SONG[:left]
    else:
        assert names(tmp_path) == []


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_became_of_both_files_only_true_bytes_are_gone_on_from(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    with parts_in(folder) as parts:
        old = parts.begin(claim("old"))
        written(old, SONG, to=data.draw(st.integers(1, len(SONG))))
        for path in sorted(folder.iterdir()):
            content = bytearray(path.read_bytes())
            for _ in range(data.draw(st.integers(0, 2))):
                at = data.draw(st.integers(0, len(content)))
                content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
            path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
        part = parts.begin(claim("new"))
        asyncio.run(part.load(URL))
        if part.resumable:
            assert part.path.read_bytes() == SONG[: part.size]
        else:
            assert part.size == 0
        part.remove()
        assert names(folder) == []


@pytest.mark.parametrize("link", [False, True], ids=["a file", "a link"])
@pytest.mark.parametrize("large", [False, True], ids=["in one hop", "in pieces"])
async def test_a_part_file_that_is_there_already_is_not_written_to(
    *, begin: Begin, tmp_path: Path, link: bool, large: bool
) -> None:  # 64
    part, target = begin("t"), tmp_path / "target"
    target.write_bytes(b"precious")
    part.path.symlink_to(target) if link else part.path.write_bytes(b"precious")
    part.start(origin())
    part.take(SONG)
    with pytest.raises(FileExistsError):
        await (part.write() if large else part.finish())
    await part.put_down()
    assert part.path.read_bytes() == target.read_bytes() == b"precious"


@pytest.mark.parametrize("what", ["part", "journal"])
async def test_what_was_put_in_place_of_a_file_of_ours_is_left_alone(
    begin: Begin, tmp_path: Path, what: str
) -> None:  # 64
    target, part = tmp_path / "target", begin("t")
    target.write_bytes(b"precious")
    if what == "part":
        await write(part, SONG)
        part.path.unlink()
        os.link(target, part.path)
        with pytest.raises(FileExistsError):
            await part.seam()
    else:
        (tmp_path / f"{part.name}.journal").symlink_to(target)
        part.start(origin())
        part.take(SONG)
        with pytest.raises(FileExistsError):
            await part.write()
        await part.put_down()
    assert target.read_bytes() == b"precious"


async def test_links_in_place_of_what_an_earlier_claim_left_are_not_followed(
    begin: Begin, tmp_path: Path
) -> None:  # 64
    old = begin("old")
    await write(old, SONG)
    elsewhere = tmp_path / "elsewhere"
    old.path.rename(elsewhere)
    old.path.symlink_to(elsewhere)
    part = begin("new")
    await part.load(URL)
    assert part.size == 0
    assert elsewhere.read_bytes() == SONG


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
async def test_a_write_that_fails_costs_what_it_was_to_write(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:  # 65
    part = begin("t")
    part.start(origin())
    part.take(SONG[:MIB])
    await part.write()
    real = os.pwrite

    def half(fd: int, data: bytes, at: int) -> int:
        if at > MIB:
            raise OSError(code, os.strerror(code))
        return real(fd, data[: len(data) // 2], at)

    part.take(SONG[MIB:])
    with monkeypatch.context() as patch:
        patch.setattr("scraper.downloads.part.file.os.pwrite", half)
        with pytest.raises(OSError, match=os.strerror(code)):
            await part.write()
        await part.put_down()
    assert part.size == MIB
    part.take(SONG[MIB:])
    assert (await part.finish())["sha256"] == hashlib.sha256(SONG).digest()
    assert part.path.read_bytes() == SONG


async def test_a_new_start_forgets_the_old_bytes_only_when_new_ones_are_written(begin: Begin) -> None:
    part = begin("t")
    await write(part, SONG)
    part.start(origin(etag='"2"'))
    part.take(b"n" * 10)
    assert part.path.read_bytes() == SONG
    assert (await part.finish())["sha256"] == hashlib.sha256(b"n" * 10).digest()
    assert part.path.read_bytes() == b"n" * 10
    assert not part.lasting


async def test_other_digests_are_made_of_all_bytes(begin: Begin) -> None:
    part = begin("t")
    await write(part, SONG, to=MIB + 7)
    await part.also_hash(["sha1"])
    part.take(SONG[MIB + 7 :])
    assert (await part.finish())["sha1"] == hashlib.sha1(SONG, usedforsecurity=False).digest()


async def test_the_journal_names_what_it_is_of(begin: Begin, tmp_path: Path) -> None:
    part = begin("t")
    await write(part, SONG)
    journal = read_journal((tmp_path / f"{part.name}.journal").read_bytes())
    assert journal is not None
    assert journal.origin == origin(total=len(SONG))
    assert journal.size == len(SONG)
    assert [mark.size // MIB for mark in journal.marks] == [1, 2, 2]


async def test_what_nobody_wrote_to_is_forgotten_the_later_the_more_it_is_worth(
    parts: Parts, begin: Begin, tmp_path: Path
) -> None:
    kept = begin("t")
    await write(kept, SONG)
    for name in ("a.b.part", "c.d.taken", "e.f.part.journal", "notes.txt"):
        (tmp_path / name).touch()
    for name in names(tmp_path):
        os.utime(tmp_path / name, (1000, 1000))
    parts.remove_forgotten(before=1000)
    assert len(names(tmp_path)) == 6
    parts.remove_forgotten(before=1001)
    assert names(tmp_path) == sorted([kept.name, f"{kept.name}.journal", "notes.txt"])
    parts.remove_forgotten(before=1001 + KEPT_FOR)
    assert names(tmp_path) == ["notes.txt"]


def test_many_may_look_into_the_folder_at_once(begin: Begin, tmp_path: Path) -> None:
    for number in range(300):
        written(begin("old", str(number)), SONG[:MIB])
    found: list[bool] = []

    def look(first: int) -> None:
        found.extend(begin("new", str(number)).lasting for number in range(first, 300, 4))

    threads = [threading.Thread(target=look, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 300
