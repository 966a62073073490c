"""``imr-rules agree``: how far suggestions agree with recorded outcomes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import RulebookOption, each_file, load_rulebook, out, print_json
from imr_rules.errors import CaseError, Place, Problem

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Case files, or directories of them.", show_default=False),
]
_LONG = 50
"""Files from which on a run shows how far it is."""


class AgreementFormat(StrEnum):
    """How the figures are written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"


def agree_command(
    paths: Paths,
    format: Annotated[
        AgreementFormat, typer.Option("--format", help="text, json, or a page: markdown or html.")
    ] = AgreementFormat.text,
    rulebook: RulebookOption = None,
) -> None:
    """Screen every case that records a real outcome, and report agreement beside always upholding."""
    from imr_rules.agreement import agreement, decided_items, report, without_rationale

    rules = load_rulebook(rulebook)
    files = [file for path in paths for file in _files(path)]
    read = each_file(_shown(files), lambda case: (case, decided_items("", case, rules)))
    found = agreement(each._replace(case=file.stem) for file, (_, decided) in read for each in decided)
    if not found.overall.items:
        where = Place(str(paths[0]))
        raise CaseError(
            Problem(
                "no-outcome", "no case here records a real outcome", where, "give expect.items.<id>.outcome"
            )
        )
    if format is AgreementFormat.json:
        print_json(found.to_dict())
    elif format is AgreementFormat.text:
        out(report.text(found))
    elif format is AgreementFormat.html:
        from imr_rules.agreement.page import html

        out(html(found))
    else:
        known_before = ((file.stem, without_rationale(case)) for file, (case, _) in read)
        before = agreement(each for name, case in known_before for each in decided_items(name, case, rules))
        out(report.markdown(found, before))


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("**/*.yaml")) + sorted(path.glob("**/*.json")) if path.is_dir() else [path]


def _shown(files: list[Path]) -> Iterator[Path]:
    """Yield the files, with a bar on standard error where a person watches a long run."""
    if len(files) < _LONG or not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(files, "Screening", console=Console(stderr=True), transient=True)
