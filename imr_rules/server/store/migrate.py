"""Bringing the store's tables from one version to another, forward and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from imr_rules.errors import Place, Problem, StoreError
from imr_rules.server.store.database import Store

_LOCK = 0x696D72  # which lock of PostgreSQL's keeps two processes from migrating at once


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def revisions() -> tuple[str, ...]:
    """Return the versions of the tables, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(each.revision for each in script.walk_revisions())[::-1]


def current(connection: Connection) -> str | None:
    """Return the version of the store's tables; None where there are none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(store: Store, revision: str | None = None) -> str | None:
    """Bring the tables to a version, ``base`` being none at all; the latest unless given. Return the one before.

    Raises:
        StoreError: the tables are of a later release, or there is no such version.
    """

    def work(connection: Connection) -> str | None:
        if not store.embedded:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = current(connection)
        known = revisions()
        if before is not None and before not in known:
            hint = f"use the release that made it, or go back to {known[-1]} with that release first"
            raise StoreError(
                Problem("store-is-newer", "the store is of a later release", Place("--database"), hint)
            )
        wanted = revision or known[-1]
        if wanted != "base" and wanted not in known:
            hint = "known are base, " + ", ".join(known)
            raise StoreError(
                Problem("unknown-revision", "the store has no such version", Place("--to"), hint)
            )
        config: Any = _config()
        config.attributes["connection"] = connection
        order = ["base", *known]
        try:
            if order.index(wanted) >= order.index(before or "base"):
                command.upgrade(config, wanted)
            else:
                command.downgrade(config, wanted)
        except CommandError as error:
            raise StoreError(Problem("cannot-migrate", str(error), Place("--to"))) from None
        return before

    return store.write(work)
