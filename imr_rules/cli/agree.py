"""``imr-rules agree``: how far suggestions agree with recorded outcomes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import (
    LayerOption,
    RulebookOption,
    WorkersOption,
    cores,
    each_file,
    load_rulebook,
    needs_extra,
    out,
    print_json,
    refused,
    show,
)
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.rulebook import Rulebook

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Case files, or directories of them; or tables as for batch."),
]
_TABLES = (".parquet", ".arrow", ".feather", ".ipc", ".csv", ".ndjson", ".jsonl")
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
    layer: LayerOption = None,
    items: Annotated[
        Path | None,
        typer.Option("--items", metavar="OUT", help="Tables only: write every item that does not agree."),
    ] = None,
    workers: WorkersOption = 1,
) -> None:
    """Screen every case that records a real outcome, and report agreement beside always upholding."""
    from imr_rules.agreement import agreement, decided_items, without_rationale
    from imr_rules.agreement.report import agreement_report

    rules = load_rulebook(rulebook, layer)
    if any(path.suffix in _TABLES for path in paths):
        _corpus(paths, rules, format, items, workers)
        return
    if items is not None:
        raise refused("--items", "no-table", "items are written as a table where they come from tables")
    files = [file for path in paths for file in _files(path)]
    read = [*each_file(_shown(files), lambda case: (case, decided_items("", case, rules)))]
    found = agreement(replace(each, case=file.stem) for file, (_, decided) in read for each in decided)
    if not found.overall.items:
        where = Place(str(paths[0]))
        raise CaseError(
            Problem(
                "no-outcome", "no case here records a real outcome", where, "give expect.items.<id>.outcome"
            )
        )
    if format is AgreementFormat.json:
        print_json(found.to_dict())
        return
    schedule = rules.vocabulary.schedule
    if format is AgreementFormat.text:
        show(agreement_report(found, schedule))
    elif format is AgreementFormat.html:
        from imr_rules.agreement.picture import confusion_figure
        from imr_rules.writing.html import html

        out(html(agreement_report(found, schedule, figures=[confusion_figure(found.overall)])).rstrip("\n"))
    else:
        from imr_rules.writing.markdown import markdown

        known_before = ((file.stem, without_rationale(case)) for file, (case, _) in read)
        before = agreement(each for name, case in known_before for each in decided_items(name, case, rules))
        out(markdown(agreement_report(found, schedule, before=before)).rstrip("\n"))


def _corpus(
    paths: list[Path], rules: Rulebook, format: AgreementFormat, items: Path | None, workers: int
) -> None:
    """Report agreement over tables of many items, by their column ``outcome``."""
    needs_extra("batch", "pyarrow", "numpy")
    from imr_rules.agreement.corpus import corpus_agreement
    from imr_rules.agreement.report import corpus_report

    if format not in (AgreementFormat.text, AgreementFormat.json):
        raise refused("--format", "no-page", "tables of items are told as text or json")
    found = corpus_agreement([str(path) for path in paths], rules, workers=workers or cores(), items=items)
    if not found.overall.items:
        what = "no item here records a real outcome"
        raise CaseError(Problem("no-outcome", what, Place(str(paths[0])), "give a column `outcome`"))
    if format is AgreementFormat.json:
        print_json(found.to_dict())
    else:
        show(corpus_report(found))


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
