"""What a physician reads: nothing is told twice, nothing absurd is supposed, and no sentence trips over a gap."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen, what_if
from imr_rules.writing.charts.scores import scores
from imr_rules.writing.determination.record import summary
from imr_rules.writing.terminal import terminal
from imr_rules.writing.trees import say_node
from imr_rules.writing.what_if_report import what_if_report
from imr_rules.writing.words import say_pages, say_place, say_quantities

AFTER_SURGERY: dict[str, Any] = {
    "request": {"date": "2019-06-10"},
    "injury": {"date": "2018-11-02"},
    "diagnoses": [{"text": "status post right knee arthroscopy with partial medial meniscectomy"}],
    "record": {"read": "part"},
    "documents": [{"id": "pr2", "kind": "progress_report"}],
    "items": [{"service": "Physical therapy 2x6, right knee"}],
    "surgeries": [
        {
            "text": "right knee arthroscopic partial medial meniscectomy",
            "date": "2019-03-15",
            "body_part": {"region": "knee", "side": "right"},
        }
    ],
    "history": [
        {
            "treatment": "physical_therapy",
            "body_part": {"region": "knee", "side": "right"},
            "attended": 12,
            "after_surgery": True,
        }
    ],
}
ESI: dict[str, Any] = {
    "request": {"date": "2017-03-10"},
    "diagnoses": [{"text": "lumbar radiculopathy"}],
    "record": {"read": "all"},
    "documents": [{"id": "pr2", "kind": "progress_report"}],
    "items": [{"service": "Second L4-L5 transforaminal epidural steroid injection, left"}],
    "history": [{"treatment": "epidural_steroid_injection", "attended": 1}],
}


def test_no_other_operation_and_no_other_part_of_the_body_is_supposed(rulebook: Rulebook) -> None:
    for data in (AFTER_SURGERY, ESI):
        (found,) = what_if(Case.from_data(data), rulebook)
        changed = {each.fact for way in (*found.decides, *found.flips) for each in way.changes}
        assert changed.isdisjoint({"body_region", "postsurgical_procedure", "surgery_done"})


def test_each_way_is_told_once(rulebook: Rulebook) -> None:
    found = what_if(Case.from_data(AFTER_SURGERY), rulebook)
    lines = [line.strip() for line in terminal(what_if_report(found, "case")).splitlines() if "→" in line]
    assert len(lines) > 1 and len(lines) == len(set(lines))
    assert any("→ uphold if goals of treatment met: yes" in line for line in lines)


def test_a_reason_for_silence_has_no_gaps(rulebook: Rulebook) -> None:
    (item,) = screen(Case.from_data(ESI), rulebook).items
    silent = [each.reason for each in item.criteria if each.status == "undocumented"]
    assert silent
    for reason in silent:
        assert "(not documented %)" not in reason and "for not documented weeks" not in reason


def test_several_open_facts_are_listed_plainly(rulebook: Rulebook) -> None:
    (item,) = screen(Case.from_data(AFTER_SURGERY), rulebook).items
    assert any(
        each.reason
        == "Cannot be decided yet. Not known: goals of treatment met, ready to end treatment, plateau, no remaining deficit."
        for each in item.criteria
    )


def test_a_request_without_a_number_says_so_once(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {"request": {"date": "2022-05-03"}, "items": [{"service": "MRI of the lumbar spine"}]}
    )
    (item,) = screen(case, rulebook).items
    assert say_quantities(item) == "no quantity stated"
    (asked,) = screen(Case.from_data(ESI), rulebook).items
    assert say_quantities(asked).startswith("asked 1 block; ")


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ({"treatment": "epidural_steroid_injection", "attended": 1}, "epidural steroid injection (1 block)"),
        ({"treatment": "epidural_steroid_injection", "attended": 2}, "epidural steroid injection (2 blocks)"),
        ({"treatment": "mri", "attended": 2}, "mri (2 studies)"),
        ({"treatment": "physical_therapy", "attended": 1}, "1 visit of physical therapy"),
        (
            {"treatment": "physical_therapy", "attended": {"at_least": 4, "at_most": 6}},
            "4 to 6 visits of physical therapy",
        ),
    ],
)
def test_earlier_care_is_counted_in_the_unit_of_its_treatment(
    rulebook: Rulebook, course: Any, said: str
) -> None:
    case = Case.from_data({"items": [{"service": "x"}], "history": [course]})
    assert f"Earlier care includes {said}." in summary(case, rulebook.vocabulary.treatments)


def test_pages_are_cited_as_a_reader_says_them() -> None:
    assert [say_pages(each) for each in ((23,), (76, 77), (30, 31, 32), (30, 31, 40))] == [
        "page 23",
        "pages 76 and 77",
        "pages 30 to 32",
        "pages 30, 31 and 40",
    ]


@pytest.mark.parametrize(
    ("regulation", "section", "said"),
    [
        ("8 CCR 9792.24.3", "9792.24.3", ["8 CCR 9792.24.3"]),
        ("8 CCR 9792.24.3", "9792.24.3(c)(3)", ["8 CCR 9792.24.3(c)(3)"]),
        ("8 CCR 9792.24.1 (before 2009)", "9792.24.1", ["8 CCR 9792.24.1 (before 2009)"]),
        ("Labor Code 4610.5", "(c)(2)", ["Labor Code 4610.5(c)(2)"]),
        ("8 CCR 9792.24.2", "Part 2, Opioids", ["8 CCR 9792.24.2", "Part 2, Opioids"]),
        ("8 CCR 9792.24.2", "9792.24.20", ["8 CCR 9792.24.2", "9792.24.20"]),
        ("", "Knee", ["Knee"]),
        ("", "", []),
    ],
)
def test_a_regulation_and_its_section_are_cited_once(regulation: str, section: str, said: list[str]) -> None:
    assert say_place(regulation, section) == said


def test_a_list_too_long_to_read_is_counted(rulebook: Rulebook) -> None:
    (item,) = screen(Case.from_data(AFTER_SURGERY), rulebook).items
    facts = rulebook.vocabulary.facts
    said = [
        say_node(tree, each.working.row, each.working.types, facts)
        for each in item.criteria
        for tree in (each.working.condition, each.working.requirement)
    ]
    assert any("one of the " in each and "that the guideline lists" in each for each in said)
    assert not any("ankle achilles repair" in each for each in said)


def test_a_score_below_the_scale_is_not_told_as_one(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {
            "items": [{"service": "x"}],
            "measurements": [
                {"instrument": "VAS", "date": "2015-08-12", "score": 8},
                {"instrument": "VAS", "date": "2016-02-12", "score": 5},
            ],
        }
    )
    (series,) = scores(case, rulebook)
    assert series.say_important() == "6 (most lenient) to not reachable (strictest)"


def test_an_unknown_dose_is_supposed_at_its_limit_and_not_as_none(rulebook: Rulebook) -> None:
    data = {
        "request": {"date": "2016-02-20"},
        "diagnoses": [{"text": "chronic pain"}],
        "record": {"read": "all"},
        "documents": [{"id": "pr2", "kind": "progress_report"}],
        "items": [{"service": "Norco 10/325 mg #120"}],
    }
    (found,) = what_if(Case.from_data(data), rulebook)
    doses = {
        each.then.value.low
        for way in found.flips
        for each in way.changes
        if each.fact == "morphine_equivalents" or "morphine equivalents" in each.label
    }
    assert doses and 0 not in doses
