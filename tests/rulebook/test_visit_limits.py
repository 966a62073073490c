"""Treatments limited by visits: editions, trials, rows, supersession, statutory caps, and what silence means."""

from datetime import date, timedelta

import pytest

from imr_rules import Case, Rulebook, screen

RULEBOOK = Rulebook.load()

PM09, PM16 = "mtus/chronic-pain-2009/physical-medicine", "mtus/chronic-pain-2016/physical-medicine"
MT09, MT16 = "mtus/chronic-pain-2009/manual-therapy", "mtus/chronic-pain-2016/manual-therapy"
CBT09, CBT16 = (
    "mtus/chronic-pain-2009/behavioral-interventions",
    "mtus/chronic-pain-2016/behavioral-interventions",
)
ACU = "mtus/acupuncture-2007/acupuncture"
PS = "mtus/postsurgical-2009/postsurgical-physical-medicine"
CAP = "mtus/labor-code/visit-cap-2013#visits-per-injury"
NECESSITY = "mtus/labor-code/necessity#principal-procedure-supported"


def item(service="it", **parts):
    return {"service": service, **parts}


def judged(*items, request="2016-12-01", injury="2016-10-15", **case):
    data = {"request": {"date": request}, "items": list(items), **case}
    if injury:
        data["injury"] = {"date": injury}
    return screen(Case.from_data(data), RULEBOOK).items


def judge(
    treatment, in_dispute, *, region="low_back", prior=None, findings=None, request="2016-12-01", **rest
):
    """Screen one request; ``prior`` visits of the same treatment, or a whole course."""
    case = {
        key: rest.pop(key)
        for key in ("injury", "surgeries", "diagnoses", "measurements", "history")
        if key in rest
    }
    if prior is not None:
        course = prior if isinstance(prior, dict) else {"attended": prior}
        case["history"] = [{"treatment": treatment, "body_part": {"region": region}, **course}]
    one = item(
        treatment=treatment,
        in_dispute=in_dispute,
        body_part={"region": region},
        findings=findings or {},
        **rest,
    )
    return judged(one, request=request, **case)[0]


def status(screened, criterion):
    return {each.id: each.status for each in screened.criteria}.get(criterion)


def reason(screened, criterion):
    return next(each.reason for each in screened.criteria if each.id == criterion)


SILENT = {"undocumented": ["progress notes"]}
IMPROVED = {"objective_improvement": True}
CHRONIC = [{"text": "chronic pain"}]


# --- editions: the day before and the day of each change ----------------------------------------------------------


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
        ("psychotherapy", "2019-04-18", {"mtus/odg/psychotherapy"}, set()),
    ],
)  # fmt: skip
def test_an_edition_governs_from_its_day_and_not_the_day_before(treatment, day, before, after):
    first = date.fromisoformat(day)
    earlier = set(judge(treatment, 4, request=str(first - timedelta(days=1)), injury="2004-02-01").guidelines)
    later = set(judge(treatment, 4, request=day, injury="2004-02-01").guidelines)
    assert before <= earlier
    assert not before & later
    assert after <= later
    assert not after & earlier


def test_the_request_of_the_day_before_is_judged_by_the_older_count():
    diagnoses = [{"text": "complex regional pain syndrome of the left hand"}]
    asks = {
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
    assert "24 visits" in reason(before, f"{PM09}#within-total")
    assert "26 visits" in reason(after, f"{PM16}#within-total")


def test_after_november_2017_the_contents_are_not_known_and_said_so():
    found = judge("physical_therapy", 6, request="2017-12-01", injury="2017-10-01")
    assert found.suggestion == "needs_review"
    assert "criteria_not_known" in found.review_reasons
    assert "Low Back" in found.headline


# --- trial, then continuing on response ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treatment", "guideline", "limit"),
    [
        ("physical_therapy", PM16, "within-trial"),
        ("chiropractic", MT16, "within-trial"),
        ("acupuncture", ACU, "within-time-to-effect"),
    ],
)
@pytest.mark.parametrize(("visits", "suggestion"), [(6, "overturn"), (7, "uphold")])
def test_a_first_course_is_a_trial_of_six(treatment, guideline, limit, visits, suggestion):
    findings = {"pain_medication_reduced_or_not_tolerated": True}
    found = judge(treatment, visits, findings=findings, course="initial")
    assert found.suggestion == suggestion
    assert (f"{guideline}#{limit}" in found.grounds) is True
    assert status(found, f"{guideline}#{limit}") == ("met" if visits == 6 else "unmet")


def test_the_rest_of_a_request_waits_for_the_trial_that_was_authorised():
    found = judge("physical_therapy", 2, asked=8, authorised=6)
    assert found.suggestion == "uphold"
    assert found.grounds == (f"{PM16}#within-trial",)
    assert found.quantity_within_limits.high == 0
    assert "6 authorised, 2 in dispute" in reason(found, f"{PM16}#within-trial")


@pytest.mark.parametrize(
    ("improvement", "suggestion", "expected"),
    [
        (True, "overturn", "met"),
        (False, "uphold", "unmet"),
        (SILENT, "uphold", "undocumented"),
        (None, "needs_review", "unknown"),
    ],
)
@pytest.mark.parametrize(
    ("treatment", "criterion"),
    [
        ("physical_therapy", f"{PM16}#improvement-after-six-visits"),
        ("chiropractic", f"{MT16}#improvement-beyond-trial"),
    ],
)
def test_beyond_the_trial_improvement_decides(treatment, criterion, improvement, suggestion, expected):
    findings = {} if improvement is None else {"objective_improvement": improvement}
    found = judge(treatment, 3, prior=6, findings=findings)
    assert found.suggestion == suggestion
    assert status(found, criterion) == expected
    if suggestion == "uphold":
        assert found.grounds == (criterion,)
    if improvement is SILENT:
        assert "absence of documentation alone" in found.headline
        assert [each.fact for each in found.ask_for] == ["objective_improvement"]
    if improvement is None:
        assert [each.fact for each in found.missing] == ["objective_improvement"]


def test_relief_of_pain_alone_does_not_carry_manipulation_beyond_its_trial():
    pain = [{"instrument": "NRS", "score": 8}, {"instrument": "NRS", "score": 2}]
    found = judge("chiropractic", 3, prior=6, measurements=pain)
    assert found.suggestion == "needs_review"
    function = [{"instrument": "ODI", "score": 60}, {"instrument": "ODI", "score": 20}]
    assert judge("chiropractic", 3, prior=6, measurements=function).suggestion == "overturn"


def test_silence_about_any_response_is_silence_about_function():
    found = judge("chiropractic", 3, prior=6, findings={"response": SILENT})
    assert found.grounds == (f"{MT16}#improvement-beyond-trial",)
    assert status(found, f"{MT16}#improvement-beyond-trial") == "undocumented"


@pytest.mark.parametrize(("prior", "suggestion"), [(12, "overturn"), (13, "uphold")])
def test_manipulation_ends_at_eighteen_visits(prior, suggestion):
    found = judge("chiropractic", 6, prior=prior, findings=IMPROVED)
    assert found.suggestion == suggestion
    assert (found.grounds == (f"{MT16}#within-total",)) is (suggestion == "uphold")


@pytest.mark.parametrize(
    ("visits", "months", "returned", "expected"),
    [
        (2, 4, True, "met"),
        (3, 4, True, "unmet"),
        (2, 3, True, "unmet"),
        (2, 4, False, "unmet"),
        (2, 4, SILENT, "undocumented"),
    ],
)
def test_a_flare_up_after_the_total_has_one_or_two_visits(visits, months, returned, expected):
    findings = IMPROVED | {"flare_up": True, "months_since_last_visit": months, "returned_to_work": returned}
    found = judge(
        "chiropractic", visits, prior=18, findings=findings, injury="2003-12-31", request="2016-07-01"
    )
    assert status(found, f"{MT09}#flare-up") == expected
    assert status(found, f"{MT09}#within-total") == "not_applicable"
    assert found.suggestion == ("overturn" if expected == "met" else "uphold")


def test_maintenance_care_is_not_necessary():
    found = judge("chiropractic", 2, findings={"maintenance_care": True})
    assert found.grounds == (f"{MT16}#no-maintenance",)


@pytest.mark.parametrize("region", ["ankle", "foot", "forearm", "wrist", "hand", "knee"])
def test_manipulation_is_not_recommended_by_body_part(region):
    for guideline, request in ((MT09, "2016-07-28"), (MT16, "2016-07-29")):
        found = judge("chiropractic", 4, region=region, request=request, injury="2016-05-01")
        assert (found.suggestion, found.grounds) == ("uphold", (f"{guideline}#recommended",))


def test_the_elbow_is_practice_and_says_so():
    found = judge("chiropractic", 4, region="elbow")
    assert found.grounds == (f"{MT16}#elbow",)
    assert "no guideline text says it" in reason(found, f"{MT16}#elbow")


@pytest.mark.parametrize("region", ["low_back", "neck", "shoulder", "hip"])
def test_manipulation_elsewhere_is_held_to_the_same_numbers_and_told_apart(region):
    found = judge("chiropractic", 8, region=region)
    citation = next(each.citation for each in found.criteria if each.id == f"{MT16}#within-trial")
    assert found.grounds == (f"{MT16}#within-trial",)
    assert citation.status == ("secondary" if region == "low_back" else "practice")


def test_a_second_physical_course_waits_for_the_result_of_the_first():
    found = judge("chiropractic", 4, findings={"other_course_unfinished": True})
    assert found.grounds == (f"{MT16}#one-course-at-a-time",)


def test_acupuncture_has_no_greatest_number():
    findings = {"restrictions_reduced": True}
    found = judge("acupuncture", 6, prior=40, findings=findings)
    assert found.suggestion == "overturn"
    assert judge("acupuncture", 6, prior=40, findings={"functional_improvement": SILENT}).grounds == (
        f"{ACU}#improvement-beyond-effect",
    )


def test_acupuncture_is_an_option_on_conditions_and_their_absence_is_a_ground():
    silent = {"pain_medication_reduced_or_not_tolerated": SILENT, "adjunct_to_rehabilitation": SILENT}
    assert judge("acupuncture", 6, findings=silent).grounds == (f"{ACU}#option",)
    assert (
        judge("acupuncture", 6, findings=silent | {"adjunct_to_rehabilitation": True}).suggestion
        == "overturn"
    )
    assert judge("acupuncture", 6).suggestion == "needs_review", "nobody looked"


def test_until_july_2009_acupuncture_of_the_shoulder_was_left_to_another_chapter():
    findings = {"adjunct_to_rehabilitation": True}
    before = judge(
        "acupuncture", 6, region="shoulder", findings=findings, request="2009-07-17", injury="2009-01-05"
    )
    after = judge(
        "acupuncture", 6, region="shoulder", findings=findings, request="2009-07-18", injury="2009-01-05"
    )
    assert (before.suggestion, before.tier) == ("needs_review", None)
    assert after.suggestion == "overturn"


def test_the_second_limb_of_functional_improvement_is_a_caution_and_never_a_ground():
    findings = {"restrictions_reduced": True, "dependence_reduced": False}
    found = judge("acupuncture", 6, prior=6, findings=findings)
    assert found.suggestion == "overturn"
    assert any("second limb" in warning for warning in found.warnings)


# --- psychotherapy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edition", "request_date"), [(CBT09, "2016-07-28"), (CBT16, "2016-07-29")])
def test_psychotherapy_for_chronic_pain_has_a_trial_and_a_total(edition, request_date):
    asks = {"region": "psyche", "request": request_date, "diagnoses": CHRONIC, "injury": "2014-01-01"}
    assert judge("psychotherapy", 4, **asks).suggestion == "overturn"
    assert judge("psychotherapy", 5, **asks).grounds == (f"{edition}#response-beyond-trial",)
    more = {"prior": 4, "findings": {"response": True, "rationale": True}}
    assert judge("psychotherapy", 6, **asks, **more).suggestion == "overturn"
    assert judge("psychotherapy", 7, **asks, **more).grounds == (f"{edition}#within-total",)


def test_psychotherapy_without_chronic_pain_goes_to_the_next_tier():
    findings = {"chronic_pain": False, "response": True}
    diagnoses = [{"text": "major depressive disorder"}]
    asks = {"region": "psyche", "prior": 10, "diagnoses": diagnoses, "request": "2016-12-01"}
    within, over = (judge("psychotherapy", count, findings=findings, **asks) for count in (10, 11))
    assert (within.suggestion, within.tier) == ("overturn", "acoem_odg")
    assert over.grounds == ("mtus/odg/psychotherapy#within-total",)
    severe = judge("psychotherapy", 40, findings=findings | {"severe_depression": True}, **asks)
    assert severe.suggestion == "overturn"
    assert "50 sessions" in reason(severe, "mtus/odg/psychotherapy#within-total")
    assert "severe major depression" in reason(severe, "mtus/odg/psychotherapy#within-total")


def test_psychotherapy_asks_whether_pain_is_chronic_where_that_is_not_known():
    found = judge("psychotherapy", 4, region="psyche")
    assert found.suggestion == "needs_review"
    assert "chronic_pain" in {each.fact for each in found.missing}


def test_biofeedback_goes_with_cognitive_behavioral_therapy_alone():
    asks = {"region": "psyche", "diagnoses": CHRONIC}
    assert (
        judge("biofeedback", 4, findings={"with_cognitive_behavioral_therapy": True}, **asks).suggestion
        == "overturn"
    )
    silent = judge("biofeedback", 4, findings={"with_cognitive_behavioral_therapy": SILENT}, **asks)
    assert silent.grounds == ("mtus/chronic-pain-2016/biofeedback#with-cognitive-behavioral-therapy",)


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diagnosis", "total", "row"),
    [
        ("myalgia", 10, "myalgia and myositis"),
        ("lumbar radiculopathy", 10, "neuralgia, neuritis and radiculitis"),
        ("osteoarthritis of the knee", 9, "arthritis"),
        ("CRPS", 26, "complex regional pain syndrome"),
    ],
)
def test_the_diagnosis_selects_the_row(diagnosis, total, row):
    asks = {"findings": IMPROVED, "diagnoses": [{"text": diagnosis}], "injury": "2003-12-31"}
    within = judge("physical_therapy", 2, prior=total - 2, **asks)
    over = judge("physical_therapy", 3, prior=total - 2, **asks)
    assert within.suggestion == "overturn"
    assert over.grounds == (f"{PM16}#within-total",)
    assert f"The row for {row} governs." in reason(over, f"{PM16}#within-total")


def test_where_several_rows_fit_the_larger_governs_and_says_so():
    diagnoses = [{"text": "osteoarthritis"}, {"text": "complex regional pain syndrome"}]
    found = judge(
        "physical_therapy", 3, prior=20, findings=IMPROVED, diagnoses=diagnoses, injury="2003-12-31"
    )
    assert found.suggestion == "overturn"
    assert "Several rows fit (complex regional pain syndrome, arthritis); the larger governs." in reason(
        found, f"{PM16}#within-total"
    )


def test_after_an_injection_there_are_two_visits_unless_another_row_fits():
    asks = {"findings": {"post_injection_course": True}}
    assert judge("physical_therapy", 2, **asks).suggestion == "overturn"
    assert judge("physical_therapy", 3, **asks).grounds == (f"{PM16}#within-total",)
    assert judge("physical_therapy", 3, diagnoses=[{"text": "myalgia"}], **asks).suggestion == "overturn"


def test_other_diagnoses_take_the_row_for_myalgia_by_practice():
    found = judge("physical_therapy", 6, prior=6, findings=IMPROVED, diagnoses=[{"text": "lumbar sprain"}])
    within_total = next(each for each in found.criteria if each.id == f"{PM16}#within-total")
    assert found.grounds == (within_total.id,)
    assert within_total.citation.status == "practice"
    assert "Reviewers reason so" in within_total.reason


def test_a_row_that_depends_on_what_is_not_known_leaves_the_total_open():
    asks = {
        "prior": 10,
        "findings": IMPROVED | {"complex_regional_pain_syndrome": {"missing": "page 2 is illegible"}},
    }
    found = judge("physical_therapy", 6, injury="2003-12-31", **asks)
    assert found.suggestion == "needs_review"
    assert "complex_regional_pain_syndrome" in {each.fact for each in found.missing}
    assert judge("physical_therapy", 17, injury="2003-12-31", **asks).grounds == (f"{PM16}#within-total",), (
        "over every row"
    )


# --- after surgery ------------------------------------------------------------------------------------------------


def operated(
    in_dispute,
    *,
    procedure="knee_meniscectomy",
    day="2016-09-10",
    attended=None,
    treatment="physical_therapy",
    **rest,
):
    surgery = {"procedure": procedure, "body_part": {"region": "knee"}, "date": day}
    if attended is not None:
        rest["prior"] = {"attended": attended, "after_surgery": True}
    return judge(
        treatment, in_dispute, region="knee", surgeries=[{k: v for k, v in surgery.items() if v}], **rest
    )


def test_the_initial_course_is_one_half_of_the_general_course():
    within, over = operated(6), operated(7)
    assert within.suggestion == "overturn"
    assert f"{PS}#within-initial-course" in within.grounds
    assert over.grounds == (f"{PS}#within-initial-course",)
    assert over.quantity_within_limits.high == 6


def test_half_a_visit_is_rounded_up():
    assert operated(11, procedure="ankle_fracture").suggestion == "overturn"  # 21 visits
    assert operated(12, procedure="ankle_fracture").suggestion == "uphold"


@pytest.mark.parametrize(
    ("improvement", "suggestion", "grounds"),
    [
        (True, "overturn", None),
        (SILENT, "uphold", (f"{PS}#improvement-beyond-initial-course",)),
        (False, "uphold", (f"{PS}#improvement-beyond-initial-course",)),
    ],
)
def test_the_subsequent_course_needs_functional_improvement(improvement, suggestion, grounds):
    found = operated(6, attended=6, findings={"objective_improvement": improvement})
    assert found.suggestion == suggestion
    assert grounds is None or found.grounds == grounds


def test_the_general_course_ends_unless_more_can_be_accomplished():
    over = operated(6, attended=8, findings=IMPROVED)
    assert over.grounds == (f"{PS}#within-general-course",)
    assert (
        operated(6, attended=8, findings=IMPROVED | {"further_improvement_expected": True}).suggestion
        == "overturn"
    )


def test_the_period_ends_with_its_months_and_care_reverts():
    asks = {"attended": 11, "findings": IMPROVED, "day": "2016-03-10", "injury": "2015-01-05"}
    during, after = operated(1, request="2016-09-09", **asks), operated(1, request="2016-09-10", **asks)
    assert status(during, f"{PS}#within-general-course") == "met"
    assert [(each.guideline, each.by) for each in during.superseded] == [
        ("mtus/labor-code/visit-cap-2013", PS),
        (PM16, PS),
    ]
    assert status(during, f"{PM16}#within-total") == "not_applicable"
    assert during.suggestion == "overturn"
    assert after.superseded == ()
    assert status(after, f"{PS}#within-general-course") == "not_applicable"
    assert after.grounds == (f"{PM16}#within-total",)


def test_the_period_is_that_of_the_row():
    asks = {"findings": IMPROVED, "day": "2016-07-20", "request": "2016-11-25", "injury": "2015-01-05"}
    assert operated(4, procedure="knee_meniscectomy", **asks).superseded  # six months
    assert not operated(4, procedure="knee_arthroplasty", **asks).superseded  # four months


def test_the_statutory_cap_does_not_reach_care_after_surgery_and_governs_again_beside_it():
    visits = {"attended": 30, "procedure": "knee_quadriceps_tendon"}  # 34 visits
    during = operated(4, findings=IMPROVED, **visits)
    assert during.suggestion == "overturn"
    assert status(during, CAP) == "not_applicable"
    # After the period: those thirty were given for the surgery and do not count towards the cap.
    after = operated(4, findings=IMPROVED, day="2016-01-10", injury="2015-01-05", **visits)
    assert status(after, CAP) == "met"


def test_before_2008_there_was_no_exception_for_surgery():
    found = operated(4, attended=30, request="2007-12-31", day="2007-10-01", injury="2007-01-05")
    assert "mtus/labor-code/visit-cap-2004" in found.guidelines
    assert PS not in found.guidelines


@pytest.mark.parametrize("procedure", [None, "osteotomy"])
def test_an_operation_whose_row_is_not_known_needs_review(procedure):
    found = operated(20, procedure=procedure)
    assert found.suggestion == "needs_review"
    assert "postsurgical_procedure" in {each.fact for each in found.missing}


def test_an_operation_that_is_not_in_the_table_falls_to_the_other_guidelines():
    found = operated(4, procedure="not_listed")
    assert found.superseded == ()
    assert status(found, f"{PM16}#within-total") == "met"
    assert found.suggestion == "overturn"


def test_an_operation_elsewhere_changes_nothing():
    surgery = {"procedure": "knee_meniscectomy", "body_part": {"region": "knee"}, "date": "2016-11-01"}
    found = judge("physical_therapy", 12, region="low_back", surgeries=[surgery])
    assert f"{PM16}#within-total" in found.grounds


def test_every_row_of_the_table_can_govern():
    course = RULEBOOK.guidelines[PS].limits["course"]
    assert len(course.rows) == 73
    for row in course.rows:
        procedure = row.when_text.split("[")[1].rstrip("]")
        visits, months = row.amounts["visits"][1], row.amounts["months"][1]
        assert 3 <= months <= 6
        over = operated(1, procedure=procedure, attended=visits, findings=IMPROVED)
        assert over.grounds == (f"{PS}#within-general-course",), procedure
        assert f"The row for {row.label} governs." in reason(over, f"{PS}#within-general-course")
        assert (
            operated(1, procedure=procedure, attended=visits - 1, findings=IMPROVED).suggestion == "overturn"
        )


def test_silence_about_the_re_evaluation_is_a_caution():
    found = operated(6, attended=6, findings=IMPROVED | {"reevaluated_within_45_days": SILENT})
    assert found.suggestion == "overturn"
    assert any("45 days" in warning for warning in found.warnings)


# --- the statutory caps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "treatment", ["physical_therapy", "aquatic_therapy", "occupational_therapy", "chiropractic"]
)
@pytest.mark.parametrize(("prior", "expected"), [(20, "met"), (21, "unmet")])
def test_each_discipline_has_24_visits_an_injury_over_all_body_parts(treatment, prior, expected):
    history = [
        {"treatment": treatment, "attended": prior, "body_part": {"region": "shoulder"}},
        {"treatment": "acupuncture", "attended": 50},
    ]
    found = judge(treatment, 4, history=history)
    assert status(found, CAP) == expected
    assert (CAP in found.grounds and found.suggestion == "uphold") is (expected == "unmet")
    if expected == "unmet":
        assert "may authorise more in writing" in reason(found, CAP)


@pytest.mark.parametrize(
    ("injury", "expected"),
    [("2003-12-31", "not_applicable"), ("2004-01-01", "unmet"), ("2003", "not_applicable")],
)
def test_the_cap_turns_on_the_day_of_injury(injury, expected):
    history = [{"treatment": "physical_therapy", "attended": 40, "body_part": {"region": "shoulder"}}]
    assert status(judge("physical_therapy", 4, history=history, injury=injury), CAP) == expected


def test_without_a_day_of_injury_the_cap_stays_open():
    found = judge("physical_therapy", 4, injury=None)
    assert status(found, CAP) == "unknown"
    assert "injury_date" in {each.fact for each in found.missing}


def test_the_employer_may_waive_the_cap_in_writing():
    history = [{"treatment": "physical_therapy", "attended": 40, "body_part": {"region": "shoulder"}}]
    found = judge("physical_therapy", 4, history=history, findings={"cap_waived_in_writing": True})
    assert status(found, CAP) == "not_applicable"
    assert found.suggestion == "overturn"


def test_a_cap_that_is_kept_shows_no_need():
    found = judged(
        item(treatment="physical_therapy", in_dispute=4), request="2008-06-01", injury="2008-01-05"
    )[0]
    assert (found.suggestion, found.tier) == ("needs_review", None)


def test_acupuncture_and_psychotherapy_have_no_cap():
    for treatment in ("acupuncture", "psychotherapy", "massage_therapy"):
        assert not any("visit-cap" in each for each in judge(treatment, 4).guidelines)


# --- what ends care -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["goals_met", "ready_to_end", "plateau"])
@pytest.mark.parametrize(
    ("treatment", "criterion"),
    [
        ("physical_therapy", f"{PM16}#continued-need"),
        ("chiropractic", f"{MT16}#continued-need"),
        ("acupuncture", f"{ACU}#continued-need"),
        ("psychotherapy", f"{CBT16}#continued-need"),
    ],
)
def test_improvement_alone_never_ends_care_and_what_does_is_a_ground(treatment, criterion, ending):
    findings = {
        "objective_improvement": True,
        "restrictions_reduced": True,
        "response": True,
        "rationale": True,
    }
    asks = {"prior": 4, "diagnoses": CHRONIC}
    improved = judge(treatment, 3, findings=findings, **asks)
    assert improved.suggestion == "overturn"
    ended = judge(treatment, 3, findings=findings | {ending: True}, **asks)
    assert ended.grounds == (criterion,)
    silent = judge(treatment, 3, findings=findings | {ending: SILENT}, **asks)
    assert silent.suggestion == "overturn", "that nothing ends care is never charted"


def test_an_examination_without_deficit_needs_no_supervised_therapy():
    found = judge("physical_therapy", 4, findings={"no_remaining_deficit": True})
    assert found.grounds == (f"{PM16}#remaining-deficit",)
    assert judge("physical_therapy", 4, findings={"no_remaining_deficit": SILENT}).suggestion == "overturn"


def test_a_home_programme_that_would_do_is_a_ground_and_a_missing_one_a_caution():
    asks = {"prior": 6, "findings": IMPROVED}
    would_do = judge("physical_therapy", 3, prior=6, findings=IMPROVED | {"home_program_sufficient": True})
    assert would_do.grounds == (f"{PM16}#home-programme-would-do",)
    missing = judge("physical_therapy", 3, prior=6, findings=IMPROVED | {"home_program": SILENT})
    assert missing.suggestion == "overturn"
    assert any("home exercise programme" in warning for warning in missing.warnings)
    assert judge("physical_therapy", 3, **asks).suggestion == "overturn"


# --- silence ------------------------------------------------------------------------------------------------------


def test_a_searched_record_without_the_number_of_visits_is_a_ground_and_an_unread_one_is_not():
    asks = {"findings": IMPROVED}
    silent = judge("physical_therapy", 4, prior={"attended": SILENT}, **asks)
    assert silent.grounds == (f"{PM16}#within-total",)
    assert "not documented" in reason(silent, f"{PM16}#within-total")
    unread = judge("physical_therapy", 4, prior={"attended": {"missing": "not legible"}}, **asks)
    assert unread.suggestion == "needs_review"


def test_a_request_without_a_number_is_a_ground():
    found = judge(
        "acupuncture",
        {"undocumented": ["the request"]},
        findings={"adjunct_to_rehabilitation": True},
        authorised=6,
    )
    assert f"{ACU}#quantity-stated" in found.grounds


def test_exceptional_factors_turn_a_ground_into_a_matter_for_review():
    found = judge("physical_therapy", 12, findings={"exceptional_factors": True})
    assert (found.suggestion, found.review_reasons) == ("needs_review", ("exceptional_factors",))


# --- items that follow another -----------------------------------------------------------------------------------


def test_therapy_after_a_disputed_operation_falls_with_it():
    surgery = item(
        "shoulder arthroscopy", id="surgery", treatment="surgery", in_dispute=1, body_part={"region": "hand"}
    )
    therapy = item(
        id="pt", treatment="physical_therapy", in_dispute=6, body_part={"region": "hand"}, follows="surgery"
    )
    waits = judged(surgery, therapy)[1]
    assert (waits.suggestion, waits.review_reasons) == ("needs_review", ("principal_needs_review",))
    acupuncture = item(id="acu", treatment="acupuncture", in_dispute=12, body_part={"region": "low_back"})
    adjunct = item(
        treatment="myofascial_release", in_dispute=12, body_part={"region": "low_back"}, follows="acu"
    )
    denied, falls = judged(acupuncture, adjunct)
    assert denied.suggestion == "uphold"
    assert falls.grounds == (NECESSITY,)


def test_therapy_after_an_operation_still_to_be_done_is_held_to_its_row():
    planned = {"after_planned_surgery": True, "postsurgical_procedure": "shoulder_dislocation_stabilisation"}
    prior = {"attended": 12}
    within = judge("physical_therapy", 12, region="shoulder", findings=planned, prior=prior)
    assert within.suggestion == "overturn"
    assert "24" in reason(within, f"{PS}#within-general-course")
    over = judge("physical_therapy", 13, region="shoulder", findings=planned, prior=prior)
    assert over.grounds == (f"{PS}#within-initial-course",)


# --- other treatments ---------------------------------------------------------------------------------------------


def test_aquatic_therapy_takes_the_visits_of_physical_medicine_and_a_reason_of_its_own():
    history = [{"treatment": "physical_therapy", "attended": 6, "body_part": {"region": "low_back"}}]
    asks = {"request": "2016-07-28", "injury": "2015-01-05", "history": history}
    water = IMPROVED | {"reduced_weight_bearing_desirable": True}
    assert judge("aquatic_therapy", 4, findings=water, **asks).suggestion == "overturn"
    assert judge("aquatic_therapy", 5, findings=water, **asks).grounds == (f"{PM09}#within-total",)
    land = judge(
        "aquatic_therapy", 4, findings=IMPROVED | {"reduced_weight_bearing_desirable": SILENT}, **asks
    )
    assert land.grounds == ("mtus/chronic-pain-2009/aquatic-therapy#reduced-weight-bearing",)


def test_massage_has_six_visits_beside_active_treatment():
    asks = {"request": "2016-07-28", "injury": "2015-01-05", "findings": {"active_treatment_combined": True}}
    assert judge("massage_therapy", 6, **asks).suggestion == "overturn"
    assert judge("massage_therapy", 7, **asks).grounds == ("mtus/chronic-pain-2009/massage#within-total",)
    assert judge("massage_therapy", 6, injury="2015-01-05").review_reasons == ("criteria_not_known",)


@pytest.mark.parametrize(
    ("treatment", "request_date", "ground"),
    [
        ("therapeutic_ultrasound", "2016-07-28", "mtus/chronic-pain-2009/ultrasound#recommended"),
        ("therapeutic_ultrasound", "2016-07-29", "mtus/chronic-pain-2016/ultrasound#recommended"),
        ("low_level_laser", "2016-07-28", "mtus/chronic-pain-2009/low-level-laser#recommended"),
        ("traction", "2016-12-01", "mtus/acoem-2004/low-back-traction#recommended"),
        ("hot_cold_packs", "2016-12-01", "mtus/acoem-2004/low-back-heat-at-a-visit#recommended"),
        ("infrared", "2016-12-01", "mtus/acoem-2004/low-back-heat-at-a-visit#recommended"),
        ("shock_wave_therapy", "2016-12-01", "mtus/odg/shock-wave#recommended"),
    ],
)
def test_passive_modalities_that_are_not_recommended(treatment, request_date, ground):
    found = judge(treatment, 6, request=request_date, injury="2015-01-05")
    assert (found.suggestion, found.grounds) == ("uphold", (ground,))


PROGRAMME = {
    "baseline_evaluation_done": True, "earlier_methods_failed": True, "lost_independent_function": True,
    "surgery_not_an_option": True, "motivated_to_change": True, "negative_predictors_addressed": True,
}  # fmt: skip
FRP = "mtus/chronic-pain-2009/functional-restoration"


def test_a_restoration_programme_is_counted_in_days_whatever_it_is_asked_in():
    asks = {"request": "2016-07-28", "injury": "2013-01-05", "diagnoses": CHRONIC}
    assert (
        judge(
            "functional_restoration_program", {"value": 80, "unit": "hour"}, findings=PROGRAMME, **asks
        ).suggestion
        == "overturn"
    )
    over = judge("functional_restoration_program", {"value": 81, "unit": "hour"}, findings=PROGRAMME, **asks)
    assert over.grounds == (f"{FRP}#gains-after-two-weeks",)
    gains = PROGRAMME | IMPROVED | {"response": True}
    prior = {"attended": {"value": 10, "unit": "day"}}
    assert (
        judge("functional_restoration_program", 10, findings=gains, prior=prior, **asks).suggestion
        == "overturn"
    )
    assert judge("functional_restoration_program", 11, findings=gains, prior=prior, **asks).grounds == (
        f"{FRP}#within-total",
    )


@pytest.mark.parametrize("criterion", sorted(PROGRAMME))
def test_each_condition_of_a_restoration_programme_counts(criterion):
    found = judge(
        "functional_restoration_program", 10, findings=PROGRAMME | {criterion: SILENT},
        request="2016-07-28", injury="2013-01-05", diagnoses=CHRONIC,
    )  # fmt: skip
    assert found.suggestion == "uphold"
    assert len(found.grounds) == 1
    assert [each.fact for each in found.ask_for] == [criterion]


def test_work_conditioning_is_ten_visits_within_two_years():
    conditions = (
        "plateau_after_therapy",
        "job_demands_medium_or_higher",
        "return_to_work_goal_agreed",
        "surgery_not_an_option",
    )
    findings = dict.fromkeys(conditions, True)
    asks = {"findings": findings, "request": "2016-07-01", "prior": 0}
    assert judge("work_conditioning", 10, injury="2015-07-01", **asks).suggestion == "overturn"
    assert judge("work_conditioning", 11, injury="2015-07-01", **asks).grounds == (
        "mtus/chronic-pain-2009/work-conditioning#within-total",
    )
    assert judge("work_conditioning", 10, injury="2014-06-01", **asks).grounds == (
        "mtus/chronic-pain-2009/work-conditioning#within-two-years",
    )


@pytest.mark.parametrize(
    ("findings", "ground"),
    [
        ({"hours_per_week": 36}, "hours-a-week"),
        ({"homebound": False}, "homebound"),
        ({"homemaker_services_only": True}, "medical-treatment"),
        ({"hours_per_week": SILENT}, "hours-a-week"),
    ],
)
def test_home_health_of_2009_is_limited_in_hours_a_week(findings, ground):
    asks = {"request": "2016-07-28", "injury": "2015-01-05"}
    base = {"homebound": True, "hours_per_week": 35}
    assert (
        judge("home_health_care", {"value": 140, "unit": "hour"}, findings=base, **asks).suggestion
        == "overturn"
    )
    found = judge("home_health_care", {"value": 140, "unit": "hour"}, findings=base | findings, **asks)
    assert found.grounds == (f"mtus/chronic-pain-2009/home-health#{ground}",)


def test_home_health_of_2016_has_no_greatest_number_of_hours():
    findings = {
        "homebound": True,
        "after_major_surgery_or_hospital_stay": True,
        "skilled_or_personal_care_needed": True,
    }
    assert (
        judge(
            "home_health_care", {"value": 400, "unit": "hour"}, findings=findings | {"hours_per_week": 80}
        ).suggestion
        == "overturn"
    )
    found = judge(
        "home_health_care", {"value": 40, "unit": "hour"}, findings=findings | {"homebound": SILENT}
    )
    assert found.grounds == ("mtus/chronic-pain-2016/home-health#homebound",)


def test_an_analogy_says_how_old_the_injury_is():
    found = judge("physical_therapy", 6, injury="2016-10-27")
    assert "Applied by analogy: injury 5 weeks old." in reason(found, f"{PM16}#within-total")


# --- real determinations, in a few lines each ---------------------------------------------------------------------

UNMEASURED = {"objective_improvement": SILENT, "functional_improvement": SILENT}


@pytest.mark.parametrize(
    ("letter", "treatment", "asks", "suggestion", "ground"),
    [
        ("CM16-0245295", "physical_therapy", {"in_dispute": 6, "prior": 8, "findings": UNMEASURED}, "uphold", f"{PM16}#within-total"),
        ("CM17-0005177", "physical_therapy", {"in_dispute": 6, "prior": {"attended": {"at_least": 5}}, "findings": UNMEASURED}, "uphold", f"{PM16}#improvement-after-six-visits"),
        ("CM17-0006045", "physical_therapy", {"in_dispute": 8, "region": "neck", "prior": 8, "findings": UNMEASURED | {"no_remaining_deficit": True}}, "uphold", f"{PM16}#remaining-deficit"),
        ("CM17-0013240", "physical_therapy", {"in_dispute": 6, "prior": 12, "findings": {"home_program_sufficient": True}}, "uphold", f"{PM16}#home-programme-would-do"),
        ("CM17-0013754", "physical_therapy", {"in_dispute": 2, "asked": 12, "authorised": 10}, "uphold", f"{PM16}#within-total"),
        ("CM17-0014320", "physical_therapy", {"in_dispute": 3, "asked": 12, "authorised": 9, "region": "shoulder", "prior": 3, "findings": {"measured_gain": True}}, "uphold", f"{PM16}#within-total"),
        ("CM17-0016311", "physical_therapy", {"in_dispute": 2, "asked": 8, "authorised": 6}, "uphold", f"{PM16}#within-trial"),
        ("CM17-0016666", "physical_therapy", {"in_dispute": 12}, "uphold", f"{PM16}#within-total"),
        ("CM17-0019120", "physical_therapy", {"in_dispute": 6, "prior": {"attended": 3, "authorised_unused": 3}, "findings": {"measured_gain": True}}, "uphold", f"{PM16}#within-total"),
        ("CM17-0019907", "physical_therapy", {"in_dispute": 6}, "overturn", f"{PM16}#within-trial"),
        ("CM17-0020728", "physical_therapy", {"in_dispute": 4, "asked": 6, "authorised": 2, "prior": 6, "findings": {"objective_improvement": True}}, "uphold", f"{PM16}#within-total"),
        ("CM16-0243453", "chiropractic", {"in_dispute": 8, "region": "knee"}, "uphold", f"{MT16}#recommended"),
        ("CM16-0247405", "chiropractic", {"in_dispute": 2, "asked": 8, "authorised": 6, "region": "neck"}, "uphold", f"{MT16}#within-trial"),
        ("CM16-0247660", "chiropractic", {"in_dispute": 6, "prior": 6, "findings": UNMEASURED}, "uphold", f"{MT16}#improvement-beyond-trial"),
        ("CM17-0004738", "chiropractic", {"in_dispute": 6, "prior": 6, "findings": {"measured_gain": True}}, "overturn", f"{MT16}#improvement-beyond-trial"),
        ("CM17-0010006", "chiropractic", {"in_dispute": 12, "prior": {"attended": SILENT}, "findings": UNMEASURED}, "uphold", f"{MT16}#improvement-beyond-trial"),
        ("CM16-0242419", "acupuncture", {"in_dispute": 6, "prior": {"attended": 4, "authorised_unused": 2}, "findings": {"restrictions_reduced": True}}, "overturn", f"{ACU}#improvement-beyond-effect"),
        ("CM16-0248698", "acupuncture", {"in_dispute": 12, "asked": 18, "authorised": 6, "findings": {"pain_medication_reduced_or_not_tolerated": SILENT, "adjunct_to_rehabilitation": SILENT}}, "uphold", f"{ACU}#option"),
        ("CM16-0249735", "home_health_care", {"in_dispute": {"value": 120, "unit": "hour"}, "findings": {"homebound": SILENT, "after_major_surgery_or_hospital_stay": True, "skilled_or_personal_care_needed": True}}, "uphold", "mtus/chronic-pain-2016/home-health#homebound"),
    ],
)  # fmt: skip
def test_determinations_decided_inside_the_guideline(letter, treatment, asks, suggestion, ground):
    found = judge(treatment, **asks)
    assert found.suggestion == suggestion, letter
    assert ground in found.grounds


def test_the_femur_and_the_hand_of_one_determination():
    """CM17-0006912: the larger of two operations has 30 visits; 24 at once pass the initial course."""
    surgeries = [
        {"procedure": "thigh_femur_fracture", "date": "2016-11-22"},
        {"procedure": "hand_metacarpal_fracture", "date": "2016-11-16"},
    ]
    therapy = item(
        "PT/OT two to three times a week for six to eight weeks (24 sessions) left hand, right lower leg",
        asked=24, authorised=6, in_dispute=18, findings={"objective_improvement": SILENT},
    )  # fmt: skip
    history = [{"treatment": "occupational_therapy", "attended": {"at_least": 1}, "after_surgery": True}]
    found = judged(therapy, request="2016-12-15", injury="2016-11-15", surgeries=surgeries, history=history)[
        0
    ]
    assert found.treatment == "physical_medicine"
    assert found.grounds == (f"{PS}#improvement-beyond-initial-course",)


def test_a_knee_sprain_of_weeks_is_judged_by_analogy_where_the_reviewer_went_elsewhere():
    """CM17-0015348: overturned outside the guideline, by an ODG row of 12 and two visits more."""
    found = judge("physical_therapy", 8, region="knee", prior=6, findings=IMPROVED)
    assert found.grounds == (f"{PM16}#within-total",)
    assert "Applied by analogy" in reason(found, f"{PM16}#within-total")


# --- recognition --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "treatment"),
    [
        ("Continue physical therapy 3 times a week for 2 weeks", "physical_therapy"),
        (
            "Continuation for left hand therapy 2 times a week for 6 weeks (12 sessions)",
            "occupational_therapy",
        ),
        ("Electro acupuncture to the low back two times a week times six weeks", "electroacupuncture"),
        ("Infrared heat to the low back two times a week times six weeks", "infrared"),
        ("Myofascial release to the low back two times a week times six weeks", "myofascial_release"),
        ("Spinal manipulation 1 times 8", "chiropractic"),
        (
            "Chirophysio therapy two times a week for four weeks for the right elbow and right knee",
            "chiropractic",
        ),
        (
            "Chiropractic physiotherapy 2 times a week for 4 weeks (8 sessions) to the left elbow",
            "chiropractic",
        ),
        ("Chiro with modalities 2 times a week for 6 weeks for neck, back", "chiropractic"),
        ("Spinolator therapy (traction) times 12", "traction"),
        ("Ice/Heat pads therapy times 12", "hot_cold_packs"),
        ("Ultrasound 1 times 8", "therapeutic_ultrasound"),
        ("Unknown shockwave treatments", "shock_wave_therapy"),
        ("PT/OT 18 sessions left hand, right lower leg", "physical_medicine"),
        ("Post-op physical therapy 12-18 sessions", "physical_therapy"),
        ("Acute inpatient rehabilitation PT/OT 7-10 days for left foot fracture", "inpatient_rehabilitation"),
        ("Home aide 12 hours/day 5x/week for 4 weeks", "home_health_care"),
        ("Daily RN for 4 weeks for wound care and home safety, medication management", "home_health_care"),
        (
            "Referral to chiropractor for evaluation of low back pain, twice a week for 3 weeks",
            "chiropractic",
        ),
        ("Physical exam 2 times 8", None),
        ("Cognitive behavioral therapy and relaxation training, 4 sessions", "psychotherapy"),
        ("Biofeedback x 6", "biofeedback"),
        ("Aquatic therapy 2 x 4", "aquatic_therapy"),
        ("Functional restoration program, 80 hours", "functional_restoration_program"),
        ("Work hardening 3 times a week for 4 weeks", "work_conditioning"),
    ],
)
def test_requests_are_recognised_by_the_words_they_use(service, treatment):
    assert RULEBOOK.vocabulary.recognise(service) == treatment
