"""``imr-rules lint``: what is wrong with a rulebook."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imr_rules._extras import install_command
from imr_rules.cli.common import LayerOption, RulebookOption, out, print_json

NOT_ALL_CHECKED = 3
"""The exit status where nothing was found, and some checks could not be made."""


class LintFormat(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"


def lint_command(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="A rulebook, a layer, or a directory of them; else the rulebook in use."
        ),
    ] = None,
    format: Annotated[LintFormat, typer.Option("--format", help="How to write it.")] = LintFormat.text,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is mechanical, and say what is left.")
    ] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Say what is wrong with guideline files: file, line, column, code, and what to do.

    Exit 1 where something is, and 3 where nothing was found but some checks could not be made for want of the solver.
    """
    from imr_rules.workbench.lint import LINTS, books_at, checked, report
    from imr_rules.workbench.lint.mending import mend

    books = books_at(directory, rulebook, layer or ())
    results = [checked(book) for book in books]
    if fix:
        mended = mend(finding for result in results for finding in result.findings)
        if mended:
            print(f"{len(mended)} mended", file=sys.stderr)
            results = [checked(book) for book in books_at(directory, rulebook, layer or ())]
    findings = [finding for result in results for finding in result.findings]
    skipped = dict.fromkeys(each for result in results for each in result.skipped)
    if format is LintFormat.json:
        print_json(
            {
                "findings": report.findings_as_data(findings),
                "skipped": [{"code": each.code, "requires": each.requires} for each in skipped],
            }
        )
    elif format is LintFormat.sarif:
        print_json(report.sarif(findings, LINTS))
    elif format is LintFormat.github:
        if findings:
            out(report.github(findings, LINTS))
    else:
        if findings:
            out("\n".join(map(str, findings)))
        fixable = sum(each.edit is not None for each in findings)
        count = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}" if findings else "nothing found"
        out(
            f"{count} in {', '.join(str(each.directory) for each in books)}"
            + (f"; --fix mends {fixable}" if fixable else "")
        )
    if skipped:
        listed = ", ".join(each.code for each in skipped)
        print(
            f"not checked, for want of the solver: {listed}. To check them: {install_command('workbench')}",
            file=sys.stderr,
        )
    if findings or skipped:
        raise typer.Exit(1 if findings else NOT_ALL_CHECKED)
