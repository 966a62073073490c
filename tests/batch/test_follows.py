"""Tables of items that follow others: cut between cases, however the files are, and taken up again like any other."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from imr_rules import Case, Rulebook
from imr_rules.batch import batch, flat_rows, rejects_beside
from imr_rules.batch.flatten import as_batch
from imr_rules.batch.inputs import find
from imr_rules.batch.plain_csv import LINE_END
from imr_rules.batch.records import Reading
from imr_rules.batch.units import cut
from tests.batch.killing import killed_until_done
from tests.paths import FIXTURES

LONG = 40
"""Rows of the one case that is longer than any part of a file."""


@pytest.fixture(scope="module")
def table(shipped: Rulebook) -> pa.Table:
    """Real cases in which items follow others, over and over; some rows are of no case, and some are bad."""
    read = [Case.from_file(path) for path in sorted(FIXTURES.rglob("*.yaml"))]
    cases = [flat_rows(case, shipped) for case in read if any(item.follows for item in case.items)]
    draw = random.Random(5)
    rows: list[dict[str, Any]] = []
    for copy in range(50):
        chosen = draw.choice(cases)
        if copy == 30:
            first, item = dict(chosen[0], item="0"), {"item": "x", "follows": "0"}
            first.pop("follows", None)
            chosen = [first, *(first | item | {"item": str(number)} for number in range(1, LONG))]
        rows += [row | {"case": f'a "case",\n{copy}'} for row in chosen]
        if copy % 9 == 0:
            rows[-1 - copy % 2]["prior_visits"] = -1
        if copy % 11 == 0:
            rows += [{"treatment": "acupuncture"}] * 3
    return pa.Table.from_batches([as_batch(rows, dict(shipped.vocabulary.facts))])


def write(table: pa.Table, path: Path, rows: int) -> None:
    """Write a table in parts of so many rows, where the format has parts."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=rows)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=rows)
    elif path.suffix == ".ipc":
        with pa.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=rows)
    elif path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        lines = [
            json.dumps({name: cell for name, cell in row.items() if cell is not None}, default=str)
            for row in table.to_pylist()
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def said(path: Path) -> tuple[list[dict[str, Any]], list[Any]]:
    rows = [
        {name: cell for name, cell in row.items() if name not in ("file", "input_digest")}
        for row in pq.read_table(path).to_pylist()
    ]
    rejects = [json.loads(line) for line in rejects_beside(path).read_text(encoding="utf-8").splitlines()]
    return rows, [(each["row"], each["reason"].split(": ")[-1]) for each in rejects]


@pytest.mark.long
@pytest.mark.parametrize("rows", [2, 31])
@pytest.mark.parametrize("kind", ["parquet", "arrow", "ipc", "csv", "ndjson"])
def test_no_case_is_parted_however_a_file_is_cut(
    shipped: Rulebook, table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, rows: int
) -> None:
    write(table, tmp_path / "whole.parquet", table.num_rows)
    batch([str(tmp_path / "whole.parquet")], tmp_path / "one.parquet", shipped)
    expected = said(tmp_path / "one.parquet")
    assert any("was rejected" in reason for _, reason in expected[1])
    assert not any("must name one item" in reason for _, reason in expected[1])
    monkeypatch.setattr("imr_rules.batch.units.UNIT_ROWS", rows)
    monkeypatch.setattr("imr_rules.batch.lines.UNIT_BYTES", 150 * rows)
    monkeypatch.setattr("imr_rules.batch.tables.BATCH_ROWS", 3 + rows)
    path = tmp_path / f"in.{kind}"

    def given(case: str | None) -> str | None:
        """Return a case as it was written: only CSV has a sign for a line end in it."""
        assert case is None or (LINE_END in case) == (kind == "csv")
        return case and case.replace(LINE_END, "\n")

    write(table, path, rows)
    batch([str(path)], tmp_path / "many.parquet", shipped)
    rows_said, rejects = said(tmp_path / "many.parquet")
    assert [dict(row, case=given(row["case"])) for row in rows_said] == expected[0]
    assert rejects == expected[1]
    sources = find([str(path)], None, tmp_path / "stdin")
    units, reading = cut(sources), Reading(sources, shipped)
    assert len(units) == 1 if kind == "ipc" else len(units) > 40 // rows
    found = [
        [row.get("case") for chunk in reading.read(unit) for row in chunk.batch.to_pylist()]
        for unit in units  # a few lines of JSON may all leave the case out
    ]
    found = [cases for cases in found if cases]  # all of a unit may belong to a case begun before
    assert [given(case) for each in found for case in each] == table["case"].to_pylist()
    for one, other in itertools.pairwise(found):
        assert one[-1] is None or one[-1] != other[0]


def test_bad_records_between_rows_of_a_case_do_not_part_it(
    shipped: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imr_rules.batch.lines.UNIT_BYTES", 90)
    day = "2014-08-05"
    lines = [
        '{"case": "z"}',
        f'{{"case": "a", "item": "1", "treatment": "acupuncture", "edition_from": "{day}"}}',
    ]
    lines += [
        "{",
        "",
        "7",
        '{"case": 7}',
        '{"case": "a"',
        '{"case": "a", "item": "2", "follows": "1"}',
        '{"case": "b"}',
    ]
    (tmp_path / "in.ndjson").write_text("\n".join(lines), encoding="utf-8")
    batch([str(tmp_path / "in.ndjson")], tmp_path / "ndjson.parquet", shipped)
    rows = ["case,item,follows,treatment", "z,,,", "a,1,,acupuncture", "a", '"', "b,,,"]
    rows[4:4] = ["a,2,1,acupuncture"]
    del rows[5]
    (tmp_path / "in.csv").write_text("\n".join(rows), encoding="utf-8")
    batch([str(tmp_path / "in.csv")], tmp_path / "csv.parquet", shipped)
    for name, good, bad in (("ndjson", [1, 2, 8, 9], [3, 5, 6, 7]), ("csv", [1, 2, 4, 5], [3])):
        found, rejects = said(tmp_path / f"{name}.parquet")
        assert [row["row"] for row in found] == good
        assert [row for row, _ in rejects] == bad


def test_what_cannot_be_read_ends_a_unit_some_time(
    shipped: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of nonsense does not become one unit, which would not fit into memory."""
    monkeypatch.setattr("imr_rules.batch.lines.UNIT_BYTES", 20_000)
    (tmp_path / "in.ndjson").write_text("nonsense\n" * 20_000, encoding="utf-8")
    assert len(cut(find([str(tmp_path / "in.ndjson")], None, tmp_path / "stdin"))) > 5


@pytest.mark.long
@pytest.mark.parametrize("times", [3, pytest.param(10, marks=pytest.mark.long)])
def test_killed_at_any_point_it_ends_with_the_same_bytes(table: pa.Table, tmp_path: Path, times: int) -> None:
    write(table, tmp_path / "in.parquet", 7)
    command = [str(Path(sys.executable).with_name("imr-rules")), "batch", str(tmp_path / "in.parquet")]
    whole, output = tmp_path / "whole.parquet", tmp_path / "killed.parquet"
    subprocess.run([*command, str(whole), "--workers", "1"], check=True, capture_output=True)
    again = [*command, str(output), "--workers", "1"]
    kills = killed_until_done(again, tmp_path / "killed.parquet.work", times, random.Random(times), 6)
    assert kills >= times // 2 + 1, "it was done before it could be killed: this shows nothing"
    assert output.read_bytes() == whole.read_bytes()
    assert rejects_beside(output).read_bytes() == rejects_beside(whole).read_bytes()
