"""Running services, over both stores, and what the tests of the service share."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for _needed in ("fastapi", "uvicorn", "sqlalchemy", "alembic", "psycopg", "prometheus_client", "httpx"):
    if importlib.util.find_spec(_needed) is None:
        collect_ignore_glob = ["test_*.py"]
        print(
            f"SKIPPED LOUDLY: {_needed} is not installed, so the service is not tried (make test installs it)"
        )

if "collect_ignore_glob" not in globals():
    from sqlalchemy import Engine, event

    from tests.server.running import Postgres, Running, started

    @pytest.fixture(scope="session", autouse=True)
    def _no_waiting_for_the_disk() -> Iterator[None]:
        """Stores of this process do not wait until a disk has it: only the end of the machine would show that.

        A service in a process of its own waits as it does for its users.
        """

        def hurry(connection: Any, _: object) -> None:
            if isinstance(connection, sqlite3.Connection):
                connection.execute("PRAGMA synchronous=OFF")

        event.listen(Engine, "connect", hurry)
        yield
        event.remove(Engine, "connect", hurry)

    @pytest.fixture(scope="session")
    def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
        """A PostgreSQL of the tests' own."""
        why = Postgres.missing()
        if why:
            pytest.skip(f"SKIPPED LOUDLY: {why}, so nothing was tried on PostgreSQL")
        server = Postgres.start(tmp_path_factory)
        yield server
        server.stop()

    @pytest.fixture(params=["sqlite", "postgresql"])
    def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
        """The URL of an empty store, on each kind of database."""
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path}/store.sqlite3"
        server: Postgres = request.getfixturevalue("postgres")
        return server.new_database()

    @pytest.fixture
    def embedded(tmp_path: Path) -> str:
        """The URL of an empty embedded store."""
        return f"sqlite:///{tmp_path}/store.sqlite3"

    @pytest.fixture
    def running(database: str) -> Iterator[Running]:
        """A service over each kind of store, open to this machine."""
        with started(database) as found:
            yield found

    @pytest.fixture
    def local(embedded: str) -> Iterator[Running]:
        """A service over an embedded store, open to this machine."""
        with started(embedded) as found:
            yield found
