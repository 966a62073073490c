"""The mission's own case, which must come out right for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from tests.paths import SEED

GUIDELINE = "mtus/chronic-pain-2009/behavioral-interventions"
GROUNDS = (f"{GUIDELINE}#within-total", f"{GUIDELINE}#continued-need", f"{GUIDELINE}#reason-for-more")


@pytest.fixture
def item(rulebook: Rulebook) -> Any:
    (found,) = screen(Case.from_file(SEED), rulebook).items
    return found


def by_name(item: Any, name: str) -> Any:
    return next(result for result in item.criteria if result.id.endswith(f"#{name}"))


def test_it_supports_upholding_on_three_grounds_and_no_other(item: Any) -> None:
    assert item.suggestion == "uphold"
    assert item.grounds == GROUNDS
    assert item.headline == "The limits and criteria support upholding, on three grounds."


def test_the_total_cites_page_23_and_shows_its_numbers(item: Any) -> None:
    result = by_name(item, "within-total")
    assert result.status == "unmet"
    assert result.citation.document == "Chronic Pain Medical Treatment Guidelines (May 2009)"
    assert result.citation.pages == (23,)
    for number in ("12", "4", "16", "6 to 10"):
        assert number in result.reason


def test_continued_need_cites_the_necessity_standard_and_not_the_guideline(item: Any) -> None:
    result = by_name(item, "continued-need")
    assert result.status == "unmet"
    assert result.citation.regulation == "Labor Code 4610.5"
    assert "BDI 22 to 10" in result.reason
    assert "ready to end" in result.reason


def test_the_missing_rationale_cites_practice(item: Any) -> None:
    result = by_name(item, "reason-for-more")
    assert result.status == "undocumented"
    assert result.citation.status == "practice"
    assert [fact.fact for fact in item.ask_for] == ["rationale"]


def test_response_is_met_and_never_a_ground(item: Any) -> None:
    assert by_name(item, "response-beyond-trial").status == "met"


def test_the_edition_is_the_one_both_sides_cited(item: Any) -> None:
    assert item.edition.basis == "cited_edition"
    assert item.edition.sources == ("mtus-chronic-pain-2009",)


def test_nothing_of_what_is_in_dispute_lies_within_the_limits(item: Any) -> None:
    assert item.quantity_within_limits is not None
    assert item.quantity_within_limits.to_dict() == {"value": 0, "unit": "visit"}


def test_the_quantities_are_three_numbers(item: Any) -> None:
    assert item.asked.to_dict() == item.in_dispute.to_dict() == {"value": 4, "unit": "session"}
    assert item.authorized.to_dict() == {"value": 0, "unit": "session"}


def test_what_the_letter_does_not_say_is_not_in_the_file() -> None:
    case = Case.from_file(SEED)
    assert case.request.date is None
    assert all(document.date is None for document in case.documents or ())
    assert all(each.date is not None and each.date.year is None for each in case.measurements)


def test_a_case_written_out_and_read_again_gives_the_same_bytes(rulebook: Rulebook) -> None:
    from_yaml = Case.from_file(SEED)
    again = Case.from_data(json.loads(from_yaml.model_dump_json(exclude_defaults=True)))
    assert again.digest == from_yaml.digest
    assert json.dumps(screen(again, rulebook).to_dict()) == json.dumps(screen(from_yaml, rulebook).to_dict())


@pytest.mark.parametrize(
    ("attended", "suggestion"),
    [(6, "needs_review"), (7, "uphold")],
)
def test_the_total_turns_between_ten_and_eleven(rulebook: Rulebook, attended: int, suggestion: str) -> None:
    """6 + 4 is within the total and 7 + 4 over it; nothing else of the case speaks."""
    data = json.loads(Case.from_file(SEED).model_dump_json(exclude_defaults=True))
    del data["findings"], data["expect"]
    data["history"][0]["attended"] = {"value": attended, "unit": "session"}
    (found,) = screen(Case.from_data(data), rulebook).items
    assert found.suggestion == suggestion
    assert (GROUNDS[0] in found.grounds) == (attended == 7)


def test_improvement_alone_is_no_ground(rulebook: Rulebook) -> None:
    """The scores improve as in the letter; without readiness to end, need is not denied."""
    data = json.loads(Case.from_file(SEED).model_dump_json(exclude_defaults=True))
    del data["expect"]
    data["findings"] = {"rationale": True}
    data["history"][0]["attended"] = {"value": 4, "unit": "session"}
    (found,) = screen(Case.from_data(data), rulebook).items
    assert found.suggestion == "overturn"
    assert by_name(found, "continued-need").status == "met"
