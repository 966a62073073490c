"""Why the administrator refused an item, as a letter's summary tells it; never what the reviewer reasons."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules.reading.letters.case_file import case_data
from imr_rules.rulebook import Rulebook
from tests.reading.letters.reading import read_text
from tests.reading.letters.written import LINES

HERE = "16-16, Utilization Review non-certified 20 sessions of aquatic therapy."


def reasons(told: str, rulebook: Rulebook) -> list[str | None]:
    text = LINES.replace(HERE, f"16-16 she was seen. {told}")
    assert text != LINES
    found: dict[str, Any] = case_data(read_text([text]), rulebook.vocabulary, with_rationale=True)
    return [item["utilization_review"].get("rationale") for item in found["items"]]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            "The request for acupuncture was previously denied due to a lack of gain.",
            [None, "The request for acupuncture was previously denied due to a lack of gain."],
        ),
        (
            "Physical therapy was denied due to no record of gain and the acupuncture was denied because no trial was described.",
            [
                "Physical therapy was denied due to no record of gain.",
                "the acupuncture was denied because no trial was described.",
            ],
        ),
        (
            "The prior determination on 11/25/2016 denied the request for physical therapy as there was no plan with goals.",
            [
                "The prior determination on 11/25/2016 denied the request for physical therapy as there was no plan with goals.",
                None,
            ],
        ),
        (
            "Additionally, the requests for physical therapy and acupuncture were non-certified given the lack of a plan.",
            ["Additionally, the requests for physical therapy and acupuncture were non-certified given the lack of a plan."] * 2,
        ),
        ("The claims administrator, by Dr. Quillon, denied acupuncture because no gain was shown.",
         [None, "The claims administrator, by [...], denied acupuncture because no gain was shown."]),
        # no reason, another treatment, or nobody's decision
        ("On 11-16-16, Utilization Review non-certified the request for acupuncture.", [None, None]),
        ("The request for an MRI was denied due to a lack of red flags.", [None, None]),
        ("She stopped acupuncture because of pain after the second visit.", [None, None]),
        ("The request was denied due to a lack of gain.", [None, None]),
    ],
)  # fmt: skip
def test_a_clause_that_names_an_item_and_a_reason_is_its_reason(
    told: str, expected: list[str | None], rulebook: Rulebook
) -> None:
    assert reasons(told, rulebook) == expected


def test_a_reason_stands_with_its_place(rulebook: Rulebook) -> None:
    told = "The request for acupuncture was previously denied due to a lack of gain."
    letter = read_text([LINES.replace(HERE, f"16-16 she was seen. {told}")])
    review = case_data(letter, rulebook.vocabulary)["items"][1]["utilization_review"]
    place = review["evidence"][1]["place"]
    start, end = (int(word) for word in place.split() if word.isdigit())
    assert letter.source.flat[start:end] == told
