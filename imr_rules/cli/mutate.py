"""``imr-rules mutate``: which small mistakes in a guideline would the fixtures not notice?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules._extras import install_command
from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    FixturesArgument,
    LayerOption,
    RulebookOption,
    load_rulebook,
    print_json,
    refused,
    show,
)

if TYPE_CHECKING:
    from imr_rules.workbench.mutation import Tally


def mutate_command(
    path: FixturesArgument = Path("fixtures"),
    only: Annotated[
        list[Path] | None,
        typer.Option(
            "--only", metavar="FILE", help="Mutate this guideline file; may be given several times."
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Keep a case that kills each survivor in PATH/boundaries.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not look into survivors: no proofs and no cases.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="How many processes.")] = 1,
    at_least: Annotated[
        float, typer.Option("--at-least", metavar="PERCENT", help="Exit with 1 where fewer are killed.")
    ] = 100.0,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Try every small mistake in the guidelines against the fixtures; show, or prove harmless, those that survive.

    Exit 1 where fewer than the wanted percent of those that change an answer are killed.
    """
    from imr_rules.workbench.fixtures import fixtures_in
    from imr_rules.workbench.mutation import mutate
    from imr_rules.workbench.mutation.report import mutation_report

    if write and quick:
        raise refused(
            "--quick", "not-both", "a case to write has to be looked for", "leave out --quick or --write"
        )
    if write and not path.is_dir():
        raise refused(
            "--write", "no-directory", "cases are written below a directory of fixtures", "name one"
        )
    rules = load_rulebook(rulebook, layer)
    with _Progress() as progress:
        result = mutate(
            rules,
            fixtures_in(path, rules),
            only=only or (),
            examine=not quick,
            write_to=path / "boundaries" if write else None,
            jobs=jobs,
            progress=progress.advance,
        )
    if format is DataFormat.json:
        print_json(result.to_dict())
    else:
        show(mutation_report(result))
    if not result.examined and not quick:
        print(
            f"survivors were not looked into: that needs z3: {install_command('workbench')}",
            file=sys.stderr,
        )
    if result.score < at_least:
        raise typer.Exit(1)


class _Progress:
    """A bar on a terminal; nothing anywhere else."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("mutating"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, tally: Tally, of: int) -> None:
        """Move on by one guideline."""
        self._bar.update(self._task, advance=1, total=of, description=tally.guideline)
