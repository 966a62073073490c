"""``imr-rules charts``: what the pictures of a case show, as numbers, and the pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def charts_command(
    file: CaseArgument,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Draw the pictures there, as SVG.")
    ] = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Show counts against the limits, scores over time and the dates of each item."""
    from imr_rules.writing.charts.pictures import numbers, pictures

    rules = load_rulebook(rulebook, layer)
    [(_, (case, screening))] = each_file([file], lambda case: (case, screen(case, rules)))
    lines: list[str] = []
    for item in screening.items:
        lines += [f"{item.item}: {' '.join(item.service.split())}", ""]
        for each in numbers(case, screening, item.item, rules):
            width = max(len(label) for label, said in each.rows)
            lines.append(f"  {each.title}")
            for label, said in each.rows:
                lines.append(f"      {label:{width}}  {said}" if said else f"    {label}")
            lines.append("")
        if output is not None:
            for picture in pictures(case, screening, item.item, rules):
                _write(output / f"{item.item}-{picture.name}.svg", picture.svg)
    out("\n".join(lines).rstrip())


def _write(path: Path, svg: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise refused("--output", "not-written", f"a picture cannot be written: {error.strerror}") from None
