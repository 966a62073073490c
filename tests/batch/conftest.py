from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from benchmarks.inventory import inventory
from benchmarks.workload import make_workload
from imr_rules import Rulebook


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a rulebook of 30 treatments."""
    return make_workload(tmp_path_factory.mktemp("rulebook")).directory


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="session")
def rulebook(generated: Path) -> Rulebook:
    return Rulebook.load(generated)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same 3,000 items in every format."""
    folder = tmp_path_factory.mktemp("tables")
    table = inventory(3_000)
    pq.write_table(table, folder / "items.parquet", row_group_size=1_000)
    with pa.ipc.new_file(folder / "items.arrow", table.schema) as writer:
        for part in table.to_batches(max_chunksize=700):
            writer.write_batch(part)
    with pa.ipc.new_stream(folder / "items.ipc", table.schema) as writer:
        writer.write_table(table, max_chunksize=700)
    plain = table.cast(
        pa.schema(
            [
                (field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
                for field in table.schema
            ]
        )
    )
    csv.write_csv(plain, folder / "items.csv")
    with (folder / "items.ndjson").open("w") as stream:
        for row in plain.to_pylist():
            stream.write(
                json.dumps({name: cell for name, cell in row.items() if cell is not None}, default=str) + "\n"
            )
    return folder
