"""The same function on a Spark cluster: ``mapInArrow`` over Parquet files of flat facts."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from imr_rules._extras import install_command
from imr_rules.engines.columnar import AT_ONCE, OUTPUT, ColumnarEvaluator, check_schema
from imr_rules.errors import CaseError, EngineError, Place, Problem
from imr_rules.rulebook import Rulebook

DOT = "·"
"""Stands for the dot in names of columns: ``mapInArrow`` takes a dot for a field of a structure."""

PLAIN = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
        *(
            pa.field(field.name, pa.list_(pa.string()))
            if pa.types.is_list(field.type)
            else pa.field(field.name, pa.map_(pa.string(), pa.string()))
            if pa.types.is_map(field.type)
            else pa.field(field.name, pa.string())
            for field in OUTPUT
        ),
    ]
)
"""What comes out in Spark, which knows no dictionary columns: as from a batch, with ``rejected``."""

SCHEMA = ", ".join(
    f"`{field.name}` "
    + (
        "array<string>" if pa.types.is_list(field.type)
        else "map<string, string>" if pa.types.is_map(field.type)
        else "bigint" if field.type == pa.int64() else "string"
    )
    for field in PLAIN
)  # fmt: skip
"""The same in Spark's words."""


class SparkTotal(NamedTuple):
    """What a batch came to: each record is a row that was judged or rejected."""

    records: int
    rows: int
    rejects: int


def in_spark(evaluator: ColumnarEvaluator) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the evaluator as ``DataFrame.mapInArrow`` wants it; its result has the schema SCHEMA.

    Dots in names of columns are written DOT. Columns ``file`` and ``row`` are carried along where there are some.
    """

    def judged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for each in batches:
            batch = each.rename_columns([name.replace(DOT, ".") for name in each.schema.names])
            found = evaluator(batch)
            columns = {name: plain(found.column(name)) for name in found.schema.names}
            for name in ("file", "row", *(name for name in OUTPUT.names if name not in columns)):
                kind = PLAIN.field(name).type
                carried = name in batch.schema.names
                columns[name] = batch.column(name).cast(kind) if carried else pa.nulls(batch.num_rows, kind)
            yield pa.RecordBatch.from_arrays([columns[field.name] for field in PLAIN], schema=PLAIN)

    return judged


def plain(column: pa.Array) -> pa.Array:
    """Return a column without dictionaries."""
    kind = column.type
    if pa.types.is_map(kind):
        return pa.MapArray.from_arrays(
            column.offsets, column.keys.dictionary_decode(), column.items.dictionary_decode()
        )
    if pa.types.is_list(kind):
        return pa.ListArray.from_arrays(column.offsets, column.values.dictionary_decode())
    return column.dictionary_decode() if pa.types.is_dictionary(kind) else column


def spark_batch(
    inputs: Sequence[str],
    output: Path,
    rulebook: Rulebook,
    *,
    master: str | None = None,
    ignored: frozenset[str] = frozenset(),
    questions: bool = False,
) -> SparkTotal:
    """Judge Parquet files of flat facts on a Spark cluster.

    Writes two directories: ``output``, of Parquet, and ``output.rejects``, of JSON lines.

    Args:
        inputs: paths that Spark reads: files, directories or patterns, on whatever storage it knows.
        output: the directory to write; it must not be there.
        rulebook: the rulebook to judge by.
        master: the cluster; Spark's own settings say unless given.
        ignored: columns that are not to be read.
        questions: whether to ask what to find out about each item under review; the column is empty otherwise.

    Raises:
        CaseError: Spark is not installed or fails, or a column is one that nobody declared.
    """
    with _session(master, output) as session:
        from pyspark import StorageLevel
        from pyspark.sql import functions as F

        frame = session.read.parquet(*inputs)
        columns = [name for name in frame.columns if name not in ignored]
        quoted = [F.col(f"`{name}`") for name in columns]
        check_schema(_arrow_schema(frame.select(*quoted)), dict(rulebook.vocabulary.facts))
        frame = frame.select(
            *(column.alias(name.replace(".", DOT)) for name, column in zip(columns, quoted, strict=True)),
            F.col("_metadata.file_path").alias("file"),
            (F.col("_metadata.row_index") + 1).alias("row"),
        )
        if "follows" in columns and "case" in columns:
            frame = frame.repartition(frame.rdd.getNumPartitions(), "case").sortWithinPartitions("case")
        evaluator = ColumnarEvaluator(rulebook, OUTPUT.names if questions else AT_ONCE)
        found = frame.mapInArrow(_whole_cases(in_spark(evaluator), "follows" in columns), SCHEMA)
        found = found.persist(StorageLevel.DISK_ONLY)
        rejected = found.where(F.col("rejected").isNotNull())
        good = found.where(F.col("rejected").isNull()).drop("rejected")
        good.write.parquet(str(output))
        lines = rejected.select("file", "row", F.col("rejected").alias("reason"))
        # Rejects of an earlier output are not of this one.
        lines.write.mode("overwrite").json(str(output) + ".rejects")
        total = SparkTotal(frame.count(), good.count(), rejected.count())
        found.unpersist()
    if total.records != total.rows + total.rejects:
        raise EngineError(
            f"{total.records:,} rows were read, {total.rows:,} judged and {total.rejects:,} rejected: "
            "this is a fault of the program; do not use the output"
        )
    return total


@contextmanager
def _session(master: str | None, output: Path) -> Iterator[Any]:
    """Give a session on a cluster; what goes wrong there is said in one line, without what Spark's log has of it."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import AnalysisException, PySparkException, PythonException
        from pyspark.sql import SparkSession
    except ImportError:
        what = "PySpark is not installed"
        raise CaseError(Problem("not-installed", what, Place("--engine"), install_command("spark"))) from None
    builder: Any = SparkSession.builder.appName("imr-rules batch")
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):  # its workers are on this machine: the same Python serves them
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        what = f"Spark does not start there: {_cause(error)}"
        hint = "Java 17 or newer is needed, and a cluster that answers at this address"
        raise CaseError(Problem("spark", what, Place(master or "--master"), hint)) from None
    try:
        yield session
    except PythonException as error:
        raise CaseError(_of_worker(str(error), output)) from None
    except AnalysisException as error:  # a path that is not there, or one that is and should not be
        what = f"Spark refuses: {str(error).splitlines()[0]}"
        raise CaseError(Problem("spark", what, Place(str(output)))) from None
    except (PySparkException, Py4JError) as error:
        what = f"the work failed: {_cause(error)}"
        raise CaseError(Problem("spark", what, Place(str(output)), _AGAIN)) from None
    finally:
        session.stop()


_AGAIN = "Spark's log above says more; remove what is at this path before the next start"
_RAISED = re.compile(r"^([\w.]+(?:Error|Exception))(?::|$)", re.MULTILINE)
_NOT_THERE = ("ModuleNotFoundError", "ImportError", "AttributeError")


def _of_worker(said: str, output: Path) -> Problem:
    """Say what a Python worker raised: its kind alone, for its words may be of the data."""
    kinds = [each for each in _RAISED.findall(said) if not each.startswith("pyspark.")]
    kind = kinds[-1] if kinds else "an error"
    hint = "the package is needed on every worker, at one version: see `On a cluster` in docs/batch.md; then remove what is at this path"
    return Problem(
        "spark-worker",
        f"a Python worker failed: {kind}",
        Place(str(output)),
        hint if kind in _NOT_THERE else _AGAIN,
    )


def _cause(error: Exception) -> str:
    """Return the innermost cause that Java names, or else the first line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    causes = [line.strip() for line in lines if re.match(r"\s*(Caused by: |: )", line)]
    said = (causes[-1] if causes else lines[0]).removeprefix("Caused by: ").removeprefix(": ")
    return said[:200]


def _arrow_schema(frame: Any) -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    found: pa.Schema = to_arrow_schema(frame.schema)
    return found


def _whole_cases(judged: Any, follows: bool) -> Any:
    """Return a function of record batches that keeps rows of one case, which stand together, in one batch."""
    if not follows:
        return judged

    def together(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from imr_rules.batch.tables import together as kept

        return judged(kept(batches))  # type: ignore[no-any-return]

    return together
