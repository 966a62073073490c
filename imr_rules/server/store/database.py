"""The database under the store: SQLite in a file, or PostgreSQL by URL."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from imr_rules.errors import Place, Problem, StoreError, StoreFullError
from imr_rules.server.store.writer import Together, Writer

__all__ = ["Store"]

_A = TypeVar("_A")
_T = TypeVar("_T")
_WRITING = "imr_rules_writing"
_FULL = ("database or disk is full", "No space left on device", "disk I/O error")


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
        with _translated(), self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """Run ``work`` in a transaction, together with what others write now; return its result once it is on disk.

        It may be run again after a rollback. Where it raises, nothing of it is written and the same is raised here.
        """
        with _translated():
            return self._writing().submit(_alone, work).result()

    def submit(self, work: Together[_A, _T], argument: _A) -> Future[_T]:
        """Have ``work`` run once for all who wait for it now; see :meth:`Writer.submit`, and :meth:`outcome`."""
        return self._writing().submit(work, argument)

    @staticmethod
    @contextmanager
    def outcome() -> Iterator[None]:
        """Surround the wait for a future of :meth:`submit`: what the database raised is raised as ours."""
        with _translated():
            yield

    def _writing(self) -> Writer:
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    self._writer = Writer(self.engine.execution_options(**{_WRITING: True}))
        return self._writer

    def ping(self) -> None:
        """Raise :class:`StoreError` unless the store can be written to now."""
        with _translated(), self.engine.execution_options(**{_WRITING: True}).connect() as connection:
            # Takes the lock for writing, or asks the server whether it takes writes at all.
            if self.embedded:
                connection.execute(text("SELECT 1"))
            elif connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
                raise StoreError(Problem("store-read-only", "the store takes no writes now"))

    def compact(self) -> None:
        """Take what was deleted out of the file's write-ahead log too; a server sees to that itself."""
        if self.embedded:
            with _translated(), self.engine.connect() as connection:
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
def _translated() -> Iterator[None]:
    try:
        yield
    except (
        OperationalError,
        InterfaceError,
        PoolTimeoutError,
        DisconnectionError,
        sqlite3.OperationalError,
    ) as error:
        raise _as_store_error(error) from None
    except DBAPIError as error:
        if error.connection_invalidated or type(error.orig).__name__ in ("DiskFull", "AdminShutdown"):
            raise _as_store_error(error) from None
        raise


def _as_store_error(error: Exception) -> StoreError:
    said = str(getattr(error, "orig", error))
    if any(words in said for words in _FULL):
        hint = "make room; nothing has to be restarted"
        return StoreFullError(
            Problem("store-full", "the store has no room left; nothing was stored", hint=hint)
        )
    if "readonly" in said or "read-only" in said:
        return StoreError(_cannot("it takes no writes"))
    if "locked" in said:
        return StoreError(_cannot("another process is writing to it"))
    return StoreError(_cannot("it does not answer"))


def _cannot(why: str) -> Problem:
    return Problem("store-unavailable", f"the store cannot be used: {why}", hint="try again later")


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be opened").lower()
