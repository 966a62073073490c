"""``imr-rules coverage``: what the fixtures see of the rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import DataFormat, FixturesArgument, HereOption, out, print_json

if TYPE_CHECKING:
    from imr_rules.workbench.coverage import Coverage, GuidelineCoverage


def coverage_command(
    path: FixturesArgument = Path("fixtures"),
    gaps: Annotated[bool, typer.Option("--gaps", help="Also name everything that no fixture saw.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write a page over the guideline files.", show_default=False
        ),
    ] = None,
    format: Annotated[
        DataFormat, typer.Option("--format", help="How to write the answer: text or json.")
    ] = DataFormat.text,
    rulebook: HereOption = None,
) -> None:
    """Say which statuses, surroundings of limits and edges of editions the fixtures saw."""
    from imr_rules.rulebook import Rulebook
    from imr_rules.workbench.coverage import measure
    from imr_rules.workbench.fixtures import fixtures_in
    from imr_rules.workbench.place import rulebook_here

    found = measure(Rulebook.load(rulebook_here(rulebook)), fixtures_in(path))
    if html is not None:
        from imr_rules.workbench.coverage.page import page

        html.write_text(page(found), encoding="utf-8")
    if format is DataFormat.json:
        print_json(found.to_dict())
    else:
        out("\n".join(_table(found, gaps)))


def _table(found: Coverage, gaps: bool) -> Iterator[str]:
    width = max(len(each.id) for each in found.guidelines)
    yield f"{'':{width}}  {'statuses':>11}  {'limits':>11}  {'dates':>11}"
    for each in found.guidelines:
        yield f"{each.id:{width}}  {_cells(each.counts())}"
        if gaps:
            yield from (f"    {gap}" for gap in _gaps(each))
    yield f"{f'all, by {found.items} items':{width}}  {_cells(found.counts())}"


def _cells(counts: dict[str, tuple[int, int]]) -> str:
    return "  ".join(f"{f'{seen} of {total}' if total else '–':>11}" for seen, total in counts.values())


def _gaps(guideline: GuidelineCoverage) -> Iterator[str]:
    for criterion in guideline.criteria:
        if criterion.missing:
            yield f"{criterion.id.split('#')[1]}: never {', '.join(criterion.missing).replace('_', ' ')}"
    for limit in guideline.limits:
        if limit.missing:
            row = f" ({limit.row})" if limit.row else ""
            yield f"limits.{limit.limit}{row}, {limit.number} {limit.plural}: never {', '.join(limit.missing)}"
    for edge in guideline.dates:
        if edge.missing:
            yield f"requests.{edge.edge}: no request of {', '.join(edge.missing)}"
