"""``imr-rules formulary``: the state's drug list, filled in by hand, as facts of the rulebook in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, RulebookOption, day_of, out
from imr_rules.cli.new import own_directory
from imr_rules.rulebook.in_use import in_use, is_layer

formulary = typer.Typer(
    help="The state's drug list, filled in by hand, as facts of the rulebook in use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@formulary.command("form", short_help="The form, as CSV")
def form_command() -> None:
    """Write the form: the drugs that requests name, their status and fills to be filled in."""
    from imr_rules.workbench.drug_lists import form

    out(form().removesuffix("\n"))


@formulary.command("import", short_help="A form that was filled in, into a layer")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The form, filled in: CSV.")],
    begins: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first day of request that this list is for.")
    ],
    title: Annotated[
        str | None,
        typer.Option("--title", help="What the list is called where a fact is shown to come from it."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="The layer to write in; else the project's own."),
    ] = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Write a list into a layer: from then on the status of its drugs is a fact of each case.

    The columns are ingredient, form (or empty, for every form), status (exempt, non-exempt, unlisted) and fills
    ("special 4; perioperative 4", in days of supply). Rows without a status are left out and counted.
    """
    from imr_rules.workbench.drug_lists import TITLE, read_list, write_list

    day = day_of(begins, "--from", "2025-08-06")
    above = [*(layer or ())]
    if into is not None and is_layer(into):
        above.append(into)
    found = in_use(into if into is not None and not is_layer(into) else rulebook, above)
    directory = into or own_directory(found)
    filled = read_list(file)
    path = write_list(directory, found.directories, filled.drugs, day, title or TITLE)
    out(f"wrote {path}: {len(filled.drugs)} drugs, for requests from {day}")
    if filled.empty:
        were = "row without a status was" if filled.empty == 1 else "rows without a status were"
        out(f"{filled.empty} {were} left out")
