"""What a kind of criterion may do, and what a strength: an invented guideline of every kind and strength."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.screening import ItemScreening
from tests.paths import ROOT

GUIDELINE = """\
guideline: mtus/invented/hippotherapy
title: Invented
source: mtus-chronic-pain-2009
section: Invented
pages: [1]
requests: {from: 2009-07-18, to: 2016-07-28}
applies:
  treatments: [hippotherapy]
limits:
  total: {visits: [6, 10], status: read}
criteria:
  - id: within-total
    kind: limit
    require: visits_if_granted <= limits.total.visits.max
  - id: pain-to-treat
    kind: indication
    require: moderate_or_severe_pain
    status: read
  - id: no-plateau
    kind: bar
    require: not plateau
    status: read
  - id: goals
    kind: documentation
    require: treatment_goals
    status: read
  - id: reason
    kind: documentation
    require: rationale
    cites: {practice: seed-determination}
  - id: home-exercise
    kind: caution
    require: home_program
    status: read
"""
PRACTICE_ALONE = GUIDELINE.replace("    status: read\n", "    cites: {practice: seed-determination}\n")


def rulebook_with(directory: Path, guideline: str) -> Rulebook:
    """Return the shipped words and sources, with one invented guideline and no other."""
    book = directory / "mtus"
    book.mkdir()
    for file in (ROOT / "rulesets" / "mtus").glob("*.yaml"):
        shutil.copy(file, book)
    treatments = book / "treatments.yaml"
    added = "treatments:\n  hippotherapy: {label: hippotherapy, discipline: hippotherapy, unit: visit, words: [hippotherapy]}\n"
    treatments.write_text(treatments.read_text().replace("treatments:\n", added, 1))
    (book / "invented").mkdir()
    (book / "invented" / "hippotherapy.yaml").write_text(guideline)
    return Rulebook.load(book)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return rulebook_with(tmp_path_factory.mktemp("invented"), GUIDELINE)


def asked(rulebook: Rulebook, read: str = "all", visits: int = 6, **findings: Any) -> ItemScreening:
    case = {
        "injury": {"date": "2013-08-01"},
        "request": {"date": "2014-03-01"},
        "record": {"read": read},
        "documents": [{"kind": "progress_report"}],
        "items": [{"service": "hippotherapy", "in_dispute": visits, "course": "initial"}],
        "findings": findings,
    }
    (item,) = screen(Case.from_data(case), rulebook).items
    return item


def names(item: ItemScreening) -> list[str]:
    return [ground.split("#")[1] for ground in item.grounds]


SUPPORTED: dict[str, Any] = {"moderate_or_severe_pain": True, "treatment_goals": True, "rationale": True}


def test_only_the_indication_is_a_ground_to_overturn(invented: Rulebook) -> None:
    item = asked(invented, **SUPPORTED)
    assert (item.suggestion, names(item)) == ("overturn", ["pain-to-treat"])


@pytest.mark.parametrize(
    ("change", "ground"),
    [
        ({"visits": 11}, "within-total"),
        ({"moderate_or_severe_pain": False}, "pain-to-treat"),
        ({"plateau": True}, "no-plateau"),
        ({"treatment_goals": False}, "goals"),
    ],
)
def test_each_kind_of_text_can_uphold(invented: Rulebook, change: dict[str, Any], ground: str) -> None:
    item = asked(invented, **{**SUPPORTED, **change})
    assert (item.suggestion, names(item)) == ("uphold", [ground])


def test_a_caution_that_is_not_met_only_warns(invented: Rulebook) -> None:
    item = asked(invented, **SUPPORTED, home_program=False)
    assert item.suggestion == "overturn"
    assert any("home exercise" in warning.lower() for warning in item.warnings)


def test_practice_alone_makes_a_lean_and_stands_beside_a_text(invented: Rulebook) -> None:
    alone = asked(invented, **{**SUPPORTED, "rationale": False})
    assert (alone.suggestion, alone.review_reasons) == ("needs_review", ("practice_against",))
    assert alone.lean is not None
    assert (alone.lean.suggestion, alone.lean.rests_on) == ("uphold", ("practice",))
    beside = asked(invented, **{**SUPPORTED, "rationale": False, "visits": 11})
    assert (beside.suggestion, names(beside)) == ("uphold", ["within-total", "reason"])


ADAPTED = """\
guideline: mtus/invented/hippotherapy-adapted
title: Invented, as another state adapted it
source: invented-adapted
requests: {from: 2009-07-18, to: 2016-07-28}
applies:
  treatments: [hippotherapy]
criteria:
  - id: deficit
    kind: indication
    require: functional_deficit
    status: secondary
"""


def test_adapted_content_speaks_against_text_by_what_is_stated_and_not_by_silence(tmp_path: Path) -> None:
    rulebook_with(tmp_path, GUIDELINE)
    book = tmp_path / "mtus"
    (book / "invented" / "adapted.yaml").write_text(ADAPTED)
    source = "sources:\n  invented-adapted: {document: Invented, tier: mtus, adapted: true}\n"
    sources = (book / "sources.yaml").read_text()
    (book / "sources.yaml").write_text(sources.replace("sources:\n", source, 1))
    rulebook = Rulebook.load(book)
    silent = asked(rulebook, **SUPPORTED)
    assert (silent.suggestion, names(silent)) == ("overturn", ["pain-to-treat"])
    assert {each.status for each in silent.criteria if each.id.endswith("#deficit")} == {"undocumented"}
    stated = asked(rulebook, **SUPPORTED, functional_deficit=False)
    assert (stated.suggestion, stated.review_reasons) == ("needs_review", ("practice_against",))
    assert stated.lean is not None
    assert (stated.lean.suggestion, stated.lean.rests_on) == ("uphold", ("adapted",))


def test_a_rulebook_of_practice_alone_suggests_nothing(tmp_path: Path) -> None:
    rulebook = rulebook_with(tmp_path, PRACTICE_ALONE.replace("status: read}", "status: practice}"))
    cases: tuple[dict[str, Any], ...] = (SUPPORTED, {**SUPPORTED, "plateau": True}, {})
    for findings in cases:
        assert asked(rulebook, **findings).suggestion == "needs_review"
    lean = asked(rulebook, **SUPPORTED).lean
    assert lean is not None
    assert (lean.suggestion, lean.rests_on) == ("overturn", ("practice",))


@pytest.mark.parametrize(
    ("read", "suggestion", "lean"),
    [
        ("none", "needs_review", None),
        ("part", "needs_review", ("uphold", ("silence",))),
        ("all", "uphold", None),
    ],
)
def test_silence_means_what_was_read(invented: Rulebook, read: str, suggestion: str, lean: Any) -> None:
    item = asked(invented, read, moderate_or_severe_pain=True, plateau=False)
    assert item.suggestion == suggestion
    found = (item.lean.suggestion, item.lean.rests_on) if item.lean else None
    assert found == lean
    if suggestion == "uphold":
        assert names(item) == ["goals", "reason"]
        assert "absence of documentation" in item.headline


def test_no_lean_to_overturn_rests_on_silence(invented: Rulebook) -> None:
    """Nothing but a plateau that nobody mentions keeps this from being overturned."""
    item = asked(invented, "part", **SUPPORTED)
    assert (item.suggestion, item.lean) == ("needs_review", None)
    assert asked(invented, "part", **SUPPORTED, plateau=False).suggestion == "overturn"


def test_what_is_stated_counts_alike_however_much_was_read(invented: Rulebook) -> None:
    stated: dict[str, Any] = {**SUPPORTED, "plateau": False}
    assert {asked(invented, read, **stated).suggestion for read in ("none", "part", "all")} == {"overturn"}
    searched: dict[str, Any] = {**stated, "treatment_goals": {"undocumented": ["the progress report"]}}
    assert {asked(invented, read, **searched).suggestion for read in ("none", "part", "all")} == {"uphold"}


def test_a_ground_gives_way_to_what_a_physician_weighs(invented: Rulebook) -> None:
    item = asked(invented, visits=11, **SUPPORTED, exceptional_factors=True)
    assert (item.suggestion, item.review_reasons, item.lean) == (
        "needs_review",
        ("exceptional_factors",),
        None,
    )


def test_an_indication_is_never_carried_by_a_fact_that_is_assumed(tmp_path: Path) -> None:
    """That no plateau is recorded can be the absence of a bar, and never what the treatment is for."""
    turned = GUIDELINE.replace("require: moderate_or_severe_pain", "require: not plateau")
    rulebook = rulebook_with(tmp_path, turned)
    silent = asked(rulebook, treatment_goals=True, rationale=True)
    assert (silent.suggestion, silent.review_reasons) == ("needs_review", ("no_indication",))
    assert [question.fact for question in silent.questions] == ["plateau"]
    stated = asked(rulebook, treatment_goals=True, rationale=True, plateau=False)
    assert (stated.suggestion, names(stated)) == ("overturn", ["pain-to-treat"])


def test_questions_name_what_waits_for_them(invented: Rulebook) -> None:
    item = asked(invented, "none", treatment_goals=True, rationale=True)
    waiting = {question.fact: [name.split("#")[1] for name in question.serves] for question in item.questions}
    assert waiting == {"moderate_or_severe_pain": ["pain-to-treat"], "plateau": ["no-plateau"]}
