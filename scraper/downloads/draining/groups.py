"""Doing for several at once what each asks for: who comes while one group is at work makes the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_T = TypeVar("_T")
_R = TypeVar("_R")

MOST: Final = 64
"""Items of one group."""


class Groups(Generic[_T, _R]):
    """Answers items in groups, one group after another; nobody waits for a group to fill.

    `work` returns an answer to each item of a group, in order, or the error to raise. What it raises itself
    is raised to all of the group. It goes on when who asks is cancelled: ask in `storage.unbroken.unbroken`
    where that must not be. What shares a `turn` is at work one after another: meanwhile more comes together
    for each.
    """

    def __init__(
        self,
        work: Callable[[Sequence[_T]], Awaitable[Sequence[_R | Exception]]],
        *,
        turn: asyncio.Lock | None = None,
    ) -> None:
        self._work = work
        self._turn = turn or asyncio.Lock()
        self._waiting: list[tuple[_T, asyncio.Future[_R]]] = []
        self._at_work: asyncio.Task[None] | None = None

    def answer(self, item: _T) -> asyncio.Future[_R]:
        """Return what is going to hold what `work` has to say of `item`."""
        answer: asyncio.Future[_R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._go_on())
        return answer

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                async with self._turn:
                    group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                    await self._answer(group)
        finally:
            self._at_work = None
            left, self._waiting = self._waiting, []
            for _, answer in left:  # nobody would: the loop is ending
                answer.cancel()

    async def _answer(self, group: Sequence[tuple[_T, asyncio.Future[_R]]]) -> None:
        answers = [answer for _, answer in group]
        try:
            said = await self._work([item for item, _ in group])
        except asyncio.CancelledError:
            for answer in answers:
                answer.cancel()
            raise
        except BaseException as error:  # noqa: BLE001 - handed on to each who waits
            for answer in answers:
                _tell(answer, error)
        else:
            for answer, one in zip(answers, said, strict=True):
                _tell(answer, one)


def _tell(answer: asyncio.Future[_R], said: _R | BaseException) -> None:
    if answer.done():  # who asked is gone
        return
    if isinstance(said, BaseException):
        answer.set_exception(said)
    else:
        answer.set_result(said)


def each(function: Callable[[_T], _R], items: Sequence[_T]) -> list[_R | Exception]:
    """Return what `function` returns for each of `items`, or the error that it raised."""
    said: list[_R | Exception] = []
    for item in items:
        try:
            said.append(function(item))
        except Exception as error:  # noqa: BLE001 - raised to whom it is about
            said.append(error)
    return said
