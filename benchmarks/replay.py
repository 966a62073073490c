"""A million recorded items replayed: through two rulebooks as `imr-rules diff` does, and against their outcomes as `agree`.

    python -m benchmarks.replay [--rows N] [--rounds N]

Two corpora of flat facts in Parquet, in row groups of 100,000: random items of the generated rulebook, in which the
limits of eleven treatments are edited; and the items of the determinations in fixtures/ over and over, for the real
rulebook with one raised limit. One process each; times are medians. The receipt that `diff` proves
beside a corpus does not depend on its size and is not in them (benchmarks/test_diff.py has it).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.inventory import inventory
from benchmarks.workload import make_workload
from imr_rules import Case, Rulebook
from imr_rules.agreement.corpus import corpus_agreement
from imr_rules.batch import flat_rows
from imr_rules.batch.flatten import as_batch
from imr_rules.batch.replay import replayed
from tests.paths import ROOT

LIMIT = Path("chronic-pain-2016", "physical-medicine.yaml"), "[9, 10]", "[9, 14]"
"""The edit of the real rulebook: file, and a limit before and after."""


def generated(folder: Path, rows: int) -> tuple[Path, Path, pa.Table]:
    """Return a generated rulebook, the same edited, and random items for it with random outcomes."""
    old = make_workload(folder / "old").directory
    new = Path(shutil.copytree(old, folder / "new"))
    for path in (new / "guidelines").glob("treatment_1*.yaml"):
        path.write_text(
            path.read_text(encoding="utf-8").replace('"visits": ', '"visits": 1'), encoding="utf-8"
        )
    upheld = np.random.default_rng(1).random(rows) < 0.9
    outcome = pa.array(np.where(upheld, "upheld", "overturned")).dictionary_encode()
    return old, new, inventory(rows).append_column("outcome", outcome)


def real(folder: Path, rows: int) -> tuple[Path, Path, pa.Table]:
    """Return the rulebook of this repository, the same edited, and the determinations' items over and over."""
    old = ROOT / "rulesets" / "mtus"
    new = Path(shutil.copytree(old, folder / "new"))
    file, before, after = LIMIT
    text = (new / file).read_text(encoding="utf-8")
    assert before in text
    (new / file).write_text(text.replace(before, after), encoding="utf-8")
    rulebook = Rulebook.load(old)
    found = [
        row | {"case": path.stem}
        for path in sorted((ROOT / "fixtures" / "determinations").rglob("*.yaml"))
        for row in flat_rows(Case.from_file(path), rulebook)
    ]
    few = pa.Table.from_batches([as_batch(found, dict(rulebook.vocabulary.facts))])
    turn, place = np.divmod(np.arange(rows), few.num_rows)
    many = few.take(pa.array(place))
    copies = [
        f"{case}-{number}" for case, number in zip(many["case"].to_pylist(), turn.tolist(), strict=True)
    ]
    return old, new, many.set_column(many.schema.get_field_index("case"), "case", pa.array(copies))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return how long some work takes, the median of some rounds."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.rows:,} rows, one process, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"load at the beginning {os.getloadavg()[0]:.1f}\n")  # fmt: skip
    print("| corpus | columns | flips | `diff`, both rulebooks | `agree` |\n|---|---|---|---|---|")
    for name, corpus in (
        ("generated rulebook, random items", generated),
        ("real rulebook, determinations", real),
    ):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            old, new, table = corpus(folder, options.rows)
            path, columns = folder / "corpus.parquet", table.num_columns
            pq.write_table(table, path, row_group_size=100_000)
            del table
            before, after = Rulebook.load(old), Rulebook.load(new)
            found = replayed([str(path)], before, after)
            assert (found.items, found.rejects) == (options.rows, 0)
            assert corpus_agreement([str(path)], before).overall.items == options.rows
            diff = seconds(lambda: replayed([str(path)], before, after), options.rounds)  # noqa: B023
            agree = seconds(lambda: corpus_agreement([str(path)], before), options.rounds)  # noqa: B023
        print(f"| {name} | {columns} | {found.flipped:,} | {diff:.1f} s | {agree:.1f} s |")


if __name__ == "__main__":
    main()
