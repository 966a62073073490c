"""The same function on a real Spark, in local mode, says what a batch on one machine says."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as dataset
import pyarrow.parquet as pq
import pytest

from benchmarks.inventory import inventory
from imr_rules import Case, Rulebook
from imr_rules._reading import read_document
from imr_rules.batch import batch, flat_rows
from imr_rules.batch.flatten import as_batch
from imr_rules.batch.spark import _of_worker
from imr_rules.errors import CaseError
from tests.paths import FIXTURES

pytest.importorskip(
    "pyspark", reason="SKIPPED LOUDLY: PySpark is not installed; .ci/run installs requirements/spark.txt"
)


def java() -> str | None:
    found = shutil.which("java")
    if found is None:
        return "SKIPPED LOUDLY: there is no Java; Spark needs 17 or newer (Debian: apt install openjdk-17-jre-headless)"
    said = subprocess.run([found, "-version"], capture_output=True, text=True).stderr
    version = said.split('"')[1] if '"' in said else said
    major = version.split(".")[0]
    return (
        None if major.isdigit() and int(major) >= 17 else f"SKIPPED LOUDLY: Java is {version}; Spark needs 17"
    )


pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(java() is not None, reason=str(java())),
    pytest.mark.filterwarnings("ignore"),  # Spark's own
]


def spark(*arguments: str) -> subprocess.CompletedProcess[str]:
    import sys

    command = [
        str(Path(sys.executable).with_name("imr-rules")),
        "batch",
        "--engine",
        "spark",
        "--master",
        "local[2]",
    ]
    return subprocess.run([*command, *arguments], capture_output=True, text=True)


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = [
        {name: value for name, value in row.items() if name not in ("file", "input_digest")} for row in rows
    ]
    return sorted(kept, key=lambda row: int(row["row"]))


def test_spark_says_what_one_machine_says(generated: Path, tmp_path: Path) -> None:
    table = inventory(20_000)
    level = pa.array([-1 if place % 5_000 == 3 else 50 for place in range(table.num_rows)])
    table = table.set_column(table.schema.get_field_index("level_1"), "level_1", level)
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=3_000)
    done = spark(str(tmp_path / "in.parquet"), str(tmp_path / "out"), "--rulebook", str(generated))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "20,000 records read: 19,996 items judged, 4 rejected" in done.stdout
    batch([str(tmp_path / "in.parquet")], tmp_path / "one.parquet", Rulebook.load(generated))
    ours = in_order(dataset.dataset(tmp_path / "out", format="parquet").to_table().to_pylist())
    assert ours == in_order(pq.read_table(tmp_path / "one.parquet").to_pylist())
    rejects = [
        json.loads(line)["row"] for path in (tmp_path / "out.rejects").glob("*.json") for line in path.open()
    ]
    assert sorted(rejects) == [4, 5_004, 10_004, 15_004]


def test_spark_keeps_the_items_of_a_case_together(shipped: Rulebook, tmp_path: Path) -> None:
    rows = [
        row | {"case": f"{path.stem}-{read}"}
        for read in ("none", "part", "all")
        for path in sorted(FIXTURES.rglob("*.yaml"))
        for row in flat_rows(_read(path, read), shipped)
    ]
    assert any("follows" in row for row in rows)
    assert shipped.layers
    table = pa.Table.from_batches([as_batch(rows, dict(shipped.vocabulary.facts))])
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=50)
    done = spark(str(tmp_path / "in.parquet"), str(tmp_path / "out"), "--questions")
    assert done.returncode == 0, done.stderr[-2000:]
    batch([str(tmp_path / "in.parquet")], tmp_path / "one.parquet", shipped, questions=True)
    ours = in_order(dataset.dataset(tmp_path / "out", format="parquet").to_table().to_pylist())
    assert ours == in_order(pq.read_table(tmp_path / "one.parquet").to_pylist())
    assert {each for row in ours for each in row["lean_rests_on"]} == {"silence", "practice", "adapted"}
    assert any(row["questions"] for row in ours)


def _read(path: Path, read: str) -> Case:
    """Return a case as if so much of its record had been read."""
    data = {"documents": [{"kind": "progress_report"}], **read_document(path, CaseError).data}
    return Case.from_data({**data, "record": {"read": read}})


def test_a_column_nobody_declared_is_refused_in_one_line(generated: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"prior_visit": [1]}), tmp_path / "in.parquet")
    done = spark(str(tmp_path / "in.parquet"), str(tmp_path / "out"), "--rulebook", str(generated))
    assert done.returncode == 2
    assert "did you mean `prior_visits`" in done.stderr.splitlines()[-1]


def test_what_goes_wrong_in_spark_is_told_in_one_line(generated: Path, tmp_path: Path) -> None:
    pq.write_table(inventory(10), tmp_path / "in.parquet")
    (tmp_path / "there").mkdir()
    options = ("--rulebook", str(generated))
    for arguments, said in (
        ((str(tmp_path / "none.parquet"), str(tmp_path / "out")), "Spark refuses: "),
        ((str(tmp_path / "in.parquet"), str(tmp_path / "there")), "Spark refuses: "),
    ):
        done = spark(*arguments, *options)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert done.stderr.splitlines()[-1].startswith("error: ")
        assert said in done.stderr.splitlines()[-1]


def test_of_a_worker_that_fails_only_the_kind_of_error_is_told() -> None:
    said = "Traceback (most recent call last):\n  File ...\nValueError: a patient called Smith\n"
    problem = _of_worker(said, Path("out"))
    assert ("ValueError" in str(problem), "Smith" in str(problem)) == (True, False)
    problem = _of_worker("pyspark.errors.X\nModuleNotFoundError: No module named 'imr_rules'", Path("out"))
    assert "ModuleNotFoundError; the package is needed on every worker" in str(problem)
