"""Composed clinical records, each with what it states of the worker. Written before any reader of records was run.

All persons, numbers and places are invented; those of ``CANARIES`` must never come out.

What a record states is a set of tuples::

    ("age", 46)  ("sex", "male")  ("injury", "2014-05-02")
    ("diagnosis", "M54.16")                         its code, or its words in small letters where it has none
    ("surgery", "knee", "2015-08-11")               region and day of an operation that was done
    ("score", "bdi_ii", "2016-03-02", 24)           scale, day, points
    ("attended", "physical_therapy", "low_back", 12)     visits attended; "12+" for at least 12
    ("finding", "functional_improvement", False)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imr_rules.reading.papers import Draft
from tests.reading.papers.composing import CANARIES
from tests.reading.papers.drawing import Sheet

Part = tuple[str, object]
Fact = tuple[object, ...]


@dataclass(frozen=True)
class Record:
    """A record: its parts from the top down, and what they state."""

    name: str
    parts: Sequence[Part]
    states: frozenset[Fact]


NAME, LAST, DOCTOR = CANARIES["name"], CANARIES["last"], CANARIES["doctor"]


def head(title: str, of: str, on: str, injured: str, born: str = "03/09/1970") -> list[Part]:
    """The title, and the block of labels that stands at the top of a record."""
    return [
        ("letterhead", f"{CANARIES['practice']}, {CANARIES['street']}, {CANARIES['city']}, CA {CANARIES['zip']}"),
        ("letterhead", f"Tel {CANARIES['phone']}   Fax {CANARIES['fax']}"),
        ("title", title),
        ("labels", [("Patient:", NAME), ("Date of Birth:", born)]),
        ("labels", [("Claim #:", CANARIES["claim"]), ("Employer:", CANARIES["employer"])]),
        ("labels", [(of, on), ("Date of Injury:", injured)]),
    ]  # fmt: skip


def signed(words: str = "") -> list[Part]:
    """The foot of a record: attestation, signature, license."""
    return [
        ("p", "I declare under penalty of perjury that this report is true and correct to the best of my knowledge and that I have not violated Labor Code 139.3. " + words),
        ("labels", [("Signature:", f"{DOCTOR}, M.D."), ("License #:", CANARIES["license"])]),
    ]  # fmt: skip


RECORDS: list[Record] = [
    Record(
        "progress report, low back, no gain",
        [
            *head("PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)", "Date of Exam:", "03/14/2016", "05/02/2014"),
            ("ticks", [("Periodic report", True), ("Change in treatment plan", False), ("Released from care", False)]),
            ("ticks", [("Functional improvement", False), ("Flare-up", False), ("Returned to full duty", False)]),
            ("h", "SUBJECTIVE COMPLAINTS"),
            ("p", f"Mr. {LAST} is a 46-year-old male who returns for follow-up of his low back. He has completed 12 visits of physical therapy for the low back. There has been no functional improvement with physical therapy. Pain is rated 7/10 today."),
            ("h", "REVIEW OF SYSTEMS"),
            ("p", "Denies fever, chills, weight loss, red flags, flare-ups, bowel or bladder incontinence. Denies home exercise intolerance, chest pain or shortness of breath."),
            ("h", "FAMILY HISTORY"),
            ("p", "Brother underwent lumbar fusion on 06/11/2009 and attended 30 visits of physical therapy. Mother had functional improvement with acupuncture."),
            ("h", "OBJECTIVE FINDINGS"),
            ("p", "Lumbar flexion is 40 degrees and extension 10 degrees. There is decreased sensation in the left L5 dermatome."),
            ("h", "DIAGNOSES"),
            ("list", ["Lumbar radiculopathy (M54.16)", "Lumbar sprain (S33.5XXD)"]),
            ("h", "TREATMENT PLAN"),
            ("list", ["Will start physical therapy 2x6 for the low back.", "Continue home exercise program.", "Request MRI of the lumbar spine."]),
            ("h", "WORK STATUS"),
            ("p", "Modified duty with no lifting over 20 pounds until next visit."),
            *signed(),
        ],
        frozenset({
            ("age", 46), ("sex", "male"), ("injury", "2014-05-02"), ("diagnosis", "M54.16"), ("diagnosis", "S33.5XXD"),
            ("attended", "physical_therapy", "low_back", 12), ("finding", "functional_improvement", False),
            ("score", "nrs", "2016-03-14", 7), ("finding", "nerve_compromise", True),
        }),
    ),
    Record(
        "physical therapy progress note, shoulder, gains",
        [
            *head("Physical Therapy Progress Note", "Date of Service:", "09/20/2019", "02/11/2019"),
            ("labels", [("Therapist:", f"{CANARIES['contact']}, PT"), ("Visit:", "10 of 12")]),
            ("h", "Subjective"),
            ("p", "The patient has attended 10 visits of physical therapy for the right shoulder. She reports that therapy has helped her shoulder pain. She is able to reach overhead now. She is compliant with her home exercise program."),
            ("h", "Objective"),
            ("p", "Shoulder abduction improved from 95 degrees to 140 degrees. Shoulder strength increased from 3 to 4."),
            ("row", ["Flexion", "150", "170", "WNL"]),
            ("row", ["Abduction", "140", "170", "4/5"]),
            ("h", "Goals"),
            ("p", "Two of four goals have been met."),
            ("h", "Plan"),
            ("p", "Continue physical therapy 2 times a week for 4 weeks. Patient will attend 8 more visits. Goals: full range of motion and return to full duty."),
            ("labels", [("Electronically signed by:", f"{CANARIES['contact']}, PT")]),
        ],
        frozenset({
            ("sex", "female"), ("injury", "2019-02-11"), ("attended", "physical_therapy", "shoulder", 10),
            ("finding", "response", True), ("finding", "activities_improved", True), ("finding", "home_program", True),
            ("finding", "measured_gain", True), ("finding", "goals_met", False),
        }),
    ),
    Record(
        "psychological progress note, scores that fall",
        [
            *head("Psychological Progress Report", "Date of Evaluation:", "June 6, 2018", "10/30/2016"),
            ("h", "HISTORY OF PRESENT ILLNESS"),
            ("p", f"Ms. {LAST} is a 39-year-old female. She has attended 8 sessions of cognitive behavioral therapy. The patient's BDI-II score was 34 on 02/05/2018. On 06/06/2018 her BDI-II score was 19. She reports improved functioning at home and at work."),
            ("p", "She denies suicidal ideation, homicidal ideation, hallucinations, delusions, mania or panic."),
            ("h", "PAST FAMILY AND SOCIAL HISTORY"),
            ("p", "Her mother was treated with 20 sessions of psychotherapy. Her sister had a BDI-II score of 41 on 01/04/2017."),
            ("h", "DIAGNOSTIC IMPRESSION"),
            ("list", ["Major depressive disorder, single episode (F32.1)", "Rule out posttraumatic stress disorder"]),
            ("h", "RECOMMENDATIONS"),
            ("p", "It is recommended that the patient receive 6 additional sessions of cognitive behavioral therapy. A BDI-II score of 14 to 19 is considered mild."),
            *signed("The patient may benefit from further care."),
        ],
        frozenset({
            ("age", 39), ("sex", "female"), ("injury", "2016-10-30"), ("attended", "cognitive_behavioral_therapy", None, 8),
            ("score", "bdi_ii", "2018-02-05", 34), ("score", "bdi_ii", "2018-06-06", 19),
            ("finding", "functional_improvement", True), ("diagnosis", "F32.1"),
        }),
    ),
    Record(
        "operative report, knee",
        [
            *head("OPERATIVE REPORT", "Date of Surgery:", "08/11/2015", "01/19/2015"),
            ("labels", [("Surgeon:", f"{DOCTOR}, M.D."), ("Assistant:", f"{CANARIES['reviewer']}, PA-C")]),
            ("h", "PREOPERATIVE DIAGNOSIS"),
            ("list", ["Medial meniscus tear, right knee"]),
            ("h", "PROCEDURE PERFORMED"),
            ("list", ["Right knee arthroscopy with partial medial meniscectomy"]),
            ("h", "INDICATIONS"),
            ("p", "The patient is a 52-year-old male with right knee pain. He has failed conservative care. The risks, including infection, nerve injury and need for further surgery, were discussed."),
            ("h", "DESCRIPTION OF PROCEDURE"),
            ("p", f"The patient was brought to the operating room at {CANARIES['city']} Surgery Center. A partial medial meniscectomy was performed. The knee was irrigated."),
            ("h", "POSTOPERATIVE PLAN"),
            ("p", "He will begin physical therapy 3 times per week for 4 weeks. Knee brace as needed."),
            ("labels", [("Dictated by:", f"{DOCTOR}, M.D.")]),
        ],
        frozenset({
            ("age", 52), ("sex", "male"), ("injury", "2015-01-19"), ("diagnosis", "medial meniscus tear, right knee"),
            ("surgery", "knee", "2015-08-11"), ("finding", "failed_conservative_care", True),
        }),
    ),
    Record(
        "MRI report, lumbar spine",
        [
            *head("MRI LUMBAR SPINE REPORT", "Date of Study:", "04/02/2017", "11/08/2016"),
            ("labels", [("Referring Physician:", f"Dr. {DOCTOR}"), ("MRN:", "99823114")]),
            ("h", "CLINICAL HISTORY"),
            ("p", "58-year-old male with low back pain. Evaluate for radiculopathy."),
            ("h", "TECHNIQUE"),
            ("p", "Sagittal and axial T1 and T2 weighted images were obtained without contrast."),
            ("h", "FINDINGS"),
            ("p", "At L4-L5 there is a 4 mm disc protrusion which abuts the traversing left L5 nerve root. No fracture. The conus is normal."),
            ("h", "IMPRESSION"),
            ("list", ["L4-L5 disc protrusion with mild left foraminal narrowing.", "No evidence of fracture or infection."]),
            ("labels", [("Electronically signed by:", f"{CANARIES['reviewer']}, M.D.")]),
        ],
        frozenset({("age", 58), ("sex", "male"), ("injury", "2016-11-08")}),
    ),
    Record(
        "orthopedic consultation, neck, earlier surgery and injury",
        [
            *head("ORTHOPEDIC CONSULTATION REPORT", "Date of Consultation:", "December 4, 2020", "07/15/2019"),
            ("p", f"Dear Dr. {DOCTOR}, thank you for referring this patient."),
            ("h", "HISTORY OF PRESENT INJURY"),
            ("p", "The patient is a 44-year-old woman who was injured on 07/15/2019. She attended 24 visits of chiropractic care for the neck without benefit. She received 6 visits of acupuncture for the neck. She underwent anterior cervical discectomy and fusion on 03/10/2020. She rates her pain 5/10. Before surgery her pain was 9/10."),
            ("p", "Prior to this injury she attended 15 visits of physical therapy for her knee in 2011."),
            ("h", "PAST MEDICAL HISTORY"),
            ("p", "Her father had a flare-up of gout. Hypertension. She takes lisinopril."),
            ("h", "PHYSICAL EXAMINATION"),
            ("p", "Sensation, strength and reflexes are intact."),
            ("h", "ASSESSMENT"),
            ("list", ["Cervical spondylosis (M47.812)", "Status post anterior cervical fusion"]),
            ("h", "DISCUSSION"),
            ("p", "According to MTUS/ACOEM, physical therapy is recommended for up to 24 visits over 16 weeks after fusion. Functional improvement should be documented. Patients with red flags should be referred."),
            ("h", "RECOMMENDATIONS"),
            ("p", "I recommend 12 visits of physical therapy. If she improves, a further 12 visits would be considered."),
            *signed(),
        ],
        frozenset({
            ("age", 44), ("sex", "female"), ("injury", "2019-07-15"), ("attended", "chiropractic", "neck", 24),
            ("finding", "response", False), ("attended", "acupuncture", "neck", 6), ("surgery", "neck", "2020-03-10"),
            ("score", "nrs", "2020-12-04", 5), ("finding", "nerve_compromise", False), ("diagnosis", "M47.812"),
        }),
    ),
    Record(
        "acupuncture treatment note",
        [
            *head("Acupuncture Treatment Notes", "Date of Service:", "5/17/21", "01/04/2021"),
            ("h", "S:"),
            ("p", "Pt reports that acupuncture has reduced his low back pain. He has decreased his use of naproxen. He is doing home exercises. VAS pain 4/10 today, 6/10 at last visit."),
            ("h", "O:"),
            ("p", "Tender over the lumbar paraspinals. Needles were placed at BL23, BL25 and GB30 for 20 minutes."),
            ("ticks", [("Improved", True), ("Same", False), ("Worse", False)]),
            ("h", "A:"),
            ("p", "The patient is progressing. This is visit 5 of 6 of acupuncture for the low back."),
            ("h", "P:"),
            ("p", "Continue acupuncture 1x6. Re-evaluate function."),
            ("labels", [("Provider:", f"{CANARIES['adjuster']}, L.Ac.")]),
        ],
        frozenset({
            ("sex", "male"), ("injury", "2021-01-04"), ("finding", "response", True),
            ("finding", "medication_reduced", True), ("finding", "home_program", True),
            ("score", "nrs", "2021-05-17", 4), ("attended", "acupuncture", "low_back", "5+"),
        }),
    ),
    Record(
        "progress report that contradicts itself and copies forward",
        [
            *head("Progress Report", "Date of Visit:", "10/08/2018", "03/27/2017"),
            ("h", "INTERVAL HISTORY"),
            ("p", f"{NAME} is a 61-year-old male. He has completed 8 visits of physical therapy for the left knee. He states that physical therapy helped. He has returned to full duty."),
            ("h", "PRIOR HISTORY (COPIED FROM 07/02/2018)"),
            ("p", "He has completed 6 visits of physical therapy for the left knee. Physical therapy was not helpful. He underwent left knee arthroscopy on 05/21/2018."),
            ("h", "EXAMINATION"),
            ("p", "Left knee flexion is unchanged. There are no red flags."),
            ("h", "DIAGNOSIS"),
            ("p", "Internal derangement of left knee (M23.92)."),
            ("h", "PLAN"),
            ("p", "Request authorization for physical therapy 12 visits. He was advised to stop ibuprofen. Patient to undergo right knee arthroscopy."),
            ("h", "WORK STATUS"),
            ("p", "He may return to full duty on 10/15/2018."),
            *signed(),
        ],
        frozenset({
            ("age", 61), ("sex", "male"), ("injury", "2017-03-27"), ("attended", "physical_therapy", "knee", 8),
            ("attended", "physical_therapy", "knee", 6), ("finding", "response", True), ("finding", "response", False),
            ("finding", "restrictions_reduced", True), ("surgery", "knee", "2018-05-21"), ("finding", "measured_gain", False),
            ("finding", "red_flags", False), ("diagnosis", "M23.92"),
        }),
    ),
    Record(
        "chiropractic chart note of templates alone",
        [
            *head("Chiropractic Daily Note", "DOS:", "02/14/2022", "08/30/2021"),
            ("ticks", [("Pain improved", True), ("Function improved", True), ("Home exercises reviewed", True)]),
            ("ticks", [("Plateau", False), ("Discharge", False), ("Goals met", False)]),
            ("row", ["CPT 98941", "CMT 3-4 regions", "1 unit"]),
            ("row", ["CPT 97140", "Manual therapy", "1 unit"]),
            ("p", "ROS: Denies red flags, fever, night pain, bowel or bladder changes, flare-ups."),
            ("p", "Functional improvement means a clinically significant improvement in activities of daily living or a reduction in work restrictions."),
            ("p", "Plan: chiropractic 2x4, home exercise program, reassess in 4 weeks."),
            ("p", "Goals: Patient will have 50% functional improvement. Patient will return to full duty."),
            ("labels", [("Signed:", f"{CANARIES['attorney']}, D.C."), ("NPI:", CANARIES["npi"])]),
        ],
        frozenset({("injury", "2021-08-30"), ("attended", "chiropractic", None, "1+")}),
    ),
    Record(
        "pain management follow-up, epidural and opioids",
        [
            *head("Pain Management Follow-Up Visit Note", "Date of Visit:", "11/19/2019", "06/06/2018"),
            ("h", "CHIEF COMPLAINT"),
            ("p", "Low back pain with radiation to the right leg, rated 8/10."),
            ("h", "HISTORY"),
            ("p", "The patient is a 35 year old male. He has had 18 sessions of physical therapy for the low back with no relief. He reports no improvement in activities of daily living. He has not attended acupuncture. He has a home exercise program that he performs daily. He had an acute exacerbation of his low back pain last week."),
            ("h", "ALLERGIES"),
            ("p", "He is intolerant of codeine."),
            ("h", "PHYSICAL EXAM"),
            ("p", "There is weakness of the right ankle. Achilles reflex is diminished on the right."),
            ("h", "ASSESSMENT AND PLAN"),
            ("list", ["Lumbar radiculopathy (M54.16): request right L5 epidural steroid injection.", "Physical therapy 2x4 after the injection."]),
            ("h", "MEDICAL NECESSITY"),
            ("p", "The MTUS Chronic Pain Guidelines recommend 10 visits of physical therapy over 8 weeks. The patient has not reached a plateau."),
            *signed(),
        ],
        frozenset({
            ("age", 35), ("sex", "male"), ("injury", "2018-06-06"), ("score", "nrs", "2019-11-19", 8),
            ("attended", "physical_therapy", "low_back", 18), ("finding", "response", False),
            ("finding", "activities_improved", False), ("attended", "acupuncture", None, 0), ("finding", "home_program", True),
            ("finding", "flare_up", True), ("finding", "nerve_compromise", True), ("finding", "plateau", False),
            ("diagnosis", "M54.16"),
        }),
    ),
]  # fmt: skip


# Written after the reader, and read once before anything was mended by them.
LATER: list[Record] = [
    Record(
        "narrative follow-up letter, two regions",
        [
            *head("FOLLOW-UP CONSULTATION NOTE", "Date:", "August 22, 2016", "09/30/2015"),
            ("p", f"RE: {NAME}"),
            ("p", f"Dear {CANARIES['adjuster']}: I had the pleasure of seeing your injured worker in my office today. The patient is a 50-year-old right-handed woman who sustained an industrial injury on September 30, 2015. Since her last visit she has completed 10 sessions of occupational therapy for the right wrist, and 4 sessions of physical therapy for the neck. Occupational therapy has been very helpful, and she is now able to open jars. Physical therapy for the neck has not been helpful. Her grip strength has increased from 20 to 35 pounds."),
            ("p", "Her husband has been attending physical therapy for his own back and has had great relief. She does not smoke and she denies numbness, tingling, or weakness."),
            ("p", "On examination, the right wrist shows full range of motion. Grip strength is symmetric."),
            ("p", "IMPRESSION: 1. Right wrist sprain (S63.501D). 2. Cervical strain (S16.1XXD)."),
            ("p", "PLAN: I am requesting 6 additional sessions of occupational therapy. She should continue her home exercises. I expect functional improvement with this course."),
            ("p", "Work status: Modified duty."),
            ("p", f"Sincerely, {DOCTOR}, M.D."),
        ],
        frozenset({
            ("age", 50), ("sex", "female"), ("injury", "2015-09-30"), ("attended", "occupational_therapy", "wrist", 10),
            ("attended", "physical_therapy", "neck", 4), ("finding", "response", True), ("finding", "response", False),
            ("finding", "activities_improved", True), ("finding", "measured_gain", True),
            ("diagnosis", "S63.501D"), ("diagnosis", "S16.1XXD"),
        }),
    ),
    Record(
        "therapy discharge summary",
        [
            *head("Physical Therapy Discharge Summary", "Date of Report:", "01/15/2020", "06/18/2019"),
            ("labels", [("Diagnosis:", "Left ankle sprain (S93.402D)"), ("Visits attended:", "16")]),
            ("h", "SUMMARY OF CARE"),
            ("p", "Patient was seen for 16 visits of physical therapy for the left ankle from 09/10/2019 to 01/15/2020. Ankle dorsiflexion improved from 2 degrees to 12 degrees. All goals have been met. Patient is independent with home exercise program."),
            ("p", "He has returned to full duty. His progress has plateaued."),
            ("h", "DISCHARGE PLAN"),
            ("p", "Discharge to home exercise program. Return to physician if flare-up occurs."),
            ("h", "INSURANCE"),
            ("p", "24 visits of physical therapy were authorized by the carrier."),
            ("labels", [("Therapist signature:", f"{CANARIES['contact']}, DPT")]),
        ],
        frozenset({
            ("sex", "male"), ("injury", "2019-06-18"), ("diagnosis", "S93.402D"), ("attended", "physical_therapy", "ankle", 16),
            ("finding", "measured_gain", True), ("finding", "goals_met", True), ("finding", "home_program", True),
            ("finding", "restrictions_reduced", True), ("finding", "plateau", True),
        }),
    ),
    Record(
        "psychotherapy chart note, no gain",
        [
            *head("PSYCHOTHERAPY PROGRESS NOTE", "DOS:", "03-09-2017", "12/01/2015"),
            ("h", "DATA"),
            ("p", "Client is a 33 y/o male. Session 9 of psychotherapy. Today's PHQ-9 score is 18; on 12/08/2016 the PHQ-9 was 17. Patient reports that psychotherapy has not helped his sleep."),
            ("h", "MENTAL STATUS EXAM"),
            ("ticks", [("Mood improved", False), ("Mood depressed", True), ("Oriented x4", True)]),
            ("p", "Denies SI, HI, AVH, mania, or substance use."),
            ("h", "ASSESSMENT"),
            ("p", "There has been no objective functional improvement to date. Depression persists (F33.1)."),
            ("h", "INTERVENTIONS"),
            ("p", "Cognitive restructuring and behavioral activation were used. Relaxation training will be introduced next session."),
            ("h", "PLAN"),
            ("p", "Weekly CBT x 8. Consider psychiatric evaluation. Goal: reduce PHQ-9 score to 9."),
            ("labels", [("Signed electronically by:", f"{CANARIES['reviewer']}, Psy.D.")]),
        ],
        frozenset({
            ("age", 33), ("sex", "male"), ("injury", "2015-12-01"), ("attended", "psychotherapy", None, "9+"),
            ("score", "phq9", "2017-03-09", 18), ("score", "phq9", "2016-12-08", 17), ("finding", "response", False),
            ("finding", "functional_improvement", False), ("diagnosis", "F33.1"),
        }),
    ),
    Record(
        "electrodiagnostic report with quoted standards",
        [
            *head("ELECTRODIAGNOSTIC STUDY REPORT", "Date of Study:", "07/07/2018", "02/02/2018"),
            ("h", "HISTORY:"),
            ("p", "This 47-year-old male has numbness of the right hand. He has had no physical therapy. Night splints did not help."),
            ("h", "FINDINGS:"),
            ("row", ["Median motor", "4.9 ms", "abnormal", "R"]),
            ("row", ["Ulnar motor", "3.0 ms", "normal", "R"]),
            ("h", "INTERPRETATION:"),
            ("p", "Electrodiagnostic evidence of moderate right carpal tunnel syndrome. No evidence of cervical radiculopathy."),
            ("h", "REFERENCE STANDARDS"),
            ("p", "Patients with red flags should have prompt evaluation. Failure of conservative care is defined as 6 weeks without improvement in function."),
            *signed(),
        ],
        frozenset({
            ("age", 47), ("sex", "male"), ("injury", "2018-02-02"), ("attended", "physical_therapy", None, 0),
        }),
    ),
    Record(
        "pre-operative history and physical",
        [
            *head("HISTORY AND PHYSICAL EXAMINATION", "Date of Visit:", "05/05/2021", "08/19/2020"),
            ("h", "HPI"),
            ("p", "56-year-old female scheduled for left shoulder arthroscopy on 05/19/2021. She has had 20 visits of physical therapy for the left shoulder. Shoulder pain persists despite conservative treatment. She previously had a right carpal tunnel release in 2014 for another injury."),
            ("h", "PAST SURGICAL HISTORY"),
            ("p", "Appendectomy. Her sister underwent left shoulder arthroscopy on 01/12/2019."),
            ("h", "EXAM"),
            ("p", "Left shoulder abduction is 90 degrees. Neurologic examination is normal."),
            ("h", "DIAGNOSES"),
            ("list", ["Left rotator cuff tear (M75.102)", "Possible labral tear"]),
            ("h", "SURGICAL PLAN"),
            ("p", "Left shoulder arthroscopy with rotator cuff repair. After surgery she will attend 24 visits of physical therapy."),
            ("h", "CONSENT"),
            ("p", "She understands that there may be no functional improvement after surgery."),
            *signed(),
        ],
        frozenset({
            ("age", 56), ("sex", "female"), ("injury", "2020-08-19"), ("attended", "physical_therapy", "shoulder", 20),
            ("finding", "failed_conservative_care", True), ("finding", "nerve_compromise", False), ("diagnosis", "M75.102"),
        }),
    ),
    Record(
        "progress report over two pages with a letterhead on each",
        [
            *head("Progress Report", "Date of Service:", "04/11/2022", "10/05/2020"),
            ("h", "SUBJECTIVE"),
            ("p", "The patient is a 29-year-old man with low back pain. He rates his pain as 3/10. He has attended 6 of 12 authorized visits of chiropractic treatment for the low back. Chiropractic treatment has provided relief. His ability to sit has improved. " + "The pain is aching in character and is made worse by bending. " * 12),
            ("h", "OBJECTIVE"),
            ("p", "Gait is normal. Lumbar extension increased from 10 to 20 degrees. " + "Palpation of the lumbar muscles is tender. " * 30),
            ("break", ""),
            ("letterhead", f"{CANARIES['practice']}   Patient: {NAME}   Claim: {CANARIES['claim']}"),
            ("h", "WORK RESTRICTIONS"),
            ("p", "His work restrictions have been reduced. He has not reached maximum medical improvement."),
            ("h", "MEDICATIONS"),
            ("p", "His use of ibuprofen has decreased."),
            ("h", "RATIONALE FOR REQUEST"),
            ("p", "Per the MTUS Low Back guideline, 12 visits are recommended with evidence of functional improvement. Treatment should be discontinued if there is a plateau."),
            *signed(),
        ],
        frozenset({
            ("age", 29), ("sex", "male"), ("injury", "2020-10-05"), ("score", "nrs", "2022-04-11", 3),
            ("attended", "chiropractic", "low_back", 6), ("finding", "response", True), ("finding", "measured_gain", True),
            ("finding", "restrictions_reduced", True), ("finding", "medication_reduced", True),
            ("finding", "activities_improved", True),
        }),
    ),
]  # fmt: skip


def draw(record: Record, sheet: Sheet | None = None) -> bytes:
    """Print a record."""
    sheet = sheet or Sheet(size=10)
    put(record.parts, sheet)
    return sheet.bytes()


def put(parts: Sequence[Part], sheet: Sheet) -> None:
    """Print the parts of a record on a sheet."""
    for kind, value in parts:
        if kind == "letterhead":
            sheet.print(150, str(value), size=8)
            sheet.down()
        elif kind == "title":
            sheet.down(6)
            sheet.print(150, str(value), bold=True, size=13)
            sheet.down(22)
        elif kind == "labels" and isinstance(value, list):
            for column, (label, words) in enumerate(value):
                sheet.print(sheet.print(54 + 260 * column, label, bold=True) + 4, words)
            sheet.down()
        elif kind == "ticks" and isinstance(value, list):
            at = 54.0
            for words, on in value:
                at = sheet.tick(at, words, on) + 14
            sheet.down(18)
        elif kind == "row" and isinstance(value, list):
            for column, words in enumerate(value):
                sheet.print(54 + 120 * column, words)
            sheet.down()
        elif kind == "break":
            sheet.new_page()
        elif kind == "h":
            sheet.down(6)
            sheet.paragraph(str(value), bold=True, after=3)
        elif kind == "list" and isinstance(value, list):
            for number, words in enumerate(value, 1):
                sheet.paragraph(f"{number}. {words}", after=1)
            sheet.down(4)
        else:
            sheet.paragraph(str(value))


def states(draft: Draft) -> frozenset[Fact]:
    """What a draft of one record alone proposes, as a record's truth is written."""
    found: set[Fact] = set()
    for each in draft.proposals:
        value, where = each.value, each.at.split("/")[1:]
        if each.at == "/worker/age":
            found.add(("age", value))
        elif each.at == "/worker/sex":
            found.add(("sex", value))
        elif each.at == "/injury/date":
            found.add(("injury", value))
        elif where[-2:-1] == ["findings"]:
            if where[-1] != "objective_improvement":
                found.add(("finding", where[-1], value))
        elif isinstance(value, dict) and where[0] == "diagnoses":
            found.add(("diagnosis", value.get("icd10") or value["text"].lower()))
        elif isinstance(value, dict) and where[0] == "surgeries":
            found.add(("surgery", (value.get("body_part") or {}).get("region"), value.get("date")))
        elif isinstance(value, dict) and where[0] == "measurements":
            found.add(("score", value["instrument"], value.get("date"), value["score"]))
        elif isinstance(value, dict) and where[0] == "history":
            region = (value.get("body_part") or {}).get("region")
            for count in value["attended"] if isinstance(value["attended"], list) else [value["attended"]]:
                said = count
                if isinstance(count, dict):
                    least, most = count.get("at_least"), count.get("at_most")
                    said = f"{least}+" if most is None and least else f"{least or 0} to {most}"
                found.add(("attended", value["treatment"], region, said))
    return frozenset(found)
