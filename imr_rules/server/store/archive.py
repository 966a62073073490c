"""Rulebooks kept whole in the store, so that an answer can be replayed years later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from imr_rules.errors import NotFoundError, Problem
from imr_rules.rulebook.digest import digest_of_files
from imr_rules.server.store import tables


class Archived(NamedTuple):
    """A rulebook in the store."""

    digest: str
    version: str
    added: str


def pack(directories: Sequence[Path]) -> bytes:
    """Return the files of a rulebook and of the layers over it as one archive, each directory by its number."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, directory in enumerate(directories):
            for path in sorted(directory.glob("**/*.yaml")):
                name = f"{number}/{path.relative_to(directory).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return packed.getvalue()


def digest(packed: bytes) -> str:
    """Return the digest of the rulebook that an archive holds, as of its files in directories."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        directories: dict[str, list[tuple[str, bytes]]] = {}
        for name in archive.namelist():  # in the order of their paths
            number, _, path = name.partition("/")
            directories.setdefault(number, []).append((path, archive.read(name)))
    return digest_of_files(*directories.values())


def unpack(packed: bytes, directory: Path) -> list[Path]:
    """Put the files of an archive back into an empty directory; return that of the rulebook, then of its layers."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(directory)
    return sorted(directory.iterdir(), key=lambda each: int(each.name))


def keep(connection: Connection, digest: str, version: str, files: bytes, at: str) -> bool:
    """Keep a rulebook, unless it is kept already; return whether it is new."""
    rulebooks = tables.rulebooks.c
    if connection.execute(select(rulebooks.digest).where(rulebooks.digest == digest)).first():
        return False
    row = {"digest": digest, "version": version, "added": at, "files": files}
    connection.execute(insert(tables.rulebooks), row)
    return True


def archived(connection: Connection) -> list[Archived]:
    """Return every rulebook in the store, the newest first."""
    rulebooks = tables.rulebooks.c
    rows = connection.execute(
        select(rulebooks.digest, rulebooks.version, rulebooks.added).order_by(
            rulebooks.added.desc(), rulebooks.digest
        )
    )
    return [Archived(*row) for row in rows]


def fetch(connection: Connection, digest: str) -> bytes:
    """Return the files of a rulebook.

    Raises:
        NotFoundError: there is none of this digest.
    """
    rulebooks = tables.rulebooks.c
    files: bytes | None = connection.execute(
        select(rulebooks.files).where(rulebooks.digest == digest)
    ).scalar()
    if files is None:
        raise NotFoundError(Problem("not-found", "there is no rulebook of this digest"))
    return files
