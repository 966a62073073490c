"""The summary and the rationale as facts: counted, bounded, dated, and never from a sentence that concludes."""

from __future__ import annotations

import re

import pytest

from imr_rules.reading.letters import Item, Letter
from imr_rules.reading.sentences import Statement, merge_counts
from imr_rules.words import Amount
from imr_rules.words.dates import DATE, read_date
from tests.reading.letters.reading import read_text

FORM = """Case Number: CM16-0900009
Date of Injury: 10/14/2016 Decision Date: 12/30/2016
CLINICAL CASE SUMMARY
The injured worker is a 40 year old male, who sustained an industrial injury on 10-14-2016.
{summary}
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
{title}: Upheld
Claims Administrator guideline: The Claims Administrator did not cite any medical evidence for its decision.
MAXIMUS guideline: The Expert Reviewer did not cite any medical evidence for its decision.
Decision rationale: {rationale} As such, the request is not medically necessary.
"""


def letter(
    summary: str = "", rationale: str = "", title: str = "Physical therapy x 6 for the right knee"
) -> Letter:
    return read_text([FORM.format(summary=summary, rationale=rationale, title=title)])


def facts(name: str, summary: str) -> list[Statement]:
    return [fact for fact in letter(summary).facts if fact.fact == name]


def findings(name: str, rationale: str) -> list[Statement]:
    return [fact for fact in only(letter(rationale=rationale)).findings if fact.fact == name]


def only(read: Letter) -> Item:
    (item,) = read.items
    return item


def prior(
    summary: str = "", rationale: str = "", title: str = "Physical therapy x 6 for the right knee"
) -> object:
    found = only(letter(summary, rationale, title)).prior
    return None if found is None else (found.amount.at_least, found.amount.at_most)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Treatment to date has included rest, and six physical therapy sessions.", (6, 6)),
        ("Treatments have included at least five (5) physical therapy sessions.", (5, None)),
        ("He completed 4-5 visits of physical therapy.", (4, 5)),
        ("He completed up to 5 visits of physical therapy.", (None, 5)),
        ("He completed 4 of 6 physical therapy visits.", (4, 4)),
        ("He underwent physical therapy x 8.", (8, 8)),
        ("Treatment rendered included a course of physical therapy (8 sessions November 2016).", (8, 8)),
        ("Treatment rendered included #3 sessions physical therapy.", (3, 3)),
        ("Six sessions of physical therapy were completed.", (6, 6)),
        ("Treatment to date has included physical therapy and rest.", (1, None)),
        ("The worker is currently undergoing physical therapy.", (1, None)),
        ("He completed 4 physical therapy treatments through this particular request.", (4, None)),
        ("He has not had any physical therapy.", (0, 0)),
        # asked for, planned or told of another part of the body: not visits before this request
        ("The treatment plan included 6 sessions of physical therapy.", None),
        ("Six additional sessions of physical therapy were requested.", None),
        ("The provider recommended 12 physical therapy visits.", None),
        ("He completed 6 physical therapy sessions for the left shoulder.", None),
        ("He completed 6 acupuncture visits.", None),
        ("On 11-16-16 Utilization Review denied 9 sessions of physical therapy as 8 were completed.", None),
        ("There are no previous physical therapy sessions noted.", None),
    ],
)
def test_visits_before_the_request(summary: str, expected: object) -> None:
    assert prior(summary) == expected


@pytest.mark.parametrize(
    ("rationale", "expected"),
    [
        ("The patient received three physical therapy visits.", (3, 3)),
        ("The patient had six sessions of therapy.", (6, 6)),
        ("The documentation indicates 8 previous physical therapy sessions were provided.", (8, 8)),
        ("It was reported that the patient completed at least 6 visits.", (6, None)),
        # the conclusion, its synonyms, and what guidelines say
        ("The patient has had 6 sessions of physical therapy, and 12 more exceed the guideline.", None),
        ("The patient completed 9 physical therapy visits, so more are not supported.", None),
        (
            "Further physical therapy after the 9 visits completed by the patient is not medically necessary.",
            None,
        ),
        ("The request for 6 visits of physical therapy surpasses what the patient had.", None),
        ("The guidelines recommend 9-10 visits of physical therapy over 8 weeks.", None),
        ("Patients should be assessed after a six-visit clinical trial.", None),
    ],
)
def test_what_the_reviewer_found(rationale: str, expected: object) -> None:
    assert prior(rationale=rationale) == expected


def test_two_records_that_disagree_are_bounds_and_a_conflict() -> None:
    item = only(
        letter(
            "Treatment has included at least five (5) physical therapy sessions. He completed 4 physical therapy visits."
        )
    )
    assert item.prior is not None
    assert (item.prior.amount.at_least, item.prior.amount.at_most, item.prior.conflict) == (4, 5, True)


def test_statements_that_agree_sharpen_each_other() -> None:
    assert prior(
        "Treatment has included at least 3 sessions of physical therapy.",
        "The patient completed 7 physical therapy visits.",
    ) == (7, 7)


def test_visits_approved_are_not_visits_attended() -> None:
    item = only(letter(rationale="The patient was previously approved for 8 sessions of physical therapy."))
    assert item.prior is not None
    assert (item.prior.amount.value, item.prior.count_of, item.prior.may_be_this_approval) == (
        8,
        "authorized",
        False,
    )


def test_an_approval_that_may_be_this_requests_own_is_marked() -> None:
    title = (
        "Physical therapy x 12 was the original request. Physical therapy x 6 was authorized by the Claims Administrator. "
        "The remaining IMR eligible portion of the original request, Physical therapy x 6 is"
    )
    item = only(
        letter(
            rationale="The patient was previously approved for 6 sessions of physical therapy.", title=title
        )
    )
    assert item.prior is not None
    assert item.prior.may_be_this_approval


def test_a_count_the_record_does_not_give_is_undocumented() -> None:
    item = only(
        letter(
            rationale="The patient has had prior physical therapy. How many sessions he has had is not noted."
        )
    )
    assert item.prior is not None
    assert (item.prior.amount.at_least, item.prior.amount.at_most, item.prior.count_undocumented) == (
        1,
        None,
        True,
    )
    (silent,) = [fact for fact in item.findings if fact.fact == "prior_visits"]
    assert silent.status == "undocumented"


def test_a_title_without_a_count_takes_it_from_the_account_of_the_request() -> None:
    item = only(
        letter(
            "On 12-1-16 a request was made for MRI of the neck and physical therapy 2 times a week for 4 weeks for the right knee.",
            title="Physical therapy for the right knee",
        )
    )
    assert item.in_dispute is not None
    assert item.in_dispute.amount is not None
    assert (item.in_dispute.amount.value, item.in_dispute.section) == (8, "summary")
    assert only(letter(title="Physical therapy for the right knee")).in_dispute is None


@pytest.mark.parametrize(
    ("words", "age", "sex"),
    [
        ("a 57 year old female", 57, "female"),
        ("a 33-year-old man", 33, "male"),
        ("a now 44 year-old woman", 44, "female"),
        ("a(n) 57 year old male", 57, "male"),
        ("a 52 y/o male", 52, "male"),
        ("a 29 yo F", 29, "female"),
    ],
)
def test_age_and_sex(words: str, age: int, sex: str) -> None:
    read = read_text(
        [
            FORM.format(summary="", rationale="", title="Physical therapy x 6").replace(
                "a 40 year old male", words
            )
        ]
    )
    found = {fact.fact: fact for fact in read.facts}
    assert found["age"].amount == Amount(age, age, "year")
    assert found["sex"].value == sex


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("He has attended 9 of 12 authorized physical therapy sessions.", 9, 9),
        ("Six physical therapy sessions were authorized on 11/4/2016 and completed.", 6, 6),
        ("The patient has had between 10 and 12 sessions of physical therapy.", 10, 12),
        ("He was approved for 12 visits of physical therapy but attended only 5.", 5, 5),
        ("He finished his sixth physical therapy visit.", 6, None),
        ("Conservative care has consisted of rest and physical therapy without benefit.", 1, None),
        ("The patient has not yet started physical therapy.", 0, 0),
        ("There is no record of prior physical therapy.", None, None),
        ("The provider asks for 12 more physical therapy visits.", None, None),
    ],
)
def test_ways_of_telling_earlier_visits(words: str, low: int | None, high: int | None) -> None:
    prior = only(letter(words, title="Physical therapy x 6")).prior
    assert (prior and (prior.amount.at_least, prior.amount.at_most)) == (
        None if low is high is None else (low, high)
    )


def test_what_has_settled_as_a_whole_is_no_plateau_of_this_care() -> None:
    assert not facts("plateau", "She is permanent and stationary.")
    assert [fact.value for fact in facts("permanent_and_stationary", "She is permanent and stationary.")] == [
        True
    ]


def test_care_that_seems_not_to_have_been_had_is_none_recorded() -> None:
    item = only(
        letter(
            "It does not appear that the patient has had any physical therapy.", title="Physical therapy x 6"
        )
    )
    assert item.prior is None


def test_sex_may_be_told_by_pronouns_that_all_agree_and_is_else_missing() -> None:
    form = FORM.format(summary="She fell. Her knee hurts.", rationale="", title="Physical therapy x 6")
    (sex,) = [
        fact
        for fact in read_text([form.replace("40 year old male", "40 year old")]).facts
        if fact.fact == "sex"
    ]
    assert (sex.value, sex.method) == ("female", "pronouns, all alike")
    mixed = form.replace("40 year old male", "40 year old").replace("Her knee", "His knee")
    assert not [fact for fact in read_text([mixed]).facts if fact.fact == "sex"]


@pytest.mark.parametrize(
    ("words", "scores"),
    [
        ("On 11-10-2016, pain was rated 6-7 out of 10.", [("pain", 6, 7, "2016-11-10")]),
        ("Pain is 8/10 today.", [("pain", 8, 8, None)]),
        ("His BDI score fell from 22 to 10.", [("bdi", 22, 22, None), ("bdi", 10, 10, None)]),
        ("On January 5, 2017 the Oswestry Disability Index was 44%.", [("odi", 44, 44, "2017-01-05")]),
        ("Beck Anxiety Inventory score of 17.", [("bai", 17, 17, None)]),
        (
            "The BDI-II was 31 on 1/2/2014 and 22 on 4/6/2014.",
            [("bdi_ii", 31, 31, "2014-01-02"), ("bdi_ii", 22, 22, "2014-04-06")],
        ),
        ("Beck Depression Inventory-II of 28.", [("bdi_ii", 28, 28, None)]),
        ("Pain since 10/10/2016 and strength 5/5.", []),
        ("The BDI was 99.", []),
    ],
)
def test_scores_with_their_dates(words: str, scores: list[tuple[object, ...]]) -> None:
    found = [
        (
            fact.instrument,
            fact.amount and fact.amount.at_least,
            fact.amount and fact.amount.at_most,
            fact.date,
        )
        for fact in facts("score", words)
    ]
    assert found == scores


def test_operations_diagnoses_and_drugs_are_told() -> None:
    summary = (
        "Diagnoses include strain of the right knee. He underwent arthroscopy of the right knee on 11-02-2016. "
        "Treatment to date has included ibuprofen, a brace (custom), and rest."
    )
    read = letter(summary)
    words = {name: [f.value for f in read.facts if f.fact == name] for name in ("diagnosis", "surgery")}
    assert words["diagnosis"] == ["strain of the right knee"]
    assert [f.treatment for f in read.facts if f.fact == "course"] == ["nsaid"]
    (surgery,) = [fact for fact in read.facts if fact.fact == "surgery"]
    assert str(surgery.value).startswith("arthroscopy of the right knee")
    assert (surgery.date, [part.region for part in surgery.body_parts]) == ("2016-11-02", ["knee"])
    assert not facts("surgery", "He is a candidate for arthroscopy of the right knee.")


@pytest.mark.parametrize(
    ("rationale", "limits"),
    [
        ("The guidelines recommend 9-10 visits over 8 weeks.", [(9, 10, (8, 8, "week"), None)]),
        ("MTUS recommends a trial of 6 visits over 2 weeks.", [(6, 6, (2, 2, "week"), "trial")]),
        ("The ODG allows a total of up to 18 visits over 6-8 weeks.", [(None, 18, (6, 8, "week"), "total")]),
        ("Per the ODG: Arthritis (ICD9 715): 9 visits over 8 weeks.", [(9, 9, (8, 8, "week"), None)]),
        (
            "The MTUS recommends 1-2 visits every 4-6 months after a flare-up.",
            [(1, 2, (4, 6, "month"), "maintenance")],
        ),
        ("The patient completed 6 visits of physical therapy.", []),
        ("The guidelines are not met by the request for 12 visits.", []),
    ],
)
def test_limits_a_rationale_names(rationale: str, limits: list[tuple[object, ...]]) -> None:
    found = [
        (
            limit.visits.at_least,
            limit.visits.at_most,
            limit.over and (limit.over.at_least, limit.over.at_most, limit.over.unit),
            limit.kind,
        )
        for limit in only(letter(rationale=rationale)).limits_applied
    ]
    assert found == limits


def test_a_limits_diagnosis_and_source_are_kept() -> None:
    (limit,) = only(
        letter(rationale="Per the ODG: Arthritis (ICD9 715): 9 visits over 8 weeks.")
    ).limits_applied
    assert (limit.condition, limit.source, limit.conclusion) == ("Arthritis", "ODG", False)


def test_every_fact_points_at_its_words() -> None:
    read = letter("Pain is 8/10. Treatment to date has included at least six physical therapy sessions.")
    quoted = {fact.fact: read.text[fact.start : fact.end] for fact in read.facts}
    assert quoted["score"] == "8/10"
    assert quoted["course"] == "at least six physical therapy sessions"


def test_sections_tell_what_a_pre_screen_would_know() -> None:
    item = only(
        letter(
            "He completed 5 visits of physical therapy.", "The patient completed 7 physical therapy visits."
        )
    )
    assert {s: p.amount.value for s, p in item.prior_by_section.items()} == {"summary": 5, "rationale": 7}
    assert item.prior is not None
    assert item.prior.conflict


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("10-14-16", "2016-10-14"),
        ("10-14- 16", "2016-10-14"),
        ("10/14/2016", "2016-10-14"),
        ("October 14, 2016", "2016-10-14"),
        ("Nov. 2nd, 2016", "2016-11-02"),
        ("November 2016", "2016-11"),
        ("9/2007", "2007-09"),
        ("2016-10-14", "2016-10-14"),
        ("8/28/87", "1987-08-28"),
        ("02-30-2016", None),
        ("June 20216", None),
        ("13/2016", None),
    ],
)
def test_dates(written: str, day: str | None) -> None:
    match = re.search(DATE, f"seen on {written}, again")
    assert (read_date(match[0]) if match else None) == day


@pytest.mark.parametrize(
    ("amounts", "merged"),
    [
        ([], None),
        ([(5, None), (6, 6)], (6, 6, False)),
        ([(5, None), (4, 4)], (4, 5, True)),
        ([(3, None), (None, 9)], (3, 9, False)),
        ([(6, 6), (8, 8)], (6, 8, True)),
    ],
)
def test_counts_merge(amounts: list[tuple[int | None, int | None]], merged: object) -> None:
    found = merge_counts(Amount(low, high, "visit") for low, high in amounts)
    assert (found and (found[0].at_least, found[0].at_most, found[1])) == merged
