"""Hard requests: abbreviations, slips of the pen, several services at once; and words that only look like a service.

Wrong recognition is worse than none: what is not recognized is said, and the item needs review.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from imr_rules import Case, screen
from tests.published import published_letters
from tests.rulebook.asking import READ
from tests.rulebook.asking_for_visits import RULEBOOK

recognize = RULEBOOK.vocabulary.recognize

HARD = [  # request, treatment, quantity in dispute, parts of the body
    ("PT x 6", "physical_therapy", 6, []),
    ("PT 2x/wk x 6 wks R shoulder", "physical_therapy", 12, ["right shoulder"]),
    ("P.T. 3x4 L/S", "physical_therapy", 12, ["low_back"]),
    ("Outpatient PT 12 visits", "physical_therapy", 12, []),
    ("Home PT x 6", "physical_therapy", 6, []),
    ("(PT) 8 visits, lumbar spine", "physical_therapy", 8, ["low_back"]),
    ("Post-op PT 2x6 L knee", "physical_therapy", 12, ["left knee"]),
    ("six PT sessions", "physical_therapy", 6, []),
    ("PT to left shoulder 2x4", "physical_therapy", 8, ["left shoulder"]),
    ("Twice weekly physical therapy for three weeks, right knee", "physical_therapy", 6, ["right knee"]),
    ("Physcial therapy 8 sessions", "physical_therapy", 8, []),
    ("physical therpy x 8 visits", "physical_therapy", 8, []),
    ("Post surgical physical therapy 2 times a week for 6 weeks", "physical_therapy", 12, []),
    ("OT 2xwk x 4wks left hand", "occupational_therapy", 8, ["left hand"]),
    ("O.T. 8 visits rt wrist", "occupational_therapy", 8, ["right wrist"]),
    ("PT/OT eval & tx 2x6", "physical_medicine", 12, []),
    ("aquatic PT 2x4", "aquatic_therapy", 8, []),
    ("Chiro 2x/wk x 3 wks", "chiropractic", 6, []),
    ("Chiropractic manip C/S and L/S 6 visits", "chiropractic", 6, ["neck", "low_back"]),
    ("chiropratic care x 6 visits", "chiropractic", 6, []),
    ("Acu 2x/week for 3 weeks", "acupuncture", 6, []),
    ("accupuncture 12 sessions", "acupuncture", 12, []),
    ("Acupucnture 6 visits", "acupuncture", 6, []),
    ("CBT 10 sessions", "cognitive_behavioral_therapy", 10, []),
    ("psychotherapy weekly for twelve weeks", "psychotherapy", 12, []),
    ("Relaxation and biofeedback x6", "biofeedback", 6, []),
    ("TENS unit 30 day trial", "tens", 30, []),
    ("H-wave rental 1 month", "h_wave", 1, []),
    ("EMG/NCV BUE", "emg_and_ncs", None, ["bilateral upper_extremity"]),
    ("EMG NCV right leg", "emg_and_ncs", None, ["right leg"]),
    ("LESI L4-5", "epidural_steroid_injection", 1, ["low_back"]),
    ("L5-S1 TFESI x2", "epidural_steroid_injection", 2, ["low_back"]),
    ("CESI C5-6", "epidural_steroid_injection", 1, ["neck"]),
    ("MBB L3-5 bilateral", "medial_branch_block", None, ["bilateral low_back"]),
    ("SI joint inj", "sacroiliac_injection", None, ["sacroiliac_joint"]),
    ("TPI x 4 lumbar", "trigger_point_injection", 4, ["low_back"]),
    ("HHA 4 hours a day, 3 days a week for 4 weeks", "home_health_care", 48, []),
    ("urine tox screen", "urine_drug_test", 1, []),
    ("neuropsych testing", "psychological_evaluation", None, []),
    ("MRI c-spine", "mri", None, ["neck"]),
    ("PT/INR", "laboratory_test", None, []),
    ("insulin pens", "medication", None, []),
]


@pytest.mark.parametrize(
    ("request_", "treatment", "quantity", "parts"), HARD, ids=lambda each: str(each)[:40]
)
def test_hard_requests_are_read(
    request_: str, treatment: str, quantity: int | None, parts: list[Any] | list[str]
) -> None:
    assert recognize(request_) == treatment
    line = RULEBOOK.vocabulary.line(request_).in_dispute
    found = line.quantity
    assert (found.value if found else None) == quantity
    assert [f"{each.side or ''} {each.region}".strip() for each in line.body_parts] == parts


NOT_A_SERVICE = [
    "pt is to start home program", "overtime (OT) pay", "lint-free gauze", "Continue therapy", "therapy x 6", "Vestibular therapy x 8",
    "speech therapy 2x4", "cognitive rehab", "Nightly acoustic therapy system",
    "Physical exam 2 times 8", "",
]  # fmt: skip


@pytest.mark.parametrize("request_", NOT_A_SERVICE)
def test_what_only_looks_like_a_service_is_not_recognized(request_: str) -> None:
    assert recognize(request_) is None


NOT_THAT_ONE = [  # request, what it must not be taken for, what it is
    ("TENS pads and supplies", "tens", "medical_supplies"),
    ("tens electrodes", "tens", "medical_supplies"),
    ("FRP eval", "functional_restoration_program", "consultation"),
    ("medication management 6 visits", "medication", "office_visit"),
    ("nutrition counseling", "psychotherapy", "weight_loss_program"),
    ("massage chair", "massage_therapy", "massage_chair"),
    ("CT release right", "ct_scan", "carpal_tunnel_release"),
    ("CT injection", "ct_scan", "joint_injection"),
    ("trigger point dry needling", "trigger_point_injection", "dry_needling"),
    ("Labs: PT/PTT", "physical_therapy", "laboratory_test"),
    ("refer pt for MRI lumbar", "physical_therapy", "mri"),
    ("pt to start meds", "physical_therapy", "medication"),
    ("patient (pt) transport", "physical_therapy", "transportation"),
]


@pytest.mark.parametrize(("request_", "wrong", "right"), NOT_THAT_ONE)
def test_a_service_is_not_taken_for_another(request_: str, wrong: str, right: str) -> None:
    assert recognize(request_) != wrong
    assert recognize(request_) == right


COMBINED = [
    "PT & acupuncture x 12", "chiro/PT x 6", "Physical therapy and chiropractic 12 visits", "CBT/PT x 6", "acu/chiro",
    "Chiropractic, massage and physical therapy 2x6", "hot packs and e-stim x 8",
    "Physical therapy twice a week for six weeks and acupuncture once a week for six weeks",
]  # fmt: skip


@pytest.mark.parametrize("request_", COMBINED)
def test_several_services_in_one_line_are_none_of_them(request_: str) -> None:
    """Each would be judged by the other's limits: the line is not recognized, the item needs review and says so."""
    assert recognize(request_) is None
    case = Case.from_data({**READ, "request": {"date": "2016-12-01"}, "items": [{"service": request_}]})
    found = screen(case, RULEBOOK).items[0]
    assert found.suggestion == "needs_review"
    assert found.review_reasons == ("treatment_not_recognized",)
    assert "not recognized" in found.headline


def test_an_abbreviation_of_the_vocabulary_is_no_word_of_another_treatment() -> None:
    words = {word for each in RULEBOOK.vocabulary.treatments.values() for word in each.words}
    short = [word for each in RULEBOOK.vocabulary.treatments.values() for word in each.short]
    assert len(set(short)) == len(short)
    assert not words & set(short)


KINDS = {  # the class each published determination's item was put in by eye → the broadest treatments it may be
    "acupuncture": {"acupuncture"},
    "chiropractic": {"manual_care"},
    "consult_office": {"consultation", "office_visit", "preoperative_clearance"},
    "diagnostic_other": {"electrocardiogram", "urine_drug_test"},
    "dme": {"durable_medical_equipment"},
    "electrodiagnostic": {"electrodiagnostic_study", "electroencephalogram"},
    "epidural_injection": {"injection"},
    "fce": {"functional_capacity_evaluation"},
    "home_health": {"home_health_care"},
    "imaging": {"imaging"},
    "inpatient_rehab": {"inpatient_rehabilitation"},
    "massage_myofascial": {"massage_therapy"},
    "medication": {"medication", "laboratory_test"},
    "passive_modality": {"passive_modality", "electrotherapy"},
    "physical_therapy": {"physical_medicine"},
    "post_surgical_therapy": {"physical_medicine"},
    "preop_labs": {"laboratory_test", "electrocardiogram", "imaging"},
    "psych_testing": {"psychological_evaluation"},
    "psychotherapy": {"psychological_care"},
    "surgery": {"surgery", "surgical_assistant"},
    "tens": {"electrotherapy"},
    "transport": {"transportation"},
}


def test_every_item_of_the_published_determinations_is_recognized_as_its_kind_or_not_at_all() -> None:
    decisions = published_letters() / "decisions.yaml"
    items = [
        item
        for letter in yaml.safe_load(decisions.read_text(encoding="utf-8"))
        for item in letter["items"]
    ]  # fmt: skip
    assert len(items) > 200
    wrong, unknown = [], []
    for item in items:
        found = recognize(item["treatment"])
        if found is None:
            unknown.append(item["treatment"])
        elif RULEBOOK.vocabulary.treatments[found].lineage[-1] not in KINDS[item["category"]]:
            wrong.append((item["category"], found, item["treatment"]))
    assert wrong == []
    assert len(unknown) <= 2, unknown


@pytest.mark.parametrize(
    ("request_", "several"),
    [
        ("Compound cream: flurbiprofen 20%, baclofen 5%, lidocaine 4%, 180 grams", False),
        ("Compounded topical cream flurbiprofen 10%/cyclobenzaprine 10%/gabapentin 6%", False),
        ("Gabapentin 10% amitriptyline 10% bupivacaine 5% cream 210 grams", False),
        ("10% gabapentin, 2% lidocaine compound cream", False),
        ("Flurbiprofen/capsaicin/menthol cream 120 gm", False),
        ("Compound cream and Norco #60", True),
        ("Cyclobenzaprine 7.5 mg #60 and compound cream", True),
        ("Gabapentin 300 mg #90 and flurbiprofen 20%/lidocaine 5% cream", True),
    ],
)
def test_the_ingredients_of_a_mixture_are_no_services_of_their_own(request_: str, several: bool) -> None:
    case = Case.from_data({**READ, "request": {"date": "2015-07-01"}, "items": [{"service": request_}]})
    warnings = screen(case, RULEBOOK).items[0].warnings
    assert any("several services" in each for each in warnings) is several
