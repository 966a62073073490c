"""``imr-rules determination``: the draft of a determination, for the outcome the reviewer picks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

import typer

from imr_rules.case import Decision
from imr_rules.cli.common import (
    CaseArgument,
    LayerOption,
    RulebookOption,
    each_file,
    load_rulebook,
    out,
    refused,
)
from imr_rules.screening import screen


class LetterFormat(StrEnum):
    """How a determination is written."""

    text = "text"
    markdown = "markdown"
    pdf = "pdf"


def determination_command(
    file: CaseArgument,
    outcome: Annotated[
        list[str],
        typer.Option(
            "--outcome",
            metavar="[ITEM=]uphold|overturn",
            help="The reviewer's decision on a denial; of every item unless one is named. May be repeated.",
        ),
    ],
    format: Annotated[LetterFormat, typer.Option("--format", help="How to write it.")] = LetterFormat.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")
    ] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Add the reviewer's working sheet.")] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Draft the determination of a case, one letter for all its items, with blanks where the reviewer must speak."""
    from imr_rules.writing.determination import draft, to_markdown, to_text

    if format is LetterFormat.pdf and output is None:
        raise refused("--format", "no-output", "a PDF needs a file to be written to", "name one with -o")
    rules = load_rulebook(rulebook, layer)
    [(_, (case, screening))] = each_file([file], lambda case: (case, screen(case, rules)))
    letter = draft(case, screening, rules, _outcomes(outcome, [name for name, _ in case.named_items]))
    if format is LetterFormat.pdf:
        from imr_rules.writing.determination.typesetting import to_pdf

        assert output is not None
        _write(output, to_pdf(letter, working_sheet=sheet))
        return
    written = (
        to_markdown(letter, sheet=sheet) if format is LetterFormat.markdown else to_text(letter, sheet=sheet)
    )
    if output is None:
        out(written.rstrip("\n"))
    else:
        _write(output, written.encode())


def _outcomes(given: list[str], items: list[str]) -> dict[str, Decision]:
    """Return the outcome of each item named; one without a name is that of every item not named."""
    decided: dict[str, Decision] = {}
    named: dict[str, Decision] = {}
    for each in given:
        item, is_named, said = each.rpartition("=")
        if said not in get_args(Decision):
            raise refused(
                "--outcome", "no-outcome", "an outcome is uphold or overturn", "such as item-1=uphold"
            )
        outcome: Decision = "uphold" if said == "uphold" else "overturn"
        if is_named:
            named[item] = outcome
        else:
            decided = dict.fromkeys(items, outcome)
    return {**decided, **named}


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise refused("--output", "not-written", f"the file cannot be written: {error.strerror}") from None
