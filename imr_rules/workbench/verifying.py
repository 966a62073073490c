"""Check recalled and secondary numbers against the official text: a form to fill in, and its answers in the files.

A row of the form is one number or rule that was not read in the official text. Whoever has the text fills in
``read`` (yes or no), ``by``, ``on`` and ``page``; :func:`settle` writes what was read into the guideline files.
``python -m imr_rules.workbench.verifying > docs/to-verify.md`` writes the same rows as a page.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from msgspec import Struct

from imr_rules.errors import InputError, Place, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.overview import say_amounts
from imr_rules.workbench.forms import form_text
from imr_rules.writing.document import Block, Heading, Paragraph, Report, Table, code
from imr_rules.writing.markdown import markdown
from imr_rules.writing.treatment_pages import in_words

FILLED_IN = ("read", "by", "on", "page")
"""The columns that a person fills in."""
COLUMNS = (*FILLED_IN, "document", "section", "pages", "says", "status", "guideline", "place")
_OPEN = ("recalled", "secondary")


class Entry(NamedTuple):
    """One number or rule that was not read in the official text.

    Attributes:
        document, section, pages: where it should stand in the official text, as far as that is known.
        says: what the rulebook has.
        status: how that is known: ``recalled`` or ``secondary``.
        guideline: the id of the guideline.
        place: where in its file: ``limits.total.rows.2``, ``criteria.within-total``.
    """

    document: str
    section: str
    pages: str
    says: str
    status: str
    guideline: str
    place: str


class Answer(Struct, frozen=True):
    """A row of the form that was filled in.

    Attributes:
        read: whether the official text says the same.
        by, on: who read it, and when.
        pages: where it stands.
    """

    guideline: str
    place: str
    read: bool
    by: str
    on: date
    pages: tuple[int, ...]


def entries(rulebook: Rulebook) -> list[Entry]:
    """Return everything that is to be verified, by document, section and page."""
    found = [each for guideline in rulebook.guidelines.values() for each in _of(guideline, rulebook)]
    return sorted(
        found, key=lambda each: (each.document, each.section, each.pages, each.guideline, each.place)
    )


def _of(guideline: Guideline, rulebook: Rulebook) -> Iterator[Entry]:
    if guideline.source.tier == "practice":
        return
    data = _data(guideline)
    cited = guideline.citation
    document = ", ".join(filter(None, (cited.document, cited.regulation)))

    def entry(place: str, says: str, status: str, pages: Sequence[int] | None, section: str | None) -> Entry:
        shown = ", ".join(map(str, pages or guideline.pages))
        return Entry(document, section or cited.section or "", shown, says, status, guideline.id, place)

    for name, limit in guideline.limits.items():
        words = name.replace("_", " ")
        if not limit.rows:
            if limit.status in _OPEN:
                says = f"{words}: {say_amounts(limit.amounts)}"
                yield entry(f"limits.{name}", says, limit.status, limit.pages, None)
            continue
        for number, row in enumerate(limit.rows):
            if row.status in _OPEN:
                says = f"{words}, {row.label}: {say_amounts(row.amounts)}"
                yield entry(f"limits.{name}.rows.{number}", says, row.status, row.pages, None)
        if limit.otherwise is not None and limit.otherwise.status in _OPEN:
            says = f"{words}, otherwise: {say_amounts(limit.otherwise.amounts)}"
            yield entry(f"limits.{name}.otherwise", says, limit.otherwise.status, limit.otherwise.pages, None)
    stated = {each["id"]: each for each in data.get("criteria", ())}
    for criterion in guideline.criteria:
        raw = data.get("recommended") if criterion.recommendation else stated.get(criterion.name)
        if raw is None or raw.get("status") not in _OPEN:
            continue  # its limits are listed, or another source carries it
        place = "recommended" if criterion.recommendation else f"criteria.{criterion.name}"
        says = in_words(criterion, guideline, rulebook)
        yield entry(place, says, raw["status"], criterion.citation.pages, criterion.citation.section)


def _data(guideline: Guideline) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
    data: dict[str, Any] = yaml.load(_file(guideline).read_text(encoding="utf-8"), loader)  # both are safe
    return data


def _file(guideline: Guideline) -> Path:
    assert guideline.place.file is not None
    return Path(guideline.place.file)


def form(rulebook: Rulebook) -> str:
    """Return the form, as CSV: a row for each entry, its first four cells empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(("",) * len(FILLED_IN) + tuple(each) for each in entries(rulebook))
    return written.getvalue()


def answers(path: Path) -> list[Answer]:
    """Read the rows of a form that were filled in.

    Raises:
        InputError: the file is no such form, or a row is filled in by half; every mistake with its line and column.
    """
    reader = csv.reader(io.StringIO(form_text(path)))
    problems: list[Problem] = []

    def wrong(column: str, what: str, hint: str) -> None:
        place = Place(str(path), reader.line_num, COLUMNS.index(column) + 1)
        problems.append(Problem("form", f"`{column}` {what}", place, hint))

    head = next(reader, [])
    if tuple(head) != COLUMNS:
        hint = "write the form anew: imr-rules verify --form"
        raise InputError(
            Problem("form", "these are not the columns of the form", Place(str(path), 1, 1), hint)
        )
    found: list[Answer] = []
    for cells in reader:
        if len(cells) != len(COLUMNS):
            place = Place(str(path), reader.line_num, 1)
            hint = "put what holds a comma in quotes"
            problems.append(
                Problem("form", f"{len(cells)} cells where there are {len(COLUMNS)}", place, hint)
            )
            continue
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
        if not any(row[name] for name in FILLED_IN):
            continue
        before = len(problems)
        if row["read"] not in ("yes", "no"):
            wrong(
                "read", f"is `{row['read']}`", "write yes where the text says the same, no where it does not"
            )
        if not row["by"]:
            wrong("by", "is empty", "write who read it")
        on = _day(row["on"])
        if on is None:
            wrong("on", f"is `{row['on']}`", "write the day as 2026-11-30")
        if row["page"] and not re.fullmatch(r"\d{1,4}(, ?\d{1,4})*", row["page"]):
            wrong("page", f"is `{row['page']}`", "write the page, or several as 46, 47")
        if len(problems) == before and on is not None:
            pages = tuple(int(each) for each in row["page"].split(",")) if row["page"] else ()
            found.append(Answer(row["guideline"], row["place"], row["read"] == "yes", row["by"], on, pages))
    if problems:
        raise InputError(problems)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def settle(read: Iterable[Answer], rulebook: Rulebook) -> list[Answer]:
    """Write what was read into the guideline files; return what the official text does not say so.

    Only the status, the pages and ``read_by`` of a number or rule change. What the text says otherwise is for an
    editor to mend.

    Raises:
        InputError: a row speaks of what the rulebook does not have, or has as read already. Nothing is written.
    """
    there = {(each.guideline, each.place) for each in entries(rulebook)}
    given = [*read]
    gone = [each for each in given if (each.guideline, each.place) not in there]
    if gone:
        hint = "write the form anew: imr-rules verify --form"
        raise InputError(
            Problem("form", f"nothing is to be verified at `{each.place}`", Place(each.guideline), hint)
            for each in gone
        )
    texts: dict[Path, str] = {}
    for each in given:
        if each.read:
            path = _file(rulebook.guidelines[each.guideline])
            texts[path] = _settled(texts.get(path) or path.read_bytes().decode(), each)
    for path, text in texts.items():
        path.write_bytes(text.encode())
    return [each for each in given if not each.read]


def _settled(text: str, answer: Answer) -> str:
    from imr_rules.workbench.in_place import changed_entry

    section, *steps = answer.place.split(".")

    def change(file: Any) -> None:
        target = file[section]
        if section == "criteria":
            target = next(each for each in target if each["id"] == steps[0])
        else:
            for step in steps:
                target = target[int(step) if step.isdigit() else step]
        target["status"] = "read"
        if answer.pages:
            target["pages"] = _flow(answer.pages)
        target["read_by"] = f"{answer.by}, {answer.on}"

    return changed_entry(text, section, change)


def _flow(pages: Sequence[int]) -> Any:
    from ruamel.yaml.comments import CommentedSeq

    listed = CommentedSeq(pages)
    listed.fa.set_flow_style()
    return listed


def to_verify_page(rulebook: Rulebook) -> Report:
    """Return the page: everything that is to be verified, by document."""
    found = entries(rulebook)
    documents = dict.fromkeys(each.document for each in found)
    return Report(
        "What is to be verified",
        (
            Paragraph(
                f"{len(found)} numbers and rules were not read in the official text: recalled from memory of it, or "
                "read in a source that quotes it. Each stands here with the place where it can be checked."
            ),
            Paragraph(
                (
                    "To settle them, write the form with ",
                    code("imr-rules verify --form > form.csv"),
                    ", fill in its first four columns with the official text at hand (",
                    code("read"), ": yes or no; ", code("by"), ", ", code("on"), ", ", code("page"), "), and run ",
                    code("imr-rules verify form.csv"),
                    ". What was read becomes ",
                    code("status: read"),
                    " in the files, with who read it, when, and the page; what the text says otherwise is listed, for "
                    "an editor to mend.",
                )
            ),
            *(block for name in documents for block in _document(name, [e for e in found if e.document == name])),
        ),
        "Made by `python -m imr_rules.workbench.verifying > docs/to-verify.md`; correct the files, not the page.",
    )  # fmt: skip


def _document(name: str, found: list[Entry]) -> Iterator[Block]:
    yield Heading(name)
    yield Table(
        ("Section", "Pages", "What this rulebook has", "Known", "Where"),
        tuple(
            (each.section, each.pages, each.says, each.status, code(f"{each.guideline}: {each.place}"))
            for each in found
        ),
    )


if __name__ == "__main__":
    sys.stdout.write(markdown(to_verify_page(Rulebook.load())))
