"""Lines as desks receive them, kind by kind: every number is what it is, or left over and said.

Each row: the line; its treatment; how much is asked for; and, where the kind is about them, how often, how long, parts
of the body, course and doubts. "-" is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from imr_rules import Rulebook
from imr_rules.words import Amount, Rate, RequestLine, lexicon, plain, read_line
from imr_rules.words.doubts import of_quantity, of_the_rest
from imr_rules.words.marks import marks_of
from imr_rules.words.tokens import tokens_of

NAMES = Rulebook.load().vocabulary.names


def shown(amount: Amount | None) -> str:
    if amount is None:
        return "-"
    low, high = amount.at_least, amount.at_most
    bounds = f"{low}" if low == high else f"{'' if low is None else low}..{'' if high is None else high}"
    return f"{bounds} {amount.unit}"


def often(rate: Rate | None) -> str:
    if rate is None:
        return "-"
    times = f"{rate.at_least}" if rate.at_least == rate.at_most else f"{rate.at_least}..{rate.at_most}"
    return f"{times}/{'' if rate.every == 1 else rate.every}{rate.per}"


def parts(line: RequestLine) -> str:
    return ", ".join(
        " ".join(filter(None, (part.side, part.region, part.level))) for part in line.asked.body_parts
    )


def read(text: str) -> RequestLine:
    return read_line(text, NAMES)


PT, ESI, HHA, FRP = (
    "physical_therapy",
    "epidural_steroid_injection",
    "home_health_care",
    "functional_restoration_program",
)

HOW_MANY = {
    "a frequency and a number": [
        ("PT 2x/wk x 6, right shoulder", PT, "12 visit"),
        ("acupuncture 1x/wk x 6", "acupuncture", "6 visit"),
        ("OT 3x/week x 4, left hand", "occupational_therapy", "12 visit"),
        ("chiro 2 x/wk for 4", "chiropractic", "8 visit"),
        ("Massage therapy twice a week x 3", "massage_therapy", "6 visit"),
        ("PT 2 times per week times 5", PT, "10 visit"),
        ("Acupuncture weekly x 8", "acupuncture", "8 visit"),
        ("PT 2x/wk/6wks", PT, "12 visit"),
        ("PT 2x/wk (8)", PT, "8 visit"),
        ("PT 3x/week #9", PT, "9 visit"),
    ],
    "frequency times duration": [
        ("Acupuncture 1 time a week for 6 weeks", "acupuncture", "6 visit"),
        ("2 visits per week for 3 weeks of physical therapy", PT, "6 visit"),
        ("chiropractic care, three times weekly over two weeks", "chiropractic", "6 visit"),
        ("OT q week x 6 weeks", "occupational_therapy", "6 visit"),
        ("Physical therapy 3 sessions each week for the next 4 weeks", PT, "12 visit"),
        ("psychotherapy once weekly for ten weeks", "psychotherapy", "10 visit"),
        ("PT, 6 weeks, 2x/wk", PT, "12 visit"),
        ("Aquatic therapy 2xwk x 4wks", "aquatic_therapy", "8 visit"),
        ("PT 2x weekly x 6 wks", PT, "12 visit"),
        ("Therapeutic exercise 2/week x 6 weeks", PT, "12 visit"),
        ("PT 2 x 4 weeks", PT, "8 visit"),
        ("PT biw x 4 weeks", PT, "8 visit"),
        ("PT tiw x 4 wk", PT, "12 visit"),
        ("Physical therapy two days a week for five weeks", PT, "10 visit"),
        ("PT two (2) times a week for six (6) weeks", PT, "12 visit"),
    ],
    "ranges with every dash": [
        ("Physical therapy 2-3x/wk for 4-6 wks, low back", PT, "8..18 visit"),
        ("Acupuncture 6\u20138 sessions", "acupuncture", "6..8 visit"),
        ("Acupuncture 6 \u2014 8 sessions", "acupuncture", "6..8 visit"),
        ("chiro 8\u221212 visits", "chiropractic", "8..12 visit"),
        ("PT two to three times a week for six weeks", PT, "12..18 visit"),
        ("massage therapy 4 or 6 visits", "massage_therapy", "4..6 visit"),
        ("PT 1\u20102 \u00d7/wk \u00d7 6 wks", PT, "6..12 visit"),
        ("between 6 and 8 sessions of acupuncture", "acupuncture", "6..8 visit"),
        ("OT 8 to 12 visits", "occupational_therapy", "8..12 visit"),
    ],
    "phases": [
        ("PT 3x/wk x 2 wks then 2x/wk x 4 wks for the left ankle", PT, "14 visit"),
        ("chiro 3x/wk for 2 weeks, then 2x/wk for 2 weeks, then 1x/wk for 2 weeks", "chiropractic", "12 visit"),
        ("PT 2 times a week for 4 weeks followed by once a week for 4 weeks", PT, "12 visit"),
        ("OT 3 x 2, then 2 x 4", "occupational_therapy", "14 visit"),
        ("Acupuncture 2x/week x 3 weeks, 1x/week x 4 weeks", "acupuncture", "10 visit"),
        ("PT 2-3x/wk x 2 wks then 1x/wk x 4 wks", PT, "8..10 visit"),
    ],
    "counts with their parts": [
        ("PT 6 visits for the neck and 6 visits for the low back", PT, "12 visit"),
        ("PT 6 visits for the neck and 6 for the low back", PT, "12 visit"),
        ("Acupuncture: neck 4 visits, low back 6 visits", "acupuncture", "10 visit"),
        ("chiro 2x/wk x 3 wks for the neck and 1x/wk x 3 wks for the low back", "chiropractic", "9 visit"),
        ("two physical therapy sessions for the lumbar spine and left knee and eight physical therapy sessions for the left wrist", PT, "10 visit"),
        ("OT right wrist 8 sessions; left wrist 4 sessions", "occupational_therapy", "12 visit"),
        ("PT 6 + 6 visits", PT, "12 visit"),
        ("PT 6 visits plus 2 visits", PT, "8 visit"),
    ],
    "labels of quantity": [
        ("Acupuncture QTY: 12, lumbar", "acupuncture", "12 visit"),
        ("Physical therapy, quantity 8", PT, "8 visit"),
        ("PT Qty 6 left knee", PT, "6 visit"),
        ("chiropractic #8", "chiropractic", "8 visit"),
        ("Massage therapy, no. 6", "massage_therapy", "6 visit"),
        ("Physical therapy number of visits: 12", PT, "12 visit"),
        ("MRI qty. 1", "mri", "1 study"),
        ("Acupuncture sessions (12)", "acupuncture", "12 visit"),
    ],
    "minutes of a session": [
        ("CBT, 60 min sessions x 12", "cognitive_behavioral_therapy", "12 visit"),
        ("psychotherapy 45-minute sessions x 10", "psychotherapy", "10 visit"),
        ("massage therapy 12 sessions, 30 minutes each", "massage_therapy", "12 visit"),
        ("12 one-hour psychotherapy sessions", "psychotherapy", "12 visit"),
        ("CBT 6 x 50 min", "cognitive_behavioral_therapy", "6 visit"),
        ("Biofeedback 30 mins x 6 visits", "biofeedback", "6 visit"),
        ("psychotherapy, 1 hour x 8 sessions", "psychotherapy", "8 visit"),
    ],
    "counts with x": [
        ("PT x12", PT, "12 visit"),
        ("ESIx2", ESI, "2 block"),
        ("Trigger point injection x1 then re-evaluate, right trapezius", "trigger_point_injection", "1 injection"),
        ("Hyalgan injections x5 left knee", "viscosupplementation", "5 injection"),
        ("acupuncture times 6", "acupuncture", "6 visit"),
        ("chiro \u00d7 8", "chiropractic", "8 visit"),
        ("MRI x 1 lumbar", "mri", "1 study"),
        ("PTx6", PT, "6 visit"),
        ("OMT * 6", "osteopathic_manipulation", "6 visit"),
    ],
    "additional and total": [
        ("Additional 6 sessions of PT (18 total), right wrist", PT, "6 visit"),
        ("6 more visits of acupuncture for a total of 12", "acupuncture", "6 visit"),
        ("PT 6 additional visits, total 24", PT, "6 visit"),
        ("Patient has had 24 visits of PT; request 6 additional", PT, "6 visit"),
        ("PT 2x/wk x 6 wks, total 12 visits", PT, "12 visit"),
        ("PT x 12 (8 previously completed)", PT, "12 visit"),
        ("12 prior PT visits, now requesting 8 more", PT, "8 visit"),
        ("Completed 6 sessions of chiropractic; requesting additional 6", "chiropractic", "6 visit"),
        ("an additional 8 PT sessions", PT, "8 visit"),
        ("already attended 10 acupuncture visits, 4 more requested", "acupuncture", "4 visit"),
        ("total of 12 PT visits", PT, "12 visit"),
    ],
    "bounds in words": [
        ("Physical therapy, up to 12 visits", PT, "..12 visit"),
        ("PT no more than 8 visits", PT, "..8 visit"),
        ("at least 4 sessions of massage therapy", "massage_therapy", "4.. visit"),
        ("acupuncture, maximum of 6 visits", "acupuncture", "..6 visit"),
        ("chiro not to exceed 10 visits", "chiropractic", "..10 visit"),
        ("PT 8 or more visits", PT, "8.. visit"),
        ("less than 6 visits of chiropractic care", "chiropractic", "..5 visit"),
        ("PT 2x/wk for up to 6 weeks", PT, "..12 visit"),
    ],
    "numbers in words": [
        ("a dozen PT visits", PT, "12 visit"),
        ("two dozen acupuncture treatments", "acupuncture", "24 visit"),
        ("Physical therapy twenty four sessions", PT, "24 visit"),
        ("Physical therapy twenty-four (24) sessions", PT, "24 visit"),
        ("one hundred sessions of PT", PT, "100 visit"),
        ("one hundred and twenty hours of functional restoration program", FRP, "120 hour"),
        ("ten biofeedback sessions", "biofeedback", "10 visit"),
        ("one lumbar epidural steroid injection", ESI, "1 block"),
        ("a series of three epidural steroid injections", ESI, "3 block"),
        ("Thirty six chiropractic visits", "chiropractic", "36 visit"),
    ],
    "daily and every other day": [
        ("PT daily x 2 weeks", PT, "10..14 visit"),
        ("two weeks of daily chiropractic care", "chiropractic", "10..14 visit"),
        ("Daily RN for 4 weeks for wound care", HHA, "28 visit"),
        ("PT every other day for 3 weeks", PT, "9..11 visit"),
        ("PT daily x 10", PT, "10 visit"),
        ("OT qod x 2 weeks", "occupational_therapy", "6..7 visit"),
        ("CBT every other week for 12 weeks", "cognitive_behavioral_therapy", "6 visit"),
        ("psychotherapy every 2 weeks for 12 weeks", "psychotherapy", "6 visit"),
        ("psychotherapy once every two weeks x 8 weeks", "psychotherapy", "4 visit"),
    ],
    "months and years": [
        ("Psychotherapy 1x/month for 6 months", "psychotherapy", "6 visit"),
        ("PT 2x/wk x 1 month", PT, "8..9 visit"),
        ("Continue PT, one more month, 2x/wk", PT, "8..9 visit"),
        ("acupuncture weekly for 2 months", "acupuncture", "8..9 visit"),
        ("psychiatric medication management, monthly x 6 months", "office_visit", "6 visit"),
        ("acupuncture 3x/week for 30 days", "acupuncture", "12..13 visit"),
        ("psychotherapy once a month for one year", "psychotherapy", "12 visit"),
    ],
    "no quantity in the words": [
        ("Physical therapy eval and treat", PT, "-"),
        ("PT 2x/week", PT, "-"),
        ("Physical therapy for 6 weeks", PT, "-"),
        ("CBT biweekly x 3 months", "cognitive_behavioral_therapy", "-"),
        ("Chiropractic services, mid and lower back", "chiropractic", "-"),
        ("Psychotherapy, 24 sessions per year", "psychotherapy", "-"),
        ("Acupuncture treatments (unspecified quantity)", "acupuncture", "-"),
        ("UDS x 4 per year", "urine_drug_test", "-"),
        ("Weight loss program (Lindora) x 10 weeks", "weight_loss_program", "-"),
        ("acupuncture over a ninety-day period", "acupuncture", "-"),
    ],
    "open at the end": [
        ("PT twice weekly x 4 weeks then as needed", PT, "8.. visit"),
        ("acupuncture 6 visits then prn", "acupuncture", "6.. visit"),
        ("chiro 2x/wk x 3 wks, as needed thereafter", "chiropractic", "6.. visit"),
        ("massage therapy 1x/wk x 4 wks and then as needed", "massage_therapy", "4.. visit"),
        ("psychotherapy weekly x 8 weeks, until further notice", "psychotherapy", "8.. visit"),
    ],
    "contradictions are bounded": [
        ("PT 2x/wk x 6 wks (18 visits)", PT, "12..18 visit"),
        ("PT 3 times a week for 4 weeks, 8 visits", PT, "8..12 visit"),
        ("10 sessions of acupuncture, 2x/wk x 4 wks", "acupuncture", "8..10 visit"),
        ("psychotherapy x 12 sessions and individual psychotherapy x 12 sessions", "psychotherapy", "12..24 visit"),
        ("eight (6) visits of PT", PT, "6..8 visit"),
        ("PT visits 7-12", PT, "6..12 visit"),
        ("PT 3 times for 4 weeks", PT, "3..12 visit"),
        ("PT 2x/wk x 12", PT, "12..24 visit"),
        ("PT 12 visits, 24 total", PT, "12..24 visit"),
    ],
    "hours": [
        ("Functional restoration program, 40 hours over 2 weeks", FRP, "40 hour"),
        ("home health aide 4 hours/day, 5 days/week x 6 weeks", HHA, "120 hour"),
        ("Home health aide 24/7 for two weeks", HHA, "336 hour"),
        ("FRP 5 days/wk x 6 hrs/day x 4 wks", FRP, "120 hour"),
        ("chronic pain management program 5 times per week, for two weeks, 8 hours per day", FRP, "80 hour"),
        ("FRP 5x/week times 2 weeks, 80 hours (97799)", FRP, "80 hour"),
        ("home nurse visits 2\u00bd hours/day, 3x/week for 4 weeks", HHA, "30 hour"),
        ("Home care 20 hrs/wk x 12 wks", HHA, "240 hour"),
        ("HHA 8 hours daily, 7 days a week x 30 days", HHA, "240 hour"),
        ("home health aide 4 hours 3 days per week for 4 weeks", HHA, "48 hour"),
        ("160 hours of work hardening", "work_hardening", "160 hour"),
        ("Work hardening 10 sessions 4 hrs each", "work_hardening", "10 visit"),
        ("Psych testing 6 hrs (96101)", "psychological_evaluation", "6 hour"),
        ("home health care 4 hours a day and 4 days a week for 3 months", HHA, "192..212 hour"),
        ("FRP 6 hours x 10 days", FRP, "60 hour"),
        ("home health aide 4 hours/day for 2 weeks", HHA, "56 hour"),
    ],
    "units of fifteen minutes and of others": [
        ("97113 x 8 units aquatic therapy", "aquatic_therapy", "8 unit15"),
        ("outpatient physical therapy \u2013 12 sessions of up to 4 units per session", PT, "12 visit"),
        ("CPT 98941 x 6 - chiropractic manipulation lumbar", "chiropractic", "6 visit"),
        ("97110, 97140 PT 2x/wk x 4 wks", PT, "8 visit"),
        ("Botox 155 units for chronic migraine", "botulinum_toxin", "-"),
        ("Botox 200 units x 1", "botulinum_toxin", "1 injection"),
        ("PT 97110 (3 units/visit) x 8 visits", PT, "8 visit"),
        ("TENS unit x 1", "tens", "1 item"),
    ],
    "numbers that count something else": [
        ("X-rays 3 views left wrist, AP/lat/obl", "plain_radiograph", "-"),
        ("2 view x-ray of the left hand", "plain_radiograph", "-"),
        ("Bone scan 3-phase right foot", "bone_scan", "-"),
        ("SCS trial, 2 leads", "spinal_cord_stimulator", "-"),
        ("spinal manipulation of 3 to 4 regions x 6", "chiropractic", "6 visit"),
        ("MRI 1.5 Tesla left knee", "mri", "-"),
        ("MRI 3T right shoulder", "mri", "-"),
        ("bedside 3 in 1 commode", "mobility_aid", "-"),
        ("12 Physical Therapy Visits for the Lower Back between 6/11/2015 and 7/26/2015", PT, "12 visit"),
        ("PT x 6, DOS 3/4/2016 - 4/1/2016", PT, "6 visit"),
        ("PT for this 45 year old, 8 visits", PT, "8 visit"),
        ("PT for 52 y/o male, 6 visits", PT, "6 visit"),
        ("MRI lumbar per report of Dec 7, 2016", "mri", "-"),
        ("Follow-up visit 6 weeks after surgery", "office_visit", "-"),
        ("RFA bilateral L3-S1, right side first then left 2 wks later", "radiofrequency_neurotomy", "-"),
    ],
    "injections and their levels": [
        ("L4-5, L5-S1 TFESI bilateral under fluoroscopy", ESI, "-"),
        ("Right L5 and S1 transforaminal ESI x 2", ESI, "2 block"),
        ("left L3, L4, and L5 medial branch blocks", "medial_branch_block", "-"),
        ("L4-5 epidural steroid injection x 1", ESI, "1 block"),
        ("lumbar epidural steroid injection, L4-5 on the right X1", ESI, "1 block"),
        ("epidural steroid injections at C2-C3, C3-C4, and C4-C5 (62318 and 77113)", ESI, "-"),
        ("OP Left L4-5 transforaminal ESI 64483 64484 77003", ESI, "1 block"),
        ("2 level lumbar ESI", ESI, "1 block"),
        ("Stellate ganglion block, right, series of three", "sympathetic_block", "3 block"),
        ("3 lumbar sympathetic blocks", "sympathetic_block", "3 block"),
        ("Bilateral SI joint injections under ultrasound guidance", "sacroiliac_injection", "-"),
        ("Synvisc-One injection left knee x 1", "viscosupplementation", "1 injection"),
        ("C5-6 and C6-7 facet injections #2", "facet_injection", "2 block"),
    ],
    "drugs": [
        ("Norco 10/325mg #120, 1 tab q6h prn, 30 day supply", "opioid", "120 tablet"),
        ("Norco 10/325 #120, 1 tab q6h", "opioid", "120 tablet"),
        ("Norco 10-325 mg #180", "opioid", "180 tablet"),
        ("Gabapentin 600mg TID #90 with 2 refills", "antiepileptic", "90 tablet"),
        ("Flexeril 7.5mg one po q8h prn spasm #60 no refills", "cyclobenzaprine", "60 tablet"),
        ("Cyclobenzaprine 7.5mg #60 capsules", "cyclobenzaprine", "60 tablet"),
        ("Lyrica 50mg Qty: 28 DS: 28", "antiepileptic", "28 tablet"),
        ("Darvocet 100mg. #120 for 30 days", "opioid", "120 tablet"),
        ("Hydrocodone 10/325mg, 8 per day", "opioid", "-"),
        ("Lidoderm 5% patches #30, 12 hrs on/12 hrs off", "topical_lidocaine", "30 item"),
        ("Capsaicin 0.025% cream 60 gm x 2 tubes", "topical_capsaicin", "2 item"),
        ("Flurbiprofen 20%/Baclofen 5%/Camphor 2%/Menthol 2% cream 180 gm", "compounded_topical", "-"),
        ("Robaxin-750 #90", "muscle_relaxant", "90 tablet"),
        ("Soma 350 #90", "carisoprodol", "90 tablet"),
        ("Tramadol 50mg take 1 tab orally every 4-6 hours as needed for pain #30", "tramadol", "30 tablet"),
        ("Naproxen 550 mg 1 tab twice daily, 60 tablets", "nsaid", "60 tablet"),
        ("Celebrex 200 mg 1 p.o. b.i.d. #60, 1 refill", "celecoxib", "60 tablet"),
        ("Percocet 5/325mg 1-2 tabs q4-6h prn pain disp #40", "opioid", "40 tablet"),
        ("Ambien CR 12.5 mg qhs #30", "sleep_aid", "30 tablet"),
        ("Gabapentin 300mg, 90 capsules, refill x 3", "antiepileptic", "90 tablet"),
        ("Diazepam (Valium) 5mg take 1 tab orally 1 hour before exam, may repeat dose 1/2 hour after first dose", "benzodiazepine", "-"),
        ("Lidopro 4%-27.5%-0.0325% 121gm #1", "compounded_topical", "1 item"),
        ("Duragesic patch 25 mcg #10", "opioid", "10 item"),
        ("Parafon Forte 500 mg (unspecified quantity and number of refills)", "muscle_relaxant", "-"),
    ],
    "equipment, rented and bought": [
        ("TENS unit 30-day rental then purchase", "tens", "30 day"),
        ("LSO back brace purchase, L0637", "lumbar_support", "-"),
        ("Cold therapy unit rental x 14 days post-op", "cold_or_heat_therapy", "14 day"),
        ("CPM machine 21 day rental right knee", "durable_medical_equipment", "21 day"),
        ("H-Wave home unit, 30 day trial", "h_wave", "30 day"),
        ("rental of interferential unit for 2 months", "interferential_current", "2 month"),
        ("Wheelchair rental, one month", "mobility_aid", "1 month"),
        ("Purchase of 2 wrist braces", "wrist_splint", "2 item"),
        ("SNF stay x 14 days following TKA", "skilled_nursing_facility", "14 day"),
        ("gym membership for 6 months", "gym_membership", "6 month"),
        ("Acute inpatient rehabilitation 7-10 days", "inpatient_rehabilitation", "7..10 day"),
    ],
    "shorthand": [
        ("post-op PT 2x6 s/p R RCR", PT, "12 visit"),
        ("P.T. 3x4 L/S", PT, "12 visit"),
        ("physical therapy two times four visits (8)", PT, "8 visit"),
        ("Cold laser treatment 2x3, right elbow", "low_level_laser", "6 visit"),
        ("chiro 2 x 4", "chiropractic", "8 visit"),
        ("PT 2 x 6 = 12 visits", PT, "12 visit"),
        ("Physical therapy 1 times 8", PT, "8 visit"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "treatment", "quantity"),
    [pytest.param(*row, id=f"{kind}: {row[0][:50]}") for kind, rows in HOW_MANY.items() for row in rows],
)
def test_how_much_is_asked_for(line: str, treatment: str, quantity: str) -> None:
    found = read(line).asked
    assert ((found.treatment or "-"), shown(found.quantity)) == (treatment, quantity)
    assert found.left_over == ()


@pytest.mark.parametrize(
    ("line", "asked", "authorized", "in_dispute"),
    [
        ("Physical therapy 12 visits (6 authorized)", "12 visit", "6 visit", "12 visit"),
        ("Physical therapy 2x6 lumbar; UR modified to 6 visits", "12 visit", "6 visit", "12 visit"),
        ("Appeal: remaining 4 of 10 chiropractic visits", "10 visit", "6 visit", "4 visit"),
        ("PT 12 visits requested, 6 approved", "12 visit", "6 visit", "12 visit"),
        ("acupuncture x 12, UR certified 6", "12 visit", "6 visit", "12 visit"),
        ("6 of 12 PT visits authorized", "12 visit", "6 visit", "12 visit"),
        ("PT 12 visits, 8 authorized, remaining 4", "12 visit", "8 visit", "4 visit"),
        ("12 PT visits; 6 approved and 6 denied", "12 visit", "6 visit", "6 visit"),
        ("12 sessions of chiropractic treatment modified to 6", "12 visit", "6 visit", "12 visit"),
        ("8 visits of PT, of which 4 were authorized", "8 visit", "4 visit", "8 visit"),
        ("6/12 acupuncture visits approved", "12 visit", "6 visit", "12 visit"),
        (
            "12 physical therapy visits was the original request; 10 were authorized; the remaining 2",
            "12 visit", "10 visit", "2 visit",
        ),
        (
            "Eight physical therapy sessions for the back was the original request. Six physical therapy sessions for "
            "the back was authorized by the Claims Administrator. The remaining IMR eligible portion of the original "
            "request, Two physical therapy sessions for the back is",
            "8 visit", "6 visit", "2 visit",
        ),
        (
            "Acupuncture treatments, 9 visits was the original request. The Claims Administrator authorized acupuncture "
            "treatments, 6 sessions, leaving the original request IMR eligible. The original request, Acupuncture "
            "treatments, 9 visits is",
            "9 visit", "6 visit", "9 visit",
        ),
        (
            "Home aide 12 hours/day 5x/week for 4 weeks was the original request; 6 hours/day authorized; remaining 6 "
            "hours/day",
            "240 hour", "120 hour", "120 hour",
        ),
        (
            "Norco 10/325mg #60 was the original request. Norco 10/325mg #25 was authorized by the Claims "
            "Administrator. The remaining IMR eligible portion of the original request, Norco 10/325mg #35 is",
            "60 tablet", "25 tablet", "35 tablet",
        ),
    ],
)  # fmt: skip
def test_asked_authorized_and_in_dispute_are_three_numbers(
    line: str, asked: str, authorized: str, in_dispute: str
) -> None:
    found = read(line)
    authorized_ = found.authorized.quantity if found.authorized is not None else None
    assert (shown(found.asked.quantity), shown(authorized_), shown(found.in_dispute.quantity)) == (
        asked, authorized, in_dispute,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "frequency", "duration"),
    [
        ("PT 2x/wk x 6, right shoulder", "2/week", "6 week"),
        ("Physical therapy 2-3x/wk for 4-6 wks", "2..3/week", "4..6 week"),
        ("Continue PT, one more month, 2x/wk", "2/week", "1 month"),
        ("PT 2x/week", "2/week", "-"),
        ("PT 3x/wk x 2 wks then 2x/wk x 4 wks", "-", "-"),
        ("home health aide 4 hours/day, 5 days/week x 6 weeks", "5/week", "6 week"),
        ("Twelve physical therapy sessions, three times weekly", "3/week", "-"),
        ("psychotherapy every 2 weeks for 12 weeks", "1/2week", "12 week"),
        ("CBT biweekly x 3 months", "-", "3 month"),
        ("post-op PT 2x6", "2/week", "6 week"),
        ("12 PT visits over 6 weeks", "-", "6 week"),
        ("Acupuncture 1x weekly for 8 wk.", "1/week", "8 week"),
    ],
)
def test_how_often_and_how_long(line: str, frequency: str, duration: str) -> None:
    found = read(line).asked
    assert (often(found.frequency), shown(found.duration)) == (frequency, duration)


@pytest.mark.parametrize(
    ("line", "course"),
    [
        ("Continue PT 2x/wk x 4 wks", "continuing"),
        ("an additional 8 PT sessions", "continuing"),
        ("Physical therapy additional 3 visits per week for 2 weeks", "continuing"),
        ("Continuation for left hand therapy 2 times a week for 6 weeks", "continuing"),
        ("6 more visits of acupuncture", "continuing"),
        ("further chiropractic care x 6", "continuing"),
        ("extension of PT x 6", "continuing"),
        ("Resume PT 6 visits", "continuing"),
        ("PT for right knee extension deficit", "-"),
        ("PT no more than 8 visits", "-"),
        ("PT 8 or more visits", "-"),
        ("PT for ongoing low back pain", "-"),
        ("PT 6 visits then continue home exercise program", "-"),
        ("Discontinue TENS", "-"),
        ("continuous passive motion", "-"),
        ("a trial of six visits of chiropractic manipulation", "initial"),
        ("initial 6 visits of PT", "initial"),
        ("an initial chronic pain management program", "initial"),
        ("first 6 acupuncture visits", "initial"),
        ("Initial evaluation and 6 PT visits", "-"),
        ("PT after failed trial of NSAIDs", "-"),
    ],
)
def test_whether_care_goes_on_or_begins(line: str, course: str) -> None:
    found = read(line).asked
    assert course == (
        "-" if found.continuing == found.initial else "continuing" if found.continuing else "initial"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "L4-5, L5-S1 TFESI bilateral under fluoroscopy",
            "bilateral low_back L4-L5, bilateral low_back L5-S1",
        ),
        ("Right L5 and S1 transforaminal ESI x 2", "right low_back L5, right low_back S1"),
        ("left L3, L4, and L5 medial branch blocks", "left low_back L3, left low_back L4, left low_back L5"),
        ("ESI L4/5 left", "left low_back L4-L5"),
        ("PT R shldr, L/S, C/S 2x6", "right shoulder, low_back, neck"),
        ("post-op PT 2x6 s/p R RCR", "right shoulder"),
        ("PT 2x4 post L TKA", "left knee"),
        ("MRI left knee with contrast and MRI right knee", "left knee, right knee"),
        ("PT Lt. knee and Rt. hip", "left knee, right hip"),
        ("EMG/NCS BUE", "bilateral upper_extremity"),
        ("PHYSICAL THERAPY BILATERAL KNEES", "bilateral knee"),
        ("PT b/l shoulders", "bilateral shoulder"),
        ("PT - l. ankle", "left ankle"),
    ],
)
def test_where(line: str, expected: str) -> None:
    assert parts(read(line)) == expected


@pytest.mark.parametrize(
    ("line", "fluoroscopy", "approach", "levels"),
    [
        ("L4-5, L5-S1 TFESI bilateral under fluoroscopy", True, "transforaminal", 2),
        ("lumbar epidural steroid injection with fluoroscopic guidance", True, None, None),
        ("ESIs C4-5, C5-6, and C6-7", None, None, 3),
        ("OP Left L4-5 transforaminal ESI 64483 77003", True, "transforaminal", 1),
        ("caudal ESI without fluoroscopy", False, "caudal", None),
        ("interlaminar ESI L5-S1 under fluoro", True, "interlaminar", 1),
        ("RFA bilateral L3-S1", None, None, None),
        ("2 level lumbar ESI", None, None, 2),
        ("ESI at three levels", None, None, 3),
    ],
)
def test_guidance_approach_and_levels(
    line: str, fluoroscopy: bool | None, approach: str | None, levels: int | None
) -> None:
    found = read(line).asked
    assert (found.fluoroscopy, found.approach, found.levels) == (fluoroscopy, approach, levels)


@pytest.mark.parametrize(
    ("line", "supply", "refills", "size"),
    [
        ("Norco 10/325mg #120, 1 tab q6h prn, 30 day supply", "30 day", "-", "-"),
        ("Lyrica 50mg Qty: 28 DS: 28", "28 day", "-", "-"),
        ("Darvocet 100mg. #120 for 30 days", "30 day", "-", "-"),
        ("Gabapentin 600mg TID #90 with 2 refills", "-", "2 refill", "-"),
        ("Flexeril 7.5mg #60 no refills", "-", "0 refill", "-"),
        ("Celebrex 200mg #30 refills: 3", "-", "3 refill", "-"),
        ("Oxycodone ER 20mg #60 day supply: 30", "30 day", "-", "-"),
        ("Tramadol 50mg 90-day supply", "90 day", "-", "-"),
        ("One month supply of Trezix capsules", "1 month", "-", "-"),
        ("Voltaren gel 1% 100 g", "-", "-", "100 gram"),
        ("Norco 5/325mg oral tablet, one tablet twice daily 14 days #40", "14 day", "-", "-"),
    ],
)
def test_what_else_is_said_of_a_drug(line: str, supply: str, refills: str, size: str) -> None:
    found = read(line).asked
    assert (shown(found.supply), shown(found.refills), shown(found.size)) == (supply, refills, size)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("PT 2x/wk x 6 wks (18 visits)", "quantity_differs"),
        ("CBT biweekly x 3 months", "unclear_frequency"),
        ("PT twice weekly x 4 weeks then as needed", "open_ended"),
        ("psychotherapy x 12 sessions and individual psychotherapy x 12 sessions", "said_twice"),
        ("Right L5 and S1 transforaminal ESI x 2", "count_or_levels"),
        ("TENS unit 30-day rental then purchase", "rental_and_purchase"),
        ("PT and acupuncture 2x4 each, neck", "several_services"),
        ("Norco 5/325 #60, Flexeril 10mg #30, Naproxen 550mg #60", "several_services"),
        ("back brace and TENS unit", "several_services"),
        ("14 sessions of physical therapy or work conditioning", "either_service"),
        ("PT 6 visits for the neck and 6 for the low back", "several_body_parts"),
        ("PT 2x/wk x 12", "weeks_or_visits"),
        ("lumbar epidural steroid injections levels not identified", "unspecified"),
        ("home health care evaluation", "evaluation_only"),
        ("MRI left knee with contrast and MRI right knee", "named_twice"),
        ("Hot pack 17 B", "number_not_understood"),
        ("PT 12 visits (6 authorized)", "partly_authorized"),
        ("PT visits 7-12", "numbered_or_counted"),
        ("UDS x 4 per year", "rate_without_length"),
    ],
)
def test_what_is_not_clear_is_said(line: str, doubt: str) -> None:
    assert doubt in read(line).doubts


@pytest.mark.parametrize(
    "line",
    [
        "Physical therapy 2x/wk x 6 wks, right shoulder", "Acupuncture x 6", "MRI of the lumbar spine without contrast",
        "Norco 10/325mg #60", "PT two to three times a week for six to eight weeks (24 sessions)", "TENS unit",
        "Right knee arthroscopy", "Lumbar ESI L4-5 x 1", "Home aide 12 hours/day 5x/week for 4 weeks",
    ],
)  # fmt: skip
def test_clear_words_raise_no_doubt(line: str) -> None:
    assert read(line).doubts == ()


@pytest.mark.parametrize(
    ("line", "treatment", "mended"),
    [
        ("Phsyical therpay 2x wk x 4wks Rt hip", PT, {"phsyical": "physical", "therpay": "therapy"}),
        ("accupunctur x 6", "acupuncture", {"accupunctur": "acupuncture"}),
        ("chiropractc care x 6", "chiropractic", {"chiropractc": "chiropractic"}),
        ("epidurl steroid injecton", ESI, {"epidurl": "epidural", "injecton": "injection"}),
        ("psychotherpy x 8", "psychotherapy", {"psychotherpy": "psychotherapy"}),
        ("Cyclobenzaprin 7.5 mg #60", "cyclobenzaprine", {"cyclobenzaprin": "cyclobenzaprine"}),
    ],
)
def test_slips_of_spelling_are_mended_and_said(line: str, treatment: str, mended: dict[str, str]) -> None:
    found = read(line).asked
    assert (found.treatment, dict(found.corrected)) == (treatment, mended)


@pytest.mark.parametrize(
    "line",
    ["Speech therapy 2x4", "Tai chi x 12", "Calmare scrambler therapy, 10 treatments", "Service dog",
     "Vestibular therapy x 8", "Occipital nerve blocks bilateral x 2", "high frequency pulsed electromagnetic stimulation"],
)  # fmt: skip
def test_what_no_treatment_fits_stays_unrecognized(line: str) -> None:
    assert read(line).asked.treatment in (None, "injection")
    assert read(line).asked.corrected == ()


@pytest.mark.parametrize(
    ("line", "treatment"),
    [
        ("Diagnostic US left rotator cuff", "diagnostic_ultrasound"),
        ("Capsaicin 0.025% cream 60 gm", "topical_capsaicin"),
        ("Voltaren 1% gel 100g", "topical_nsaid"),
        ("Lidocaine 5% patch", "topical_lidocaine"),
        ("Cyclobenzaprine 5% in cream base 240g", "compounded_topical"),
        ("Bilateral SI joint injections under ultrasound guidance", "sacroiliac_injection"),
        ("ultrasound-guided trigger point injection", "trigger_point_injection"),
        ("EMG right lower extremity only, no NCS", "electromyography"),
        ("PT s/p arthroscopic meniscectomy", PT),
        ("PT following lumbar fusion 2x6", PT),
        ("Psychotherapy after epidural injection", "psychotherapy"),
    ],
)
def test_what_is_guidance_left_out_or_long_done_is_not_asked_for(line: str, treatment: str) -> None:
    assert read(line).asked.treatment == treatment


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        ("post-op PT 2x6 s/p R RCR", {"postoperative"}),
        ("SNF stay x 14 days following TKA", {"postoperative"}),
        ("Cold therapy unit rental x 14 days post-op", {"postoperative"}),
        ("PT after surgery", {"postoperative"}),
        ("PT after a fall", set()),
        ("Retrospective famotidine 20mg #60", {"retrospective"}),
        ("Retro UDS DOS 3/1/2016", {"retrospective"}),
        ("Physical therapy eval and treat", {"evaluation"}),
    ],
)
def test_flags(line: str, flags: set[str]) -> None:
    found = read(line).asked
    names = ("postoperative", "retrospective", "evaluation")
    assert {name for name in names if getattr(found, name)} == flags


@pytest.mark.parametrize(
    ("line", "acquisition"),
    [
        ("LSO back brace purchase, L0637", "purchase"),
        ("purchase TENS unit with conductive garment", "purchase"),
        ("CPM machine 21 day rental", "rental"),
        ("rent wheelchair 1 month", "rental"),
        ("TENS unit", None),
        ("TENS unit 30-day rental then purchase", None),
    ],
)
def test_rental_and_purchase(line: str, acquisition: str | None) -> None:
    assert read(line).asked.acquisition == acquisition


WORDS = st.sampled_from(
    [
        "physical",
        "therapy",
        "PT",
        "12",
        "visits",
        "x",
        "times",
        "2",
        "3",
        "a",
        "week",
        "for",
        "weeks",
        "(6)",
        "#60",
        "mg",
        "was",
        "the",
        "original",
        "request.",
        "authorized",
        "by",
        "remaining",
        "portion",
        "of,",
        "right",
        "shoulder",
        "two",
        "to",
        "4-6",
        "(unspecified",
        "quantity)",
        "per",
        "day",
        "hours",
        "tablets",
        ";",
        ":",
        "then",
        "daily",
        "every",
        "other",
        "Norco",
        "10/325",
        "1",
        "tab",
        "q6h",
        "prn",
        "L4-5",
        "and",
        "ESI",
        "total",
        "additional",
        "up",
        "to",
        "24/7",
        "1/2",
        "one",
        "hundred",
        "dozen",
        "+",
        "/",
        "-",
        "%",
        "$5",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_is_accepted_and_bounds_are_in_order(text: str) -> None:
    line = read(text)
    for part in filter(None, (line.asked, line.authorized, line.in_dispute)):
        for amount in filter(
            None, (part.quantity, part.duration, part.hours_a_day, part.supply, part.refills)
        ):
            assert amount.at_least is None or amount.at_most is None or amount.at_least <= amount.at_most
            amount.to_dict()


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_every_digit_of_a_line_stands_in_one_mark_that_is_no_mere_word(text: str) -> None:
    """So a number is explained by the shape that takes its mark, or is left over and said."""
    said = plain(text)
    marks = marks_of(tokens_of(said), said, lexicon())
    held = [
        at for mark in marks if mark.letter != "w" for at in range(mark.start, mark.end) if said[at].isdigit()
    ]
    assert held == [at for at, character in enumerate(said) if character.isdigit()]


@given(
    st.integers(1, 7), st.integers(1, 9), st.sampled_from(["times a week", "x/week", "visits per week", "x wk"]),
    st.sampled_from(["for {} weeks", "x {} weeks", "over {} wks", "x {}"]),
)  # fmt: skip
def test_frequency_times_duration_whatever_the_writing(often: int, long: int, times: str, weeks: str) -> None:
    line = read(f"Physical therapy {often} {times} {weeks.format(long)} for the neck")
    assert shown(line.asked.quantity) == f"{often * long} visit"


@given(
    st.integers(1, 30), st.sampled_from(["days", "weeks", "months"]), st.integers(1, 12), st.sampled_from(["days", "weeks", "months", "years"]),
    st.sampled_from(["Physical therapy", "Home health aide", "Botox", "Norco"]),
)  # fmt: skip
def test_once_in_so_many_periods_has_its_bounds_in_order(
    every: int, period: str, long: int, unit: str, service: str
) -> None:
    quantity = read(f"{service} every {every} {period} for {long} {unit}").asked.quantity
    assert quantity is None or (quantity.at_least or 0) <= (quantity.at_most or 0)


@pytest.mark.parametrize("line", ["Labs: CBC, PT, PTT, INR", "PT and PTT", "PT, INR x 3"])
def test_the_time_of_clotting_is_no_therapy(line: str) -> None:
    assert PT not in read(line).asked.mentions


def calls(text: str) -> int:
    """How many functions are called to read a line."""
    called = 0

    def tally(frame: object, event: str, of: object) -> None:
        nonlocal called
        called += event == "call"

    read(text)  # once, so that nothing is laid out while it is counted
    sys.setprofile(tally)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize(
    "filler", [", ", "1 ", "2x/wk ", "L4 ", "and ", "( ", "aaaa ", "1-", "6 visits for the neck, "]
)
def test_what_is_read_of_a_line_takes_time_in_proportion_to_its_length(filler: str) -> None:
    short, long = (calls(f"PT {filler * count}") for count in (40, 80))
    assert long <= 2.5 * short


AS_RECEIVED = yaml.safe_load(Path(__file__).with_name("lines.yaml").read_text(encoding="utf-8"))
_FINER = {"thumb": "hand", "finger": "hand", "toe": "foot"}


def problems_of(text: str, treatment: str, quantity: str, more: dict[str, Any]) -> Iterator[str]:
    """What a line is read as against what it says, in words."""
    line = read(text)
    asked = line.asked
    several = " and " in treatment and asked.treatment is None
    if not several and str(asked.treatment).lower() not in treatment.split("|"):
        yield f"treatment: {asked.treatment}"
    open_and_said = asked.quantity is None and line.doubts
    if shown(asked.quantity) not in quantity.split("|") and not open_and_said:
        yield f"asked: {shown(asked.quantity)}"
    if "authorized" in more and (
        line.authorized is None or shown(line.authorized.quantity) != more["authorized"]
    ):
        yield f"authorized: {line.authorized}"
    if more.get("said") and not line.doubts and asked.treatment is not None:
        yield "no doubt is said"
    if "parts" in more:
        found = {
            " ".join(filter(None, (part.side, _FINER.get(part.region, part.region), part.level)))
            for part in asked.body_parts
            if part.region not in ("trapezius", "sacroiliac_joint")
        }
        wanted = [
            {each.strip() for each in one.split(",") if each.strip()}
            for one in (more["parts"] or "").split("|")
        ]
        if found not in wanted:
            yield f"parts: {sorted(found)}"
    course = "continuing" if asked.continuing else "initial" if asked.initial else None
    if "course" in more and course != more["course"]:
        yield f"course: {course}"


@pytest.mark.parametrize(
    ("text", "treatment", "quantity", "more"), AS_RECEIVED, ids=[row[0] for row in AS_RECEIVED]
)
def test_a_line_as_received_says_what_it_says(
    text: str, treatment: str, quantity: str, more: dict[str, Any]
) -> None:
    problems = [*problems_of(text, treatment, quantity, more)]
    assert bool(problems) == ("missed" in more), problems


def test_every_doubt_is_told_in_plain_words() -> None:
    lines = {
        "OT x 6 left wrist; PT x 6 left hip": "several services: occupational therapy, physical therapy",
        "PT 2x/wk x 6 wks, 18 visits": "not frequency times duration",
        "ESI #3": "may count visits or number them (1 to 3)",
        "Physical therapy or acupuncture x 6": "one service or another",
    }
    for text, words in lines.items():
        line = read(text)
        told = [*of_quantity(line), *(words for _, words in of_the_rest(line))]
        assert any(words in each for each in told), told
        assert not any("_" in each for each in told)
