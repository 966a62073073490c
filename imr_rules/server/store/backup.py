"""Saving an embedded store while it is used."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from imr_rules.errors import Place, Problem, StoreError
from imr_rules.server.store.database import Store


def back_up(store: Store, file: Path) -> None:
    """Save a store into a file that only its owner can read, as it is at one moment.

    Raises:
        StoreError: the store is a server, which has tools of its own; or the file cannot be written.
    """
    where = Place(str(file))
    if store.file is None:
        hint = "use pg_dump: docs/deploy.md shows how"
        raise StoreError(Problem("not-embedded", "a server saves its databases itself", where, hint))
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise StoreError(Problem("cannot-save", f"the file cannot be made: {reason}", where)) from None
    source, target = sqlite3.connect(store.file), sqlite3.connect(file)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise StoreError(Problem("cannot-save", f"the store cannot be saved: {error}", where)) from None
    finally:
        source.close()
        target.close()
