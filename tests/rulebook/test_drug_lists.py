"""A drug list that somebody read makes the status of a drug a fact; what others report of one is a hint."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from imr_rules import Case, Rulebook, screen
from imr_rules.errors import InputError, RulebookError
from imr_rules.screening.result import ItemScreening
from imr_rules.workbench.drug_lists import form, read_list, write_list
from tests.cli.running import run
from tests.paths import ROOT

EXAMPLE = ROOT / "examples" / "drug-list" / "example.csv"
HEAD = "ingredient,form,status,fills\n"
NOT_EXEMPT = "it waits for prospective review whatever its merit"


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A layer of one's own, outside the checkout."""
    monkeypatch.chdir(tmp_path)
    assert run("new", "layer", "mine").status == 0
    return Path("mine")


def listed(text: str, layer: Path, begins: str = "2018-01-01") -> Rulebook:
    Path("list.csv").write_text(text, encoding="utf-8")
    done = run("formulary", "import", "list.csv", "--from", begins, "--in", layer, "--title", "Invented")
    assert done.status == 0, done.err
    return Rulebook.load(ROOT / "rulesets" / "mtus", layer)


def asked(rulebook: Rulebook, service: str, day: str = "2022-03-01", **findings: object) -> ItemScreening:
    case = {
        "injury": {"date": "2022-02-27"},
        "request": {"date": day},
        "items": [{"service": service, "findings": findings, "duration": {"value": 5, "unit": "day"}}],
    }
    (found,) = screen(Case.from_data(case), rulebook).items
    return found


def said(found: ItemScreening) -> str:
    return " ".join(found.warnings)


def test_the_example_says_it_is_one_and_can_be_read() -> None:
    assert EXAMPLE.read_text(encoding="utf-8").startswith("# An invented example")
    filled = read_list(EXAMPLE)
    assert (len(filled.drugs), filled.empty) == (7, 1)


def test_the_form_is_read_where_a_status_is_filled_in_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(form().replace("naproxen,tablet,,", "naproxen,tablet,exempt,"), encoding="utf-8")
    filled = read_list(path)
    assert [each.ingredient for each in filled.drugs] == ["naproxen"]
    assert filled.empty == len(form().splitlines()) - 2


@pytest.mark.parametrize(
    ("service", "not_exempt"),
    [
        ("Norco 10/325 mg #60", True),
        ("hydrocodone/acetaminophen 10/325 #60", True),
        ("Soma 350 mg #30", True),
        ("Voltaren gel 1% 100 g", True),
        ("Diclofenac 1% 100 g", True),
        ("diclofenac 75 mg tablets #60", False),
        ("Anaprox 550 mg #60", False),
    ],
)
def test_a_drug_is_found_by_ingredient_brand_and_form(layer: Path, service: str, not_exempt: bool) -> None:
    rulebook = listed(EXAMPLE.read_text(encoding="utf-8"), layer)
    found = asked(rulebook, service)
    assert (NOT_EXEMPT in said(found)) is not_exempt
    assert "Others report" not in said(found)
    (criterion,) = [each for each in found.criteria if each.id.endswith("#exempt-from-prospective-review")]
    assert criterion.status == ("unmet" if not_exempt else "met")


@pytest.mark.parametrize(
    "service", ["Diclofenac #60", "Compound cream flurbiprofen 20% naproxen 4%", "Gabapentin 300 mg #90"]
)
def test_what_the_list_leaves_open_stays_open(layer: Path, service: str) -> None:
    found = asked(listed(EXAMPLE.read_text(encoding="utf-8"), layer), service)
    (criterion,) = [each for each in found.criteria if each.id.endswith("#exempt-from-prospective-review")]
    assert criterion.status == "unknown"


def test_what_the_case_states_comes_first(layer: Path) -> None:
    rulebook = listed(EXAMPLE.read_text(encoding="utf-8"), layer)
    assert NOT_EXEMPT not in said(asked(rulebook, "Norco 10/325 mg #60", formulary_status="exempt"))


def test_each_list_is_for_its_days(layer: Path) -> None:
    listed(HEAD + "naproxen,,non-exempt,\ncelecoxib,,non-exempt,\n", layer)
    rulebook = listed(HEAD + "naproxen,,exempt,\n", layer, "2021-06-01")
    assert NOT_EXEMPT in said(asked(rulebook, "Naproxen 550 mg #60", "2021-05-31"))
    assert NOT_EXEMPT not in said(asked(rulebook, "Naproxen 550 mg #60", "2021-06-01"))
    assert NOT_EXEMPT in said(asked(rulebook, "Celebrex 200 mg #60", "2021-05-31"))
    assert NOT_EXEMPT not in said(asked(rulebook, "Celebrex 200 mg #60", "2021-06-01")), "it left the list"
    again = listed(HEAD + "naproxen,,unlisted,\n", layer, "2021-06-01")
    assert NOT_EXEMPT in said(asked(again, "Naproxen 550 mg #60", "2021-06-01"))
    assert len(yaml.safe_load((layer / "drugs.yaml").read_text())["lists"]) == 2


def test_a_fill_is_held_against_the_list(layer: Path) -> None:
    rulebook = listed(HEAD + "tramadol,,non-exempt,special 4\nsoma,,non-exempt,\n", layer)
    over = asked(rulebook, "Tramadol 50 mg #20", special_fill=True)
    assert "allows 4 days of a special fill of this drug (0: none), and 5 are asked for" in said(over)
    none = asked(rulebook, "Soma 350 mg #20", special_fill=True)
    assert "allows 0 days of a special fill" in said(none)
    assert (over.suggestion, none.suggestion) == ("needs_review", "needs_review")


def test_what_others_report_is_a_hint_and_no_status() -> None:
    found = asked(Rulebook.load(ROOT / "rulesets" / "mtus"), "Omeprazole 20 mg #60")
    assert "Others report this drug as exempt" in said(found)
    (criterion,) = [each for each in found.criteria if each.id.endswith("#exempt-from-prospective-review")]
    assert criterion.status == "unknown"


@pytest.mark.parametrize(
    "service",
    [
        "Ibuprofen cream 10% 60 g",
        "Ketoprofen 20% 120 g",
        "Naproxen topical gel",
        "Dexamethasone 4 mg injection",
    ],
)
def test_what_others_report_of_tablets_is_said_of_no_cream_and_no_injection(service: str) -> None:
    assert "Others report" not in said(asked(Rulebook.load(ROOT / "rulesets" / "mtus"), service))


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("naproxen,tablt,exempt,", 2, "`form` is `tablt`"),
        ("naproxen,,maybe,", 3, "`status` is `maybe`"),
        ("naproxen,,exempt,special", 4, "`fills` is `special`"),
        ("naproxen,,exempt,special 4; special 5", 4, "`fills` is `special 4; special 5`"),
        ("naproxen,,exempt,special 0", 4, "`fills` is `special 0`"),
        ("naproxen,,,special 4", 3, "`status` is empty, and fills are given"),
        (",,exempt,", 1, "`ingredient` is empty"),
        ("naproxen,exempt", 1, "2 cells where there are 4"),
        ('"naproxen', 1, "this line is not CSV"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(row: str, column: int, what: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"# a remark\n{HEAD}ibuprofen,,exempt,\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_list(path)
    (problem,) = refused.value.problems
    assert (problem.place.line, problem.place.column) == (4, column)
    assert what in problem.what


def test_every_mistake_is_told_at_once_and_nothing_is_written(layer: Path) -> None:
    Path("list.csv").write_text(HEAD + "naproxen,,maybe,\nnaproxen,,exempt,\nNaproxen,,unlisted,\n")
    done = run("formulary", "import", "list.csv", "--from", "2018-01-01", "--in", layer)
    assert done.status == 2
    assert "list.csv:2:3: `status` is `maybe`" in done.err
    assert "list.csv:4:1: this drug in this form is also in line 3" in done.err
    assert not (layer / "drugs.yaml").exists()
    for text in ("a,b\n1,2\n", "", HEAD + "naproxen,,,\n"):
        Path("list.csv").write_text(text)
        assert run("formulary", "import", "list.csv", "--from", "2018-01-01", "--in", layer).status == 2


def test_what_was_there_is_put_back_where_the_rulebook_cannot_be_loaded(layer: Path) -> None:
    rulebook = listed(HEAD + "naproxen,,exempt,\n", layer)
    before = (layer / "drugs.yaml").read_bytes()
    (layer / "facts.yaml").write_text("facts: {rationale: {}}\n")
    with pytest.raises(RulebookError):
        write_list(
            layer, (ROOT / "rulesets" / "mtus", layer), read_list(Path("list.csv")).drugs, rulebook_day()
        )
    assert (layer / "drugs.yaml").read_bytes() == before
    assert rulebook.vocabulary.drug_lists[-1].title == "Invented"


def rulebook_day() -> date:
    return date(2020, 1, 1)
