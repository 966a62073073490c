"""Charts of 5 to 60 pages, composed: several authors, notes of single visits, text copied forward, other people.

What each chart states is written down with its parts, in the form of :mod:`tests.reading.papers.records`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reading.papers.composing import CANARIES
from tests.reading.papers.drawing import Sheet
from tests.reading.papers.records import Fact, Part, head, put, signed

LAST, DOCTOR = CANARIES["last"], CANARIES["doctor"]


@dataclass(frozen=True)
class Worker:
    """Whose chart it is, and what is treated."""

    age: int
    sex: str
    injured: date
    part: str
    region: str
    side: str
    code: str
    pages: int

    @property
    def he(self) -> str:
        return "She" if self.sex == "female" else "He"

    @property
    def his(self) -> str:
        return "Her" if self.sex == "female" else "His"

    @property
    def where(self) -> str:
        return f"{self.side} {self.part}".strip()


WORKERS = [
    Worker(41, "female", date(2015, 3, 2), "shoulder", "shoulder", "right", "M75.101", 5),
    Worker(55, "male", date(2016, 7, 19), "low back", "low_back", "", "M54.16", 9),
    Worker(33, "male", date(2017, 1, 30), "knee", "knee", "left", "M23.92", 14),
    Worker(62, "female", date(2014, 11, 5), "neck", "neck", "", "M54.12", 24),
    Worker(28, "female", date(2018, 6, 12), "wrist", "wrist", "right", "S63.501D", 38),
    Worker(47, "male", date(2019, 2, 25), "ankle", "ankle", "left", "S93.402D", 60),
]
SLASHED, SPELLED = "%m/%d/%Y", "%B %d, %Y"
FILLER = [
    "The patient presents for follow-up and was examined today in the office.",
    "Medications were reviewed and are listed on the medication sheet.",
    "The skin is intact and there is no swelling or erythema.",
    "Gait is normal without an assistive device.",
    "Treatment options and their risks were discussed and questions were answered.",
    "The patient was seated comfortably and was in no acute distress.",
]


def chart(worker: Worker) -> tuple[bytes, frozenset[Fact], int]:
    """Return a chart as a PDF file, what it states, and its pages."""
    sheet, facts, pages = Sheet(size=10), set[Fact](), 0
    for parts, states in notes(worker):
        if pages == worker.pages:
            break
        if pages:
            sheet.new_page()
        pages += 1
        put(parts, sheet)
        facts |= states
    visits = [fact[1] for fact in facts if fact[0] == "day of a visit"]
    facts = {fact for fact in facts if fact[0] != "day of a visit"}
    for treatment in sorted({str(each).split(" ")[0] for each in visits}):
        days = {str(each) for each in visits if str(each).startswith(treatment)}
        facts.add(("attended", treatment, None, f"{len(days)}+"))
    facts.add(("injury", worker.injured.isoformat()))
    facts.add(("sex", worker.sex))
    return sheet.bytes(), frozenset(facts), pages


def notes(worker: Worker) -> Iterator[tuple[list[Part], set[Fact]]]:
    """Yield the notes of a chart, a page each, and what each states. They go on for as long as they are asked for."""
    day, injured = worker.injured + timedelta(days=40), worker.injured.strftime(SLASHED)
    he, his, where = worker.he, worker.his, worker.where
    yield consultation(worker, day, injured)
    for turn in range(20):
        day += timedelta(days=9)
        yield progress(worker, day, injured, turn)
        for visit in range(2):
            day += timedelta(days=3)
            yield [
                *head("Acupuncture Treatment Note" if turn % 3 == 2 else "Psychotherapy Progress Note" if turn % 3 == 1 else "Massage Therapy Daily Note", "Date of Service:", day.strftime(SLASHED if visit else SPELLED), injured),
                ("h", "SUBJECTIVE"),
                ("p", f"{FILLER[(turn + visit) % len(FILLER)]} {FILLER[(turn + visit + 2) % len(FILLER)]}"),
                ("h", "PLAN"),
                ("p", f"Will continue with physical therapy 2 times a week for 4 weeks. {he} should return in one week."),
                ("labels", [("Signature:", f"{CANARIES['contact']}, L.Ac.")]),
            ], {("day of a visit", f"{('massage_therapy', 'psychotherapy', 'acupuncture')[turn % 3]} {day.isoformat()}")}  # fmt: skip
        if turn % 4 == 0:
            yield scores(worker, day, injured, turn)
        if turn % 4 == 1:
            yield other_people(worker, day, injured)
        if turn % 4 == 2:
            yield imaging(worker, day, injured)
        if turn == 3:
            yield [
                *head("OPERATIVE REPORT", "Date of Surgery:", day.strftime(SLASHED), injured),
                ("h", "PROCEDURE PERFORMED"), ("list", [f"Arthroscopy of the {where}"]),
                ("h", "DESCRIPTION OF PROCEDURE"), ("p", "The patient was brought to the operating room. A debridement was performed."),
            ], {("surgery", worker.region, day.isoformat())}  # fmt: skip
        yield [
            *head("BILLING STATEMENT", "Date of Service:", day.strftime(SLASHED), injured),
            ("row", ["97110", "2 units", "$84.00"]), ("row", ["97140", "1 unit", "$40.00"]),
            ("p", f"{his} next appointment will be scheduled by the front desk."),
        ], set()  # fmt: skip


def consultation(worker: Worker, day: date, injured: str) -> tuple[list[Part], set[Fact]]:
    he = worker.he
    noun = "woman" if worker.sex == "female" else "man"
    return [
        *head("ORTHOPEDIC CONSULTATION REPORT", "Date of Consultation:", day.strftime(SLASHED), injured),
        ("h", "HISTORY OF PRESENT ILLNESS"),
        ("p", f"The patient is a {worker.age}-year-old {noun} with pain of the {worker.where}. {he} has attended 8 visits of chiropractic care for the {worker.where}. Chiropractic care has not helped. {he} has failed conservative care."),
        ("h", "FAMILY HISTORY"),
        ("p", "Father had 30 visits of physical therapy and underwent lumbar fusion on 02/02/2009. A sister has depression with a PHQ-9 score of 20."),
        ("h", "REVIEW OF SYSTEMS"),
        ("p", "Denies fever, chills, red flags, weight loss, or flare-ups."),
        ("h", "DIAGNOSES"), ("list", [f"Pain of the {worker.where} ({worker.code})", "Rule out radiculopathy"]),
        ("h", "DISCUSSION"),
        ("p", "According to the MTUS, up to 24 visits of physical therapy are recommended with evidence of functional improvement."),
        *signed(),
    ], {("age", worker.age), ("diagnosis", worker.code), ("attended", "chiropractic", worker.region, 8),
        ("finding", "response", False), ("finding", "failed_conservative_care", True)}  # fmt: skip


COPIED = "HISTORY (carried forward)"
TOLD: list[tuple[str, Fact]] = [
    ("There has been no functional improvement with physical therapy.", ("finding", "functional_improvement", False)),
    ("{he} performs a home exercise program daily.", ("finding", "home_program", True)),
    ("Physical therapy has been helpful.", ("finding", "response", True)),
    ("{his} work restrictions have been reduced.", ("finding", "restrictions_reduced", True)),
    ("{he} is now able to dress without help.", ("finding", "activities_improved", True)),
    ("{he} reports a flare-up of pain.", ("finding", "flare_up", True)),
    ("The treatment goals have not been met.", ("finding", "goals_met", False)),
    ("{his} progress has plateaued.", ("finding", "plateau", True)),
    ("The neurologic examination is normal.", ("finding", "nerve_compromise", False)),
    ("{his} use of ibuprofen has decreased.", ("finding", "medication_reduced", True)),
    ("There are no residual deficits on examination.", ("finding", "no_remaining_deficit", True)),
    ("{he} says that {low} is ready to end treatment.", ("finding", "ready_to_end", True)),
    ("The treatment plan lists goals of increased strength and return to work.", ("finding", "treatment_goals", True)),
    ("There are no red flags on examination today.", ("finding", "red_flags", False)),
    ("Grip strength increased from 20 to 35 pounds with physical therapy.", ("finding", "measured_gain", True)),
    ("{he} is homebound at this time.", ("finding", "homebound", True)),
    ("The rationale for further physical therapy was clearly stated.", ("finding", "rationale", True)),
]  # fmt: skip


def progress(worker: Worker, day: date, injured: str, turn: int) -> tuple[list[Part], set[Fact]]:
    he, his = worker.he, worker.his
    said, fact = TOLD[(turn + worker.pages) % len(TOLD)]
    pain = 7 - turn % 5
    parts: list[Part] = [
        *head("PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)", "Date of Exam:", day.strftime(SLASHED), injured),
        ("h", COPIED),
        ("p", f"{he} has attended 8 visits of chiropractic care for the {worker.where}. {FILLER[turn % len(FILLER)]}"),
        ("h", "SUBJECTIVE COMPLAINTS"),
        ("p", f"Mr. or Ms. {LAST} returns. Pain is rated {pain}/10 today. {said.format(he=he, his=his, low=he.lower())}"),
        ("h", "OBJECTIVE FINDINGS"),
        ("p", f"{FILLER[(turn + 3) % len(FILLER)]} {FILLER[(turn + 4) % len(FILLER)]}"),
        ("h", "TREATMENT PLAN"),
        ("list", [f"Request physical therapy 12 visits for the {worker.where}.", "Functional improvement is expected.", "Follow up in 4 weeks."]),
        *signed(),
    ]  # fmt: skip
    # what gave no improvement, or helped, was given
    given = said.startswith("Physical therapy has") or "improvement with physical therapy" in said
    return parts, ({("attended", "physical_therapy", None, "1+")} if given else set()) | {
        fact,
        ("score", "nrs", day.isoformat(), pain),
        ("attended", "chiropractic", worker.region, 8),
    }


def scores(worker: Worker, day: date, injured: str, turn: int) -> tuple[list[Part], set[Fact]]:
    first, second = day - timedelta(days=30), day - timedelta(days=2)
    return [
        *head("OUTCOME MEASURES REPORT", "Date of Report:", day.strftime(SLASHED), injured),
        ("row", ["Scale", first.strftime(SLASHED), second.strftime(SLASHED)]),
        ("row", ["PHQ-9", str(18 - turn % 4), str(12 - turn % 4)]),
        ("row", ["GAD-7", "11", "8"]),
        ("p", "A score of 5 to 9 on the PHQ-9 is considered mild."),
    ], {("score", "phq9", first.isoformat(), 18 - turn % 4), ("score", "phq9", second.isoformat(), 12 - turn % 4),
        ("score", "gad7", first.isoformat(), 11), ("score", "gad7", second.isoformat(), 8)}  # fmt: skip


def other_people(worker: Worker, day: date, injured: str) -> tuple[list[Part], set[Fact]]:
    his = worker.his
    return [
        *head("SOCIAL WORK CONSULTATION REPORT", "Date of Visit:", day.strftime(SLASHED), injured),
        ("h", "DISCUSSION"),
        ("p", f"{his} brother attended 20 visits of acupuncture and had functional improvement. {his} spouse underwent knee arthroscopy on 05/05/2012. Before the injury {worker.he.lower()} had 15 visits of physical therapy for a 2008 car accident."),
        ("p", "Patients who return to full duty early do well. If function improves, care may be extended."),
        ("h", "RECOMMENDATIONS"), ("list", ["Psychotherapy 6 visits", "Home exercise program"]),
    ], set()  # fmt: skip


def imaging(worker: Worker, day: date, injured: str) -> tuple[list[Part], set[Fact]]:
    return [
        *head(f"MRI {worker.part.upper()} REPORT", "Date of Study:", day.strftime(SLASHED), injured),
        ("h", "TECHNIQUE"), ("p", "Multiplanar images were obtained without contrast."),
        ("h", "FINDINGS"), ("p", "There is mild degenerative change. No fracture. No evidence of infection."),
        ("h", "IMPRESSION"), ("list", ["Mild degenerative change.", "No acute finding."]),
        ("labels", [("Electronically signed by:", f"{DOCTOR}, M.D.")]),
    ], set()  # fmt: skip


CHARTS = {f"{worker.pages} pages, {worker.part}": worker for worker in WORKERS}
