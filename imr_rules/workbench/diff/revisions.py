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
from imr_rules.rulebook.in_use import InUse, found, in_use


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
        yield Named(name or "the rulebook here", Rulebook.load(*here.directories))
        return
    revision, _, path = name.partition(":")
    if not revision or revision.startswith("-"):
        raise _refused(name)
    if not path and beside is not None and ":" in beside and not Path(beside).exists():
        path = beside.partition(":")[2]
    near = Path(beside) if beside is not None and Path(beside).is_dir() else None
    with tempfile.TemporaryDirectory(prefix="imr-rules-") as folder:
        then = _Then(name, revision, Path(folder))
        yield Named(name, Rulebook.load(*then.directories(path, near, layers)))


class _Then:
    """The files of a rulebook as they were in a revision.

    Args:
        name: what the revision was called.
        revision: the revision.
        folder: where its files are put.
    """

    def __init__(self, name: str, revision: str, folder: Path) -> None:
        self._name, self._revision, self._folder = name, revision, folder

    def directories(self, path: str, near: Path | None, layers: Sequence[Path]) -> tuple[Path, ...]:
        """Return the directory of the rulebook, then those of its layers.

        Without a ``path``, of the rulebook in use: what of it lies in the repository is as it was then, a layer that
        was not there yet is left out, and what lies elsewhere is as it is now.
        """
        for directory in dict.fromkeys((near, None)):
            try:
                top = _git(self._name, directory or Path(), "rev-parse", "--show-toplevel")
            except RulebookError:
                continue
            root = Path(top.decode().strip()).resolve()
            if path:
                return (self._taken(root, path), *layers)
            here = in_use(directory, layers)
            inside = [each for each in (here.root, *here.layers) if each.resolve().is_relative_to(root)]
            if inside:
                return self._of(here, root)
        raise _refused(self._name)

    def _of(self, here: InUse, root: Path) -> tuple[Path, ...]:
        """Return the directories of the rulebook in use as they were."""
        held, above = here.root.resolve(), []
        if held.is_relative_to(root):
            begun = found(self._taken(root, held.relative_to(root).as_posix())).directories
            above = [each for each in here.layers if not each.resolve().is_relative_to(held)]
        else:
            begun = (here.base,)
            above = list(here.layers)
        for layer in above:
            place = layer.resolve()
            if not place.is_relative_to(root):
                begun = (*begun, layer)
                continue
            try:
                begun = (*begun, self._taken(root, place.relative_to(root).as_posix()))
            except RulebookError:  # it was not there yet
                continue
        return begun

    def _taken(self, root: Path, path: str) -> Path:
        """Return the directory in which the files of a path stand as they were."""
        content = _git(self._name, root, "archive", "--format=tar", f"{self._revision}:{path}")
        target = self._folder / str(len(list(self._folder.iterdir())))
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(target, filter="data")
        return target


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
