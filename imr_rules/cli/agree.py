"""``imr-rules agree``: how far suggestions agree with recorded outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import Format, RulebookOption, each_file, load_rulebook, out, print_json
from imr_rules.errors import CaseError, Place, Problem

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Case files, or directories of them.", show_default=False),
]


def agree_command(
    paths: Paths,
    format: Annotated[
        Format, typer.Option("--format", help="How to write the answer: text, json or markdown (a page).")
    ] = Format.text,
    rulebook: RulebookOption = None,
) -> None:
    """Screen every case that records a real outcome, and report agreement beside always upholding."""
    from imr_rules import agreement_report
    from imr_rules.agreement import agreement, decided_items, without_rationale

    rules = load_rulebook(rulebook)
    files = [file for path in paths for file in _files(path)]
    cases = [(file.stem, case) for file, case in each_file(files, lambda case: case)]
    found = agreement(each for name, case in cases for each in decided_items(name, case, rules))
    if not found.overall.items:
        where = Place(str(paths[0]))
        raise CaseError(
            Problem(
                "no-outcome", "no case here records a real outcome", where, "give expect.items.<id>.outcome"
            )
        )
    if format is Format.json:
        print_json(found.to_dict())
    elif format is Format.text:
        out(agreement_report.text(found))
    else:
        known_before = ((name, without_rationale(case)) for name, case in cases)
        before = agreement(each for name, case in known_before for each in decided_items(name, case, rules))
        out(agreement_report.markdown(found, before))


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("**/*.yaml")) + sorted(path.glob("**/*.json")) if path.is_dir() else [path]
