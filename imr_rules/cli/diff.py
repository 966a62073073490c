"""``imr-rules diff``: what an edit of a rulebook changes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import LayerOption, WorkersOption, cores, needs_extra, out, print_json, show

if TYPE_CHECKING:
    from imr_rules.batch.replay import Replayed
    from imr_rules.rulebook import Rulebook


class DiffFormat(StrEnum):
    """How a receipt is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"


def diff_command(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A rulebook's directory, or a git revision: REV or REV:PATH.")
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="The same, or one edited file of OLD; the rulebook here unless given."
        ),
    ] = None,
    fixtures: Annotated[
        Path | None,
        typer.Option("--fixtures", metavar="PATH", help="Cases to ask both; ./fixtures where there is one."),
    ] = None,
    corpus: Annotated[
        list[str] | None,
        typer.Option(
            "--corpus",
            metavar="PATH",
            help="Recorded items, as for batch: counts which flip. May be repeated.",
        ),
    ] = None,
    workers: WorkersOption = 1,
    layer: LayerOption = None,
    format: Annotated[
        DiffFormat, typer.Option("--format", help="How to write it: text, json, markdown or html.")
    ] = DiffFormat.text,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 where a suggestion can change, or was left open.")
    ] = False,
) -> None:
    """Say what an edit changes: which suggestions, for whom, with one smallest case each; and what is proven unchanged."""
    needs_extra("workbench", "z3")
    from imr_rules.workbench.diff import opened, receipt, receipt_report
    from imr_rules.workbench.fixtures import fixtures_in
    from imr_rules.writing.html import html
    from imr_rules.writing.markdown import markdown

    if fixtures is None and Path("fixtures").is_dir():
        fixtures = Path("fixtures")
    over = layer or ()
    with (
        opened(old, beside=new, layers=over) as before,
        opened(new, beside=old, over=before.rulebook, layers=over) as after,
    ):
        asked = fixtures_in(fixtures, before.rulebook) if fixtures else ()
        replays = _replayed(corpus, before.rulebook, after.rulebook, workers) if corpus else None
        found = receipt(before.rulebook, after.rulebook, asked, replays)
        names = before.name, after.name
        if format is DiffFormat.json:
            print_json(found.to_dict())
        elif format is DiffFormat.markdown:
            out(markdown(receipt_report(found, *names)).rstrip("\n"))
        elif format is DiffFormat.html:
            out(html(receipt_report(found, *names, everything=True)).rstrip("\n"))
        else:
            show(receipt_report(found, *names))
    if exit_code and (found.changes or found.bounded):
        raise typer.Exit(1)


def _replayed(corpus: list[str], old: Rulebook, new: Rulebook, workers: int) -> Replayed:
    needs_extra("batch", "pyarrow", "numpy")
    from imr_rules.batch.replay import replayed

    return replayed(corpus, old, new, workers=workers or cores())
