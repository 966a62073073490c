"""Requests are recognized by the words they use."""

import pytest

from tests.rulebook.asking import item
from tests.rulebook.asking_for_visits import RULEBOOK


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
        ("Ketoprofen 20% 120 g", "compounded_topical"),
        ("20% ketoprofen, 120 g", "compounded_topical"),
        ("Tramadol 20% 30 g tube", "compounded_topical"),
        ("Diclofenac 1% 100 g", "topical_nsaid"),
        ("Lidocaine 5% 30 g", "topical_lidocaine"),
        ("Ketoprofen 75 mg #60", "nsaid"),
        ("Ketorolac 0.5% eye drops", "ketorolac"),
        ("Work hardening 3 times a week for 4 weeks", "work_hardening"),
    ],
)
def test_requests_are_recognized_by_the_words_they_use(service: str, treatment: str | None) -> None:
    assert RULEBOOK.vocabulary.recognize(service) == treatment


@pytest.mark.parametrize(
    ("service", "treatment"),
    [
        ("Medrol dose pack", "medication"),
        ("Tylenol 500 mg #60", "medication"),
        ("The pt requests aspirin", "medication"),
        ("Kenalog injection, right knee", "joint_injection"),
        ("Prednisone and Colace", None),
    ],
)
def test_a_drug_of_a_class_without_rules_is_a_medication(service: str, treatment: str | None) -> None:
    assert item(service).treatment == treatment


@pytest.mark.parametrize(
    ("service", "treatment"),
    [
        ("Lidocaine 4% lotion", "topical_lidocaine"),
        ("Lidocaine HCl 3% cream", "topical_lidocaine"),
        ("Capsaicin 0.025% lotion", "topical_capsaicin"),
        ("Voltaren 1% topical gel", "topical_nsaid"),
        ("Lidocaine 2%/gabapentin 10% cream", "compounded_topical"),
        ("Fentora 200 mcg buccal tablets #28", "transmucosal_fentanyl"),
        ("Fentanyl patch 25 mcg/hr #10", "opioid"),
    ],
)
def test_form_and_route_tell_which_treatment_a_drug_is(service: str, treatment: str) -> None:
    assert item(service).treatment == treatment
