"""Drugs: time, dose, what comes first, and the formulary."""

import csv
from pathlib import Path
from typing import Any

import pytest

import imr_rules.words
from tests.rulebook.asking import RULEBOOK, SILENT, item, names, status

DRUGS = Path(imr_rules.words.__file__).with_name("drugs.csv").read_text(encoding="utf-8").splitlines()

# --- drugs: time, dose, what comes first ---


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
def test_cyclobenzaprine_lasts_less_than_three_weeks_in_all(
    since: str | None, days: int, suggestion: str
) -> None:
    history = [{"treatment": "cyclobenzaprine", "since": since}] if since else []
    found = item(
        "Flexeril 10mg #60",
        history=history,
        asked=60,
        duration={"value": days, "unit": "day"},
        muscle_spasm=True,
    )
    assert found.suggestion == suggestion


def test_another_muscle_relaxant_before_counts_too() -> None:
    found = item(
        "Cyclobenzaprine 5mg #30",
        history=[{"treatment": "muscle_relaxant", "since": "2016-11-01"}],
        asked=30,
        muscle_spasm=True,
    )
    assert found.suggestion == "uphold"
    assert {"within-three-weeks", "less-than-three-weeks"} <= names(found.grounds)


def test_a_quantity_of_tablets_alone_does_not_say_how_long_it_lasts() -> None:
    found = item("Flexeril 10mg #60", asked=60, muscle_spasm=True)
    assert found.suggestion == "needs_review"
    assert "days_requested" in {each.fact for each in found.missing}


@pytest.mark.parametrize(("days", "suggestion"), [(28, "overturn"), (29, "uphold")])
def test_benzodiazepines_are_for_four_weeks(days: int, suggestion: str) -> None:
    found = item(
        "Xanax #30",
        request="2014-03-01",
        injury="2013-01-01",
        chronic_pain=True,
        muscle_spasm=True,
        rationale=True,
        asked=30,
        duration={"value": days, "unit": "day"},
    )
    assert found.suggestion == suggestion


def test_a_short_course_alone_is_no_reason_for_a_benzodiazepine() -> None:
    asks: dict[str, Any] = {
        "request": "2014-03-01",
        "injury": "2013-01-01",
        "duration": {"value": 7, "unit": "day"},
    }
    silent = item("Xanax #30", **asks, rationale=SILENT)
    assert (silent.suggestion, names(silent.grounds)) == ("uphold", {"indication", "reason-for-use"})
    spasm = item("Xanax #30", **asks, rationale=SILENT, muscle_spasm=True)
    assert (spasm.suggestion, spasm.review_reasons) == ("needs_review", ("practice_against",))
    assert spasm.lean is not None
    assert (spasm.lean.suggestion, names(spasm.lean.grounds)) == ("uphold", {"reason-for-use"})


OPIOID: dict[str, Any] = {
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
def test_the_dose_of_2009_is_120_morphine_milligrams_a_day(
    dose: int, consulted: bool, suggestion: str
) -> None:
    found = item("Norco 10/325mg #120", **OPIOID, opioid_dose=dose, pain_consultation=consulted)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("dose", "consulted", "suggestion"),
    [(80, False, "overturn"), (81, False, "uphold"), (81, SILENT, "uphold"), (150, True, "overturn")],
)
def test_the_dose_of_2016_is_80_without_a_consultation(dose: int, consulted: Any, suggestion: str) -> None:
    old = {**OPIOID, "request": "2016-12-15", "severe_acute_injury": False}
    found = item("Norco 10/325mg #120", **old, opioid_dose=dose, pain_consultation=consulted)
    assert found.suggestion == suggestion
    assert ("dose-threshold" in names(found.grounds)) is (suggestion == "uphold")


def test_an_opioid_is_not_continued_without_monitoring() -> None:
    found = item(
        "Norco #60",
        **{
            **OPIOID,
            "request": "2016-12-15",
            "opioid_monitoring": SILENT,
            "severe_acute_injury": False,
            "opioid_dose": 40,
        },
    )
    assert names(found.grounds) == {"four-areas-monitored"}


def test_a_severe_acute_injury_comes_before_the_ladder() -> None:
    found = item("Oxycodone HCL ER 20mg #60", severe_acute_injury=True, course="initial")
    assert found.suggestion == "overturn"


@pytest.mark.parametrize(
    ("day", "suggestion", "ground"),
    [
        ("2016-10-16", "overturn", "benefit-when-continued"),  # 90 days
        ("2016-10-15", "uphold", "four-areas-monitored"),  # 91
    ],
)
def test_what_maintenance_asks_for_begins_three_months_after_a_severe_injury(
    day: str, suggestion: str, ground: str
) -> None:
    use = [{"treatment": "opioid", "since": day}]
    found = item(
        "Percocet #60", request="2017-01-14", injury=day, severe_acute_injury=True, history=use,
        opioid_monitoring=SILENT, response=SILENT, functional_improvement=SILENT, opioid_dose=40,
    )  # fmt: skip
    assert found.suggestion == suggestion
    assert ground in names(found.grounds)


def test_a_first_opioid_without_other_drugs_tried_is_not_supported() -> None:
    found = item(
        "Tramadol 50mg #60",
        course="initial",
        nonopioids_failed=SILENT,
        opioid_risk_screened=SILENT,
        severe_acute_injury=SILENT,
    )
    assert names(found.grounds) == {"non-opioids-first", "risk-screened"}


@pytest.mark.parametrize(
    ("dose", "extended", "met"),
    [(300, True, True), (301, True, False), (400, False, True), (401, False, False)],
)
def test_tramadol_has_a_daily_dose(dose: int, extended: bool, met: bool) -> None:
    found = item("Tramadol #90", **OPIOID, opioid_dose=30, daily_dose=dose, extended_release=extended)
    assert status(found, "daily-dose") == ("met" if met else "unmet")


def test_an_anti_inflammatory_drug_is_a_first_choice_and_continues_on_benefit() -> None:
    pain = item("Naproxen 500mg #60", course="initial", moderate_or_severe_pain=True)
    assert (pain.suggestion, "pain" in names(pain.grounds)) == ("overturn", True)
    assert item("Naproxen 500mg #60", course="continuing", measured_gain=True).suggestion == "overturn"
    told = item("Motrin 600mg #40", course="continuing", response=SILENT, functional_improvement=SILENT)
    assert names(told.grounds) == {"benefit-when-continued"}


def test_an_acid_suppressant_asks_for_a_risk() -> None:
    assert item("Omeprazole #30", gastrointestinal_risk=True).suggestion == "overturn"
    assert item("Omeprazole #30", gastrointestinal_risk=SILENT).suggestion == "uphold"


def test_one_ingredient_that_is_not_recommended_settles_a_cream() -> None:
    found = item(
        "Gabapentin 10%, Cyclobenzaprine 6%, Bupivacaine 5% in cream base", non_recommended_ingredient=True
    )
    assert found.treatment == "compounded_topical"
    assert "no-ingredient-that-is-not-recommended" in names(found.grounds)
    assert found.suggestion == "uphold"


def test_lidocaine_is_the_patch_after_first_line_drugs() -> None:
    patch: dict[str, Any] = {
        "non_recommended_ingredient": False,
        "neuropathic_pain": True,
        "first_line_drugs_failed": True,
    }
    assert item("Lidoderm patch #30", **patch, patch_form=True).suggestion == "overturn"
    assert names(item("Lidocaine ointment 5%", **patch, patch_form=False).grounds) == {"patch-only"}


def test_a_topical_anti_inflammatory_is_not_for_the_spine() -> None:
    old: dict[str, Any] = {
        "request": "2014-03-01",
        "injury": "2013-01-01",
        "duration": {"value": 28, "unit": "day"},
        "rationale": True,
        "tendinitis": True,
    }
    assert item("Voltaren gel", **old, region="knee").suggestion == "overturn"
    assert item("Voltaren gel", **old, region="low_back").suggestion == "uphold"


def test_a_urine_test_is_for_who_takes_opioids() -> None:
    assert item("Urine drug screen", asked=1, on_opioids=True).suggestion == "overturn"
    assert item("Urine drug screen", on_opioids=SILENT).suggestion == "uphold"


# --- the formulary ---


@pytest.mark.parametrize(
    ("injury", "days", "against"),
    [
        ("2019-03-01", 4, set()),
        ("2019-02-28", 4, {"special-fill-within-a-week"}),
        ("2019-03-01", 5, {"special-fill-supply"}),
    ],
)
def test_a_special_fill_is_short_and_soon_and_only_a_caution(injury: str, days: int, against: Any) -> None:
    found = item(
        "Ibuprofen",
        request="2019-03-08",
        injury=injury,
        special_fill=True,
        formulary_status="non_exempt",
        duration={"value": days, "unit": "day"},
    )
    fills = [each for each in found.criteria if "#special-fill" in each.id and "on-the-list" not in each.id]
    assert len(fills) == 2
    assert {each.id.split("#")[1] for each in fills if each.status == "unmet"} == against
    assert all(each.reason in found.warnings for each in fills if each.status == "unmet")
    assert (found.suggestion, found.grounds) == ("needs_review", ()), (
        "a fill frees a drug from review at most"
    )


def test_a_drug_that_is_not_exempt_is_told_and_not_held_against_the_request() -> None:
    found = item("Ibuprofen", request="2019-03-08", formulary_status="non_exempt")
    assert found.suggestion == "needs_review"
    assert any("prospective review" in warning for warning in found.warnings)


# --- what the words of a request say of a drug ---


@pytest.mark.parametrize(
    ("service", "suggestion"),
    [
        ("Capsaicin 0.025% cream 60 gm", "overturn"),
        ("Capsaicin 0.0375% cream 60 gm", "uphold"),
        ("Cream of capsaicin, 0.0375 %", "uphold"),
    ],
)
def test_a_strength_with_a_percent_sign_is_read_in_the_words(service: str, suggestion: str) -> None:
    found = item(
        service,
        request="2014-03-01",
        injury="2012-08-01",
        oral_drugs_not_tolerated=True,
        chronic_pain=True,
    )
    assert found.suggestion == suggestion


@pytest.mark.parametrize("drug", list(csv.DictReader(DRUGS)), ids=lambda drug: drug["ingredient"])
def test_a_brand_is_asked_for_as_its_ingredient_or_a_kind_of_it(drug: dict[str, str]) -> None:
    treatments = RULEBOOK.vocabulary.treatments
    generic = item(drug["ingredient"]).treatment
    for brand in filter(None, drug["brands"].split("; ")):
        found = item(brand).treatment
        assert found == generic or (found and generic in treatments[found].lineage), brand
