"""``imr-rules schema``: JSON Schema for editors and callers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, RulebookOption, load_rulebook, print_json


class Kind(StrEnum):
    """What a schema describes."""

    case = "case"
    guideline = "guideline"
    layer = "layer"
    sources = "sources"
    facts = "facts"
    treatments = "treatments"
    instruments = "instruments"
    codes = "codes"


def schema_command(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help=f"One of: {', '.join(Kind)}.")],
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Print the JSON Schema of a case file, or of a file of a rulebook; of cases and guidelines with its names in it."""
    from imr_rules.schemas import FILES, case_schema, file_schema, guideline_schema

    if kind.value in FILES:
        print_json(file_schema(kind.value))
        return
    rules = load_rulebook(rulebook, layer)
    print_json(case_schema(rules) if kind is Kind.case else guideline_schema(rules))
