"""``imr-rules letter read``: what a published determination letter says, as data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import RulebookOption, load_rulebook, out, print_json
from imr_rules.errors import LetterError, Problem

letter = typer.Typer(
    help="Read published determination letters.", no_args_is_help=True, rich_markup_mode=None
)


class LetterFormat(StrEnum):
    """How a letter is written out."""

    json = "json"
    yaml = "yaml"


@letter.callback()
def _letters() -> None:
    """Read published determination letters."""


@letter.command("read", short_help="What letters say, as data")
def read_command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Letters, PDF or text.", show_default=False)
    ],
    format: Annotated[LetterFormat, typer.Option("--format", help="How to write it.")] = LetterFormat.json,
    rulebook: RulebookOption = None,
) -> None:
    """Read the header, the facts and the disputed items of letters; one object a letter."""
    from imr_rules.letters import read_letters

    recognise = load_rulebook(rulebook).vocabulary.recognise
    problems: list[Problem] = []
    for found in read_letters(files, lambda service: recognise(service)):
        if isinstance(found, LetterError):
            problems += found.problems
        elif format is LetterFormat.json:
            print_json(found.to_dict(), compact=len(files) > 1)
        else:
            import yaml

            out("---\n" + yaml.safe_dump(found.to_dict(), sort_keys=False, allow_unicode=True).rstrip())
    if problems:
        raise LetterError(problems)
