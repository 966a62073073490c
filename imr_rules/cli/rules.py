"""``imr-rules rules``: the guidelines, with their limits, dates and citations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, get_args

import typer

from imr_rules._dates import Window
from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    LayerOption,
    RulebookOption,
    day_of,
    known_treatment,
    load_rulebook,
    print_json,
    refused,
    show,
)
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline


def rules_command(
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Only guidelines that govern requests of this day."),
    ] = None,
    treatment: Annotated[
        str | None, typer.Option("--treatment", metavar="T", help="Only guidelines on this treatment.")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Only what is known this way: read, secondary, recalled or practice.",
        ),
    ] = None,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """List the guidelines of the rulebook, with their limits, dates and citations."""
    from imr_rules.rulebook.files import CitationStatus
    from imr_rules.rulebook.overview import GuidelineShown
    from imr_rules.writing.rulebook_report import guidelines_report

    rules = load_rulebook(rulebook, layer)
    if status is not None and status not in get_args(CitationStatus):
        known = "read, secondary, recalled or practice"
        raise refused("--status", "unknown-status", "there is no such citation status", known)
    chosen = [
        GuidelineShown.of(each, status)
        for each in _wanted(rules, None if on is None else day_of(on, "--on"), treatment)
    ]
    kept = [each for each in chosen if status is None or each.limits or each.criteria]
    if format is DataFormat.json:
        print_json([each.to_dict() for each in kept])
    else:
        show(guidelines_report(kept))


def _wanted(rules: Rulebook, day: date | None, treatment: str | None) -> list[Guideline]:
    if treatment is None:
        found = list(rules.guidelines.values())
    else:
        found = list(rules.for_treatment(known_treatment(rules, treatment)))
    window = Window(day, day) if day else None
    return [each for each in found if window is None or each.requests.covers(*window)]
