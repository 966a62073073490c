"""The tables go forward and back, and what was saved can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, inspect, text

from imr_rules.errors import StoreError
from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.audit import tables as audit_tables
from imr_rules.server.store import Store, tables
from imr_rules.server.store.backup import back_up
from imr_rules.server.store.migrate import current, migrate, revisions
from tests.server.running import Postgres, started

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def shape(found: Table) -> dict[str, tuple[str, bool, bool]]:
    return {
        column.name: (
            str(column.type.as_generic()),
            column.nullable or column.primary_key,
            column.primary_key,
        )
        for column in found.columns
    }


def test_the_migrations_make_the_tables_that_the_code_works_with(database: str) -> None:
    store = Store(database)
    migrate(store)
    declared = {**tables.metadata.tables, **audit_tables.metadata.tables}
    with store.reading() as connection:
        found = MetaData()
        found.reflect(connection)
        indexes = {
            name: {index["name"] for index in inspect(connection).get_indexes(name)} for name in declared
        }
    assert set(found.tables) == {*declared, "alembic_version"}
    for name, table in declared.items():
        wanted = {
            column.name: (column.nullable or column.primary_key, column.primary_key)
            for column in table.columns
        }
        assert {key: each[1:] for key, each in shape(found.tables[name]).items()} == wanted, name
        assert {index.name for index in table.indexes} <= indexes[name], name
    store.close()


def test_every_version_can_be_gone_back_to_and_come_from(database: str) -> None:
    store = Store(database)
    known = revisions()
    assert migrate(store) is None
    for revision in (*known[-2::-1], "base", *known):
        migrate(store, revision)
        with store.reading() as connection:
            assert (current(connection) or "base") == revision
    store.close()


def test_what_is_stored_survives_going_back_and_forward(database: str) -> None:
    with started(database) as running:
        stored = running.posted(THERAPY)
    store = Store(database)
    migrate(store, revisions()[0])
    store.close()
    with started(database) as running:
        assert running.client.get(f"/v1/screenings/{stored['id']}").json() == stored
        with running.service.store.reading() as connection:
            assert audit.verify(connection).fault is None


def test_a_store_of_a_later_release_is_left_alone(database: str) -> None:
    store = Store(database)
    migrate(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="of a later release"):
        migrate(store)
    with pytest.raises(StoreError, match="of a later release"), started(database):
        pass
    store.close()


def test_a_version_that_is_not_there(embedded: str) -> None:
    store = Store(embedded)
    with pytest.raises(StoreError, match="no such version; known are base, 0001"):
        migrate(store, "0099")
    store.close()


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "sqlite:////proc/none/store"],
)
def test_a_url_that_no_store_can_be_at(url: str) -> None:
    with pytest.raises(StoreError):
        Store(url)


def test_an_embedded_store_is_saved_while_it_is_used(embedded: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved.sqlite3"
    with started(embedded) as running:
        stored = running.posted(THERAPY)
        back_up(running.service.store, saved)
        running.posted(THERAPY)
        with pytest.raises(StoreError, match="file exists"):
            back_up(running.service.store, saved)
    assert saved.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob("saved*")] == ["saved.sqlite3"]
    with started(f"sqlite:///{saved}") as running:
        (only,) = running.client.get("/v1/screenings").json()["screenings"]
        assert running.client.get(f"/v1/screenings/{only['id']}").json() == stored
        with running.service.store.reading() as connection:
            assert audit.verify(connection).fault is None


def test_postgresql_is_saved_with_its_own_tools(postgres: Postgres) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    with started(first) as running:
        stored = running.posted(THERAPY)
        file = str(postgres.directory / "saved.dump")
        postgres.run("pg_dump", "--format=custom", f"--file={file}", first)
        with pytest.raises(StoreError, match="use pg_dump"):
            back_up(running.service.store, Path("unused"))
    postgres.run("pg_restore", f"--dbname={second}", "--no-owner", file)
    with started(second) as running:
        assert running.client.get(f"/v1/screenings/{stored['id']}").json() == stored
        with running.service.store.reading() as connection:
            assert audit.verify(connection).fault is None
