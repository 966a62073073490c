"""What the commands share: options, reading a case or a rulebook, printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from imr_rules._extras import install_command, is_installed
from imr_rules._reading import Document, parse, read_document
from imr_rules.case import Case
from imr_rules.errors import CaseError, InputError, Place, Problem, nearest, printable_name
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import Treatment
from imr_rules.rulebook.in_use import InUse, in_use

if TYPE_CHECKING:
    from imr_rules.writing.document import Report

_T = TypeVar("_T")
_F = TypeVar("_F", str, Path)


class Format(StrEnum):
    """How an answer is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


class DataFormat(StrEnum):
    """How an answer is written by commands that have no letter to write."""

    text = "text"
    json = "json"


DataFormatOption = Annotated[
    DataFormat, typer.Option("--format", help="How to write the answer: text or json.")
]
CaseArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A case, YAML or JSON.")]
_CASE_FILES = (".yaml", ".yml", ".json")
Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE", help="Case files, YAML or JSON; directories of them; - for standard input."
    ),
]
RulebookOption = Annotated[
    Path | None,
    typer.Option(
        "--rulebook", metavar="DIR", help="Rulebook; else imr-rules.toml, ./rulesets, the one shipped."
    ),
]
LayerOption = Annotated[
    list[Path] | None,
    typer.Option("--layer", metavar="DIR", help="A layer to lie over it; may be repeated, the lowest first."),
]
FixturesArgument = Annotated[
    Path,
    typer.Argument(metavar="[PATH]", help="A fixture, or a directory of them.", show_default="./fixtures"),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", metavar="N", min=0, help="Processes to work with; 0 for one a core.")
]


def rulebook_in_use(rulebook: Path | None, layers: list[Path] | None, *, which: str | None = None) -> InUse:
    """Return where the rulebook in use is, having said on standard error what else than the caller named it."""
    found = in_use(rulebook, layers or (), which=which)
    if found.by is not None:
        print(f"rulebook: {found} ({found.by})", file=sys.stderr)
    return found


def load_rulebook(rulebook: Path | None, layers: list[Path] | None, *, which: str | None = None) -> Rulebook:
    """Return the rulebook in use, with its layers; ``which`` tells one of several by its name."""
    return Rulebook.load(*rulebook_in_use(rulebook, layers, which=which).directories)


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def day_of(text: str, option: str, example: str = "2016-07-29") -> date:
    """Return the day that an option gives.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(option, "bad-date", "a date belongs here", f"write it {example}") from None


def refused(option: str, code: str, what: str, hint: str | None = None) -> InputError:
    """Return the error for a value of an option that cannot be used."""
    return InputError(Problem(code, what, Place(option), hint))


def needs_extra(extra: str, *modules: str) -> None:
    """Raise unless the modules of an extra can be imported.

    Raises:
        InputError: one is not installed; says how to install it.
    """
    missing = [name for name in modules if not is_installed(name)]
    if missing:
        what = f"{missing[0]} is not installed, which this command needs (the extra `{extra}`)"
        raise InputError(Problem("not-installed", what, Place("imr-rules"), install_command(extra)))


def known_treatment(rules: Rulebook, name: str) -> Treatment:
    """Return the treatment that ``--treatment`` names."""
    treatments = rules.vocabulary.treatments
    if name in treatments:
        return treatments[name]
    what = f"there is no treatment {printable_name(name) or 'of this name'}"
    hint = nearest(name, treatments) or "imr-rules schema case lists them"
    raise refused("--treatment", "unknown-treatment", what, hint)


def case_files(names: Iterable[str]) -> list[str]:
    """Return the case files that some names stand for: themselves, or all that a directory holds, in order.

    Raises:
        CaseError: a directory holds none.
    """
    found: list[str] = []
    for name in names:
        if name == "-" or not Path(name).is_dir():
            found.append(name)
            continue
        inside = sorted(each for each in Path(name).rglob("*") if each.suffix.lower() in _CASE_FILES)
        if not inside:
            what, hint = "there is no case file in this directory", f"name them *{', *'.join(_CASE_FILES)}"
            raise CaseError(Problem("cannot-read", what, Place(name), hint))
        found += map(str, inside)
    return found


def each_file(files: Iterable[_F], read: Callable[[Case], _T]) -> Iterator[tuple[_F, _T]]:
    """Yield ``read`` of the case in each file.

    Raises:
        CaseError: after the last file, with the problems of those that could not be read.
    """
    problems: list[Problem] = []
    for file in files:
        try:
            yield file, _read(str(file), read)
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)


def _read(file: str, read: Callable[[Case], _T]) -> _T:
    source = _standard_input() if file == "-" else read_document(Path(file), CaseError)
    return _located(source, lambda: read(Case.from_document(source)))


def _standard_input() -> Document:
    """Return the case on standard input, YAML or JSON."""
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(
            Problem("not-text", "this is not UTF-8 text", Place("-"), "save it as UTF-8")
        ) from None
    return parse(text, CaseError, file="-", is_json=_is_json(text))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _located(source: Document, work: Callable[[], _T]) -> _T:
    """Run ``work``; a problem that names a JSON pointer is told by its line in the file."""
    try:
        return work()
    except InputError as error:
        raise type(error)(
            source.located(each, key=each.code.startswith("unknown-fact")) for each in error.problems
        ) from None


def print_json(data: Any, *, compact: bool = False) -> None:
    """Print plain data as JSON: indented, or on one line."""
    out(json.dumps(data, ensure_ascii=False, indent=None if compact else 2))


def show(report: Report) -> None:
    """Print a report for the terminal."""
    from imr_rules.writing.terminal import terminal

    out(terminal(report))


def out(text: str) -> None:
    """Print text as UTF-8, whatever the terminal says of itself."""
    sys.stdout.write(text + "\n") if (sys.stdout.encoding or "").lower().startswith(
        "utf"
    ) else sys.stdout.buffer.write(text.encode() + b"\n")
