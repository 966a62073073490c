"""``imr-rules coverage``: what the fixtures see of the rulebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    FixturesArgument,
    LayerOption,
    RulebookOption,
    load_rulebook,
    print_json,
    show,
)


def coverage_command(
    path: FixturesArgument = Path("fixtures"),
    gaps: Annotated[bool, typer.Option("--gaps", help="Also name everything that no fixture saw.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page over the guideline files.")
    ] = None,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Say which statuses, surroundings of limits and edges of editions the fixtures saw."""
    from imr_rules.workbench.coverage import measure
    from imr_rules.workbench.coverage.report import coverage_page, coverage_report
    from imr_rules.workbench.fixtures import fixtures_in

    rules = load_rulebook(rulebook, layer)
    found = measure(rules, fixtures_in(path, rules))
    if html is not None:
        from imr_rules.writing.html import html as as_page

        html.write_text(as_page(coverage_page(found)), encoding="utf-8")
    if format is DataFormat.json:
        print_json(found.to_dict())
    else:
        show(coverage_report(found, gaps=gaps))
