"""Group commit: what is waiting to be written is written in one transaction, one after the other.

The audit's chain makes writing serial in any case. Taking everything that waits into one commit makes the disk's
answer, the slowest part, count once for all of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.exc import DBAPIError, IntegrityError

MOST_AT_ONCE = 64
"""Most pieces of work in one transaction."""

LINGER = 0.002
"""Seconds to wait for more, where several waited last time: one commit for ten costs what one for two does."""

_A = TypeVar("_A")
_T = TypeVar("_T")
Together = Callable[[Connection, Sequence[_A]], Sequence[_T]]
"""Reads and writes over a connection in a transaction, for several at once, with a result for each.

It may be run again after a rollback.
"""


class _Job(NamedTuple):
    work: Together[Any, Any]
    argument: Any
    done: Future[Any]


class UncertainError(Exception):
    """The database went wrong while it committed: whether that was done is not known, and nobody is told that it was."""


class _WorkError(Exception):
    """One piece of work failed, not the database under it."""


class Writer:
    """One thread that writes for all others."""

    def __init__(self, engine: Engine, first: Executable | None = None) -> None:
        """Begin.

        Args:
            engine: what to write to.
            first: what each transaction begins with.
        """
        self._engine, self._first = engine, first
        self._succeeded = float("-inf")
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="imr-rules writer", daemon=True)
        self._thread.start()

    def submit(self, work: Together[_A, _T], argument: _A) -> Future[_T]:
        """Have ``work`` run in a transaction, for ``argument`` and whatever else waits for the same work.

        The future holds its result once that is on disk. Where it raises, nothing of it is written and the
        future raises the same; other work is not affected.
        """
        job = _Job(work, argument, Future())
        job.done.set_running_or_notify_cancel()  # whoever stops waiting does not stop the work
        with self._closing:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._waiting.put(job)
        return job.done

    def succeeded_within(self, seconds: float) -> bool:
        """Whether the last transaction that was tried went through, no longer ago than that."""
        return time.monotonic() - self._succeeded < seconds

    def close(self) -> None:
        """Write what is waiting, and stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        busy = False
        while True:
            job = self._waiting.get()
            if busy and job is not None:
                time.sleep(LINGER)
            jobs = []
            while job is not None:
                jobs.append(job)
                if len(jobs) == MOST_AT_ONCE:
                    break
                try:
                    job = self._waiting.get_nowait()
                except Empty:
                    break
            if jobs:
                self._commit(jobs)
            busy = len(jobs) > 1
            if job is None:
                return

    def _commit(self, jobs: list[_Job], *, again: bool = False) -> None:
        try:
            with self._engine.connect() as connection:
                results: list[Any] = []
                if self._first is not None:
                    connection.execute(self._first)
                for work, same in groupby(jobs, key=lambda job: job.work):
                    try:
                        results += work(connection, [job.argument for job in same])
                    except Exception as error:
                        raise _WorkError from error
                try:
                    connection.commit()
                except Exception as error:
                    raise UncertainError from error
        except _WorkError as error:
            if isinstance(error.__cause__, DBAPIError) and not isinstance(error.__cause__, IntegrityError):
                self._succeeded = float("-inf")
            alone = len(jobs) == 1
            # Another process may have stored the same thing first: seen again, it is found there.
            if alone and (again or not isinstance(error.__cause__, IntegrityError)):
                jobs[0].done.set_exception(error.__cause__ or error)
            else:  # rolled back: each by itself, so that one fault stays one fault
                for each in jobs:
                    self._commit([each], again=alone)
        except Exception as error:
            self._succeeded = float("-inf")
            for each in jobs:
                each.done.set_exception(error)
        else:
            self._succeeded = time.monotonic()
            for each, result in zip(jobs, results, strict=True):
                each.done.set_result(result)
