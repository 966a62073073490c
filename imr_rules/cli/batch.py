"""``imr-rules batch``: many items at once."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imr_rules.cli.common import (
    LayerOption,
    RulebookOption,
    WorkersOption,
    cores,
    load_rulebook,
    needs_extra,
    out,
    refused,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from imr_rules.batch.job import Progress
    from imr_rules.batch.summary import Table
    from imr_rules.writing.document import Block, Report

NOTHING_JUDGED = 4
"""Exit status where every record was rejected, or there was none."""


class InputFormat(StrEnum):
    """How the inputs hold items."""

    parquet = "parquet"
    arrow = "arrow"
    csv = "csv"
    ndjson = "ndjson"
    case = "case"


class Engine(StrEnum):
    """What does the work."""

    local = "local"
    spark = "spark"


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="IN... OUT",
        help="Files, patterns, directories or - to read; then the file to write, or - for NDJSON.",
    ),
]


def batch_command(
    paths: Paths,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
    workers: WorkersOption = 0,
    given: Annotated[
        InputFormat | None,
        typer.Option("--from", help="Format of the inputs, where their names do not tell."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="A column not to be read.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Throw away the unfinished work of another batch.")
    ] = False,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions", help="Ask what to find out about each item under review; this is slower."
        ),
    ] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Count suggestions, grounds and facts.")] = False,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="OLD", help="An earlier result: count what flipped.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What does the work: local or spark.")
    ] = Engine.local,
    master: Annotated[
        str | None, typer.Option("--master", metavar="URL", help="The Spark cluster, as local[2].")
    ] = None,
) -> None:
    """Screen many items, of flat facts or whole cases, and write one suggestion a row.

    An interrupted batch goes on where it was when it is started again. Exit 4 where nothing could be judged.
    """
    if len(paths) < 2:
        raise refused(
            "batch", "missing-path", "something to read and a file to write are needed", "batch IN OUT"
        )
    if engine is Engine.spark:
        needs_extra("spark", "pyspark", "pyarrow", "numpy")
    needs_extra("batch", "pyarrow", "numpy", *(("duckdb",) if summary or against else ()))
    *inputs, name = paths
    rules = load_rulebook(rulebook, layer)
    ignored = frozenset(ignore or ())
    if engine is Engine.spark:
        from imr_rules.batch.spark import spark_batch

        counted = spark_batch(inputs, Path(name), rules, master=master, ignored=ignored, questions=questions)
        out(
            f"{counted.records:,} records read: {counted.rows:,} items judged, "
            f"{_rejects(counted.rejects, Path(name + '.rejects'))}"
        )
        _none_judged(counted.rows)
        return
    if master is not None:
        raise refused("--master", "no-master", "there is a master only with --engine spark")
    if summary or against:
        from imr_rules.batch.summary import check

        check(Path(name), against)
    from imr_rules.batch import batch, commonest, rejects_beside

    with _output(name) as output, _shown() as told:
        total = batch(
            inputs, output, rules, workers=workers or cores(), given=given.value if given else None, ignored=ignored,
            restart=restart, questions=questions, told=told,
        )  # fmt: skip
    if name == "-":
        _none_judged(total.rows)
        return
    from imr_rules.batch.summary import flips as flipped
    from imr_rules.batch.summary import summary as summed

    rejects = rejects_beside(output)
    out(f"{total.records:,} records read: {total.rows:,} items judged, {_rejects(total.rejects, rejects)}")
    for reason, count in commonest(rejects) if total.rejects else ():
        out(f"  {count:,} × {reason}")
    tables = [*(summed(output) if summary else ()), *((flipped(against, output),) if against else ())]
    if tables:
        out("")
        show(_summary(tables))
    _none_judged(total.rows)


def _none_judged(rows: int) -> None:
    """End with a status of its own where nothing was judged, so that no script takes that for an answer."""
    if not rows:
        raise typer.Exit(NOTHING_JUDGED)


def _rejects(count: int, path: Path) -> str:
    return f"{count:,} rejected: see {path}" if count else "none rejected"


@contextmanager
def _output(name: str) -> Iterator[Path]:
    """Give the file to write; one that is copied to standard output where the name is ``-``."""
    if name != "-":
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "result.ndjson"
        yield path
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        from imr_rules.batch import rejects_beside

        rejects = rejects_beside(path)
        if rejects.exists():
            sys.stderr.write(rejects.read_text(encoding="utf-8"))


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Show how far a batch has come: share, items, items a second and time left; on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,} items"),
        TextColumn("{task.fields[rate]:,.0f} a second"), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rows=0, rate=0.0)

        def told(progress: Progress) -> None:
            elapsed = bar.tasks[task].elapsed or 1e-9
            bar.update(
                task,
                total=max(1, progress.of),
                completed=progress.size,
                rows=progress.rows,
                rate=progress.fresh / elapsed,
            )

        yield told


def _summary(tables: Iterable[Table]) -> Report:
    from imr_rules.writing.document import Heading, Paragraph, Report
    from imr_rules.writing.document import Table as ShownTable

    blocks: list[Block] = []
    for table in tables:
        blocks.append(Heading(table.title))
        if not table.rows:
            blocks.append(Paragraph("none"))
            continue
        numbers = frozenset(place for place, each in enumerate(table.rows[0]) if isinstance(each, int))
        rows = tuple(tuple(map(_cell, row)) for row in table.rows)
        blocks.append(ShownTable(tuple(each.replace("_", " ") for each in table.columns), rows, numbers))
        if table.more:
            blocks.append(Paragraph(f"and {table.more:,} more"))
    return Report("Summary", tuple(blocks))


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "–" if value is None else str(value)
