"""A rulebook as it is named on the command line: a directory, a git revision, or one edited file."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from imr_rules._reading import read_document
from imr_rules.errors import Place, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.in_use import in_use

__all__ = ["Named", "edited_rulebook", "opened"]


class Named(NamedTuple):
    """A rulebook and what it was called."""

    name: str
    rulebook: Rulebook


@contextmanager
def opened(
    name: str | None,
    beside: str | None = None,
    over: Rulebook | None = None,
    layers: Sequence[Path] = (),
) -> Iterator[Named]:
    """Load the rulebook that ``name`` names.

    Args:
        name: a directory; ``REV`` or ``REV:PATH``; one file of a rulebook, which is laid over ``over``; None for
            the rulebook here.
        beside: the other rulebook; where it is a directory, a revision without a path means that directory.
        over: the rulebook that one file is an edit of.
        layers: layers to lie over it, beside its own.

    Raises:
        RulebookError: there is no such directory, file or revision, or no rulebook in it.
    """
    if name is not None and over is not None and Path(name).is_file():
        with tempfile.TemporaryDirectory(prefix="imr-rules-") as temporary:
            yield Named(name, _laid_over(Path(name), over, Path(temporary) / "rulebook"))
        return
    if name is None or Path(name).is_dir():
        here = in_use(Path(name) if name else None, layers)
        yield Named(name or str(here.root), Rulebook.load(*here.directories))
        return
    revision, _, path = name.partition(":")
    if not revision or revision.startswith("-"):
        raise _refused(name)
    root, path = _repository(name, path, beside)
    content = _git(name, root, "archive", "--format=tar", f"{revision}:{path}")
    with tempfile.TemporaryDirectory(prefix="imr-rules-") as temporary:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(temporary, filter="data")
        yield Named(name, Rulebook.load(Path(temporary), *layers))


def _laid_over(file: Path, over: Rulebook, directory: Path) -> Rulebook:
    """Return a rulebook in which one file takes the place of the one it is an edit of, or is new."""
    content = read_document(file, RulebookError).data
    guideline = content.get("guideline") if isinstance(content, dict) else None
    known = over.guidelines.get(guideline) if isinstance(guideline, str) else None
    if known is not None and known.place.file is not None:
        return edited_rulebook(over, Path(known.place.file), file.read_bytes(), directory)
    place = Path(file.name) if guideline is None else Path("edited", file.name)
    return edited_rulebook(over, over.directories[0] / place, file.read_bytes(), directory)


def edited_rulebook(rulebook: Rulebook, file: Path, content: bytes, directory: Path) -> Rulebook:
    """Return a rulebook in which one of its files says something else, or is new; it is written to ``directory``.

    Args:
        rulebook: the rulebook, as read from files.
        file: the file, in one of the rulebook's directories.
        content: what it says instead.
        directory: where to put the rulebook and its layers; it must not be there.

    Raises:
        RulebookError: with what is said instead, it is no rulebook.
    """
    copies = []
    for number, each in enumerate(rulebook.directories):
        copies.append(directory / f"{number}-{each.name}")
        shutil.copytree(each, copies[-1])
        if file.is_relative_to(each):
            target = copies[-1] / file.relative_to(each)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
    return Rulebook.load(*copies, cached=False)


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
        book = in_use(None if directory == Path() else directory).root.resolve()
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


def _refused(
    name: str, hint: str = "name a directory, a file of a rulebook, a git revision, or REV:PATH"
) -> RulebookError:
    what = "this is neither a directory nor a file, nor a rulebook in a revision of this repository"
    return RulebookError(Problem("no-revision", what, Place(name), hint))
