"""Physical therapy, manipulation and acupuncture: editions, trials, and continuing on response."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.rulebook.asking_for_visits import (
    ACU,
    CBT09,
    CBT16,
    IMPROVED,
    MT09,
    MT16,
    PM09,
    PM16,
    PS,
    SILENT,
    judge,
    reason,
    status,
)

# --- editions: the day before and the day of each change ---


@pytest.mark.parametrize(
    ("treatment", "day", "before", "after"),
    [
        ("physical_therapy", "2009-07-18", set(), {PM09, PS}),
        ("physical_therapy", "2016-07-29", {PM09}, {PM16}),
        ("chiropractic", "2009-07-18", set(), {MT09, PS}),
        ("chiropractic", "2016-07-29", {MT09}, {MT16}),
        ("psychotherapy", "2009-07-18", set(), {CBT09}),
        ("psychotherapy", "2016-07-29", {CBT09}, {CBT16}),
        ("biofeedback", "2016-07-29", {"mtus/chronic-pain-2009/biofeedback"}, {"mtus/chronic-pain-2016/biofeedback"}),
        ("acupuncture", "2007-06-15", set(), {"mtus/acupuncture-2007/acupuncture-before-2009"}),
        ("acupuncture", "2009-07-18", {"mtus/acupuncture-2007/acupuncture-before-2009"}, {ACU}),
        ("acupuncture", "2017-12-01", {ACU}, {"mtus/acoem-2017/low-back-acupuncture-from-2017-12-01"}),
        ("home_health_care", "2016-07-29", {"mtus/chronic-pain-2009/home-health"}, {"mtus/chronic-pain-2016/home-health"}),
        ("therapeutic_ultrasound", "2016-07-29", {"mtus/chronic-pain-2009/ultrasound"}, {"mtus/chronic-pain-2016/ultrasound"}),
        ("physical_therapy", "2008-01-01", {"mtus/labor-code/visit-cap-2004"}, {"mtus/labor-code/visit-cap-2008"}),
        ("physical_therapy", "2013-01-01", {"mtus/labor-code/visit-cap-2008"}, {"mtus/labor-code/visit-cap-2013"}),
        ("occupational_therapy", "2004-04-19", set(), {"mtus/labor-code/visit-cap-2004-occupational"}),
        ("occupational_therapy", "2008-01-01", {"mtus/labor-code/visit-cap-2004-occupational"}, {"mtus/labor-code/visit-cap-2008"}),
        ("psychotherapy", "2017-12-01", {"mtus/odg/psychotherapy"}, set()),
    ],
)  # fmt: skip
def test_an_edition_governs_from_its_day_and_not_the_day_before(
    treatment: str, day: str, before: Any, after: Any
) -> None:
    first = date.fromisoformat(day)
    earlier = set(judge(treatment, 4, request=str(first - timedelta(days=1)), injury="2004-02-01").guidelines)
    later = set(judge(treatment, 4, request=day, injury="2004-02-01").guidelines)
    assert before <= earlier
    assert not before & later
    assert after <= later
    assert not after & earlier


def test_the_request_of_the_day_before_is_judged_by_the_older_count() -> None:
    diagnoses = [{"text": "complex regional pain syndrome of the left hand"}]
    asks: dict[str, Any] = {
        "region": "hand",
        "prior": 20,
        "findings": IMPROVED,
        "diagnoses": diagnoses,
        "injury": "2003-12-31",
    }
    before = judge("physical_therapy", 6, request="2016-07-28", **asks)
    after = judge("physical_therapy", 6, request="2016-07-29", **asks)
    assert (before.suggestion, before.grounds) == ("uphold", (f"{PM09}#within-total",))
    assert after.suggestion == "overturn"
    assert status(after, f"{PM16}#within-total") == "met"
    assert "the guideline allows 24." in reason(before, f"{PM09}#within-total")
    assert "within the 26 that" in reason(after, f"{PM16}#within-total")


def test_after_november_2017_the_contents_are_not_known_and_said_so() -> None:
    found = judge("physical_therapy", 6, request="2017-12-01", injury="2017-10-01")
    assert found.suggestion == "needs_review"
    assert "criteria_not_known" in found.review_reasons
    assert "Low Back" in found.headline


# --- trial, then continuing on response ---


@pytest.mark.parametrize(
    ("treatment", "guideline", "limit"),
    [
        ("physical_therapy", PM16, "within-trial"),
        ("chiropractic", MT16, "within-trial"),
        ("acupuncture", ACU, "within-time-to-effect"),
    ],
)
@pytest.mark.parametrize(("visits", "suggestion"), [(6, "overturn"), (7, "uphold")])
def test_a_first_course_is_a_trial_of_six(
    treatment: str, guideline: Any, limit: str, visits: int, suggestion: str
) -> None:
    findings = {"pain_medication_reduced_or_not_tolerated": True, "functional_deficit": True}
    found = judge(treatment, visits, findings=findings, course="initial")
    # The trial of physical therapy is practice: what exceeds it alone is left to a reviewer.
    practice = suggestion == "uphold" and treatment == "physical_therapy"
    assert found.suggestion == ("needs_review" if practice else suggestion)
    assert (f"{guideline}#{limit}" in found.grounds) is (suggestion == "uphold" and not practice)
    assert status(found, f"{guideline}#{limit}") == ("met" if visits == 6 else "unmet")


def test_the_rest_of_a_request_waits_for_the_trial_that_was_authorized() -> None:
    found = judge("physical_therapy", 2, asked=8, authorized=6, findings={"functional_deficit": True})
    assert found.review_reasons == ("practice_against",)
    assert found.lean is not None
    assert found.lean.grounds == (f"{PM16}#within-trial",)
    assert found.quantity_within_limits is not None
    assert found.quantity_within_limits.high == 0
    assert "6 authorized, 2 in dispute" in reason(found, f"{PM16}#within-trial")


@pytest.mark.parametrize(
    ("improvement", "suggestion", "expected"),
    [
        (True, "overturn", "met"),
        (False, "uphold", "unmet"),
        (SILENT, "uphold", "undocumented"),
        ({"missing": "page 3 is illegible"}, "needs_review", "unknown"),
    ],
)
@pytest.mark.parametrize(("treatment", "criterion"), [("chiropractic", f"{MT16}#improvement-beyond-trial")])
def test_beyond_the_trial_improvement_decides(
    treatment: str, criterion: str, improvement: Any, suggestion: str, expected: str
) -> None:
    findings = {"objective_improvement": improvement}
    found = judge(treatment, 3, prior=6, findings=findings)
    assert found.suggestion == suggestion
    assert status(found, criterion) == expected
    if suggestion == "uphold":
        assert found.grounds == (criterion,)
    if improvement is SILENT:
        assert "absence of documentation alone" in found.headline
        assert [each.fact for each in found.ask_for] == ["objective_improvement"]
    if suggestion == "needs_review":
        assert [each.fact for each in found.missing] == ["objective_improvement"]


def test_relief_of_pain_alone_does_not_carry_manipulation_beyond_its_trial() -> None:
    pain = [{"instrument": "NRS", "score": 8}, {"instrument": "NRS", "score": 2}]
    found = judge("chiropractic", 3, prior=6, measurements=pain)
    assert found.suggestion == "uphold"
    function = [{"instrument": "ODI", "score": 60}, {"instrument": "ODI", "score": 20}]
    assert judge("chiropractic", 3, prior=6, measurements=function).suggestion == "overturn"


def test_silence_about_any_response_is_silence_about_function() -> None:
    found = judge("chiropractic", 3, prior=6, findings={"response": SILENT})
    assert found.grounds == (f"{MT16}#improvement-beyond-trial",)
    assert status(found, f"{MT16}#improvement-beyond-trial") == "undocumented"


@pytest.mark.parametrize(("prior", "suggestion"), [(12, "overturn"), (13, "uphold")])
def test_manipulation_ends_at_eighteen_visits(prior: int, suggestion: str) -> None:
    found = judge("chiropractic", 6, prior=prior, findings=IMPROVED)
    assert found.suggestion == suggestion
    assert (found.grounds == (f"{MT16}#within-total",)) is (suggestion == "uphold")


@pytest.mark.parametrize(
    ("visits", "months", "returned", "ground"),
    [
        (2, 4, True, None),
        (3, 4, True, "flare-up"),
        (2, 3, True, "flare-up-interval"),
        (2, 4, False, "within-total"),
        (2, 4, SILENT, "within-total"),
    ],
)
def test_a_flare_up_after_the_total_has_one_or_two_visits(
    visits: int, months: int, returned: Any, ground: str | None
) -> None:
    findings = IMPROVED | {"flare_up": True, "months_since_last_visit": months, "returned_to_work": returned}
    found = judge(
        "chiropractic", visits, prior=18, findings=findings, injury="2003-12-31", request="2016-07-01"
    )
    assert found.suggestion == ("overturn" if ground is None else "uphold")
    assert ground is None or found.grounds == (f"{MT09}#{ground}",)


def test_maintenance_care_is_not_necessary() -> None:
    found = judge("chiropractic", 2, findings={"maintenance_care": True})
    assert found.grounds == (f"{MT16}#no-maintenance",)


@pytest.mark.parametrize("region", ["ankle", "foot", "forearm", "wrist", "hand", "knee"])
def test_manipulation_is_not_recommended_by_body_part(region: str) -> None:
    for guideline, request in ((MT09, "2016-07-28"), (MT16, "2016-07-29")):
        found = judge("chiropractic", 4, region=region, request=request, injury="2016-05-01")
        assert (found.suggestion, found.grounds) == ("uphold", (f"{guideline}#recommended",))


def test_the_elbow_is_practice_and_says_so() -> None:
    found = judge("chiropractic", 4, region="elbow")
    assert found.suggestion != "overturn"
    assert status(found, f"{MT16}#elbow") == "unmet"
    assert "no guideline text says it" in reason(found, f"{MT16}#elbow")


@pytest.mark.parametrize("region", ["low_back", "neck", "shoulder", "hip"])
def test_manipulation_elsewhere_is_held_to_the_same_numbers(region: str) -> None:
    found = judge("chiropractic", 8, region=region)
    citation = next(each.citation for each in found.criteria if each.id == f"{MT16}#within-trial")
    assert found.grounds == (f"{MT16}#within-trial",)
    assert citation.status == "secondary"


def test_a_second_physical_course_waits_for_the_result_of_the_first() -> None:
    found = judge("chiropractic", 4, findings={"other_course_unfinished": True})
    assert found.suggestion != "overturn"
    assert status(found, f"{MT16}#one-course-at-a-time") == "unmet"


def test_acupuncture_has_no_greatest_number() -> None:
    findings = {"restrictions_reduced": True}
    found = judge("acupuncture", 6, prior=40, findings=findings)
    assert found.suggestion == "overturn"
    assert judge("acupuncture", 6, prior=40, findings={"functional_improvement": SILENT}).grounds == (
        f"{ACU}#improvement-beyond-effect",
    )


def test_acupuncture_is_an_option_on_conditions_and_their_absence_is_a_ground() -> None:
    silent = {"pain_medication_reduced_or_not_tolerated": SILENT, "adjunct_to_rehabilitation": SILENT}
    assert judge("acupuncture", 6, findings=silent).grounds == (f"{ACU}#option",)
    assert (
        judge("acupuncture", 6, findings=silent | {"adjunct_to_rehabilitation": True}).suggestion
        == "overturn"
    )
    missing = {"missing": "the chart was not at hand"}
    unread = judge("acupuncture", 6, findings=dict.fromkeys(silent, missing))
    assert unread.suggestion == "needs_review", "nobody looked"


def test_until_july_2009_acupuncture_of_the_shoulder_was_left_to_another_chapter() -> None:
    findings = {"adjunct_to_rehabilitation": True}
    before = judge(
        "acupuncture", 6, region="shoulder", findings=findings, request="2009-07-17", injury="2009-01-05"
    )
    after = judge(
        "acupuncture", 6, region="shoulder", findings=findings, request="2009-07-18", injury="2009-01-05"
    )
    assert (before.suggestion, before.tier) == ("needs_review", None)
    assert after.suggestion == "overturn"


def test_a_denied_second_limb_of_functional_improvement_is_a_ground_and_its_silence_is_none() -> None:
    findings = {"restrictions_reduced": True, "dependence_reduced": False}
    assert judge("acupuncture", 6, prior=6, findings=findings).suggestion == "uphold"
    silent = findings | {"dependence_reduced": {"undocumented": ["progress notes"]}}
    assert judge("acupuncture", 6, prior=6, findings=silent).suggestion != "uphold"
