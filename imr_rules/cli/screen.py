"""``imr-rules screen``: what is suggested for each disputed item, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from imr_rules.cli.common import (
    Files,
    Format,
    LayerOption,
    RulebookOption,
    case_files,
    each_file,
    load_rulebook,
    out,
    print_json,
    show,
)
from imr_rules.screening import screen


def screen_command(
    files: Files,
    format: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.text,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every criterion, with what each part of it came to.")
    ] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Screen cases: suggest, per disputed item, whether the denial would be upheld or overturned."""
    from imr_rules.writing.screening_report import screening_report

    rules = load_rulebook(rulebook, layer)
    names = case_files(files)
    for position, (file, screening) in enumerate(each_file(names, lambda case: screen(case, rules))):
        if format is Format.json:
            print_json({"file": file, **screening.to_dict()}, compact=len(names) > 1)
        elif format is Format.markdown:
            from imr_rules.writing.markdown import markdown

            out(markdown(screening_report(screening, everything=everything)))
        else:
            if position:
                out("")
            show(screening_report(screening, title=file, everything=everything))
