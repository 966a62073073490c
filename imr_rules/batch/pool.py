"""Units of work, done one after another in this process or side by side in workers beside it."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

import pyarrow as pa

from imr_rules.errors import InputError, Place, Problem

_Plan = TypeVar("_Plan")
_Unit = TypeVar("_Unit")
_Found = TypeVar("_Found")

_AHEAD = 3
"""Units given out for each worker: those behind a slow one go on meanwhile, and what they found waits."""


def each_done(
    begin: Callable[[_Plan], Callable[[_Unit], _Found]], plan: _Plan, units: Sequence[_Unit], workers: int
) -> Iterator[tuple[_Unit, _Found]]:
    """Do every unit and yield it with what came of it, in their order.

    Args:
        begin: makes what does a unit, from all that it needs; once in each process.
        plan: what ``begin`` is given; sent to each worker once.
        units: the units.
        workers: processes to work with.

    Raises:
        InputError: a worker was ended from outside.
    """
    if workers == 1 or len(units) < 2:
        work = begin(plan)
        for unit in units:
            yield unit, work(unit)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(units)), context, _begin, (pickle.dumps((begin, plan)),))
    try:
        waiting: deque[tuple[_Unit, Future[_Found]]] = deque()
        for unit in units:
            waiting.append((unit, pool.submit(_work, unit)))
            if len(waiting) == _AHEAD * workers:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    except BrokenProcessPool:
        what = "a worker was ended from outside, perhaps because memory ran out"
        raise InputError(
            Problem("worker-ended", what, Place("--workers"), "start again, with fewer")
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _first(waiting: deque[tuple[_Unit, Future[_Found]]]) -> tuple[_Unit, _Found]:
    unit, future = waiting.popleft()
    return unit, future.result()


_WORK: Any = None
"""What does a unit in this process, where this process is a worker."""


def _begin(sent: bytes) -> None:
    global _WORK
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    begin, plan = pickle.loads(sent)
    _WORK = begin(plan)


def _end_with(sentinel: int) -> None:
    """End this process when the one that began it has ended, however that came about."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _work(unit: Any) -> Any:
    return _WORK(unit)
