"""A rulebook as it is named on the command line: a directory, or a revision of a git repository."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from imr_rules.errors import Place, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.workbench.place import rulebook_here

__all__ = ["Named", "opened"]


class Named(NamedTuple):
    """A rulebook and what it was called."""

    name: str
    rulebook: Rulebook


@contextmanager
def opened(name: str | None, beside: str | None = None) -> Iterator[Named]:
    """Load the rulebook that ``name`` names.

    Args:
        name: a directory, ``REV`` or ``REV:PATH``; None for the rulebook here.
        beside: the other rulebook; where it is a directory, a revision without a path means that directory.

    Raises:
        RulebookError: there is no such directory or revision, or no rulebook in it.
    """
    if name is None or Path(name).is_dir():
        directory = rulebook_here(Path(name) if name else None)
        yield Named(name or str(directory), Rulebook.load(directory))
        return
    revision, _, path = name.partition(":")
    if not revision or revision.startswith("-"):
        raise _refused(name)
    root, path = _repository(name, path, beside)
    content = _git(name, root, "archive", "--format=tar", f"{revision}:{path}")
    with tempfile.TemporaryDirectory(prefix="imr-rules-") as temporary:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(temporary, filter="data")
        yield Named(name, Rulebook.load(rulebook_here(Path(temporary))))


def _repository(name: str, path: str, beside: str | None) -> tuple[Path, str]:
    """Return the root of the repository that a revision is of, and the rulebook's path in it."""
    if not path and beside is not None and ":" in beside and not Path(beside).exists():
        path = beside.partition(":")[2]
    near = Path(beside) if beside is not None and Path(beside).is_dir() else None
    for directory in filter(None, (near, Path())):
        try:
            top = _git(name, directory, "rev-parse", "--show-toplevel")
        except RulebookError:
            continue
        root = Path(top.decode().strip()).resolve()
        if path:
            return root, path
        book = rulebook_here(None if directory == Path() else directory).resolve()
        if book.is_relative_to(root):
            return root, book.relative_to(root).as_posix()
    raise _refused(name)


def _git(name: str, directory: Path, *command: str) -> bytes:
    try:
        done = subprocess.run(["git", *command], cwd=directory, capture_output=True, check=False)
    except OSError:
        raise _refused(name, "git is not installed: name a directory") from None
    if done.returncode:
        raise _refused(name)
    return done.stdout


def _refused(name: str, hint: str = "name a directory, a git revision, or REV:PATH") -> RulebookError:
    what = "this is neither a directory nor a rulebook in a revision of this repository"
    return RulebookError(Problem("no-revision", what, Place(name), hint))
