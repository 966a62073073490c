"""Which guideline governs a request: the day before and the day of every change, from 2007 to today."""

from datetime import date, timedelta
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import READ

RULEBOOK = Rulebook.load()
A_DAY = timedelta(days=1)


def asked(day: date | str, service: str, region: str | None = None, **findings: Any) -> ItemScreening:
    case: dict[str, Any] = {
        "request": {"date": str(day)},
        "items": [{"service": service}],
        "findings": findings,
    }
    if region:
        case["items"][0]["body_part"] = {"region": region}
    return screen(Case.from_data({**READ, **case}), RULEBOOK).items[0]


def editions(day: date | str, service: str, folder: str, region: str | None = None) -> set[str]:
    """Return the guidelines of one folder that are in force for a request of ``day``."""
    found = asked(day, service, region).guidelines
    return {each.removeprefix("mtus/") for each in found if each.startswith(f"mtus/{folder}/")}


CHANGES = [
    # first day, chapter, region, the text in force before
    ("2017-12-01", "general-approaches", None, None),
    ("2017-12-01", "chronic-pain", None, None),
    ("2017-12-01", "neck-and-upper-back", "neck", None),
    ("2017-12-01", "shoulder", "shoulder", None),
    ("2017-12-01", "elbow", "elbow", None),
    ("2017-12-01", "forearm-wrist-hand", "wrist", None),
    ("2017-12-01", "low-back", "low_back", None),
    ("2017-12-01", "knee", "knee", None),
    ("2017-12-01", "ankle-and-foot", "ankle", None),
    ("2017-12-01", "hip-and-groin", "hip", None),
    ("2017-12-01", "eye", "eye", None),
    ("2017-12-01", "asthma", None, None),
    ("2017-12-01", "interstitial-lung-disease", None, None),
    ("2018-08-18", "traumatic-brain-injury", "head", None),
    ("2019-04-18", "ankle-and-foot", "foot", "2017-12-01"),
    ("2019-04-18", "neck-and-upper-back", "upper_back", "2017-12-01"),
    ("2019-04-18", "elbow", "elbow", "2017-12-01"),
    ("2019-04-18", "forearm-wrist-hand", "hand", "2017-12-01"),
    ("2019-04-18", "posttraumatic-stress", "psyche", None),
    ("2019-08-11", "low-back", "low_back", "2017-12-01"),
    ("2019-10-07", "hip-and-groin", "hip", "2017-12-01"),
    ("2020-09-21", "knee", "knee", "2017-12-01"),
    ("2020-09-21", "depressive-disorders", "psyche", None),
    ("2020-09-21", "asthma", None, "2017-12-01"),
    ("2020-09-21", "interstitial-lung-disease", None, "2017-12-01"),
    ("2021-06-28", "covid-19", None, None),
    ("2021-07-19", "anxiety-disorders", "psyche", None),
    ("2021-11-23", "low-back", "low_back", "2019-08-11"),
    ("2023-08-10", "general-approaches", None, "2017-12-01"),
    ("2023-08-10", "shoulder", "shoulder", "2017-12-01"),
    ("2023-08-10", "covid-19", None, "2021-06-28"),
    ("2023-11-10", "forearm-wrist-hand", "forearm", "2019-04-18"),
    ("2023-11-10", "covid-19", None, "2023-08-10"),
]

SUBJECTS = {"general-approaches": "Office visit", "chronic-pain": "Naproxen 500mg #60"}
"""What chapters speak of that are not about a part of the body."""


@pytest.mark.parametrize(("day", "chapter", "region", "before"), CHANGES)
def test_the_day_before_and_the_day_of_each_adoption(
    day: str, chapter: str, region: str | None, before: str | None
) -> None:
    first = date.fromisoformat(day)
    new = f"acoem-2017/{chapter}-from-{day}"
    service = SUBJECTS.get(chapter, "Psychotherapy" if region == "psyche" else "MRI")
    today = editions(first, service, "acoem-2017", region)
    yesterday = editions(first - A_DAY, service, "acoem-2017", region)
    assert new in today
    assert new not in yesterday
    if before:
        old = f"acoem-2017/{chapter}-from-{before}"
        assert old in yesterday
        assert old not in today


def test_every_adoption_in_the_rulebook_is_tested_here() -> None:
    dated = {f"mtus/acoem-2017/{chapter}-from-{day}" for day, chapter, _, _ in CHANGES}
    unknown = {
        name for name, each in RULEBOOK.guidelines.items() if "/acoem-2017/" in name and not each.known
    }
    assert unknown - dated == {"mtus/acoem-2017/opioids-from-2017-12-01"}
    assert dated <= unknown


ANSWERED = [  # service, region, facts that decide in the edition of 2016, the chapter that governs afterwards
    ("MRI of the lumbar spine", "low_back", {"red_flags": True}, "Low Back Disorders"),
    ("MRI of the right shoulder", "shoulder", {"red_flags": True}, "Shoulder Disorders"),
    ("MRI of the knee", "knee", {"red_flags": True}, "Knee Disorders"),
    ("MRI of the cervical spine", "neck", {"red_flags": True}, "Cervical and Thoracic Spine Disorders"),
    ("Naproxen 500mg #60", "knee", {"chronic_pain": True}, "Chronic Pain"),
    ("Omeprazole #30", None, {"gastrointestinal_risk": True, "chronic_pain": True}, "Chronic Pain"),
    ("Urine drug screen", None, {"on_opioids": True}, "Opioids"),
    ("Transportation", None, {"self_transport_prevented": True}, "Initial Approaches to Treatment"),
    ("Spine surgery evaluation", "low_back", {"rationale": True}, "Initial Approaches to Treatment"),
]


@pytest.mark.parametrize(("service", "region", "facts", "chapter"), ANSWERED)
def test_from_december_2017_unknown_contents_give_review_and_no_answer(
    service: str, region: str | None, facts: dict[str, Any], chapter: str
) -> None:
    assert asked("2017-11-30", service, region, **facts).suggestion == "overturn"
    after = asked("2017-12-01", service, region, **facts)
    assert after.suggestion == "needs_review"
    assert after.review_reasons == ("criteria_not_known",)
    assert after.grounds == ()
    assert f"ACOEM, {chapter} (text of" in after.headline


CHAPTERS = [
    ("low_back", "Low Back Disorders", "8 CCR 9792.23.5"),
    ("neck", "Cervical and Thoracic Spine Disorders", "8 CCR 9792.23.1"),
    ("shoulder", "Shoulder Disorders", "8 CCR 9792.23.2"),
    ("elbow", "Elbow Disorders", "8 CCR 9792.23.3"),
    ("hand", "Hand, Wrist and Forearm Disorders", "8 CCR 9792.23.4"),
    ("knee", "Knee Disorders", "8 CCR 9792.23.6"),
    ("foot", "Ankle and Foot Disorders", "8 CCR 9792.23.7"),
    ("hip", "Hip and Groin Disorders", "8 CCR 9792.23.10"),
    ("head", "Traumatic Brain Injury", None),
]


@pytest.mark.parametrize(("region", "chapter", "regulation"), CHAPTERS)
def test_the_chapter_that_governs_is_named_and_no_other(
    region: str, chapter: str, regulation: str | None
) -> None:
    headline = asked("2024-05-02", "MRI", region, chronic_pain=False).headline
    assert chapter in headline
    assert regulation is None or regulation in headline
    others = {name for _, name, _ in CHAPTERS} - {chapter}
    assert not any(name in headline for name in others)
    assert "ACOEM, Chronic Pain" not in headline


THERAPIES = [
    "physical_therapy",
    "occupational_therapy",
    "chiropractic",
    "acupuncture",
    "psychotherapy",
    "massage_therapy",
    "home_health_care",
    "medication",
    "injection",
    "imaging",
    "electrotherapy",
    "durable_medical_equipment",
    "surgery",
    "office_visit",
]


@pytest.mark.parametrize("treatment", THERAPIES)
def test_every_class_of_treatment_falls_under_the_adopted_chapters(treatment: str) -> None:
    if treatment not in RULEBOOK.vocabulary.treatments:
        pytest.skip(f"SKIPPED LOUDLY: no treatment is called {treatment}")
    case: dict[str, Any] = {
        "request": {"date": "2020-03-02"},
        "items": [{"service": treatment, "treatment": treatment, "body_part": {"region": "knee"}}],
    }
    found = screen(Case.from_data({**READ, **case}), RULEBOOK).items[0]
    assert found.suggestion == "needs_review"
    assert "criteria_not_known" in found.review_reasons
    assert "Knee Disorders (text of October 28, 2015)" in found.headline


PAIN = [  # last day of the one, first of the other, service, folder before, folder after
    ("2016-07-28", "Cyclobenzaprine #30", "chronic-pain-2009", "chronic-pain-2016"),
    ("2016-07-28", "TENS unit", "chronic-pain-2009", "chronic-pain-2016"),
    ("2016-07-28", "Norco #60", "chronic-pain-2009", "opioids-2016"),
    ("2016-07-28", "Urine drug screen", "chronic-pain-2009", "opioids-2016"),
    ("2016-07-28", "Lumbar ESI", "chronic-pain-2009", "practice"),
    ("2017-11-30", "Cyclobenzaprine #30", "chronic-pain-2016", "acoem-2017"),
    ("2017-11-30", "Norco #60", "opioids-2016", "acoem-2017"),
    ("2017-11-30", "Lumbar ESI", "practice", "acoem-2017"),
    ("2017-11-30", "MRI of the lumbar spine", "acoem-2004", "acoem-2017"),
]


@pytest.mark.parametrize(("last", "service", "before", "after"), PAIN)
def test_one_set_ends_the_day_before_the_next_begins(
    last: str, service: str, before: str, after: str
) -> None:
    day = date.fromisoformat(last)
    assert editions(day, service, before)
    assert not editions(day, service, after)
    assert editions(day + A_DAY, service, before) <= {"acoem-2004/stress"}  # this chapter stayed in force
    assert editions(day + A_DAY, service, after)


@pytest.mark.parametrize(("day", "known"), [("2009-07-17", False), ("2009-07-18", True)])
def test_the_chronic_pain_set_begins_in_july_2009(day: str, known: bool) -> None:
    assert bool(editions(day, "Cyclobenzaprine #30", "chronic-pain-2009")) is known
    if not known:
        assert asked(day, "Cyclobenzaprine #30").review_reasons == ("nothing_governs",)


def test_the_elbow_chapter_was_replaced_in_july_2009() -> None:
    assert editions("2009-07-17", "MRI", "acoem-2004", "elbow") >= {"acoem-2004/elbow"}
    assert "acoem-2004/elbow-2007" not in editions("2009-07-17", "MRI", "acoem-2004", "elbow")
    assert editions("2009-07-18", "MRI", "acoem-2004", "elbow") >= {"acoem-2004/elbow-2007"}
    assert "acoem-2004/elbow" not in editions("2009-07-18", "MRI", "acoem-2004", "elbow")


def test_the_mtus_begins_in_june_2007() -> None:
    assert not editions("2007-06-14", "MRI of the lumbar spine", "acoem-2004", "low_back")
    assert editions("2007-06-15", "MRI of the lumbar spine", "acoem-2004", "low_back")


def test_the_drug_formulary_begins_in_2018() -> None:
    assert not editions("2017-12-31", "Ibuprofen", "formulary")
    assert editions("2018-01-01", "Ibuprofen", "formulary") == {"formulary/fills"}


def test_the_chapter_on_stress_ends_with_the_first_module_of_mental_health() -> None:
    day = date(2019, 4, 17)
    assert "acoem-2004/stress" in editions(day, "Psychotherapy", "acoem-2004", "psyche")
    assert not editions(day + A_DAY, "Psychotherapy", "acoem-2004", "psyche")
    assert "PTSD" not in asked(day, "Psychotherapy", "psyche").headline
    assert "Posttraumatic Stress" in asked(day + A_DAY, "Psychotherapy", "psyche").headline


def test_a_month_that_holds_a_change_of_edition_is_not_settled() -> None:
    found = asked("2016-07", "Cyclobenzaprine #30")
    assert found.review_reasons == ("edition_not_settled",)
    assert asked("2016-06", "Cyclobenzaprine #30").review_reasons != ("edition_not_settled",)


def test_acupuncture_of_the_low_back_has_a_greatest_number_from_december_2017() -> None:
    case: dict[str, Any] = {
        "request": {"date": "2018-03-01"},
        "items": [{"service": "Acupuncture", "body_part": {"region": "low_back"}, "in_dispute": 6}],
        "history": [{"treatment": "acupuncture", "attended": 7, "body_part": {"region": "low_back"}}],
        "findings": {"activities_improved": True},
    }
    over = screen(Case.from_data({**READ, **case}), RULEBOOK).items[0]
    assert over.suggestion == "uphold"
    assert over.grounds == ("mtus/acoem-2017/low-back-acupuncture-from-2017-12-01#within-total",)
    case["history"][0]["attended"] = 6
    within = screen(Case.from_data({**READ, **case}), RULEBOOK).items[0]
    assert within.suggestion == "overturn"
    assert within.grounds == ("mtus/acoem-2017/low-back-acupuncture-from-2017-12-01#functional-improvement",)
    first = screen(Case.from_data({**READ, **case, "history": []}), RULEBOOK).items[0]
    assert first.suggestion == "needs_review"
    assert first.review_reasons == ("criteria_not_known",)


def test_no_day_since_2007_leaves_an_image_of_the_low_back_without_a_guideline() -> None:
    day = date(2007, 6, 15)
    while day < date(2026, 1, 1):
        found = editions(day, "MRI", "acoem-2004", "low_back") | editions(
            day, "MRI", "acoem-2017", "low_back"
        )
        parts = ("procedures", "tests")  # what is known of a chapter beside the chapter itself
        chapters = {each for each in found if "low-back" in each and not any(part in each for part in parts)}
        assert len(chapters) == 1, day
        day += timedelta(days=61)
