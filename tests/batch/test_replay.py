"""A corpus through two rulebooks: what flips is what flips when each item is screened by both."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from inventory import inventory

from imr_rules import Case, Rulebook, screen
from imr_rules.agreement import agreement, decided_items
from imr_rules.agreement.corpus import corpus_agreement
from imr_rules.batch import batch, flat_rows
from imr_rules.batch.flatten import as_batch
from imr_rules.batch.replay import Replayed, replayed
from imr_rules.cli.diff import _corpus
from imr_rules.rulebook import default_directory
from imr_rules.screening.suggestion import Suggestion

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def edited(folder: Path) -> Rulebook:
    """The shipped rulebook with one limit changed."""
    shutil.copytree(default_directory(), folder)
    path = next(
        each
        for each in folder.rglob("*.yaml")
        if each.name == "physical-medicine.yaml" and "2016" in str(each)
    )
    text = path.read_text()
    assert "[9, 10]" in text
    path.write_text(text.replace("[9, 10]", "[9, 14]"))
    return Rulebook.load(folder)


def test_whole_cases_flip_as_screen_has_it(shipped: Rulebook, tmp_path: Path) -> None:
    new = edited(tmp_path / "edited")
    expected: Counter[tuple[str | None, str, str]] = Counter()
    items = 0
    for path in sorted(FIXTURES.rglob("*.yaml")):
        case = Case.from_file(path)
        for one, other in zip(screen(case, shipped).items, screen(case, new).items, strict=True):
            items += 1
            if one.suggestion != other.suggestion:
                expected[one.treatment, one.suggestion, other.suggestion] += 1
    found = replayed([str(FIXTURES)], shipped, new)
    assert expected
    assert (found.items, found.rejects, dict(found.transitions)) == (items, 0, dict(expected))
    assert found.to_dict()["flips"][0]["example"]["row"] == 1


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
        rows = pq.read_table(tmp_path / f"{name}.parquet", columns=["treatment", "suggestion"]).to_pylist()
        suggested.append([(row["treatment"], row["suggestion"]) for row in rows])
    pairs = list(zip(*suggested, strict=True))
    expected = Counter((one[0], one[1], other[1]) for one, other in pairs if one != other)
    found = replayed([str(tmp_path / "in.parquet")], old, new)
    assert expected
    assert (found.items, dict(found.transitions)) == (20_000, dict(expected))
    key = next(iter(found.transitions))
    first = next(place for place, (one, other) in enumerate(pairs, 1) if (one[0], one[1], other[1]) == key)
    assert found.examples[key] == (str(tmp_path / "in.parquet"), first)


@pytest.mark.long
def test_diff_counts_what_a_corpus_does(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: the extra `workbench` is not installed")
    root = FIXTURES.parent
    edited(tmp_path / "edited")
    determinations = str(FIXTURES / "determinations")
    command = [str(Path(sys.executable).with_name("imr-rules")), "diff", str(root / "rulesets" / "mtus")]
    command += [str(tmp_path / "edited"), "--corpus", determinations, "--fixtures", determinations]
    told = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    receipt = json.loads(told.stdout)
    corpus = receipt["corpus"]
    assert corpus["items"] == 93
    assert sum(each["items"] for each in corpus["flips"]) == len(receipt["fixtures"]["flips"]) > 0


def test_a_corpus_is_told_in_words() -> None:
    key: tuple[str, Suggestion, Suggestion] = ("massage", "uphold", "overturn")
    found = Replayed(93, 1, {key: 2_000}, {key: ("in.parquet", 7)})
    assert _corpus(found).split("\n")[1:] == [
        "Corpus: 2,000 of 93 items flip; 1 could not be read",
        "  massage: uphold to overturn: 2,000, the first in in.parquet, record 7",
    ]


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


def test_agree_takes_tables(shipped: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("treatment,outcome\nmassage,upheld\nmassage,overturned\n")
    command = [str(Path(sys.executable).with_name("imr-rules")), "agree"]
    done = subprocess.run([*command, str(tmp_path / "items.csv")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "| all items | 2 |" in done.stdout
    (tmp_path / "none.csv").write_text("treatment\nmassage\n")
    done = subprocess.run([*command, str(tmp_path / "none.csv")], capture_output=True, text=True)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no item here records a real outcome" in done.stderr
