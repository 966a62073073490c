"""What a person read in the official text is written into the guideline files, and nothing else of them changes."""

from __future__ import annotations

import csv
import difflib
import shutil
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.errors import InputError
from imr_rules.workbench.verifying import COLUMNS, answers, entries, form, settle, to_verify_page
from imr_rules.writing.markdown import markdown
from tests.paths import ROOT

THERAPY = "mtus/chronic-pain-2009/physical-medicine"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped rulebook, to be written into."""
    return Path(shutil.copytree(ROOT / "rulesets" / "mtus", tmp_path / "mtus"))


def filled_in(folder: Path, cells: dict[str, tuple[str, str, str, str]], rulebook: Rulebook) -> Path:
    """Write the form with some rows filled in, each by its place in the guideline for therapy."""
    rows = [*csv.DictReader(form(rulebook).splitlines())]
    for row in rows:
        if row["guideline"] == THERAPY and row["place"] in cells:
            row.update(zip(("read", "by", "on", "page"), cells[row["place"]], strict=True))
    path = folder / "form.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_form_holds_every_number_and_rule_that_was_not_read(copy: Path) -> None:
    rulebook = Rulebook.load(copy)
    found = entries(rulebook)
    assert {each.status for each in found} == {"recalled", "secondary"}
    assert len({(each.guideline, each.place) for each in found}) == len(found)
    rows = [
        row
        for guideline in rulebook.guidelines.values()
        for limit in guideline.limits.values()
        for row in limit.every_row or (limit,)
        if row.status in ("recalled", "secondary") and guideline.source.tier != "practice"
    ]
    assert sum(each.place.startswith("limits.") for each in found) == len(rows)
    assert len(form(rulebook).splitlines()) >= len(found) + 1


def test_what_was_read_is_read_with_who_when_and_where(copy: Path, tmp_path: Path) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in copy.rglob("*.yaml")}
    rulebook = Rulebook.load(copy)
    path = filled_in(
        tmp_path,
        {
            "limits.total.rows.2": ("yes", "R. Doe", "2026-12-01", "99"),
            "limits.pace": ("yes", "R. Doe", "2026-12-01", ""),
            "criteria.deficit-to-treat": ("yes", "R. Doe", "2026-12-02", "98, 99"),
            "criteria.home-program": ("no", "R. Doe", "2026-12-02", ""),
        },
        rulebook,
    )
    there = len(entries(rulebook))
    otherwise = settle(answers(path), rulebook)
    assert [each.place for each in otherwise] == ["criteria.home-program"]
    after = Rulebook.load(copy).guidelines[THERAPY]
    rows = {row.label: row for row in after.limits["total"].rows}
    assert rows["complex regional pain syndrome"].status == "read"
    assert rows["complex regional pain syndrome"].pages == (99,)
    assert rows["myalgia and myositis"].status == "recalled", "nobody read that row"
    assert after.limits["pace"].status == "read"
    criteria = {each.name: each for each in after.criteria}
    assert (criteria["deficit-to-treat"].citation.status, criteria["deficit-to-treat"].citation.pages) == (
        "read", (98, 99),
    )  # fmt: skip
    assert criteria["home-program"].citation.status == "recalled"
    changed = {path for path, text in before.items() if path.read_text(encoding="utf-8") != text}
    assert changed == {copy / "chronic-pain-2009" / "physical-medicine.yaml"}
    (file,) = changed
    lines = difflib.ndiff(before[file].splitlines(), file.read_text(encoding="utf-8").splitlines())
    new = [line[2:].strip() for line in lines if line.startswith("+ ")]
    assert len(new) == 5
    assert sum("R. Doe, 2026-12-0" in line for line in new) == 3
    left = {(each.guideline, each.place) for each in entries(Rulebook.load(copy))}
    assert len(left) == there - 3


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        (("maybe", "R. Doe", "2026-12-01", "9"), 1, "`read` is `maybe`"),
        (("yes", "", "2026-12-01", "9"), 2, "`by` is empty"),
        (("yes", "R. Doe", "1 December", "9"), 3, "`on` is `1 December`"),
        (("yes", "R. Doe", "2026-02-30", "9"), 3, "`on` is `2026-02-30`"),
        (("yes", "R. Doe", "2026-12-01", "ninety"), 4, "`page` is `ninety`"),
    ],
)
def test_a_row_that_is_filled_in_by_half_is_refused_with_its_place(
    cells: tuple[str, str, str, str], column: int, what: str, copy: Path, tmp_path: Path
) -> None:
    path = filled_in(tmp_path, {"limits.pace": cells}, Rulebook.load(copy))
    with pytest.raises(InputError) as refused:
        answers(path)
    (problem,) = refused.value.problems
    assert problem.what == what
    assert problem.place.column == column
    line = path.read_text(encoding="utf-8").splitlines()[(problem.place.line or 0) - 1]
    assert "limits.pace" in line


def test_every_mistake_of_a_form_is_told_at_once(copy: Path, tmp_path: Path) -> None:
    rulebook = Rulebook.load(copy)
    cells = {"limits.pace": ("maybe", "", "1 December", "nine"), "criteria.home-program": ("yes", "", "", "")}
    with pytest.raises(InputError) as refused:
        answers(filled_in(tmp_path, cells, rulebook))
    assert len(refused.value.problems) == 6
    both = {
        "limits.pace": ("yes", "R. Doe", "2026-12-01", ""),
        "limits.total.rows.2": ("yes", "R. Doe", "2026-12-01", ""),
    }
    path = filled_in(tmp_path, both, rulebook)
    settle(answers(path), rulebook)
    with pytest.raises(InputError) as settled:
        settle(answers(path), Rulebook.load(copy))
    assert len(settled.value.problems) == 2


def test_a_file_that_is_no_form_and_a_row_that_is_settled_are_refused(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="not the columns of the form"):
        answers(other)
    rulebook = Rulebook.load(copy)
    path = filled_in(tmp_path, {"limits.pace": ("yes", "R. Doe", "2026-12-01", "")}, rulebook)
    settle(answers(path), rulebook)
    with pytest.raises(InputError, match=r"nothing is to be verified at `limits\.pace`"):
        settle(answers(path), Rulebook.load(copy))


def test_the_page_is_not_stale() -> None:
    made = markdown(to_verify_page(Rulebook.load()))
    assert (ROOT / "docs" / "to-verify.md").read_text(encoding="utf-8") == made, (
        "docs/to-verify.md is stale: python -m imr_rules.workbench.verifying > docs/to-verify.md"
    )
