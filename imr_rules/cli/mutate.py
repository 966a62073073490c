"""``imr-rules mutate``: which small mistakes in a guideline would the fixtures not notice?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    with _shown() as progress:
        result = mutate(
            rules,
            fixtures_in(path, rules),
            only=only or (),
            examine=not quick,
            write_to=path / "boundaries" if write else None,
            jobs=jobs,
            progress=progress,
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


@contextmanager
def _shown() -> Iterator[Callable[[Tally, int], None]]:
    """Show how far it has come, guideline by guideline: a bar on a terminal, nothing anywhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = TextColumn("mutating"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda tally, of: bar.update(task, advance=1, total=of, description=tally.guideline)
