"""``imr-rules verify``: what was checked against the official text, written into the guideline files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, RulebookOption, load_rulebook, needs_extra, out, refused


def verify_command(
    form: Annotated[Path | None, typer.Argument(metavar="[FORM]", help="A form that was filled in.")] = None,
    write_form: Annotated[
        bool, typer.Option("--form", help="Write the form: what is to be verified, and where.")
    ] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Write into the guideline files what a person read in the official text.

    Exit 1 where the text says something else than the rulebook.
    """
    from imr_rules.workbench import verifying

    if (form is None) != write_form:
        hint = "imr-rules verify --form > form.csv, and then imr-rules verify form.csv"
        raise refused("FORM", "form", "give a form that was filled in, or --form to write one", hint)
    book = load_rulebook(rulebook, layer)
    if form is None:
        out(verifying.form(book).removesuffix("\n"))
        return
    needs_extra("workbench", "ruamel.yaml")
    given = verifying.answers(form)
    otherwise = verifying.settle(given, book)
    out(f"{len(given) - len(otherwise)} settled; {len(otherwise)} for an editor to mend")
    for each in otherwise:
        out(f"  {each.guideline}: {each.place} ({each.by}, {each.on})")
    raise typer.Exit(1 if otherwise else 0)
