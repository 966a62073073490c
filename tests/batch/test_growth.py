"""What must not grow with the rows: calls in Python, and memory."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.inventory import inventory
from imr_rules import Rulebook
from imr_rules.engines.columnar import ColumnarEvaluator


@pytest.fixture(scope="module")
def evaluate(generated: Path) -> ColumnarEvaluator:
    return ColumnarEvaluator(Rulebook.load(generated))


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> ColumnarEvaluator:
    """Ten times the treatments and criteria."""
    from benchmarks.workload import make_workload

    folder = tmp_path_factory.mktemp("larger")
    return ColumnarEvaluator(Rulebook.load(make_workload(folder, treatments=300).directory))


def calls(evaluate: ColumnarEvaluator, batch: pa.RecordBatch) -> int:
    """How many functions are called for a batch: the same on every machine."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    evaluate(batch)  # what is compiled once is compiled
    sys.setprofile(counted)
    try:
        evaluate(batch)
    finally:
        sys.setprofile(None)
    return count


def test_no_row_costs_a_call(evaluate: ColumnarEvaluator) -> None:
    few, many = (
        calls(evaluate, inventory(rows).combine_chunks().to_batches()[0]) for rows in (5_000, 50_000)
    )
    assert many < 1.02 * few
    assert many < 6_700, "regression: it was 6,300 or so, for one shape of five criteria, with the lean"


def test_a_treatment_of_a_shape_costs_no_calls_of_its_own_to_judge(
    larger: ColumnarEvaluator, evaluate: ColumnarEvaluator
) -> None:
    few, many = (
        calls(each, inventory(20_000, treatments).combine_chunks().to_batches()[0])
        for each, treatments in ((evaluate, 30), (larger, 300))
    )
    # to look it up takes some ten; its criteria took a thousand when they were judged by themselves
    assert many - few < 15 * 270, (few, many)


def test_a_row_costs_only_its_own_treatments_criteria(
    larger: ColumnarEvaluator, evaluate: ColumnarEvaluator
) -> None:
    batch = inventory(5_000).combine_chunks().to_batches()[0]
    assert calls(larger, batch) < 1.02 * calls(evaluate, batch)
    assert larger(batch).column("suggestion").to_pylist() == evaluate(batch).column("suggestion").to_pylist()


def test_a_pickle_is_its_rulebook_and_judges_alike(evaluate: ColumnarEvaluator) -> None:
    batch = inventory(2_000).combine_chunks().to_batches()[0]
    evaluate(batch)
    pickled = pickle.dumps(evaluate)
    assert len(pickled) < len(pickle.dumps(evaluate.rulebook)) + 1_000
    assert pickle.loads(pickled)(batch).equals(evaluate(batch))


def test_columns_that_are_not_wanted_change_no_other(evaluate: ColumnarEvaluator) -> None:
    batch = inventory(2_000).combine_chunks().to_batches()[0]
    whole = evaluate(batch)
    for name in whole.schema.names:
        assert ColumnarEvaluator(evaluate.rulebook, (name,))(batch).column(name).equals(whole.column(name)), (
            name
        )


def test_slices_of_a_batch_are_judged_as_the_whole(evaluate: ColumnarEvaluator) -> None:
    table = inventory(3_000).combine_chunks()
    whole = pa.Table.from_batches([evaluate(table.to_batches()[0])])
    parts = pa.Table.from_batches(
        [evaluate(table.to_batches()[0].slice(first, 701)) for first in range(0, 3_000, 701)]
    )
    assert parts.to_pylist() == whole.to_pylist()
    assert evaluate(table.to_batches()[0].slice(0, 0)).num_rows == 0


@pytest.mark.long
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="SKIPPED LOUDLY: peak memory is read from /proc"
)
def test_memory_does_not_grow_with_the_rows(generated: Path, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        source = tmp_path / f"{rows}.parquet"
        with pq.ParquetWriter(source, inventory(1).schema) as writer:
            for seed in range(rows // 200_000):
                writer.write_table(inventory(200_000, seed=seed), row_group_size=100_000)
        work = (
            "import sys; from pathlib import Path; from imr_rules import Rulebook; from imr_rules.batch import batch\n"
            "batch([sys.argv[1]], Path(sys.argv[2]), Rulebook.load(sys.argv[3]))\n"
            "print([line for line in open('/proc/self/status') if 'VmHWM' in line][0].split()[1])\n"
        )
        command = [sys.executable, "-c", work, str(source), str(tmp_path / "out.parquet"), str(generated)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    few, many = peak(400_000), peak(2_400_000)
    assert many < 1.25 * few, (few, many)
