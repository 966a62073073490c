"""Why a decision refuses an item is read in its own words, with its page, whatever the layout; and without persons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Rulebook
from imr_rules.reading.papers import Draft, draft_text, read_papers
from tests.reading.papers import composing as compose
from tests.reading.papers.composing import CANARIES, DATES, Truth, truth
from tests.reading.papers.drawing import Sheet, scan
from tests.reading.papers.test_forms_and_decisions import DECISIONS
from tests.reading.papers.test_privacy import leaks

WHY = (
    "Two earlier courses are on record, and neither report measures what they achieved. Strength is given once, "
    "at 4 of 5, and work status has not changed."
)
SILENT = {"boxes", "by date of service"}
"""Layouts that give no reason unless one is written in."""


@pytest.fixture
def read(rulebook: Rulebook, tmp_path: Path) -> Callable[[bytes], Draft]:
    def read(pdf: bytes) -> Draft:
        file = tmp_path / "paper.pdf"
        file.write_bytes(pdf)
        return read_papers([file], rulebook.vocabulary)

    return read


def with_reasons(case: Truth, *reasons: str) -> Truth:
    """The same case, each item with a reason of its own."""
    own = [f"{reasons[n % len(reasons)]} That is reason {'ABCDEF'[n]}." for n in range(len(case.items))]
    return replace(case, items=[replace(item, why=why) for item, why in zip(case.items, own, strict=True)])


def reviews(draft: Draft) -> list[tuple[str, dict[str, Any]]]:
    assert draft.data is not None
    return [(item["treatment"], item["utilization_review"]) for item in draft.data["items"]]


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("layout", DECISIONS)
def test_each_item_has_its_own_reason_and_its_page(
    read: Callable[[bytes], Draft], layout: str, seed: int
) -> None:
    told = with_reasons(truth(seed), WHY)
    reasons = {item.service.treatment: item for item in told.items}
    draft = read(DECISIONS[layout](told, seed))
    for treatment, review in reviews(draft):
        item = reasons[treatment]
        if layout == "plain letter" and item.decision == "modified":
            assert "rationale" not in review  # it gives none
            continue
        assert item.why in review["rationale"]
        others = {each.why for each in told.items} - {item.why}
        assert not any(other in review["rationale"] for other in others)
        for beyond in ("Reviewer", "If you disagree", "claims examiner", "REQUEST", "Item "):
            assert beyond not in review["rationale"]
    places = [each for each in draft.proposals if each.at.endswith("/utilization_review/rationale")]
    assert places
    assert all(each.document == "ur" and each.page >= 1 and each.words for each in places)


@pytest.mark.parametrize("layout", sorted(SILENT))
def test_a_decision_without_a_reason_gives_none(read: Callable[[bytes], Draft], layout: str) -> None:
    for _, review in reviews(read(DECISIONS[layout](truth(5), 5))):
        assert "rationale" not in review


@pytest.mark.parametrize("written", range(7))
@pytest.mark.parametrize("layout", DECISIONS)
def test_no_person_stays_in_a_reason(read: Callable[[bytes], Draft], layout: str, written: int) -> None:
    c, case = CANARIES, truth(written)
    born = DATES[written](case.born)
    told = with_reasons(
        case,
        f"{c['first']} told {c['doctor']} of {c['practice']} that it helped; {c['last']}, born on {born}, measured nothing.",
        f"Ms. {c['last']} (DOB {born}) was called on {c['phone']}; claim {c['claim']} names no goals for more of it.",
        f"The patient {c['first']} {c['last']} of {c['street']} wrote to {c['email']}; {c['company']} saw no report.",
    )
    draft = read(DECISIONS[layout](told, written))
    text = draft_text(draft) + repr(draft.proposals) + repr(draft.cautions)
    assert not leaks(text, told)
    kept = [review["rationale"] for _, review in reviews(draft) if "rationale" in review]
    assert all(re.search(r"reason [A-F]\b", each) for each in kept)


@pytest.mark.long
def test_a_scan_gives_its_reasons_to_be_looked_at(read: Callable[[bytes], Draft]) -> None:
    told = with_reasons(truth(5), WHY)
    draft = read(scan(compose.decision_blocks(told, Sheet(size=11), 5)))
    found = [each for each in draft.proposals if each.at.endswith("/utilization_review/rationale")]
    assert found
    assert {each.sure for each in found} <= {"look", "ask"}
    assert "neither report measures what they achieved" in found[0].words


def test_a_reason_too_long_for_a_case_ends_with_a_sentence_and_says_so(
    read: Callable[[bytes], Draft],
) -> None:
    told = with_reasons(truth(1, most=1), " ".join([WHY] * 20))
    draft = read(compose.decision_pairs(told, Sheet(), 1))
    ((_, review),) = reviews(draft)
    assert 1_800 < len(review["rationale"]) <= 2_000
    assert review["rationale"].endswith(".")
    assert any("longer than is kept" in each for each in draft.cautions)
