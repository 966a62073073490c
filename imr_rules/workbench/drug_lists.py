"""The state's drug list, as an administrator filled it in: a CSV form, and its import into a layer.

The list is the state's and changes several times a year (8 CCR 9792.27.15), so it is not shipped. Whoever has it at
hand fills in the form, and the import writes ``drugs.yaml`` into a layer: from then on the status of a drug is a fact.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from imr_rules._reading import read_document
from imr_rules._validation import validate
from imr_rules.errors import InputError, Place, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import DrugFile, DrugListFile, DrugsFile, InForce
from imr_rules.words.drugs import form_of
from imr_rules.words.lexicon import lexicon
from imr_rules.workbench.forms import form_text

COLUMNS = ("ingredient", "form", "status", "fills")
FILE = "drugs.yaml"
TITLE = "MTUS Drug List"
_STATUS = {"exempt": "exempt", "non-exempt": "non_exempt", "unlisted": "unlisted"}
_FILL = re.compile(r"(special|perioperative) (\d{1,2})")
_LINES = 20_000
"""A list of more lines than this is another file than the state's."""


class FilledIn(NamedTuple):
    """A form that was filled in: the drugs, and how many rows have no status yet."""

    drugs: tuple[DrugFile, ...]
    empty: int


def form() -> str:
    """Return the form, as CSV: a row for each drug that requests name by the lexicon, its status and fills empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, drug in sorted(lexicon().drugs.items()):
        named = form_of(drug.form)
        writer.writerow((name.removeprefix("topical "), named or "", "", ""))
    return written.getvalue()


def read_list(path: Path) -> FilledIn:
    """Read a form that was filled in. Rows without a status are left out and counted; ``#`` begins a remark.

    Raises:
        InputError: the file is no such form, or a cell cannot be read; every mistake with its line and column.
    """
    rows = [*_rows(form_text(path), path)]
    if not rows or tuple(cell.strip().lower() for cell in rows[0][1]) != COLUMNS:
        hint = f"the first line is {','.join(COLUMNS)}: imr-rules formulary form writes such a file"
        place = Place(str(path), rows[0][0] if rows else 1, 1)
        raise InputError(Problem("drug-list", "these are not the columns of a drug list", place, hint))
    problems: list[Problem] = []
    found: dict[tuple[str, str | None], tuple[int, DrugFile]] = {}
    empty = 0
    for line, cells in rows[1:]:
        drug = _Row(path, line, cells, problems).read()
        if drug is None:
            empty += len(cells) == len(COLUMNS) and not cells[2].strip()
            continue
        first, _ = found.setdefault((drug.ingredient.lower(), drug.form), (line, drug))
        if first != line:
            what = f"this drug in this form is also in line {first}"
            problems.append(Problem("drug-list", what, Place(str(path), line, 1), "leave one of them out"))
    if problems:
        raise InputError(problems)
    if not found:
        hint = f"write exempt, non-exempt or unlisted under `status`; {empty} rows have none"
        raise InputError(Problem("drug-list", "no drug has a status", Place(str(path)), hint))
    return FilledIn(tuple(drug for _, drug in found.values()), empty)


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                yield reader.line_num, cells
            if reader.line_num > _LINES:
                what = f"more than {_LINES} lines"
                hint = "is it the state's list?"
                raise InputError(Problem("drug-list", what, Place(str(path), reader.line_num), hint))
    except csv.Error:
        place = Place(str(path), reader.line_num, 1)
        hint = "a quoted cell ends with a quote"
        raise InputError(Problem("drug-list", "this line is not CSV", place, hint)) from None


class _Row:
    """One row of the form."""

    def __init__(self, path: Path, line: int, cells: list[str], problems: list[Problem]) -> None:
        self._path, self._line, self._cells, self._problems = path, line, cells, problems

    def read(self) -> DrugFile | None:
        """Return the drug, or None where the row has no status or a mistake, which is noted."""
        if len(self._cells) != len(COLUMNS):
            hint = "put what holds a comma in quotes"
            self._wrong(None, f"{len(self._cells)} cells where there are {len(COLUMNS)}", hint)
            return None
        ingredient, shape, status, fills = (" ".join(cell.split()) for cell in self._cells)
        if not status:
            if fills:
                self._wrong("status", "is empty, and fills are given", "write exempt, non-exempt or unlisted")
            return None
        before = len(self._problems)
        if not ingredient:
            self._wrong("ingredient", "is empty", "write the name of the drug")
        elif len(ingredient) > 200:
            self._wrong("ingredient", "is too long", "write the name of the drug alone")
        named = form_of(shape) if shape else None
        if shape and named is None:
            self._wrong(
                "form",
                f"is `{_shown(shape)}`",
                f"write one of {', '.join(lexicon().forms)}, or leave it empty",
            )
        listed = _STATUS.get(status.lower().replace(" ", "-").replace("_", "-"))
        if listed is None:
            self._wrong("status", f"is `{_shown(status)}`", "write exempt, non-exempt or unlisted")
        days = self._fills(fills)
        if len(self._problems) > before or listed is None:
            return None
        return DrugFile.model_validate(
            {
                "ingredient": ingredient,
                "form": named,
                "listed": listed,
                "special_fill": days.get("special", 0),
                "perioperative_fill": days.get("perioperative", 0),
            }
        )

    def _fills(self, text: str) -> dict[str, int]:
        """Return the days of each fill: "special 4; perioperative 4", or nothing."""
        found: dict[str, int] = {}
        for part in text.lower().split(";"):
            words = part.strip().removesuffix(" days").removesuffix(" day")
            if not words or words == "none":
                continue
            match = _FILL.fullmatch(words)
            if match is None or match[1] in found or not 1 <= int(match[2]) <= 90:
                self._wrong(
                    "fills", f"is `{_shown(text)}`", "write days of supply: special 4; perioperative 4"
                )
                return {}
            found[match[1]] = int(match[2])
        return found

    def _wrong(self, column: str | None, what: str, hint: str) -> None:
        place = Place(str(self._path), self._line, COLUMNS.index(column) + 1 if column else 1)
        said = f"`{column}` {what}" if column else what
        self._problems.append(Problem("drug-list", said, place, hint))


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def write_list(
    directory: Path, below: tuple[Path, ...], drugs: tuple[DrugFile, ...], begins: date, title: str = TITLE
) -> Path:
    """Write a drug list into a rulebook or layer, for requests from ``begins`` until the next list there begins.

    A list of the same day is replaced; the others stay, and what is only reported or recalled stays as it is. Where the rulebook cannot be loaded with it, what was there
    before is put back.

    Args:
        directory: of the rulebook or layer.
        below: the directories of the rulebook in use, ``directory`` among them.

    Raises:
        RulebookError: what is there cannot be read, or makes no rulebook together with the list.
    """
    path = directory / FILE
    before = path.read_bytes() if path.exists() else None
    there = (
        validate(DrugsFile, read_document(path, RulebookError), RulebookError) if before is not None else None
    )
    lists = there.lists if there else ()
    hints = [each for each in lists if each.status != "read"]
    kept = [each for each in lists if each.status == "read" and each.requests.from_ != begins]
    in_force = InForce.model_validate({"from": begins})
    new = DrugListFile(title=title, requests=in_force, status="read", drugs=drugs)
    path.write_text(_written(hints, sorted((*kept, new), key=_begins)), encoding="utf-8")
    try:
        Rulebook.load(*below)
    except RulebookError:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        raise
    return path


def _begins(each: DrugListFile) -> date:
    return each.requests.from_


def _written(hints: list[DrugListFile], lists: list[DrugListFile]) -> str:
    """Return the file: each list that was read ends on the day before the next begins."""
    lines = [
        "# Drug lists, written by `imr-rules formulary import`; import a list again to change it.",
        "lists:",
    ]
    for each in hints:
        lines += _list(each, each.requests.to)
    for place, each in enumerate(lists):
        last = place + 1 == len(lists)
        lines += _list(each, None if last else _begins(lists[place + 1]) - timedelta(days=1))
    return "\n".join(lines) + "\n"


def _list(each: DrugListFile, until: date | None) -> Iterator[str]:
    to = f", to: {until}" if until else ""
    yield f"- title: {json.dumps(each.title, ensure_ascii=False)}"
    yield f"  requests: {{from: {each.requests.from_}{to}}}"
    yield f"  status: {each.status}"
    yield "  drugs:"
    for drug in each.drugs:
        yield "  - " + json.dumps(drug.model_dump(exclude_defaults=True), ensure_ascii=False)
