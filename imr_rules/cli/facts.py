"""``imr-rules facts``: the dictionary, as what a case can say."""

from __future__ import annotations

from typing import Annotated

import typer

from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    LayerOption,
    RulebookOption,
    known_treatment,
    load_rulebook,
    print_json,
    show,
)


def facts_command(
    treatment: Annotated[
        str | None,
        typer.Option("--treatment", metavar="T", help="Only facts that rules on this treatment ask for."),
    ] = None,
    derived: Annotated[
        bool, typer.Option("--derived", help="Also the facts worked out from the structured parts of a case.")
    ] = False,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """List the facts a case can give under `findings`, with what silence about each means."""
    rules = load_rulebook(rulebook, layer)
    every = rules.vocabulary.facts.values()
    asked = every if treatment is None else rules.facts_for(known_treatment(rules, treatment))
    facts = [spec for spec in asked if derived or not spec.derived]
    if format is DataFormat.json:
        from imr_rules.rulebook.overview import FactShown

        print_json([FactShown.of(spec).to_dict() for spec in facts])
    else:
        from imr_rules.writing.rulebook_report import facts_report

        show(facts_report(facts))
