"""Processes for what may take long or run away: large cases and papers. What is out of time is ended, not left.

A thread cannot be stopped, and one that computes slows every other. So whatever a sender can make long runs beside
the service, at a lower priority: no more at a time than there are processors, and where its time is over, its
process is killed and another takes its place. What is small runs at once, where it is (:data:`SMALL_BYTES`,
:data:`SMALL_ITEMS`): handing it over would cost more than doing it.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from pebble import ProcessPool

from imr_rules.errors import Problem
from imr_rules.rulebook import Rulebook
from imr_rules.server.folder import Folder

SMALL_BYTES = 8_192
SMALL_ITEMS = 4
MOST_RULEBOOKS = 4
"""Rulebooks a process keeps loaded."""
_NICE = 5
OUT_OF_TIME = Problem("took-too-long", "this takes longer than a request may; nothing was stored")

_P = ParamSpec("_P")
_T = TypeVar("_T")


def is_small(data: Any, size: int) -> bool:
    """Whether a case that was sent as so many bytes is screened at once rather than beside the service."""
    items = data.get("items") if isinstance(data, dict) else None
    return size <= SMALL_BYTES and (not isinstance(items, list) or len(items) <= SMALL_ITEMS)


class Workers:
    """The processes of one service; none is started before there is something to do."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or os.cpu_count() or 1
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._folder = Folder()
        self._kept: list[Path] = []

    def submit(self, work: Callable[_P, _T], /, *arguments: _P.args, **named: _P.kwargs) -> Future[_T]:
        """Have ``work``, a function of a module, done in a process; what it is given and returns is pickled.

        To cancel the future ends the process.
        """
        found: Future[_T] = self._started().schedule(work, args=arguments, kwargs=named)
        return found

    def submit_with(
        self,
        rulebook: Rulebook,
        work: Callable[Concatenate[Rulebook, _P], _T],
        /,
        *arguments: _P.args,
        **named: _P.kwargs,
    ) -> Future[_T]:
        """Have ``work`` done with a rulebook, which each process loads once."""
        return self.submit(_with_rulebook, str(self._file_of(rulebook)), work, arguments, named)

    def hold(self, rulebook: Rulebook) -> None:
        """Write a rulebook down for the processes, which takes as long as many requests do."""
        self._file_of(rulebook)

    def warm_up(self, rulebook: Rulebook) -> None:
        """Start every process and have it load a rulebook, so that nobody waits for that later."""
        for _ in range(self._processes):
            self.submit_with(rulebook, _nothing)

    def close(self) -> None:
        """End every process, whatever it is at."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
            self._folder.remove()

    def _started(self) -> ProcessPool:
        with self._lock:
            if self._pool is None:
                # A fork of a process with threads may inherit a lock that nobody will release.
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPool(self._processes, initializer=_begin, context=context)
            return self._pool

    def _file_of(self, rulebook: Rulebook) -> Path:
        path = self._folder.path / rulebook.digest.replace(":", "-")
        with self._lock:
            if path in self._kept:
                self._kept.remove(path)
            else:
                unfinished = path.with_suffix(".new")
                unfinished.write_bytes(pickle.dumps(rulebook, pickle.HIGHEST_PROTOCOL))
                unfinished.replace(path)
            self._kept.append(path)  # the last one used stands last
            for old in self._kept[: -2 * MOST_RULEBOOKS]:
                old.unlink(missing_ok=True)
                self._kept.remove(old)
        return path


def _begin() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICE)


def _with_rulebook(
    path: str, work: Callable[..., _T], arguments: tuple[Any, ...], named: dict[str, Any]
) -> _T:
    return work(_rulebook(path), *arguments, **named)


@functools.lru_cache(MOST_RULEBOOKS)
def _rulebook(path: str) -> Rulebook:
    found = pickle.loads(Path(path).read_bytes())  # written by the service, where nobody else may write
    assert isinstance(found, Rulebook)
    return found


def _nothing(_: Rulebook) -> None:
    return None
