"""``imr-rules determination``: the draft of a determination, for the outcome the reviewer picks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.case import Decision
from imr_rules.cli.common import LayerOption, RulebookOption, each_file, load_rulebook, out, refused
from imr_rules.screening import screen


class LetterFormat(StrEnum):
    """How a determination is written."""

    text = "text"
    markdown = "markdown"
    pdf = "pdf"


def determination_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A case, YAML or JSON.", show_default=False)],
    outcome: Annotated[
        Decision, typer.Option("--outcome", help="The reviewer's decision on the denial.", show_default=False)
    ],
    item: Annotated[
        str | None,
        typer.Option(
            "--item", metavar="ID", help="The disputed item, where there are several.", show_default=False
        ),
    ] = None,
    format: Annotated[LetterFormat, typer.Option("--format", help="How to write it.")] = LetterFormat.text,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Draft the determination of one item, with blanks where the reviewer must speak."""
    from imr_rules.writing.determination import draft, to_markdown, to_text

    if format is LetterFormat.pdf and output is None:
        raise refused("--format", "no-output", "a PDF needs a file to be written to", "name one with -o")
    rules = load_rulebook(rulebook, layer)
    [(_, (case, screening))] = each_file([file], lambda case: (case, screen(case, rules)))
    letter = draft(case, screening, outcome, item)
    if format is LetterFormat.pdf:
        from imr_rules.writing.determination.typesetting import to_pdf

        assert output is not None
        _write(output, to_pdf(letter))
        return
    written = to_markdown(letter) if format is LetterFormat.markdown else to_text(letter)
    if output is None:
        out(written.rstrip("\n"))
    else:
        _write(output, written.encode())


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise refused("--output", "not-written", f"the file cannot be written: {error.strerror}") from None
