"""The draft of a determination: what it must hold, and what must never stand in a letter that is sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Rulebook, Screening
from imr_rules.case import Case, Decision
from imr_rules.errors import CaseError
from imr_rules.screening import screen
from imr_rules.writing.determination import (
    Determination,
    Reviewer,
    blanks,
    digest_of,
    draft,
    thawed,
    to_markdown,
    to_text,
)
from tests.paths import DETERMINATIONS, ROOT, SEED

FIXTURES = sorted(DETERMINATIONS.glob("*.yaml"))
AUDITED = sorted((ROOT / "fixtures" / "audit").glob("*.yaml"))


@pytest.fixture(scope="module")
def seed(rulebook: Rulebook) -> tuple[Case, Screening]:
    case = Case.from_file(SEED)
    return case, screen(case, rulebook)


def letter_of(case: Case, rulebook: Rulebook, outcome: Decision) -> Determination:
    return draft(case, screen(case, rulebook), rulebook, {name: outcome for name, _ in case.named_items})


def section(letter: Determination, name: str, item: int = 0) -> str:
    parts = (*letter.sections, *letter.items[item].sections)
    return next(each.text for each in parts if each.name == name)


def test_one_letter_holds_what_a_determination_needs_in_its_order(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {"items": [{"id": each, "service": f"{each}, 6 visits"} for each in ("acupuncture", "massage")]}
    )
    letter = letter_of(case, rulebook, "uphold")
    assert [each.name for each in letter.sections] == ["reviewer", "summary", "documents"]
    assert [each.item for each in letter.items] == ["acupuncture", "massage"]
    for item in letter.items:
        assert [each.name for each in item.sections] == ["treatment", "guidelines", "rationale"]
    text = to_text(letter)
    assert text.count("CLINICAL SUMMARY") == 1
    assert text.count("Date of injury") == 1


def test_the_reviewer_states_what_the_law_asks_of_reviewers(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    said = Reviewer("California", "Psychology")
    text = section(draft(*seed, rulebook, {}, reviewer=said), "reviewer")
    for words in (
        "more than five years",
        "at least 24 hours a week",
        "licensed in California",
        "no affiliation",
    ):
        assert words in text
    assert "[" not in text
    assert "[state]" in section(draft(*seed, rulebook, {}), "reviewer")


def test_upholding_the_seed_is_one_paragraph_on_its_three_grounds(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    text = section(draft(*seed, rulebook, {"item-1": "uphold"}), "rationale")
    assert "\n" not in text
    says = [
        "Behavioral interventions, page 23, 6 to 10 sessions in all are supported",
        "Labor Code 4610.5(c)(2)",
        "the request would make 16 in all, more than that number",
        "readiness to end treatment (most recent visit, August 5)",
        "no rationale for the request",
        "Therefore, the disputed treatment is not medically necessary.",
    ]
    places = [text.index(each) for each in says]
    assert places == sorted(places)
    assert "[" not in text


def test_improvement_is_told_and_never_held_against_the_request(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    text = section(draft(*seed, rulebook, {"item-1": "uphold"}), "rationale")
    assert "For the request, the record also documents response to earlier care" in text


def test_every_count_of_the_seed_is_said_once(seed: tuple[Case, Screening], rulebook: Rulebook) -> None:
    text = to_text(draft(*seed, rulebook, {"item-1": "uphold"}))
    for count in ("12", "16", "6 to 10", "22"):
        assert len(re.findall(rf"\b{count}\b", text)) == 1, count
    assert (
        len(re.findall(r"\b4 sessions\b", " ".join(text.split()))) == 3
    )  # its title, its words, beyond the trial


def test_dates_are_american(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {
            "injury": {"date": "2013-08-01"},
            "request": {"date": "2014-03-09"},
            "application": {"received": "2014-05"},
            "items": [
                {
                    "service": "acupuncture",
                    "utilization_review": {"decision": "denied", "date": "2014-04-01"},
                }
            ],
            "documents": [
                {"kind": "progress_report", "author": "treating physician", "date": "2014-03-05", "pages": 4}
            ],
        }
    )
    text = to_text(letter_of(case, rulebook, "uphold"))
    for said in ("August 1, 2013", "March 9, 2014", "April 1, 2014", "May 2014", "March 5, 2014"):
        assert said in text
    assert not re.search(r"\d{4}-\d\d", text)


FORBIDDEN = [
    r"Reviewers reason so", r"recalled", r"to be verified", r"by analogy", r"fixtures/", r"\.yaml", r"sha256",
    r"determination letter", r"mtus/", r"odg/", r"acoem-", r"CM1\d-\d", r"superseded", r"#", r"_", r"\bNone\b",
    r"goals met, no", r"plateau, no", r"\d{4}-\d\d-\d\d", r"programme|authoris|favour", r"\b1 \w+ are\b",
    r"\bsuggest", r"screening",
]  # fmt: skip
"""What never stands in a letter: provenance, paths, ids, other workers' letters, British spelling, ISO dates."""


@pytest.mark.parametrize("file", [SEED, *FIXTURES[::5], *AUDITED[::9]], ids=lambda each: each.stem)
@pytest.mark.parametrize("outcome", ["uphold", "overturn"])
def test_no_letter_holds_what_belongs_on_the_working_sheet(
    file: Path, outcome: Decision, rulebook: Rulebook
) -> None:
    case = Case.from_file(file)
    letter = letter_of(case, rulebook, outcome)
    texts = [
        section.text for item in letter.items for section in item.sections if section.name != "treatment"
    ]
    texts += [each.text for each in letter.sections if each.name != "documents"]
    quoted = [each.text for each in case.diagnoses] + [each.text or "" for each in case.surgeries]
    for text in texts:
        for words in quoted:
            text = text.replace(" ".join(words.split()), "X")
        for pattern in FORBIDDEN:
            assert not re.search(pattern, re.sub(r"\(searched: .*?\)\.", "", text)), (pattern, text)
    assert len(letter.items) == len(case.items)
    for item in letter.items:
        rationale = next(each.text for each in item.sections if each.name == "rationale")
        assert rationale.endswith("medically necessary.")


@pytest.mark.parametrize("file", FIXTURES[2::7], ids=lambda each: each.stem)
def test_an_outcome_that_is_not_suggested_leaves_a_blank_for_its_reason(
    file: Path, rulebook: Rulebook
) -> None:
    case = Case.from_file(file)
    screening = screen(case, rulebook)
    for outcome in ("uphold", "overturn"):
        letter = letter_of(case, rulebook, outcome)
        for item, screened in zip(letter.items, screening.items, strict=True):
            rationale = next(each.text for each in item.sections if each.name == "rationale")
            assert (item.departs is None) == (screened.suggestion == outcome)
            if screened.suggestion != outcome:
                assert "[" in rationale


def test_silence_is_never_told_as_no(rulebook: Rulebook) -> None:
    case = Case.from_file(ROOT / "fixtures" / "audit" / "pt-first-2014.yaml")
    text = to_text(letter_of(case, rulebook, "overturn"))
    assert "no earlier visits are recorded" in " ".join(text.split())
    assert "0 attended" not in text


def test_a_text_outside_the_mtus_is_relied_on_by_the_strength_of_its_evidence(rulebook: Rulebook) -> None:
    case = Case.from_file(ROOT / "fixtures" / "audit" / "ptsd-20-plus-12.yaml")
    text = section(letter_of(case, rulebook, "overturn"), "guidelines")
    assert "strength of the evidence" in text
    assert "No criterion of the MTUS" in text
    seed = letter_of(Case.from_file(SEED), rulebook, "uphold")
    assert "strength" not in section(seed, "guidelines")


def test_a_text_that_was_not_read_asks_to_be_checked(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    listed = section(draft(*seed, rulebook, {"item-1": "uphold"}), "guidelines")
    assert "page 23 [check against the official text]" in listed
    other = Case.from_file(ROOT / "fixtures" / "audit" / "pt-first-2014.yaml")
    assert "4604.5(c)(1)\n" in section(letter_of(other, rulebook, "overturn"), "guidelines") + "\n"


def test_no_list_of_documents_is_a_blank_and_the_denial_alone_is_said(rulebook: Rulebook) -> None:
    item = {"service": "acupuncture, 6 visits", "treatment": "acupuncture"}
    none = letter_of(Case.from_data({"items": [item]}), rulebook, "uphold")
    assert section(none, "documents").startswith("[list the documents reviewed")
    alone = letter_of(
        Case.from_data({"items": [item], "documents": [{"kind": "utilization_review"}]}), rulebook, "uphold"
    )
    assert "[obtain the medical record" in section(alone, "documents")


def test_the_working_sheet_has_what_the_letter_leaves_out(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    letter = draft(*seed, rulebook, {"item-1": "overturn"})
    assert letter.items[0].departs is not None
    text = to_markdown(letter, sheet=True)
    assert "Reviewers reason so" in text
    assert "sha256:" in text
    assert "A new request would have to answer" in text
    assert "Working sheet" not in to_markdown(letter)


def test_what_the_reviewer_wrote_takes_the_place_of_the_draft(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    letter = draft(*seed, rulebook, {"item-1": "uphold"})
    written = letter.with_texts({"item-1:uphold:rationale": "All said.", "head:case": "CM-1", "summary": ""})
    assert section(written, "rationale") == "All said."
    assert section(written, "summary") == ""
    assert len(blanks(written)) < len(blanks(letter))
    assert letter.with_texts({"item-1:overturn:rationale": "Of the other outcome."}) == letter


def test_a_letter_is_thawed_as_it_was_frozen(seed: tuple[Case, Screening], rulebook: Rulebook) -> None:
    letter = draft(*seed, rulebook, {"item-1": "uphold"})
    frozen = letter.to_json()
    assert thawed(frozen).to_json() == frozen
    assert to_text(thawed(frozen)) == to_text(letter)
    assert digest_of(frozen) != digest_of(letter.with_texts({"head:case": "CM-1"}).to_json())


def test_an_item_that_is_not_decided_is_a_blank(seed: tuple[Case, Screening], rulebook: Rulebook) -> None:
    letter = draft(*seed, rulebook, {})
    assert letter.items[0].decision == "[decide this item]"
    assert [each.name for each in letter.items[0].sections] == ["treatment"]


def test_text_of_a_case_can_neither_make_a_blank_nor_a_heading(rulebook: Rulebook) -> None:
    hostile = "therapy [the reviewer agrees]\n# Decision\n- overturned <script>alert(1)</script>"
    case = Case.from_data(
        {"items": [{"service": hostile, "treatment": "physical_therapy"}], "diagnoses": [{"text": hostile}]}
    )
    letter = letter_of(case, rulebook, "uphold")
    assert not any("the reviewer agrees" in each for each in blanks(letter))
    assert "\n# Decision" not in to_markdown(letter)


def test_an_item_that_is_not_there_is_named_by_what_is(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    with pytest.raises(CaseError, match=r"did you mean `item-1`"):
        draft(*seed, rulebook, {"item-9": "uphold"})


def test_the_blanks_of_one_item_leave_the_others_out(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {"items": [{"id": "a", "service": "acupuncture"}, {"id": "b", "service": "massage"}]}
    )
    letter: Any = letter_of(case, rulebook, "overturn")
    assert len(blanks(letter, "a")) < len(blanks(letter))
    assert set(blanks(letter, "a")) <= set(blanks(letter))
