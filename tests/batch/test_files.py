"""Files of every format, rejects, and a batch that is taken up again wherever it was killed."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.inventory import inventory
from imr_rules import Rulebook
from imr_rules.batch import batch, rejects_beside
from imr_rules.batch.inputs import find
from imr_rules.batch.plain_csv import LINE_END
from imr_rules.batch.records import Reading
from imr_rules.batch.units import cut
from imr_rules.errors import CaseError
from tests.batch.killing import killed_until_done
from tests.cli.running import run as run_here

COMMAND = [str(Path(sys.executable).with_name("imr-rules"))]


def run(*arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    wide = os.environ | {"COLUMNS": "100"}  # a narrow terminal has lists in place of tables
    return subprocess.run([*COMMAND, "batch", *arguments], input=given, capture_output=True, env=wide)


def rows(path: Path, *without: str) -> list[dict[str, Any]]:
    table = pq.read_table(path) if path.suffix == ".parquet" else pa.ipc.open_file(path).read_all()
    return [{k: v for k, v in row.items() if k not in without} for row in table.to_pylist()]


@pytest.mark.parametrize("name", ["items.arrow", "items.ipc", "items.csv", "items.ndjson"])
def test_every_format_says_the_same(rulebook: Rulebook, tables: Path, tmp_path: Path, name: str) -> None:
    batch([str(tables / "items.parquet")], tmp_path / "one.parquet", rulebook)
    batch([str(tables / name)], tmp_path / "other.arrow", rulebook)
    digest = ("file", "input_digest")
    assert rows(tmp_path / "one.parquet", *digest) == rows(tmp_path / "other.arrow", *digest)


def test_small_units_and_workers_change_no_byte(
    rulebook: Rulebook, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [str(tables / f"items.{kind}") for kind in ("parquet", "csv", "ndjson")]
    batch(inputs, tmp_path / "one.parquet", rulebook)
    batch(inputs, tmp_path / "two.parquet", rulebook, workers=2)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    monkeypatch.setattr("imr_rules.batch.lines.UNIT_BYTES", 60_000)
    batch(inputs, tmp_path / "many.parquet", rulebook)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "many.parquet").read_bytes()


def test_text_is_cut_after_whole_lines(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imr_rules.batch.lines.UNIT_BYTES", 40)
    lines = [f'"case\n{number}",treatment_{number % 9}' for number in range(50)]
    (tmp_path / "in.csv").write_text("case,treatment\n" + "\n".join(lines))
    sources = find([str(tmp_path / "in.csv")], None, tmp_path / "stdin")
    units = cut(sources)
    assert len(units) > 20
    reading = Reading(sources, rulebook, frozenset())
    found = [
        case
        for unit in units
        for chunk in reading.read(unit)
        for case in chunk.batch.column("case").to_pylist()
    ]
    assert found == [f"case{LINE_END}{number}" for number in range(50)]


# -- rejects -------------------------------------------------------------------------------------------------


def rejected(path: Path) -> list[tuple[int, str]]:
    lines = rejects_beside(path).read_text().splitlines()
    return [(row["row"], row["reason"]) for row in map(json.loads, lines)]


def test_nothing_in_csv_is_coerced(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(
        b"treatment,edition_from,prior_visits,shown_1,stage,level_1.low,level_1.high,shown_2.state\n"
        b"treatment_1,2014-08-05,12,true,acute,,,\n"
        b"treatment_1,2014-08-05,twelve,true,acute,,,\n"
        b"treatment_1,2014-08-05,12.0,true,acute,,,\n"
        b"treatment_1,2014-08-05,012,true,acute,,,\n"
        b"treatment_1,2014-08-05, 12,true,acute,,,\n"
        b"treatment_1,2014-02-31,12,true,acute,,,\n"
        b"treatment_1,2014-8-5,12,true,acute,,,\n"
        b"treatment_1,2014-08-05,12,yes,acute,,,\n"
        b"treatment_1,2014-08-05,12,1,acute,,,\n"
        b"treatment_1,2014-08-05,12,true,ancient,,,\n"
        b"treatment_1,2014-08-05,123456,true,acute,,,\n"
        b"treatment_1,2014-08-05,12,true,acute,7,3,\n"
        b"treatment_1,2014-08-05,12,true,acute,3,7,nonsense\n"
        b"treatment_1,2014-08-05,12\n"
        b"treatment_1,2014-08-05,12,true,\xff\xfe\xc3\xa9,,,\n"
        b"treatment_1,2014-08-05,12,true,acute,3,7,undocumented\n"
        b",,,,,,,\n"
    )
    total = batch([str(tmp_path / "in.csv")], tmp_path / "out.parquet", rulebook)
    found = rejected(tmp_path / "out.parquet")
    assert [row for row, _ in found] == list(range(2, 16))
    said = dict(found)
    assert said[2] == said[3] == said[4] == said[5] == "prior_visits: a whole number belongs here"
    assert said[6] == said[7] == "edition_from: a date like 2014-08-05 belongs here"
    assert said[8] == said[9] == "shown_1: true or false belongs here"
    assert said[10] == "stage: one of its words belongs here"
    assert "must lie between" in said[11]
    assert said[12] == "level_1: the least value is more than the greatest"
    assert said[13].startswith("shown_2.state: one of ")
    assert said[14] == "3 cells, where 8 belong"
    assert said[15] == "stage: this is not UTF-8"
    assert [row["row"] for row in rows(tmp_path / "out.parquet")] == [1, 16, 17]
    assert (total.records, total.rows, total.rejects) == (17, 3, 14)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON object"),
        ("7", "no JSON object"),
        ('{"prior_visits": "12"}', "prior_visits: a whole number"),
        ('{"prior_visits": 12.0}', "prior_visits: a whole number"),
        ('{"prior_visits": true}', "prior_visits: a whole number"),
        ('{"prior_visits": 1000000000000000000000}', "prior_visits: a whole number"),
        ('{"shown_1": 1}', "shown_1: true or false"),
        ('{"shown_1": true, "shown_1": false}', "each key once"),
        ('{"edition_from": "05.08.2014"}', "edition_from: a date"),
        ('{"prior_visit": 12}', "no fact or column `prior_visit`; did you mean `prior_visits`"),
        ('{"a patient called Smith": 12}', "no fact or column of this name"),
        ('{"case": "\\ud800"}', "case: text"),
        ('{"treatment": ["a"]}', "treatment: text"),
        ('{"edition_to": "2014-01-01"}', "there is no edition_from"),
        ('{"edition_from": "2014-01-02", "edition_to": "2014-01-01"}', "before edition_from"),
        ('{"shown_1": true, "shown_1.state": "missing"}', "a value excludes"),
        ('{"prior_visits": 1, "prior_visits.low": 1}', "a value excludes"),
        ('{"stage": "acute", "stage.state": "missing"}', "excludes bounds and a state"),
        ("[" * 100_000, "no JSON object"),
        ('{"items": []}', ""),
        ('{"items": [{"service": "x", "treatment": 7}]}', "treatment"),
    ],
)
def test_a_bad_line_is_rejected_and_the_next_is_judged(
    rulebook: Rulebook, tmp_path: Path, line: str, reason: str
) -> None:
    (tmp_path / "in.ndjson").write_text(line + '\n{"treatment": "treatment_1"}\n')
    batch([str(tmp_path / "in.ndjson")], tmp_path / "out.parquet", rulebook)
    ((row, said),) = rejected(tmp_path / "out.parquet")
    assert row == 1
    assert reason in said
    assert "Smith" not in said
    assert [each["row"] for each in rows(tmp_path / "out.parquet")] == [2]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"prior_visits": pa.array(["12"])}, "wrong-type"),
        ({"prior_visits": pa.array([12.0])}, "wrong-type"),
        ({"shown_1": pa.array([1])}, "wrong-type"),
        ({"prior_visit": pa.array([12])}, "unknown-column"),
        ({"prior_visits.least": pa.array([12])}, "unknown-column"),
        ({"shown_1.low": pa.array([True])}, "unknown-column"),
        ({"edition_from": pa.array(["2014-01-01"])}, "wrong-type"),
    ],
)
def test_a_table_of_other_columns_is_refused_before_the_work(
    rulebook: Rulebook, tmp_path: Path, table: dict[str, pa.Array], code: str
) -> None:
    pq.write_table(pa.table(table), tmp_path / "in.parquet")
    with pytest.raises(CaseError) as refused:
        batch([str(tmp_path / "in.parquet")], tmp_path / "out.parquet", rulebook)
    assert [each.code for each in refused.value.problems] == [code]
    assert str(tmp_path / "in.parquet") in str(refused.value)
    assert not (tmp_path / "out.parquet.work").exists()
    ignored = frozenset(table)
    pq.write_table(pa.table(table | {"case": pa.array(["a"])}), tmp_path / "in.parquet")
    assert (
        batch([str(tmp_path / "in.parquet")], tmp_path / "out.parquet", rulebook, ignored=ignored).rows == 1
    )


def test_whole_numbers_of_every_width(rulebook: Rulebook, tmp_path: Path) -> None:
    found = []
    for kind in (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64()):
        table = pa.table({
            "treatment": ["treatment_3"] * 3, "prior_visits": pa.array([3, 90, None], kind),
            "visits_if_granted.low": pa.array([None, 4, 4], kind), "visits_if_granted": pa.array([9, None, None], kind),
        }).append_column("edition_from", pa.array([16000] * 3, pa.int32()).cast(pa.date32()))  # fmt: skip
        pq.write_table(table, tmp_path / "in.parquet")
        batch([str(tmp_path / "in.parquet")], tmp_path / "out.parquet", rulebook)
        found.append(rows(tmp_path / "out.parquet", "input_digest"))
    assert all(each == found[0] for each in found)


# -- items that follow another, in tables --------------------------------------------------------------------


def test_rows_that_follow_others_wait_for_them(shipped: Rulebook, tmp_path: Path) -> None:
    def row(case: str, item: str, **more: Any) -> dict[str, Any]:
        return {"case": case, "item": item, "treatment": "massage", "edition_from": "2014-08-05", **more}

    lines = [
        row("a", "1", follows="2"), row("a", "2"),
        row("b", "1", follows="1"),
        row("c", "1", follows="2"), row("c", "2", follows="1"),
        row("d", "1", follows="9"),
        row("e", "1", prior_visits=-1), row("e", "2", follows="1"),
        row("f", "1"), row("f", "1"), row("f", "2", follows="1"),
    ]  # fmt: skip
    lines.append({"treatment": "massage", "follows": "1"})
    (tmp_path / "in.ndjson").write_text("\n".join(map(json.dumps, lines)))
    batch([str(tmp_path / "in.ndjson")], tmp_path / "out.parquet", shipped)
    said = dict(rejected(tmp_path / "out.parquet"))
    assert [each["row"] for each in rows(tmp_path / "out.parquet")] == [1, 2, 9, 10]
    assert "circle" in said[3]
    assert "circle" in said[4]
    assert "circle" in said[5]
    assert "must name one item" in said[6]
    assert "must lie between" in said[7]
    assert "was rejected" in said[8]
    assert "must name one item" in said[11]
    assert "must name one item" in said[12]


# -- interrupted ---------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(("workers", "times"), [("1", 2), pytest.param("2", 8, marks=pytest.mark.long)])
def test_killed_at_any_point_it_ends_with_the_same_bytes(
    generated: Path, tmp_path: Path, workers: str, times: int
) -> None:
    table = inventory(20_000)
    level = pa.array([-1 if place % 700 == 3 else 50 for place in range(table.num_rows)])
    table = table.set_column(table.schema.get_field_index("level_1"), "level_1", level)
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=500)
    options = ("--rulebook", str(generated), "--workers", workers)
    whole, output = tmp_path / "whole.parquet", tmp_path / "killed.parquet"
    assert run(str(tmp_path / "in.parquet"), str(whole), *options).returncode == 0
    work = tmp_path / "killed.parquet.work"
    command = [*COMMAND, "batch", str(tmp_path / "in.parquet"), str(output), *options]
    kills = killed_until_done(command, work, times, random.Random(int(workers)), 12)
    assert kills >= times // 2, "it was done before it could be killed: this shows nothing"
    assert output.read_bytes() == whole.read_bytes()
    assert rejects_beside(output).read_bytes() == rejects_beside(whole).read_bytes()
    assert len(rejected(output)) == sum(place % 700 == 3 for place in range(20_000))
    assert not work.exists()


def test_an_interrupted_batch_does_only_what_is_left(
    rulebook: Rulebook, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        pass

    def stop(progress: Any) -> None:
        if progress.fresh >= 2_000:
            raise Enough

    output, source = tmp_path / "out.parquet", [str(tables / "items.parquet")]
    with pytest.raises(Enough):
        batch(source, output, rulebook, told=stop)
    assert not output.exists()
    assert batch(source, output, rulebook).resumed == 2
    assert batch(source, output, rulebook).resumed == 0


def test_other_work_is_neither_mixed_in_nor_thrown_away_unasked(
    rulebook: Rulebook, shipped: Rulebook, tables: Path, tmp_path: Path
) -> None:
    class Enough(Exception):
        pass

    def stop(progress: Any) -> None:
        if progress.fresh:
            raise Enough

    (tmp_path / "in.csv").write_text("treatment\nmassage\n")
    output = tmp_path / "out.parquet"
    with pytest.raises(Enough):
        batch([str(tables / "items.parquet")], output, rulebook, told=stop)
    with pytest.raises(CaseError, match="unfinished batch of other files") as refused:
        batch([str(tmp_path / "in.csv")], output, shipped)
    assert refused.value.problems[0].code == "other-batch"
    assert batch([str(tmp_path / "in.csv")], output, shipped, restart=True).rows == 1


def test_two_batches_do_not_write_one_output(rulebook: Rulebook, tables: Path, tmp_path: Path) -> None:
    output, source = tmp_path / "out.parquet", [str(tables / "items.parquet")]
    seen = []

    def again(progress: Any) -> None:
        with pytest.raises(CaseError) as refused:
            batch(source, output, rulebook)
        seen.append(refused.value.problems[0].code)

    batch(source, output, rulebook, told=again)
    assert set(seen) == {"busy"}


# -- the command ---------------------------------------------------------------------------------------------


def test_standard_input_and_output(generated: Path, tables: Path, tmp_path: Path) -> None:
    text = (tables / "items.csv").read_bytes()
    found = run("-", "-", "--from", "csv", "--rulebook", str(generated), given=text)
    assert found.returncode == 0, found.stderr
    lines = [json.loads(line) for line in io.BytesIO(found.stdout)]
    assert len(lines) == 3_000
    assert {line["file"] for line in lines} == {"-"}
    run(str(tables / "items.csv"), str(tmp_path / "out.ndjson"), "--rulebook", str(generated))
    written = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert [line | {"file": "-"} for line in written] == lines


def test_patterns_and_directories(rulebook: Rulebook, tables: Path, tmp_path: Path) -> None:
    batch([str(tables / "items.[ap]*")], tmp_path / "one.parquet", rulebook)
    assert {row["file"].rsplit(".")[-1] for row in rows(tmp_path / "one.parquet")} == {"arrow", "parquet"}
    assert batch([str(tables)], tmp_path / "all.parquet", rulebook).rows == 5 * 3_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["only.parquet"], "a file to write"),
        (["none.parquet", "out.parquet"], "there is no such file"),
        (["{csv}", "out.txt"], "its name does not tell its format"),
        (["{csv}", "out.parquet", "--from", "parquet"], "this is no parquet file, or it is damaged"),
        (["{csv}", "/nowhere/at/all/out.parquet"], "it cannot be written"),
        (["{csv}", "out.parquet", "--master", "local[2]"], "only with --engine spark"),
    ],
)
def test_a_mistake_is_told_in_one_line(tables: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    given = [each.replace("{csv}", str(tables / "items.csv")) for each in arguments]
    found = run_here("batch", *given, cwd=tmp_path)
    assert found.status == 2
    (line,) = found.err.splitlines()
    assert said in line


@pytest.mark.long
def test_the_summary_counts_and_says_what_flipped(generated: Path, tables: Path, tmp_path: Path) -> None:
    common = ("--workers", "1", "--rulebook", str(generated))
    old, new = tmp_path / "old.parquet", tmp_path / "new.arrow"
    found = run(str(tables / "items.parquet"), str(old), "--summary", *common)
    assert found.returncode == 0, found.stderr
    shown = found.stdout.decode()
    suggested = [row["suggestion"] for row in rows(old)]
    for title in ("suggestions", "grounds", "review reasons", "missing facts"):
        assert title in shown
    lines = [line.split() for line in shown.splitlines()]
    assert [
        "facts_missing",
        f"{sum('facts_missing' in row['review_reasons'] for row in rows(old)):,}",
    ] in lines
    counts = (f"{suggested.count(each):,}" for each in ("uphold", "overturn", "needs_review"))
    assert ["all", "3,000", *counts] in lines
    assert "  and 11 more" in shown  # of 30 treatments and the line for all of them
    edited = tmp_path / "edited"
    edited.mkdir()
    for path in generated.rglob("*.yaml"):
        (edited / path.relative_to(generated)).parent.mkdir(exist_ok=True)
        (edited / path.relative_to(generated)).write_text(path.read_text())
    changed = edited / "guidelines" / "treatment_4.yaml"
    guideline = json.loads(changed.read_text())
    guideline["limits"]["total"]["visits"] = 200
    changed.write_text(json.dumps(guideline))
    found = run(str(tables / "items.parquet"), str(new), "--against", str(old), *common[:3], str(edited))
    assert found.returncode == 0, found.stderr
    flips = [line.split() for line in found.stdout.decode().splitlines() if "treatment_" in line]
    changed_rows = sum(one != other["suggestion"] for one, other in zip(suggested, rows(new), strict=True))
    assert [(line[0], int(line[2])) for line in flips] == [("treatment_4", changed_rows)]
    assert changed_rows > 0
    (total,) = [line.split() for line in found.stdout.decode().splitlines() if line.startswith("  all")]
    assert total[1:3] == ["3,000", str(changed_rows)]
    (tmp_path / "other.csv").write_text("treatment\ntreatment_1\n")
    found = run(str(tmp_path / "other.csv"), str(tmp_path / "other.parquet"), "--against", str(old), *common)
    assert (found.returncode, b"no item of it is in the new result" in found.stderr) == (2, True)
