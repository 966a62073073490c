"""From published letters to suggestions, on care that is limited by visits: how often they agree, and how often not.

The rates are printed and held: of the items decided no more than one in ten may be decided otherwise than the reviewer
did, and none overturned that the reviewer upheld.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules.agreement import Agreement, Decided, Share, agreement, decided_items
from imr_rules.case import OUTCOME_OF
from imr_rules.reading.letters import Letter, to_case
from imr_rules.reading.letters.case_file import case_data
from imr_rules.rulebook import Rulebook
from tests.published import published_letters
from tests.reading.letters.plain import without_places
from tests.reading.letters.reading import read_letters, read_text

LETTERS = published_letters()

VISIT_LIMITED = {
    "physical_medicine", "manual_care", "acupuncture", "psychological_care", "biofeedback", "massage_therapy",
    "passive_modality", "home_health_care",
}  # fmt: skip
"""The broadest treatments that limits count in visits; therapy after surgery is physical medicine."""


@pytest.fixture(scope="module")
def letters(rulebook: Rulebook) -> list[Letter]:
    found = list(read_letters(sorted((LETTERS / "pdf").glob("*.pdf"))))
    assert all(isinstance(each, Letter) for each in found)
    return [each for each in found if isinstance(each, Letter)]


def decided(letters: list[Letter], rulebook: Rulebook, *, with_rationale: bool) -> list[Decided]:
    return [
        each
        for letter in letters
        for each in decided_items(
            Path(letter.file).stem,
            to_case(letter, rulebook.vocabulary, with_rationale=with_rationale),
            rulebook,
        )
        if each.group in VISIT_LIMITED
    ]


def measured(letters: list[Letter], rulebook: Rulebook, *, with_rationale: bool) -> Agreement:
    return agreement(decided(letters, rulebook, with_rationale=with_rationale))


def said(share: Share) -> str:
    return f"{share.hits} of {share.total}" + (
        f" ({share.value:.0%}, exact 95% interval {share.low:.0%} to {share.high:.0%})" if share.total else ""
    )


@pytest.mark.parametrize("with_rationale", [False, True], ids=["summary-alone", "with-rationale"])
def test_at_most_one_in_ten_is_decided_otherwise(
    letters: list[Letter], rulebook: Rulebook, capsys: pytest.CaptureFixture[str], with_rationale: bool
) -> None:
    found = measured(letters, rulebook, with_rationale=with_rationale)
    figures = found.overall
    with capsys.disabled():
        print(
            f"\n  {'with the rationale' if with_rationale else 'from the summary alone'}: {figures.items} items"
        )
        for name, share in (
            ("left to review", figures.review), ("agreement", figures.agree),
            ("always uphold would be", figures.always_uphold), ("upheld recall", figures.upheld_recall),
            ("overturned recall", figures.overturned_recall), ("false overturns", figures.false_overturns),
        ):  # fmt: skip
            print(f"    {name}: {said(share)}")
    assert figures.items >= 55
    assert 10 * len(found.disagreements) <= figures.agree.total, [each.case for each in found.disagreements]
    assert figures.false_overturns.hits == 0
    assert figures.agree.total >= (43 if with_rationale else 3), "fewer are decided than were"


def test_most_of_what_a_summary_leaves_to_review_leans_as_the_reviewer_decided(
    letters: list[Letter], rulebook: Rulebook, capsys: pytest.CaptureFixture[str]
) -> None:
    leaning = [each for each in decided(letters, rulebook, with_rationale=False) if each.lean is not None]
    right = sum(OUTCOME_OF[each.lean] == each.outcome for each in leaning if each.lean is not None)
    with capsys.disabled():
        print(f"\n  leaning on the summary alone: {right} of {len(leaning)} as the reviewer decided")
    assert len(leaning) >= 28
    assert right / len(leaning) >= 0.85
    assert not any(each.lean == "overturn" and each.outcome == "upheld" for each in leaning)


def test_what_is_left_to_review_names_what_would_decide_it(letters: list[Letter], rulebook: Rulebook) -> None:
    left = measured(letters, rulebook, with_rationale=False).left_to_review
    assert left
    for each in left:
        if each.review_reasons == ("criteria_not_known",):
            continue  # no fact of the case would help
        assert each.missing, each.case
        assert all(fact.asks for fact in each.screened.missing)


def test_the_summary_alone_says_nothing_of_the_outcome(letters: list[Letter], rulebook: Rulebook) -> None:
    """Take every rationale away and turn every outcome: what a pre-screen knows stays the same."""
    for letter in letters[::6]:
        text = letter.text
        for item in reversed(letter.items):
            outcome, rationale = item.spans["outcome"], item.spans["rationale"]
            turned = "Overturned" if item.outcome == "upheld" else "Upheld"
            text = (
                text[: outcome.start] + turned + text[outcome.end : rationale.start]
                + "None is given here." + text[rationale.end :]
            )  # fmt: skip
        blind, whole = (
            without_places(case_data(each, rulebook.vocabulary)) for each in (read_text([text]), letter)
        )
        assert blind.pop("expect") != whole.pop("expect")
        del blind["documents"], whole["documents"]  # the number of pages
        assert blind == whole
