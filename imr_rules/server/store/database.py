"""The database under the store: SQLite in a file, or PostgreSQL by URL."""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from imr_rules.errors import Place, Problem, StoreError, StoreFullError
from imr_rules.server.store.writer import Together, UncertainError, Writer

_A = TypeVar("_A")
_T = TypeVar("_T")
_WRITING = "imr_rules_writing"
_FULL = ("database or disk is full", "No space left on device")
_DAMAGED = ("malformed", "not a database", "disk I/O error", "no such table", "does not exist", "corrupt")
_LOCK = 0x696D7277
"""Which lock of PostgreSQL's has services write one after the other: held first of all, so that none waits crosswise."""
LEAST_ROOM = 262_144
"""Bytes that must be free beside an embedded store."""


class Store:
    """The database: reading over connections of a pool, writing through one :class:`Writer`.

    Every error of the database itself is raised as :class:`~imr_rules.errors.StoreError`, without the
    statement or its values.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._starting = threading.Lock()
        self._writer: Writer | None = None

    @property
    def embedded(self) -> bool:
        """Whether the store is a file of ours rather than a server."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """Return the file of an embedded store."""
        name = self.engine.url.database
        return Path(name) if self.embedded and name else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store throughout."""
        with self.outcome(), self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """Run ``work`` in a transaction, together with what others write now; return its result once it is on disk.

        It may be run again after a rollback. Where it raises, nothing of it is written and the same is raised here.
        """
        with self.outcome():
            return self._writing().submit(_alone, work).result()

    def submit(self, work: Together[_A, _T], argument: _A) -> Future[_T]:
        """Have ``work`` run once for all who wait for it now; see :meth:`Writer.submit`, and :meth:`outcome`."""
        return self._writing().submit(work, argument)

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Surround whatever the database may raise, or a wait for :meth:`submit`: it is raised as ours."""
        with _translated(self.file):
            yield

    def _writing(self) -> Writer:
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    first = None if self.embedded else text(f"SELECT pg_advisory_xact_lock({_LOCK})")
                    self._writer = Writer(self.engine.execution_options(**{_WRITING: True}), first)
        return self._writer

    def try_writing(self, work: Callable[[Connection], object], seconds: float) -> None:
        """Raise :class:`StoreError` unless the store takes writes: one went through lately, or ``work`` does now.

        Args:
            work: what writes something that changes nothing.
            seconds: how old the last write may be, and how long one that is tried may take.
        """
        path = self.file
        with self.outcome():
            if path is not None and _room(path) < LEAST_ROOM:
                raise _full()
            if self._writing().succeeded_within(seconds):
                return
            try:
                self._writing().submit(_alone, work).result(seconds)
            except TimeoutError:
                raise StoreError(_cannot("it does not answer")) from None

    def compact(self) -> None:
        """Take what was deleted out of the file's write-ahead log too; a server sees to that itself."""
        if self.embedded:
            with self.outcome(), self.engine.connect() as connection:
                connection.rollback()
                connection.connection.driver_connection.execute(  # type: ignore[union-attr]
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )

    def close(self) -> None:
        """Write what is waiting, and let go of every connection."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


def _alone(connection: Connection, works: Sequence[Callable[[Connection], _T]]) -> list[_T]:
    return [work(connection) for work in works]


def _engine(url: str) -> Engine:
    hint = "write sqlite:///path/to/file or postgresql://user@host/name"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(Problem("not-a-url", "this is not the URL of a database", _SETTING, hint)) from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=16,
            pool_pre_ping=True,  # a server that was restarted is found again without an error
            pool_timeout=10,
            connect_args={
                "connect_timeout": 5,
                "options": "-c statement_timeout=60000 -c lock_timeout=10000",
            },
        )
    if parsed.drivername != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreError(Problem("not-a-store", "this database is not one a store can be in", _SETTING, hint))
    path = Path(parsed.database).absolute()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # what SQLite puts beside it is as private
    except OSError as error:
        raise StoreError(_cannot(f"its file cannot be opened: {_reason(error)}")) from None
    engine = create_engine(
        parsed, creator=lambda: _connect_sqlite(path), poolclass=QueuePool, pool_size=8, max_overflow=16
    )
    event.listen(engine, "connect", lambda connection, record: record.info.update(file=_identity(path)))
    event.listen(engine, "checkout", lambda connection, record, _: _still_there(path, record))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


_SETTING = Place("--database")


def _connect_sqlite(path: Path) -> sqlite3.Connection:
    # A file that went away is an error, not a new and empty store.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=10,
        check_same_thread=False,
        isolation_level=None,
    )
    # Acknowledged means on disk, whatever becomes of the machine; and what is deleted is overwritten.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _still_there(path: Path, record: ConnectionPoolEntry) -> None:
    """Give up a connection to a file that was removed or replaced: what it wrote would be lost."""
    if record.info.get("file") != _identity(path):
        raise DisconnectionError("the file of the store is another one")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _translated(path: Path | None) -> Iterator[None]:
    try:
        yield
    except UncertainError as error:
        what = "the store went away while this was stored: it may be stored, or not"
        hint = "ask again with the same Idempotency-Key: the answer says what became of it"
        if error.__cause__ is not None and _is_full(error.__cause__):  # the database itself undid it
            raise _full() from None
        raise StoreError(Problem("perhaps-stored", what, hint=hint)) from None
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeoutError, DisconnectionError, sqlite3.Error) as error:
        raise _as_store_error(error, path) from None
    except zlib.error:
        raise _damaged() from None


def _is_full(error: BaseException) -> bool:
    return any(words in str(getattr(error, "orig", error)) for words in _FULL)


def _full() -> StoreFullError:
    hint = "make room; nothing has to be restarted"
    return StoreFullError(Problem("store-full", "the store has no room left; nothing was stored", hint=hint))


def _damaged() -> StoreError:
    hint = "stop the service, put a backup in its place, and look into why: docs/deploy.md, Backups"
    return StoreError(Problem("store-damaged", "the store is damaged and cannot be used", hint=hint))


def _room(path: Path) -> int:
    try:
        found = os.statvfs(path)
    except (OSError, AttributeError):  # what is wrong, the next write tells
        return LEAST_ROOM
    return found.f_bavail * found.f_frsize


def _as_store_error(error: Exception, path: Path | None) -> StoreError:
    said = str(getattr(error, "orig", error))
    if _is_full(error) or ("disk I/O error" in said and path is not None and _room(path) < LEAST_ROOM):
        return _full()
    if any(words in said for words in _DAMAGED):
        return _damaged()
    if "readonly" in said or "read-only" in said:
        return StoreError(_cannot("it takes no writes"))
    if "locked" in said:
        return StoreError(_cannot("another process is writing to it"))
    return StoreError(_cannot("it does not answer"))


def _cannot(why: str) -> Problem:
    return Problem("store-unavailable", f"the store cannot be used: {why}", hint="try again later")


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be opened").lower()
