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


def schema_command(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="case or guideline.", show_default=False)],
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Print the JSON Schema of a case file or a guideline file, with the names of the rulebook in it."""
    from imr_rules.schemas import case_schema, guideline_schema

    rules = load_rulebook(rulebook, layer)
    print_json(case_schema(rules) if kind is Kind.case else guideline_schema(rules))
