"""Injections, electrotherapy, drugs, studies, equipment and surgery: suggestions, and what they rest on."""

import pytest

from imr_rules import Case, Rulebook, screen

RULEBOOK = Rulebook.load()
SILENT = {"undocumented": ["the progress notes", "the request"]}


def item(
    service, *, request="2016-12-15", injury="2016-10-15", history=(), region=None, diagnoses=(), **rest
):
    """Screen one item; keyword arguments that the case knows go there, the others are findings."""
    fields = ("asked", "authorised", "in_dispute", "duration", "course", "codes")
    asked = {name: rest.pop(name) for name in fields if name in rest}
    if region:
        asked["body_part"] = {"region": region}
    case = Case.from_data(
        {
            "request": {"date": request},
            "injury": {"date": injury},
            "diagnoses": [{"text": text} for text in diagnoses],
            "history": list(history),
            "items": [{"service": service, **asked}],
            "findings": rest,
        }
    )
    return screen(case, RULEBOOK).items[0]


def names(grounds):
    return {ground.split("#")[1] for ground in grounds}


def status(screening, name):
    return next(each.status for each in screening.criteria if each.id.endswith("#" + name))


# --- epidural steroid injections: relief, weeks, blocks, levels ------------------------------------------

ESI = {
    "request": "2014-03-01",
    "injury": "2013-01-01",
    "region": "low_back",
    "in_dispute": 1,
    "radiculopathy_signs": True,
    "radiculopathy_confirmed": True,
    "failed_conservative_care": True,
    "levels_requested": 1,
    "chronic_pain": True,
}
ONE_BLOCK = [{"treatment": "epidural_steroid_injection", "attended": 1, "body_part": {"region": "low_back"}}]
REPEAT = {**ESI, "history": ONE_BLOCK, "activities_improved": True, "medication_reduced": True}


def test_a_first_epidural_for_confirmed_radiculopathy_is_supported():
    found = item("Lumbar ESI L4-5", **ESI)
    assert (found.suggestion, found.tier) == ("overturn", "mtus")
    assert {"radiculopathy", "failed-conservative-care", "no-series", "levels"} <= names(found.grounds)
    assert status(found, "repeat-relief") == "not_applicable"


@pytest.mark.parametrize(
    ("percent", "weeks", "suggestion"),
    [(50, 6, "overturn"), (80, 8, "overturn"), (49, 6, "uphold"), (50, 5, "uphold"), (0, 0, "uphold")],
)
def test_a_repeat_epidural_asks_for_half_the_pain_gone_for_six_weeks(percent, weeks, suggestion):
    found = item("Lumbar ESI L4-5", **REPEAT, relief_percent=percent, relief_weeks=weeks)
    assert found.suggestion == suggestion
    assert ("repeat-relief" in names(found.grounds)) is True
    assert status(found, "repeat-relief") == ("met" if suggestion == "overturn" else "unmet")


def test_a_repeat_epidural_without_less_medication_is_not_supported():
    found = item(
        "Lumbar ESI L4-5", **{**REPEAT, "medication_reduced": False}, relief_percent=70, relief_weeks=8
    )
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"repeat-function"}


def test_silence_about_relief_is_a_ground_and_says_what_to_ask_for():
    found = item("Lumbar ESI L4-5", **REPEAT, relief_percent=SILENT, relief_weeks=SILENT)
    assert found.suggestion == "uphold"
    assert "absence of documentation" in found.headline
    assert {each.fact for each in found.ask_for} == {"relief_percent", "relief_weeks"}


def test_relief_that_nobody_looked_up_needs_review_and_names_it():
    found = item("Lumbar ESI L4-5", **REPEAT)
    assert found.suggestion == "needs_review"
    assert {each.fact for each in found.missing} == {"relief_percent", "relief_weeks"}


def test_a_series_of_three_is_over_the_two_of_the_diagnostic_phase():
    found = item("Lumbar ESI, series of three", **{**ESI, "in_dispute": 3})
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"no-series"}


@pytest.mark.parametrize(("before", "suggestion"), [(3, "overturn"), (4, "uphold")])
def test_a_region_has_four_blocks_a_year(before, suggestion):
    history = [{**ONE_BLOCK[0], "attended": 6}]
    found = item(
        "Lumbar ESI",
        **{**REPEAT, "history": history},
        relief_percent=60,
        relief_weeks=7,
        blocks_past_year=before,
    )
    assert found.suggestion == suggestion
    assert status(found, "within-year") == ("met" if suggestion == "overturn" else "unmet")


@pytest.mark.parametrize(
    ("approach", "levels", "met"),
    [
        ("transforaminal", 2, True),
        ("transforaminal", 3, False),
        ("interlaminar", 1, True),
        ("interlaminar", 2, False),
    ],
)
def test_levels_of_one_session(approach, levels, met):
    found = item("Lumbar ESI", **{**ESI, "levels_requested": levels}, injection_approach=approach)
    assert status(found, "levels") == ("met" if met else "unmet")


def test_reviewers_fell_back_on_the_superseded_criteria_as_practice():
    found = item("Lumbar ESI", **{**REPEAT, "request": "2016-12-15"}, relief_percent=30, relief_weeks=7)
    assert (found.suggestion, found.tier) == ("uphold", "practice")
    assert found.grounds == ("mtus/practice/epidural-steroid-injections-after-2016#repeat-relief",)
    sources = {each.citation.source for each in found.criteria if each.status == "met"}
    assert "mtus-chronic-pain-2009" in sources


def test_an_epidural_of_the_neck_meets_odg_before_that_practice():
    found = item("Cervical ESI", **{**ESI, "request": "2016-12-15", "region": "neck"})
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert found.grounds == ("mtus/odg/cervical-epidural#recommended",)


def test_a_recalled_number_says_so_in_its_reason():
    found = item("Lumbar ESI, series of three", **{**ESI, "in_dispute": 3})
    reason = next(each.reason for each in found.criteria if each.id.endswith("#no-series"))
    assert "recalled" in reason


# --- trigger points, sympathetic blocks, botulinum, implants ---------------------------------------------

TRIGGER = {
    "request": "2014-03-01",
    "injury": "2013-01-01",
    "chronic_pain": True,
    "trigger_points": True,
    "failed_conservative_care": True,
    "in_dispute": 1,
}


@pytest.mark.parametrize(("sites", "suggestion"), [(4, "overturn"), (5, "uphold")])
def test_trigger_point_injections_in_one_session(sites, suggestion):
    found = item("Trigger point injections", **TRIGGER, injection_sites=sites)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(("percent", "suggestion"), [(51, "overturn"), (50, "uphold")])
def test_repeat_trigger_point_injections_ask_for_more_than_half(percent, suggestion):
    history = [{"treatment": "trigger_point_injection", "attended": 3}]
    found = item(
        "Trigger point injections",
        **TRIGGER,
        history=history,
        injection_sites=3,
        relief_percent=percent,
        relief_weeks=6,
        activities_improved=True,
        months_since_injection=2,
    )
    assert found.suggestion == suggestion


def test_botulinum_toxin_is_for_dystonia_not_for_headache():
    old = {"request": "2014-03-01", "injury": "2013-01-01", "in_dispute": 1, "chronic_pain": True}
    assert item("Botox injections", **old, region="neck").suggestion == "uphold"
    dystonia = item("Botox injections", **old, region="neck", diagnoses=["cervical dystonia"])
    assert dystonia.suggestion == "overturn"


def test_a_permanent_stimulator_follows_a_trial_that_succeeded():
    stimulator = {
        "request": "2014-03-01",
        "injury": "2013-01-01",
        "chronic_pain": True,
        "stimulator_indication": True,
        "failed_conservative_care": True,
        "psychological_clearance": True,
    }
    assert item("Spinal cord stimulator trial", **stimulator).suggestion == "overturn"
    permanent = item("Spinal cord stimulator, permanent", **stimulator, permanent_implant=True)
    assert names(permanent.grounds) == {"trial-before-implant"}
    after = item(
        "Spinal cord stimulator",
        **stimulator,
        permanent_implant=True,
        trial_completed=True,
        trial_benefit=True,
    )
    assert after.suggestion == "overturn"


# --- electrotherapy --------------------------------------------------------------------------------------

TENS = {"functional_restoration_adjunct": True, "treatment_goals": True}


@pytest.mark.parametrize(
    ("request_", "suggestion"),
    [
        ({"duration": {"value": 30, "unit": "day"}, "purchase_requested": False}, "overturn"),
        ({"asked": {"value": 1, "unit": "month"}, "purchase_requested": False}, "overturn"),
        ({"asked": {"value": 2, "unit": "month"}, "purchase_requested": False}, "uphold"),
        ({"asked": {"value": 1, "unit": "month"}, "purchase_requested": True}, "uphold"),
    ],
)
def test_tens_begins_with_a_month_on_trial(request_, suggestion):
    found = item("TENS unit", **TENS, **request_)
    assert found.suggestion == suggestion
    assert status(found, "one-month-trial-first") == ("met" if suggestion == "overturn" else "unmet")


def test_tens_may_be_bought_after_a_trial_that_helped():
    bought = {"purchase_requested": True, "trial_completed": True}
    assert item("TENS unit purchase", **TENS, **bought, trial_benefit=True).suggestion == "overturn"
    failed = item("TENS unit purchase", **TENS, **bought, trial_benefit=False)
    assert names(failed.grounds) == {"trial-showed-benefit"}


def test_tens_alone_is_no_primary_treatment():
    found = item(
        "TENS unit", duration={"value": 30, "unit": "day"}, purchase_requested=False, treatment_goals=True,
        functional_restoration_adjunct=SILENT,
    )  # fmt: skip
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"adjunct-to-functional-restoration"}


def test_h_wave_comes_after_tens():
    old = {"request": "2014-03-01", "injury": "2013-01-01", "chronic_pain": True, **TENS}
    rental = {
        "asked": {"value": 1, "unit": "month"},
        "purchase_requested": False,
        "failed_conservative_care": True,
    }
    assert item("H-wave unit", **old, **rental, tens_failed=True).suggestion == "overturn"
    assert names(item("H-wave unit", **old, **rental, tens_failed=False).grounds) == {"other-care-failed"}


@pytest.mark.parametrize(
    ("service", "diagnoses", "suggestion"),
    [
        ("Microcurrent stimulation", [], "uphold"),
        ("NMES unit", [], "uphold"),
        ("Fioricet #30", [], "uphold"),
        ("Soma 350mg #60", [], "uphold"),
    ],
)
def test_what_the_guideline_of_2009_does_not_recommend(service, diagnoses, suggestion):
    found = item(service, request="2014-03-01", injury="2013-01-01", chronic_pain=True, diagnoses=diagnoses)
    assert found.suggestion == suggestion
    assert "recommended" in names(found.grounds)


def test_neuromuscular_stimulation_after_a_stroke_is_not_refused():
    found = item("NMES unit", request="2014-03-01", chronic_pain=True, diagnoses=["stroke"])
    assert found.review_reasons == ("nothing_governs",)


# --- drugs: time, dose, what comes first -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "days", "suggestion"),
    [
        (None, 20, "overturn"),
        (None, 30, "uphold"),
        ("2016-12-08", 13, "overturn"),
        ("2016-12-08", 14, "uphold"),
        ("2016-11-01", 1, "uphold"),
    ],
)
def test_cyclobenzaprine_lasts_less_than_three_weeks_in_all(since, days, suggestion):
    history = [{"treatment": "cyclobenzaprine", "since": since}] if since else []
    found = item(
        "Flexeril 10mg #60",
        history=history,
        asked=60,
        duration={"value": days, "unit": "day"},
        muscle_spasm=True,
    )
    assert found.suggestion == suggestion


def test_another_muscle_relaxant_before_counts_too():
    found = item(
        "Cyclobenzaprine 5mg #30",
        history=[{"treatment": "muscle_relaxant", "since": "2016-11-01"}],
        asked=30,
        muscle_spasm=True,
    )
    assert found.suggestion == "uphold"
    assert {"within-three-weeks", "less-than-three-weeks"} <= names(found.grounds)


def test_a_quantity_of_tablets_alone_does_not_say_how_long_it_lasts():
    found = item("Flexeril 10mg #60", asked=60, muscle_spasm=True)
    assert found.suggestion == "needs_review"
    assert "days_requested" in {each.fact for each in found.missing}


@pytest.mark.parametrize(("days", "suggestion"), [(28, "overturn"), (29, "uphold")])
def test_benzodiazepines_are_for_four_weeks(days, suggestion):
    found = item(
        "Xanax #30",
        request="2014-03-01",
        chronic_pain=True,
        rationale=True,
        asked=30,
        duration={"value": days, "unit": "day"},
    )
    assert found.suggestion == suggestion


def test_a_short_course_alone_is_no_reason_for_a_benzodiazepine():
    found = item("Xanax #30", request="2014-03-01", rationale=SILENT, duration={"value": 7, "unit": "day"})
    assert names(found.grounds) == {"reason-for-use"}


OPIOID = {
    "request": "2014-03-01",
    "injury": "2013-01-01",
    "chronic_pain": True,
    "course": "continuing",
    "opioid_monitoring": True,
    "activities_improved": True,
    "response": True,
}


@pytest.mark.parametrize(
    ("dose", "consulted", "suggestion"),
    [(120, False, "overturn"), (121, False, "uphold"), (121, True, "overturn")],
)
def test_the_dose_of_2009_is_120_morphine_milligrams_a_day(dose, consulted, suggestion):
    found = item("Norco 10/325mg #120", **OPIOID, opioid_dose=dose, pain_consultation=consulted)
    assert found.suggestion == suggestion


def test_the_dose_of_2016_is_a_caution_not_a_ground():
    found = item(
        "Norco 10/325mg #120", **{**OPIOID, "request": "2016-12-15"}, opioid_dose=100, pain_consultation=False
    )
    assert found.suggestion == "overturn"
    assert any("80 mg" in warning for warning in found.warnings)


def test_an_opioid_is_not_continued_without_monitoring():
    found = item("Norco #60", **{**OPIOID, "request": "2016-12-15", "opioid_monitoring": SILENT})
    assert names(found.grounds) == {"four-areas-monitored"}


def test_a_severe_acute_injury_comes_before_the_ladder():
    found = item("Oxycodone HCL ER 20mg #60", severe_acute_injury=True, course="initial")
    assert found.suggestion == "overturn"
    late = item("Oxycodone HCL ER 20mg #60", severe_acute_injury=True, course="initial", injury="2016-08-01")
    assert names(late.grounds) == {"acute-use-is-short"}


@pytest.mark.parametrize(
    ("day", "suggestion", "ground"),
    [
        ("2016-10-16", "overturn", "acute-use-is-short"),  # 90 days
        ("2016-10-15", "uphold", "four-areas-monitored"),  # 91
    ],
)
def test_what_maintenance_asks_for_begins_three_months_after_a_severe_injury(day, suggestion, ground):
    use = [{"treatment": "opioid", "since": day}]
    found = item(
        "Percocet #60", request="2017-01-14", injury=day, severe_acute_injury=True, history=use,
        opioid_monitoring=SILENT, response=SILENT, functional_improvement=SILENT, opioid_dose=40,
    )  # fmt: skip
    assert found.suggestion == suggestion
    assert ground in names(found.grounds)


def test_a_first_opioid_without_other_drugs_tried_is_not_supported():
    found = item("Tramadol 50mg #60", course="initial", nonopioids_failed=SILENT, opioid_risk_screened=SILENT)
    assert names(found.grounds) == {"non-opioids-first", "risk-screened"}


@pytest.mark.parametrize(
    ("dose", "extended", "met"),
    [(300, True, True), (301, True, False), (400, False, True), (401, False, False)],
)
def test_tramadol_has_a_daily_dose(dose, extended, met):
    found = item("Tramadol #90", **OPIOID, opioid_dose=30, daily_dose=dose, extended_release=extended)
    assert status(found, "daily-dose") == ("met" if met else "unmet")


def test_an_anti_inflammatory_drug_is_a_first_choice_and_continues_on_benefit():
    assert item("Naproxen 500mg #60", course="initial").suggestion == "overturn"
    assert item("Naproxen 500mg #60", course="continuing", measured_gain=True).suggestion == "overturn"
    told = item("Motrin 600mg #40", course="continuing", response=SILENT, functional_improvement=SILENT)
    assert names(told.grounds) == {"benefit-when-continued"}


def test_an_acid_suppressant_asks_for_a_risk():
    assert item("Omeprazole #30", gastrointestinal_risk=True).suggestion == "overturn"
    assert item("Omeprazole #30", gastrointestinal_risk=SILENT).suggestion == "uphold"


def test_one_ingredient_that_is_not_recommended_settles_a_cream():
    found = item(
        "Gabapentin 10%, Cyclobenzaprine 6%, Bupivacaine 5% in cream base", non_recommended_ingredient=True
    )
    assert found.treatment == "compounded_topical"
    assert "no-ingredient-that-is-not-recommended" in names(found.grounds)
    assert found.suggestion == "uphold"


def test_lidocaine_is_the_patch_after_first_line_drugs():
    patch = {"non_recommended_ingredient": False, "neuropathic_pain": True, "first_line_drugs_failed": True}
    assert item("Lidoderm patch #30", **patch, patch_form=True).suggestion == "overturn"
    assert names(item("Lidocaine ointment 5%", **patch, patch_form=False).grounds) == {"patch-only"}


def test_a_topical_anti_inflammatory_is_not_for_the_spine():
    old = {"request": "2014-03-01", "duration": {"value": 28, "unit": "day"}, "rationale": True}
    assert item("Voltaren gel", **old, region="knee").suggestion == "overturn"
    assert item("Voltaren gel", **old, region="low_back").suggestion == "uphold"


def test_a_urine_test_is_for_who_takes_opioids():
    assert item("Urine drug screen", on_opioids=True).suggestion == "overturn"
    assert item("Urine drug screen", on_opioids=SILENT).suggestion == "uphold"


# --- imaging: red flags, failed care, waiting ------------------------------------------------------------

LUMBAR = {
    "region": "low_back",
    "nerve_compromise": True,
    "failed_conservative_care": True,
    "surgery_considered": True,
    "red_flags": False,
}


def test_lumbar_imaging_for_nerve_compromise_that_care_did_not_help():
    assert item("MRI of the lumbar spine", **LUMBAR).suggestion == "overturn"


@pytest.mark.parametrize(
    ("absent", "ground"),
    [
        ("nerve_compromise", "nerve-compromise-or-red-flag"),
        ("failed_conservative_care", "failed-conservative-care"),
        ("surgery_considered", "surgery-considered"),
    ],
)
def test_lumbar_imaging_asks_for_each_of_three(absent, ground):
    facts = {**LUMBAR, absent: False, "nerve_dysfunction_tested": False}
    assert names(item("MRI of the lumbar spine", **facts).grounds) == {ground}
    facts[absent] = SILENT
    assert names(item("MRI of the lumbar spine", **facts).grounds) == {ground}


def test_a_red_flag_opens_lumbar_imaging_on_the_first_day():
    facts = {"region": "low_back", "red_flags": True, "injury": "2016-12-15"}
    assert item("MRI of the lumbar spine", **facts).suggestion == "overturn"
    assert item("X-rays of the lumbar spine", **facts).suggestion == "overturn"


def test_nobody_having_looked_for_red_flags_is_not_their_absence():
    found = item("X-rays of the lumbar spine", region="low_back")
    assert found.suggestion == "needs_review"
    assert [each.fact for each in found.missing] == ["red_flags"]


@pytest.mark.parametrize(("injury", "status_"), [("2016-11-17", "met"), ("2016-11-18", "unmet")])
def test_lumbar_imaging_waits_four_weeks(injury, status_):
    assert status(item("MRI of the lumbar spine", **LUMBAR, injury=injury), "wait-a-month") == status_


def test_a_second_study_asks_for_a_change():
    before = [
        {"treatment": "mri", "attended": {"value": 1, "unit": "study"}, "body_part": {"region": "low_back"}}
    ]
    again = item("MRI of the lumbar spine", **LUMBAR, history=before, changed_since_last_study=SILENT)
    assert names(again.grounds) == {"repeat-study"}
    changed = item("MRI of the lumbar spine", **LUMBAR, history=before, changed_since_last_study=True)
    assert changed.suggestion == "overturn"


@pytest.mark.parametrize(
    ("service", "region", "facts"),
    [
        ("MRI of the right shoulder", "shoulder", {"failed_conservative_care": True}),
        ("MRI of the right shoulder", "shoulder", {"invasive_procedure_planned": True}),
        ("MRI of the knee", "knee", {"failed_conservative_care": True, "internal_derangement_signs": True}),
        ("MRI of the cervical spine", "neck", {"failed_conservative_care": True, "nerve_compromise": True}),
        ("MRI of the left wrist", "wrist", {"failed_conservative_care": True}),
    ],
)
def test_imaging_that_the_clinical_topics_support(service, region, facts):
    found = item(service, region=region, red_flags=False, **facts)
    assert (found.suggestion, found.tier) == ("overturn", "mtus")


@pytest.mark.parametrize(
    ("service", "region"),
    [
        ("MRI of the right shoulder", "shoulder"),
        ("MRI of the knee", "knee"),
        ("MRI of the cervical spine", "neck"),
        ("MRI of the left wrist", "wrist"),
    ],
)
def test_imaging_before_conservative_care_failed(service, region):
    facts = {
        "red_flags": SILENT,
        "failed_conservative_care": SILENT,
        "nerve_compromise": SILENT,
        "nerve_dysfunction_tested": SILENT,
        "internal_derangement_signs": SILENT,
        "surgery_considered": SILENT,
    }
    found = item(service, region=region, **facts)
    assert found.suggestion == "uphold"
    assert "absence of documentation" in found.headline


def test_head_imaging_is_judged_by_odg_since_the_mtus_is_silent():
    found = item("CT scan of the head", region="head", red_flags=False, head_findings=False)
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert (
        item("CT scan of the head", region="head", red_flags=False, head_findings=True).suggestion
        == "overturn"
    )


def test_a_chapter_whose_criteria_were_not_read_gives_no_answer():
    found = item("Right elbow MRI", region="elbow", failed_conservative_care=True, red_flags=False)
    assert found.suggestion == "needs_review"
    assert found.review_reasons == ("criteria_not_known",)
    assert "Elbow Disorders" in found.headline


# --- electrodiagnostics ----------------------------------------------------------------------------------


def test_electromyography_asks_for_suspected_radiculopathy_and_a_month_of_care():
    facts = {"region": "low_back", "radiculopathy_suspected": True, "failed_conservative_care": True}
    assert item("EMG bilateral lower extremities", **facts).suggestion == "overturn"
    early = item("EMG bilateral lower extremities", **facts, injury="2016-11-20")
    assert "a-month-of-care-first" in names(early.grounds)
    obvious = item("EMG bilateral lower extremities", **facts, radiculopathy_obvious=True)
    assert names(obvious.grounds) == {"not-already-obvious"}


def test_nerve_conduction_of_the_leg_is_not_recommended_for_radiculopathy():
    found = item("NCV of the bilateral lower extremities", region="low_back", entrapment_signs=False)
    assert "recommended" in names(found.grounds)
    neuropathy = item("NCV of the bilateral lower extremities", region="leg", entrapment_signs=True)
    assert neuropathy.suggestion == "overturn"


def test_both_studies_of_the_leg_together_fall_with_the_nerve_conduction():
    found = item(
        "EMG/NCV of the lower extremities", region="low_back", radiculopathy_suspected=True,
        failed_conservative_care=True, entrapment_signs=False, nerve_compromise=True,
    )  # fmt: skip
    assert found.treatment == "emg_and_ncs"
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"recommended"}


def test_nerve_conduction_of_the_arm_for_carpal_tunnel_signs():
    facts = {
        "region": "wrist",
        "entrapment_signs": True,
        "symptoms_unimproved": True,
        "red_flags": False,
    }
    assert item("NCS of the left upper extremity", **facts).suggestion == "overturn"
    early = item("NCS of the left upper extremity", **facts, injury="2016-12-01")
    assert names(early.grounds) == {"wait-four-weeks"}
    older = item(
        "NCS of the left upper extremity", **facts, injury="2016-12-01", symptoms_predate_injury=True
    )
    assert older.suggestion == "overturn"
    better = item("NCS of the left upper extremity", **{**facts, "symptoms_unimproved": False})
    assert names(better.grounds) == {"no-improvement"}
    silent = item("NCS of the left upper extremity", **{**facts, "symptoms_unimproved": SILENT})
    assert names(silent.grounds) == {"no-improvement"}


@pytest.mark.parametrize(
    ("in_question", "suggestion"),
    [(True, "overturn"), (False, "uphold"), (SILENT, "uphold"), ({"missing": "illegible"}, "needs_review")],
)
def test_a_functional_capacity_evaluation_answers_a_question_about_work(in_question, suggestion):
    found = item("Functional capacity evaluation", work_capability_in_question=in_question)
    assert found.suggestion == suggestion


# --- equipment, visits, transport ------------------------------------------------------------------------


def test_a_lumbar_support_has_no_use_beyond_the_acute_phase():
    late = item("Lumbar support", region="low_back")
    assert (late.suggestion, names(late.grounds)) == ("uphold", {"recommended"})
    acute = item("Lumbar support", region="low_back", injury="2016-12-05", medical_need=True)
    assert acute.suggestion != "uphold"


def test_braces_of_the_wrist_wait_for_the_text():
    found = item("Wrist braces #2", region="wrist")
    assert found.review_reasons == ("criteria_not_known",)


def test_equipment_of_which_the_mtus_is_silent_asks_for_a_medical_need():
    found = item("Standard wheelchair", medical_need=SILENT)
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert item("Standard wheelchair", medical_need=True).suggestion == "overturn"


def test_transport_is_for_who_cannot_travel_alone():
    assert item("Transportation to appointments", self_transport_prevented=False).suggestion == "uphold"
    assert item("Transportation to appointments", self_transport_prevented=True).suggestion == "overturn"


def test_a_consultation_asks_why_this_patient_needs_it():
    assert item("Spine surgery evaluation for the lumbar", rationale=True).suggestion == "overturn"
    assert item("Follow up office visit", rationale=SILENT).suggestion == "uphold"


# --- surgery, and what follows it ------------------------------------------------------------------------


def followers(*services, **findings):
    case = Case.from_data(
        {
            "request": {"date": "2016-12-15"},
            "injury": {"date": "2016-09-15"},
            "items": [
                {
                    "id": "surgery",
                    "service": "Right shoulder arthroscopy",
                    "body_part": {"region": "shoulder"},
                },
                *({"service": service, "follows": "surgery"} for service in services),
            ],
            "findings": {"red_flags": False, **findings},
        }
    )
    return screen(case, RULEBOOK).items


SERVICES = (
    "Assistant surgeon",
    "Pre-op clearance",
    "EKG",
    "Labs - CBC",
    "Cold compression therapy 30 day rental",
    "TENS unit",
)


def test_what_belongs_to_an_operation_falls_with_it():
    surgery, *rest = followers(*SERVICES, failed_conservative_care=False, lesion_shown=True)
    assert names(surgery.grounds) == {"failed-conservative-care"}
    for each in rest:
        assert each.suggestion == "uphold"
        assert "mtus/labor-code/necessity#principal-procedure-supported" in each.grounds
        reason = next(one.reason for one in each.criteria if one.id == each.grounds[0])
        assert "cap" not in reason


def test_what_belongs_to_a_supported_operation_stands_on_its_own_merits():
    surgery, *rest = followers(*SERVICES, failed_conservative_care=True, lesion_shown=True)
    assert surgery.suggestion == "overturn"
    assert all("principal-procedure-supported" not in names(each.grounds) for each in rest)
    assert {each.suggestion for each in rest} == {"needs_review"}


def test_what_belongs_to_an_operation_under_review_waits():
    surgery, assistant = followers("Assistant surgeon", failed_conservative_care=True)
    assert surgery.suggestion == assistant.suggestion == "needs_review"
    assert "principal_needs_review" in assistant.review_reasons


def test_a_request_that_leaves_out_its_quantity_shows_no_necessity():
    found = item("Wrist braces", region="wrist", request_incomplete=True)
    assert found.suggestion == "uphold"
    assert found.grounds == ("mtus/labor-code/necessity#request-says-what-is-asked",)


# --- the formulary ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("injury", "days", "grounds"),
    [
        ("2019-03-01", 4, set()),
        ("2019-02-28", 4, {"special-fill-within-a-week"}),
        ("2019-03-01", 5, {"special-fill-supply"}),
    ],
)
def test_a_special_fill_is_short_and_soon(injury, days, grounds):
    found = item(
        "Ibuprofen",
        request="2019-03-08",
        injury=injury,
        special_fill=True,
        duration={"value": days, "unit": "day"},
    )
    assert names(found.grounds) == grounds
    assert found.suggestion == ("uphold" if grounds else "needs_review")


def test_a_drug_that_is_not_exempt_is_told_and_not_held_against_the_request():
    found = item("Ibuprofen", request="2019-03-08", formulary_status="non_exempt")
    assert found.suggestion == "needs_review"
    assert any("prospective review" in warning for warning in found.warnings)


def test_stimulation_in_the_clinic_is_an_adjunct():
    found = item("Electrical stimulation 1 times 8", functional_restoration_adjunct=False)
    assert (found.treatment, found.suggestion) == ("electrical_stimulation", "uphold")


def test_stimulation_in_the_clinic_waits_for_the_result_of_another_course():
    found = item("Electrical stimulation 1 times 8", other_course_unfinished=True)
    assert (found.suggestion, names(found.grounds)) == ("uphold", {"one-course-at-a-time"})


# --- equipment after an operation on the shoulder --------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "after", "suggestion", "grounds"),
    [
        (7, True, "overturn", {"after-surgery", "within-a-week"}),
        (8, True, "uphold", {"within-a-week"}),
        (7, False, "uphold", {"after-surgery"}),
    ],
)
def test_cold_therapy_of_the_shoulder_is_for_a_week_after_surgery(days, after, suggestion, grounds):
    found = item(
        "Cold therapy unit rental",
        region="shoulder",
        after_planned_surgery=after,
        in_dispute={"value": days, "unit": "day"},
    )
    assert (found.treatment, found.suggestion) == ("cold_or_heat_therapy", suggestion)
    assert names(found.grounds) == grounds


@pytest.mark.parametrize(
    ("region", "after", "suggestion"),
    [
        ("shoulder", True, "overturn"),
        # Without an operation, and elsewhere, the general entry on equipment asks for a medical need.
        ("shoulder", False, "needs_review"),
        ("elbow", True, "needs_review"),
    ],
)
def test_a_sling_follows_an_operation_on_the_shoulder(region, after, suggestion):
    found = item("Slingshot sling", region=region, after_planned_surgery=after)
    assert (found.treatment, found.suggestion) == ("sling", suggestion)
