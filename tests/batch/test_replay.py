"""A corpus through two rulebooks: what flips is what flips when each item is screened by both."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.inventory import inventory
from imr_rules import Case, Rulebook, screen
from imr_rules.agreement import agreement, decided_items
from imr_rules.agreement.corpus import MOST, UNLIKE, corpus_agreement
from imr_rules.batch import batch, flat_rows
from imr_rules.batch.flatten import as_batch
from imr_rules.batch.replay import Flip, Replayed, replayed
from imr_rules.rulebook.in_use import shipped
from imr_rules.screening.turns import Turn
from imr_rules.workbench.answers import Answer, answer_of, turn_between
from tests.cli.running import run
from tests.paths import DETERMINATIONS, FIXTURES


def edited(folder: Path) -> Rulebook:
    """The shipped rulebook with one limit changed."""
    shutil.copytree(shipped().base, folder)
    path = next(
        each
        for each in folder.rglob("*.yaml")
        if each.name == "physical-medicine.yaml" and "2016" in str(each)
    )
    text = path.read_text()
    assert "[9, 10]" in text
    path.write_text(text.replace("[9, 10]", "[9, 14]"))
    return Rulebook.load(folder)


def by_key(found: Replayed) -> dict[tuple[str | None, Turn], Flip]:
    return {(each.treatment, each.turn): each for each in found.flips}


@pytest.mark.long
@pytest.mark.parametrize("folder", [FIXTURES / "audit", pytest.param(FIXTURES, marks=pytest.mark.long)])
def test_whole_cases_flip_as_screen_has_it(shipped: Rulebook, tmp_path: Path, folder: Path) -> None:
    new = edited(tmp_path / "edited")
    expected: Counter[tuple[str | None, Turn]] = Counter()
    of: Counter[str | None] = Counter()
    before: Counter[tuple[str | None, Turn, str]] = Counter()
    after: Counter[tuple[str | None, Turn, str]] = Counter()
    items = 0
    for path in sorted(folder.rglob("*.yaml")):
        case = Case.from_file(path)
        for one, other in zip(screen(case, shipped).items, screen(case, new).items, strict=True):
            items += 1
            of[one.treatment] += 1
            turn = turn_between(*(answer_of(each)._replace(lean_grounds=()) for each in (one, other)))
            if turn is not None:
                expected[one.treatment, turn] += 1
                before.update((one.treatment, turn, ground) for ground in one.grounds)
                after.update((one.treatment, turn, ground) for ground in other.grounds)
    found = replayed([str(folder)], shipped, new)
    assert expected
    assert (found.items, found.rejects) == (items, 0)
    assert {key: each.items for key, each in by_key(found).items()} == expected
    for side, grounds in (("before", before), ("after", after)):
        assert grounds == Counter(
            {
                (each.treatment, each.turn, g): n
                for each in found.flips
                for g, n in getattr(each, side).items()
            }
        )
    assert all(each.of == of[each.treatment] for each in found.flips)
    assert found.to_dict()["flips"][0]["example"]["row"] == 1


@pytest.mark.long
def test_tables_flip_as_two_batches_do(generated: Path, tmp_path: Path) -> None:
    old = Rulebook.load(generated)
    folder = tmp_path / "edited"
    shutil.copytree(generated, folder)
    for path in (folder / "guidelines").glob("treatment_1*.yaml"):
        path.write_text(path.read_text().replace('"visits": ', '"visits": 1'))
    new = Rulebook.load(folder)
    pq.write_table(inventory(20_000), tmp_path / "in.parquet", row_group_size=3_000)
    suggested = []
    for name, rulebook in (("old", old), ("new", new)):
        batch([str(tmp_path / "in.parquet")], tmp_path / f"{name}.parquet", rulebook)
        columns = ["treatment", "suggestion", "lean", "grounds", "lean_rests_on"]
        rows = pq.read_table(tmp_path / f"{name}.parquet", columns=columns).to_pylist()
        suggested.append([(row["treatment"], _answer(row)) for row in rows])
    turns = [(one[0], turn_between(one[1], other[1])) for one, other in zip(*suggested, strict=True)]
    expected = Counter(turn for turn in turns if turn[1] is not None)
    found = replayed([str(tmp_path / "in.parquet")], old, new)
    assert expected
    assert found.items == 20_000
    assert {key: each.items for key, each in by_key(found).items()} == expected
    for key, flip in by_key(found).items():
        assert flip.example == (str(tmp_path / "in.parquet"), turns.index(key) + 1)
    assert replayed([str(tmp_path / "in.parquet")], old, new, workers=2) == found


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        row["suggestion"],
        row["lean"] or "none",
        tuple(row["grounds"]),
        (),
        {},
        (),
        tuple(row["lean_rests_on"]),
    )


@pytest.mark.long
def test_diff_counts_what_a_corpus_does(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: the extra `workbench` is not installed")
    root = FIXTURES.parent
    edited(tmp_path / "edited")
    determinations = str(DETERMINATIONS)
    command = [str(Path(sys.executable).with_name("imr-rules")), "diff", str(root / "rulesets" / "mtus")]
    command += [str(tmp_path / "edited"), "--corpus", determinations, "--fixtures", determinations]
    told = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    receipt = json.loads(told.stdout)
    corpus = receipt["corpus"]
    assert corpus["items"] == 93
    assert sum(each["items"] for each in corpus["flips"]) == len(receipt["fixtures"]["flips"]) > 0


@pytest.mark.long
def test_agreement_over_tables_is_agreement_over_cases(shipped: Rulebook, tmp_path: Path) -> None:
    cases = {path: Case.from_file(path) for path in sorted(FIXTURES.rglob("*.yaml"))}
    one_by_one = agreement(
        each for path, case in cases.items() for each in decided_items(path.stem, case, shipped)
    )
    rows = [row | {"case": path.stem} for path, case in cases.items() for row in flat_rows(case, shipped)]
    table = pa.Table.from_batches(
        [as_batch([*rows, {"outcome": "withdrawn"}, {}], dict(shipped.vocabulary.facts))]
    )
    pq.write_table(table, tmp_path / "items.parquet")
    found = corpus_agreement([str(tmp_path / "items.parquet")], shipped)
    assert found.overall == one_by_one.overall
    assert found.by_group == one_by_one.by_group
    assert (found.without_outcome, found.rejects) == (len(rows) - found.overall.items + 1, 1)
    for ours, theirs in (
        (found.disagreements, one_by_one.disagreements),
        (found.left_to_review, one_by_one.left_to_review),
    ):
        assert [
            (each.case, each.item, each.suggestion, each.outcome, tuple(each.grounds)) for each in ours
        ] == [(each.case, each.item, each.suggestion, each.outcome, each.grounds) for each in theirs[:MOST]]
    assert rows[found.disagreements[0].row - 1]["case"] == found.disagreements[0].case


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", ["unlike.parquet", "unlike.arrow", "unlike.csv", "unlike.ndjson"])
def test_every_item_that_does_not_agree_is_written(
    generated: Path, tmp_path: Path, name: str, workers: int
) -> None:
    table = inventory(3_000)
    outcome = pa.array(["upheld" if place % 7 else "overturned" for place in range(table.num_rows)])
    pq.write_table(table.append_column("outcome", outcome), tmp_path / "in.parquet", row_group_size=700)
    rulebook = Rulebook.load(generated)
    batch([str(tmp_path / "in.parquet")], tmp_path / "out.parquet", rulebook)
    agrees = {("uphold", "upheld"), ("overturn", "overturned")}
    suggested = pq.read_table(tmp_path / "out.parquet").to_pylist()
    expected = [
        row["row"] for row, came in zip(suggested, outcome.to_pylist(), strict=True)
        if (row["suggestion"], came) not in agrees
    ]  # fmt: skip
    path = tmp_path / name
    found = corpus_agreement([str(tmp_path / "in.parquet")], rulebook, items=path, workers=workers)
    readers: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "unlike.parquet": lambda: pq.read_table(path).to_pylist(),
        "unlike.arrow": lambda: pa.ipc.open_file(path).read_all().to_pylist(),
        "unlike.csv": lambda: list(csv.DictReader(path.read_text().splitlines())),
        "unlike.ndjson": lambda: [json.loads(line) for line in path.read_text().splitlines()],
    }
    written = readers[name]()
    assert [int(row["row"]) for row in written] == expected
    assert list(written[0]) == UNLIKE.names
    listed = sorted(each.row for each in (*found.disagreements, *found.left_to_review))
    assert (len(listed), len(set(listed) - set(expected))) == (2 * MOST, 0)
    assert not list(tmp_path.glob(".*"))


def test_agree_takes_tables(shipped: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("treatment,outcome\nmassage,upheld\nmassage,overturned\n")
    done = run("agree", tmp_path / "items.csv")
    assert done.status == 0, done.err
    assert "· items: 2\n" in done.out
    listed = " ".join(done.out.partition("Left to review\n")[2].split())
    where = tmp_path / "items.csv"
    assert listed == " ".join(
        f"· {where}, record {row} (not recognized): needs review, was {outcome}; treatment not recognized, treatment"
        for row, outcome in ((1, "upheld"), (2, "overturned"))
    )
    for options, said in (
        (["--items", str(tmp_path / "nowhere" / "out.parquet")], "it cannot be written"),
        (["--items", str(tmp_path / "out.txt")], "its name does not tell its format"),
        (["--format", "html"], "tables of items are told as text or json"),
    ):
        done = run("agree", tmp_path / "items.csv", *options)
        assert (done.status, len(done.err.splitlines())) == (2, 1)
        assert said in done.err
    (tmp_path / "none.csv").write_text("treatment\nmassage\n")
    done = run("agree", tmp_path / "none.csv")
    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert "no item here records a real outcome" in done.err
