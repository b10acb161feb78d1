"""Answers kept by the question, as many as fit: a question that is asked twice at once is answered once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Cache:
    """The last answers of this process. Answers are shared between threads: nobody may change them.

    Args:
        size: how many are kept; the one not asked for longest goes first.
    """

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._held: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._held)

    def answer(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question, from the cache or by asking; a failure is told to all who wait and not kept."""
        held, mine = self._place(key)
        if mine:
            try:
                held.set_result(ask())
            except BaseException as error:
                self._forget(key, held)
                held.set_exception(error)
        answer: Answer = held.result()
        return answer

    def clear(self) -> None:
        """Forget all answers; who waits for one still gets it."""
        with self._lock:
            self._held.clear()

    def _place(self, key: Hashable) -> tuple[Future[Any], bool]:
        """What holds the answer or will, and whether it is the caller's turn to ask."""
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held, False
            held = self._held[key] = Future()
            while len(self._held) > self._size:
                self._held.popitem(last=False)
            return held, True

    def _forget(self, key: Hashable, held: Future[Any]) -> None:
        with self._lock:
            if self._held.get(key) is held:
                del self._held[key]
