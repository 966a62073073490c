"""Composes requests, decisions and applications in many layouts, with what they say.

Everything here is invented. Every field for a person, number or address holds a canary that must never come out.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.reading.papers.drawing import Sheet

CANARIES = {
    "name": "Quillon Zebulon Marwick", "last": "Marwick", "first": "Quillon", "claim": "WQ-4471-99823", "doctor": "Thessaly Vorbrook",
    "practice": "Brackenfold Associates", "contact": "Imelda Tarrowby", "street": "4417 Whistlewood Lane", "city": "Duneharbor", "zip": "95551",
    "phone": "(415) 555-7243", "fax": "(415) 555-9918", "email": "tv@brackenfold.example", "npi": "1730042219", "employer": "Copperlark Foundry",
    "company": "Halvorsen Mutual", "adjuster": "Perpetua Glennis", "wcis": "WCIS88213007", "eams": "ADJ77120934", "attorney": "Osgood Feathersmith",
    "reviewer": "Calixta Brandywine", "license": "A990127", "birth": "", "authorization": "AUTH-55120-K",
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A service, and how its request is written."""

    words: str
    more: str
    codes: tuple[str, ...]
    treatment: str
    asked: int
    unit: str
    counted: str
    """How a part of it is written: "{} visits"."""


SERVICES = [
    Service("Physical therapy, lumbar spine", "2 times per week for 6 weeks", ("97110", "97140"), "physical_therapy", 12, "visit", "{} visits"),
    Service("Acupuncture, left shoulder", "1 x week x 8 weeks", ("97810",), "acupuncture", 8, "visit", "{} visits"),
    Service("Chiropractic manipulation, cervical spine", "10 visits", ("98941",), "chiropractic", 10, "visit", "{} visits"),
    Service("Occupational therapy, right hand", "3 visits a week for 3 weeks", ("97530",), "occupational_therapy", 9, "visit", "{} visits"),
    Service("Psychotherapy, individual", "6 sessions", ("90837",), "psychotherapy", 6, "session", "{} sessions"),
    Service("MRI of the right knee without contrast", "One study", ("73721",), "mri", 1, "study", "{} study"),
    Service("EMG of the bilateral upper extremities", "1", ("95886",), "electromyography", 1, "study", "{} study"),
    Service("Lumbar support brace", "purchase, qty 1", ("L0650",), "lumbar_support", 1, "item", "{}"),
    Service("Wrist splint, left", "1, purchase", ("L3908",), "wrist_splint", 1, "item", "{}"),
    Service("Naproxen 500 mg", "#60, 1 tab twice daily", (), "nsaid", 60, "tablet", "#{}"),
    Service("Gabapentin 300 mg", "#90", (), "antiepileptic", 90, "tablet", "#{}"),
    Service("Massage therapy, neck", "4 visits", ("97124",), "massage_therapy", 4, "visit", "{} visits"),
]  # fmt: skip
DIAGNOSES = [
    ("Lumbar radiculopathy", "M54.16"), ("Cervicalgia", "M54.2"), ("Carpal tunnel syndrome, left", "G56.02"),
    ("Sprain of right knee", "S83.91XD"), ("Adhesive capsulitis of left shoulder", "M75.02"), ("Low back strain", "S39.012A"),
]  # fmt: skip
GUIDELINES = [
    ("MTUS Chronic Pain Medical Treatment Guidelines", 2009, "Physical medicine", (98, 99)),
    ("MTUS - ACOEM Low Back Disorders", 2019, "Exercise", (114,)),
    ("MTUS (ACOEM Shoulder Disorders Guideline)", 2016, "Acupuncture", (88,)),
    ("Official Disability Guidelines", None, "Knee and Leg, Magnetic resonance imaging", ()),
]  # fmt: skip


@dataclass
class Item:
    service: Service
    decision: str = "denied"
    authorized: int = 0
    guideline: tuple[str, int | None, str, tuple[int, ...]] = GUIDELINES[0]
    why: str = ""
    """The reason its decision gives; each layout has words of its own where this is empty."""

    @property
    def in_dispute(self) -> int:
        return self.service.asked - self.authorized


@dataclass
class Truth:
    """What the papers of one case say."""

    items: list[Item]
    diagnoses: list[tuple[str, str]]
    injury: date
    born: date
    request: date
    received: date
    decided: date
    applied: date
    flags: dict[str, bool] = field(default_factory=dict)

    @property
    def age(self) -> int:
        return (
            self.request.year
            - self.born.year
            - ((self.request.month, self.request.day) < (self.born.month, self.born.day))
        )


def truth(seed: int, *, most: int = 4, put_off: bool = False) -> Truth:
    """Invent a case."""
    chance = random.Random(seed)
    items = []
    for service in chance.sample(SERVICES, chance.randint(1, most)):
        kinds = ["approved", "denied", "denied", "modified"] + (["deferred"] if put_off else [])
        kind = chance.choice(kinds)
        if kind == "modified" and service.asked < 4:
            kind = "denied"
        authorized = {"approved": service.asked, "modified": service.asked // 2 - (service.asked > 6)}.get(
            kind, 0
        )
        items.append(Item(service, kind, authorized, chance.choice(GUIDELINES)))
    if all(item.decision in ("approved", "deferred") for item in items):
        items[0] = replace(items[0], decision="denied", authorized=0)
    injury = date(chance.randint(2016, 2023), chance.randint(1, 12), chance.randint(1, 28))
    request = injury + timedelta(days=chance.randint(40, 700))
    received = request + timedelta(days=chance.randint(0, 3))
    decided = received + timedelta(days=chance.randint(2, 5))
    return Truth(
        items, chance.sample(DIAGNOSES, min(2, len(items))), injury, date(chance.randint(1955, 1999), chance.randint(1, 12), chance.randint(1, 28)),
        request, received, decided, decided + timedelta(days=chance.randint(3, 25)),
        {"new_request": chance.random() < 0.7, "expedited": chance.random() < 0.2},
    )  # fmt: skip


DATES: list[Callable[[date], str]] = [
    lambda day: day.strftime("%m/%d/%Y"),
    lambda day: f"{day.strftime('%B')} {day.day}, {day.year}",
    lambda day: f"{day.month}/{day.day}/{day:%y}",
    lambda day: day.isoformat(),
    lambda day: day.strftime("%m-%d-%Y"),
    lambda day: f"{day.day} {day.strftime('%B')} {day.year}",
    lambda day: f"{day.strftime('%b')}. {day.day}, {day.year}",
]


# --- requests ---------------------------------------------------------------------------------------------------------


def request_2014(
    case: Truth,
    sheet: Sheet,
    *,
    style: str = "cross",
    written: Callable[[date], str] = DATES[0],
    fax: bool = False,
) -> bytes:
    """The form of 2014."""
    c = CANARIES
    if fax:
        sheet.print(
            24, f"{case.received:%m/%d/%Y}  10:14  FROM: {c['fax']}  TO: {c['phone']}  P.1/1", y=780, size=7
        )
    sheet.y = 750
    sheet.print(190, "State of California, Division of Workers' Compensation")
    sheet.down()
    sheet.print(210, "REQUEST FOR AUTHORIZATION", bold=True, size=13)
    sheet.down()
    sheet.print(250, "DWC Form RFA", bold=True)
    sheet.down(18)
    sheet.tick(46, "New Request", case.flags["new_request"], style)
    sheet.tick(330, "Resubmission – Change in Material Facts", not case.flags["new_request"], style)
    sheet.down()
    sheet.tick(
        46,
        "Expedited Review: Check box if employee faces an imminent and serious threat to his or her health",
        case.flags["expedited"],
        style,
    )
    sheet.down()
    sheet.tick(46, "Check box if request is a written confirmation of a prior oral request.", False, style)
    sheet.down(18)
    sheet.print(46, "Employee Information", bold=True)
    sheet.down()
    sheet.label(46, "Name (Last, First, Middle):", c["name"], 300)
    sheet.down()
    y = sheet.y
    sheet.label(46, "Date of Injury (MM/DD/YYYY):", written(case.injury), 110)
    sheet.y = y
    sheet.label(320, "Date of Birth (MM/DD/YYYY):", written(case.born), 110)
    sheet.down()
    sheet.label(46, "Claim Number:", c["claim"], 140)
    sheet.label(320, "Employer:", c["employer"], 140)
    sheet.down(18)
    sheet.print(46, "Requesting Physician Information", bold=True)
    sheet.down()
    sheet.label(46, "Name:", f"{c['doctor']}, M.D.", 300)
    sheet.down()
    sheet.label(46, "Practice Name:", c["practice"])
    sheet.label(320, "Contact Name:", c["contact"])
    sheet.down()
    sheet.label(46, "Address:", c["street"], 140)
    sheet.label(290, "City:", c["city"], 80)
    sheet.label(440, "State:", "CA", 40)
    sheet.down()
    sheet.label(46, "Zip Code:", c["zip"], 60)
    sheet.label(180, "Phone:", c["phone"], 90)
    sheet.label(330, "Fax Number:", c["fax"], 120)
    sheet.down()
    sheet.label(46, "Specialty:", "Physical medicine", 150)
    sheet.label(330, "NPI Number:", c["npi"], 120)
    sheet.down()
    sheet.label(46, "E-mail Address:", c["email"], 200)
    sheet.down(18)
    sheet.print(46, "Claims Administrator Information", bold=True)
    sheet.down()
    sheet.label(46, "Company Name:", c["company"])
    sheet.label(320, "Contact Name:", c["adjuster"])
    sheet.down(18)
    sheet.print(
        46,
        "Requested Treatment (see instructions for guidance; attached additional pages if necessary)",
        bold=True,
    )
    sheet.down(20)
    rows = []
    for number, item in enumerate(case.items):
        words, code = case.diagnoses[min(number, len(case.diagnoses) - 1)]
        if number >= len(case.diagnoses):
            words, code = "same", "same"
        rows.append([words, code, item.service.words, ", ".join(item.service.codes), item.service.more])
    rows += [["", "", "", "", ""]] * (5 - len(rows))
    sheet.table(
        ["Diagnosis\n(Required)", "ICD-Code\n(Required)", "Service/Good Requested\n(Required)", "CPT/HCPCS\nCode (If known)", "Other Information:\n(Frequency, Duration\nQuantity, etc.)"],
        [118, 62, 142, 82, 126], rows, fields=True, pad=12,
    )  # fmt: skip
    sheet.print(46, "Requesting Physician Signature:")
    sheet.label(420, "Date:", written(case.request), 110)
    sheet.down(20)
    sheet.print(46, "Claims Administrator/Utilization Review Organization (URO) Response", bold=True)
    sheet.down(16)
    x = sheet.tick(46, "Approved", False, style)
    x = sheet.tick(x, "Denied or Modified (See separate decision letter)", False, style)
    sheet.tick(x, "Delay (See separate notification of delay)", False, style)
    sheet.down()
    sheet.label(46, "Authorization Number (if assigned):", c["authorization"], 100)
    sheet.label(420, "Date:", "", 90)
    sheet.down()
    sheet.print(46, "Comments:")
    return sheet.bytes()


def request_2013(case: Truth, sheet: Sheet, *, written: Callable[[date], str] = DATES[0]) -> bytes:
    """The emergency form of 2013: each treatment a stacked block."""
    c = CANARIES
    sheet.print(180, "DWC Form RFA", bold=True, size=12)
    sheet.down(16)
    sheet.print(140, "California Division of Workers' Compensation", bold=True)
    sheet.down(14)
    sheet.print(140, "Request for Authorization for Medical Treatment", bold=True, size=12)
    sheet.down(20)
    sheet.print(46, "Patient Information", bold=True)
    sheet.down(14)
    sheet.label(46, "Employee Name (Last, First, Middle):", c["name"], 200)
    sheet.down()
    sheet.label(46, "Date of Birth (MM/DD/YYYY):", written(case.born), 100)
    sheet.label(320, "Date of Injury (MM/DD/YYYY):", written(case.injury), 100)
    sheet.down()
    sheet.label(46, "Claim Number:", c["claim"])
    sheet.label(320, "Employer:", c["employer"])
    sheet.down(18)
    sheet.print(46, "Provider Information", bold=True)
    sheet.down(14)
    sheet.label(46, "Provider Name:", c["doctor"])
    sheet.label(320, "Practice Name:", c["practice"])
    sheet.down()
    sheet.label(46, "Specialty:", "Orthopedics")
    sheet.label(320, "NPI:", c["npi"])
    sheet.down(20)
    sheet.print(46, "Requested Treatment", bold=True)
    sheet.down(16)
    for number, item in enumerate(case.items):
        words, code = case.diagnoses[min(number, len(case.diagnoses) - 1)]
        sheet.label(46, "Diagnosis:", words, 200)
        sheet.label(350, "ICD Code:", code, 90)
        sheet.down()
        sheet.label(46, "Procedure Requested:", item.service.words, 300)
        sheet.down()
        if item.service.codes:
            sheet.label(46, "CPT/HCPCS Code:", " ".join(item.service.codes), 120)
            sheet.down()
        sheet.label(
            46, "Other Information: (Frequency, Duration, Quantity, Facility, etc.)", item.service.more, 200
        )
        sheet.down(22)
    sheet.print(46, "Requesting Physician Signature: ____________________")
    sheet.label(400, "Date:", written(case.request), 100)
    return sheet.bytes()


def request_office(case: Truth, sheet: Sheet, *, written: Callable[[date], str] = DATES[0]) -> bytes:
    """An office system's own form: other order and labels, no boxes drawn."""
    c = CANARIES
    sheet.print(54, c["practice"], bold=True, size=12)
    sheet.down(16)
    sheet.print(54, "Request for Authorization (DWC Form RFA)", bold=True, size=11)
    sheet.down(18)
    sheet.print(
        54,
        "[X] New Request   [ ] Resubmission   [ ] Expedited Review"
        if case.flags["new_request"]
        else "[ ] New Request   [X] Resubmission   [ ] Expedited Review",
    )
    sheet.down(18)
    for label, value in (
        ("Patient:", c["name"]), ("DOB:", written(case.born)), ("DOI:", written(case.injury)), ("Claim #:", c["claim"]), ("Insurance:", c["company"]),
        ("Provider:", c["doctor"]), ("Date of request:", written(case.request)),
    ):  # fmt: skip
        sheet.pair(label, value)
    sheet.down(8)
    rows = [
        [
            item.service.words,
            ", ".join(item.service.codes),
            item.service.more,
            " ".join(case.diagnoses[min(n, len(case.diagnoses) - 1)][::-1]),
        ]
        for n, item in enumerate(case.items)
    ]
    sheet.table(
        ["Treatment Requested", "CPT Code", "Frequency/Duration", "Diagnosis"],
        [180, 90, 130, 130],
        rows,
        ruled=False,
        pad=8,
    )
    sheet.print(54, f"Electronically signed by {c['doctor']}, M.D.")
    return sheet.bytes()


def request_narrative(case: Truth, sheet: Sheet, *, written: Callable[[date], str] = DATES[1]) -> bytes:
    """A narrative that names its treatments on the first page."""
    c = CANARIES
    sheet.print(54, c["practice"], bold=True)
    sheet.down()
    sheet.print(54, f"{c['street']}, {c['city']}, CA {c['zip']}")
    sheet.down(20)
    sheet.print(54, written(case.request))
    sheet.down(20)
    sheet.print(54, f"RE: {c['name']}")
    sheet.down()
    sheet.print(54, f"Date of Injury: {written(case.injury)}")
    sheet.down()
    sheet.print(54, f"Date of Birth: {written(case.born)}")
    sheet.down(20)
    sheet.paragraph(f"Dear {c['adjuster']}:")
    sheet.paragraph(
        "I am requesting authorization for the following treatment, on the report that is attached:"
    )
    for number, item in enumerate(case.items, 1):
        codes = f" ({', '.join(item.service.codes)})" if item.service.codes else ""
        sheet.paragraph(
            f"{number}. {item.service.words}, {item.service.more}{codes}", x=72, width=440, after=2
        )
    sheet.down()
    sheet.paragraph("Thank you for your prompt attention to this request.")
    sheet.paragraph(f"{c['doctor']}, M.D.")
    sheet.print(54, f"Date signed: {written(case.request)}")
    return sheet.bytes()


# --- decisions --------------------------------------------------------------------------------------------------------

WORDS = {
    "approved": ["Approved", "CERTIFIED", "Authorized"],
    "denied": ["Denied", "NON-CERTIFIED", "Not approved", "Not certified"],
    "modified": ["Modified", "PARTIALLY CERTIFIED", "Approved with modifications"],
    "deferred": ["Deferred"],
}


def cited(item: Item) -> str:
    document, edition, section, pages = item.guideline
    year = f" ({edition})" if edition else ""
    page = f", page {pages[0]}" if len(pages) == 1 else f", pages {pages[0]}-{pages[-1]}" if pages else ""
    return f"{document}{year}, {section}{page}"


def head(
    case: Truth, sheet: Sheet, title: str, written: Callable[[date], str], labels: dict[str, str]
) -> None:
    c = CANARIES
    sheet.print(54, c["company"], bold=True)
    sheet.down(20)
    sheet.print(54, title, bold=True, size=13)
    sheet.down(22)
    values = {
        "name": c["name"], "claim": c["claim"], "injury": written(case.injury), "request": written(case.request),
        "received": written(case.received), "decided": written(case.decided), "doctor": f"{c['doctor']}, M.D.",
    }  # fmt: skip
    for name, label in labels.items():
        sheet.pair(label, values[name])
    sheet.down(4)


HEADS = [
    {"name": "Injured worker", "claim": "Claim number", "injury": "Date of injury", "request": "Date of request", "received": "RFA received", "decided": "Date of decision", "doctor": "Requesting physician"},
    {"decided": "Determination date:", "received": "Date received:", "request": "RFA dated:", "name": "Patient name:", "claim": "Claim #:", "injury": "DOI:", "doctor": "Requesting provider:"},
    {"decided": "Notice date:", "name": "Employee:", "injury": "Date of Injury:", "claim": "File no.:", "request": "Request signed:", "received": "Request received:", "doctor": "Requested by:"},
    {"name": "Claimant", "injury": "Injury date", "received": "Date RFA received", "request": "Date RFA signed", "decided": "Decision date", "claim": "Reference no.", "doctor": "Prescriber"},
]  # fmt: skip


def foot(case: Truth, sheet: Sheet) -> None:
    c = CANARIES
    sheet.paragraph(
        f"Reviewer: {c['reviewer']}, M.D., occupational medicine, licensed in California (no. {c['license']}). Hours: Monday to Friday, 9 a.m. to 1 p.m., {c['phone']}."
    )
    sheet.paragraph(
        "If you disagree with this decision you may ask for independent medical review within 30 days of service of this notice. Treatment that is denied or modified may be disputed on the enclosed application."
    )
    sheet.paragraph(f"{c['adjuster']}, claims examiner, {c['phone']}")


def amount(item: Item, count: int) -> str:
    return item.service.counted.format(count)


def decision_table(
    case: Truth, sheet: Sheet, seed: int = 0, *, ruled: bool = True, written: Callable[[date], str] = DATES[0]
) -> bytes:
    chance = random.Random(seed)
    head(
        case,
        sheet,
        chance.choice(
            ["UTILIZATION REVIEW DETERMINATION", "Notice of Utilization Review Decision", "UR Decision"]
        ),
        written,
        HEADS[seed % len(HEADS)],
    )
    pick = {kind: chance.choice(words) for kind, words in WORDS.items()}
    names = chance.choice([
        ["#", "Treatment requested", "Requested", "Certified", "Not certified", "Determination"],
        ["Item", "Service", "Qty Requested", "Qty Approved", "Qty Denied", "Decision"],
        ["No.", "Requested Treatment", "Requested", "Approved", "Denied", "Outcome"],
    ])  # fmt: skip
    rows = []
    for number, item in enumerate(case.items, 1):
        codes = f" ({', '.join(item.service.codes)})" if item.service.codes else ""
        rows.append([
            str(number), f"{item.service.words}{codes}", amount(item, item.service.asked), amount(item, item.authorized), amount(item, item.in_dispute), pick[item.decision],
        ])  # fmt: skip
    sheet.table(names, [28, 200, 70, 62, 68, 96], rows, ruled=ruled, pad=8, centered=chance.random() < 0.3)
    sheet.print(54, "RATIONALE", bold=True)
    sheet.down(14)
    for number, item in enumerate(case.items, 1):
        why = item.why or (
            "The guideline supports it."
            if item.decision == "approved"
            else "The records do not show functional improvement with the earlier care."
        )
        sheet.paragraph(f"{number}. {item.service.words}. {why} Guideline: {cited(item)}.")
    foot(case, sheet)
    return sheet.bytes()


BLOCKS = [
    ("REQUEST {n} of {m}", "Requested:", "Decision:", "Basis:", "Explanation:"),
    ("Item {n}", "Treatment requested:", "Determination:", "Guideline:", "Rationale:"),
    ("", "Service requested:", "UR determination:", "Criteria:", "Reason:"),
    ("Request #{n}", "Request:", "Outcome:", "Guidelines used:", "Clinical rationale:"),
]


def decision_blocks(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[1]
) -> bytes:
    chance = random.Random(seed)
    head(case, sheet, "NOTICE OF UTILIZATION REVIEW DECISION", written, HEADS[(seed + 1) % len(HEADS)])
    top, requested, decided, basis, why = BLOCKS[seed % len(BLOCKS)]
    for number, item in enumerate(case.items, 1):
        if top:
            sheet.paragraph(top.format(n=number, m=len(case.items)), bold=True, after=1)
        codes = f" ({', '.join(item.service.codes)})" if item.service.codes else ""
        sheet.paragraph(
            f"{requested} {item.service.words}, {amount(item, item.service.asked)}{codes}", after=1
        )
        word = chance.choice(WORDS[item.decision])
        if item.decision == "modified":
            word += (
                f" to {amount(item, item.authorized)}"
                if word == "Modified"
                else f": {amount(item, item.authorized)} of the {item.service.asked} requested"
            )
        sheet.paragraph(f"{decided} {word}", after=1)
        sheet.paragraph(f"{basis} {cited(item)}.", after=1)
        sheet.paragraph(
            f"{why} {item.why or 'The records that were sent do not describe what the earlier care achieved, and no goals are named for more of it.'}",
            after=10,
        )
    foot(case, sheet)
    return sheet.bytes()


def decision_pairs(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[1]
) -> bytes:
    head(case, sheet, "Notice of Utilization Review Determination", written, HEADS[(seed + 2) % len(HEADS)])
    chance = random.Random(seed)
    for item in case.items:
        codes = f" (CPT {', '.join(item.service.codes)})" if item.service.codes else ""
        sheet.pair("Treatment requested", f"{item.service.words}, {amount(item, item.service.asked)}{codes}")
        word = chance.choice(WORDS[item.decision]).upper()
        if item.decision == "modified":
            word = f"MODIFIED: {amount(item, item.authorized)} approved, {amount(item, item.in_dispute)} not approved"
        sheet.pair("Determination", word)
        sheet.pair("Guideline", cited(item))
        sheet.pair(
            "Reason",
            item.why
            or "The worker reports that the earlier care helped for a short while, and the report does not measure it.",
        )
    foot(case, sheet)
    return sheet.bytes()


SPELLED = {
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
}


def decision_prose(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[1]
) -> bytes:
    c = CANARIES
    sheet.print(54, c["company"], bold=True)
    sheet.down()
    sheet.print(54, f"{c['street']}, {c['city']} CA {c['zip']}")
    sheet.down(22)
    sheet.print(54, written(case.decided))
    sheet.down(22)
    sheet.print(54, f"Employee: {c['name']}     Claim number: {c['claim']}", bold=True)
    sheet.down()
    sheet.print(54, f"Date of injury: {written(case.injury)}", bold=True)
    sheet.down(22)
    sheet.paragraph(f"Dear Dr. {c['doctor']}:")
    asked = " and ".join(f"for {_spelled(item, item.service.asked)} of {_low(item)}" for item in case.items)
    sheet.paragraph(
        f"Your request for authorization, signed on {written(case.request)}, reached us on {written(case.received)}. You asked {asked}."
    )
    told = []
    for item in case.items:
        name = _low(item)
        name = name[0].upper() + name[1:]
        if item.decision == "approved":
            told.append(f"{name} is approved.")
        elif item.decision == "denied":
            told.append(f"{name} is not {['certified', 'approved', 'medically necessary'][seed % 3]}.")
        elif item.decision == "deferred":
            told.append(f"{name} is deferred, because liability for it is disputed.")
        else:
            told.append(
                f"{name} is approved in part: {SPELLED.get(item.authorized, item.authorized)} ({item.authorized}) of the {SPELLED.get(item.service.asked, item.service.asked)} "
                f"({item.service.asked}) {item.service.unit}s are authorized, and the other {SPELLED.get(item.in_dispute, item.in_dispute)} ({item.in_dispute}) are not certified."
            )
    sheet.paragraph(
        f"A physician has reviewed the request and decided on {written(case.decided)}. " + " ".join(told)
    )
    for item in case.items:
        name = _low(item)
        sheet.paragraph(
            f"{name[0].upper() + name[1:]}. {cited(item)}, asks for measured improvement before more is given. {item.why or 'None is described.'}"
        )
    foot(case, sheet)
    return sheet.bytes()


def _low(item: Item) -> str:
    words = item.service.words
    return words if words[:2].isupper() else words[0].lower() + words[1:]


def _spelled(item: Item, count: int) -> str:
    noun = {"item": "unit", "study": "study", "tablet": "tablet"}.get(item.service.unit, item.service.unit)
    return f"{SPELLED.get(count, count)} {noun}{'s' if count != 1 and noun != 'study' else ''}"


def decision_memo(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[1]
) -> bytes:
    """Questions and answers."""
    head(case, sheet, "UTILIZATION REVIEW MEMORANDUM", written, HEADS[seed % len(HEADS)])
    for item in case.items:
        codes = f" ({', '.join(item.service.codes)})" if item.service.codes else ""
        sheet.paragraph("What was requested?", bold=True, after=0)
        sheet.paragraph(f"{item.service.words}, {amount(item, item.service.asked)}{codes}")
        sheet.paragraph("Is it medically necessary?", bold=True, after=0)
        answer = {"approved": "Yes.", "denied": "No.", "deferred": "Deferred: liability is disputed."}.get(
            item.decision, f"In part: {amount(item, item.authorized)} of the {item.service.asked} requested."
        )
        sheet.paragraph(answer)
        sheet.paragraph("Which guideline was used?", bold=True, after=0)
        sheet.paragraph(f"{cited(item)}.")
        sheet.paragraph("Why?", bold=True, after=0)
        sheet.paragraph(item.why or "The records do not describe what was done before.", after=12)
    foot(case, sheet)
    return sheet.bytes()


def decision_plain(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[1]
) -> bytes:
    """A letter to the employee, in plain words."""
    c = CANARIES
    sheet.print(54, c["company"], bold=True)
    sheet.down(20)
    sheet.print(54, written(case.decided))
    sheet.down(20)
    sheet.print(54, f"Dear {c['first']} {c['last']}:")
    sheet.down(20)
    sheet.print(54, "About your doctor's request for treatment", bold=True)
    sheet.down(18)
    sheet.paragraph(
        f"You were injured on {written(case.injury)}. On {written(case.received)} we received a request from your doctor that was signed on {written(case.request)}."
    )
    for item in case.items:
        ask = f"{_spelled(item, item.service.asked)} of {_low(item)}"
        if item.decision == "approved":
            sheet.paragraph(f"Your doctor asked for {ask}. We have approved {_low(item)}.")
        elif item.decision == "denied":
            why = (
                item.why
                or f"The rule book we must follow ({cited(item)}) asks for more than the report tells."
            )
            sheet.paragraph(f"Your doctor asked for {ask}. We cannot approve {_low(item)}. {why}")
        elif item.decision == "deferred":
            sheet.paragraph(f"Your doctor asked for {ask}. We have put off our decision about {_low(item)}.")
        else:
            sheet.paragraph(
                f"Your doctor asked for {ask}. We approve {item.authorized} of the {item.service.asked} {item.service.unit}s of {_low(item)}. We do not approve the remaining {item.in_dispute}."
            )
    foot(case, sheet)
    return sheet.bytes()


def decision_boxes(
    case: Truth,
    sheet: Sheet,
    seed: int = 0,
    *,
    style: str = "cross",
    written: Callable[[date], str] = DATES[0],
) -> bytes:
    """A form with boxes to tick for each item."""
    head(case, sheet, "Utilization Review Decision", written, HEADS[(seed + 3) % len(HEADS)])
    for number, item in enumerate(case.items, 1):
        codes = f" ({', '.join(item.service.codes)})" if item.service.codes else ""
        sheet.paragraph(
            f"Item {number}: {item.service.words}, {amount(item, item.service.asked)}{codes}", after=3
        )
        x = 72.0
        for kind, words in (
            ("approved", "Certified"),
            ("modified", "Modified"),
            ("denied", "Non-certified"),
            ("deferred", "Deferred"),
        ):
            x = sheet.tick(x, words, item.decision == kind, style)
        sheet.down(16)
        if item.decision == "modified":
            sheet.paragraph(f"Approved: {amount(item, item.authorized)}", x=72, after=1)
        if item.why:
            sheet.paragraph(f"Reason: {item.why}", x=72, after=1)
        sheet.paragraph(f"Guideline: {cited(item)}.", x=72, after=10)
    foot(case, sheet)
    return sheet.bytes()


def decision_drugs(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[0]
) -> bytes:
    head(case, sheet, "PHARMACY UTILIZATION REVIEW", written, HEADS[seed % len(HEADS)])
    rows = []
    for item in case.items:
        word = {"approved": "Approved", "denied": "Denied", "deferred": "Deferred"}.get(
            item.decision, f"Modified to #{item.authorized}; #{item.in_dispute} not approved"
        )
        rows.append(
            [item.service.words, "1 tab twice a day", str(item.service.asked), "0", "Non-exempt", word]
        )
    sheet.table(
        ["Drug and strength", "Directions", "Qty", "Refills", "MTUS Drug List", "Decision"],
        [140, 90, 40, 44, 74, 140],
        rows,
        pad=8,
    )
    for item in case.items:
        sheet.paragraph(
            f"{item.service.words.split()[0]}. {item.why or 'No benefit is recorded.'} {cited(item)}."
        )
    foot(case, sheet)
    return sheet.bytes()


def decision_by_service(
    case: Truth, sheet: Sheet, seed: int = 0, *, written: Callable[[date], str] = DATES[0]
) -> bytes:
    """A retrospective letter: by date of service."""
    head(case, sheet, "RETROSPECTIVE REVIEW DETERMINATION", written, HEADS[seed % len(HEADS)])
    rows = [
        [f"{case.request - timedelta(days=9):%m/%d/%Y}", f"{item.service.words}{' (' + ', '.join(item.service.codes) + ')' if item.service.codes else ''}", amount(item, item.service.asked),
         {"modified": f"Partially certified: {amount(item, item.authorized)}"}.get(item.decision, WORDS[item.decision][0])]
        for item in case.items
    ]  # fmt: skip
    sheet.table(["Date of service", "Service", "Units", "Determination"], [84, 220, 70, 150], rows, pad=8)
    for number, item in enumerate(case.items, 1):
        sheet.paragraph(f"{number}. {item.why + ' ' if item.why else ''}{cited(item)}.")
    foot(case, sheet)
    return sheet.bytes()


# --- applications -----------------------------------------------------------------------------------------------------


def application_2014(
    case: Truth,
    sheet: Sheet,
    *,
    style: str = "cross",
    written: Callable[[date], str] = DATES[0],
    amounts: int = 0,
) -> bytes:
    c = CANARIES
    sheet.print(180, "State of California, Division of Workers' Compensation")
    sheet.down()
    sheet.print(160, "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", bold=True, size=12)
    sheet.down()
    sheet.print(260, "DWC Form IMR", bold=True)
    sheet.down(20)
    end = sheet.print(46, "Type of Utilization Review:", bold=True)
    x = sheet.tick(end + 12, "Regular", not case.flags["expedited"], style)
    x = sheet.tick(x, "Expedited", case.flags["expedited"], style)
    sheet.tick(x, "Modification after Appeal", False, style)
    sheet.down(18)
    sheet.label(46, "Employee Name (First, MI, Last):", c["name"], 250)
    sheet.down()
    sheet.label(46, "Address:", f"{c['street']}, {c['city']} CA {c['zip']}", 300)
    sheet.down()
    sheet.label(46, "Phone Number:", c["phone"], 120)
    sheet.label(310, "Employer Name:", c["employer"], 150)
    sheet.down()
    sheet.label(46, "Claim Number:", c["claim"], 120)
    sheet.label(310, "Date of Injury (MM/DD/YYYY):", written(case.injury), 110)
    sheet.down()
    sheet.label(46, "WCIS Jurisdictional Claim Number (if assigned):", c["wcis"], 90)
    sheet.label(370, "EAMS Case Number:", c["eams"], 100)
    sheet.down()
    sheet.label(46, "Employee Attorney (if known):", c["attorney"], 200)
    sheet.down(18)
    sheet.label(46, "Name (First, MI, Last):", c["doctor"], 200)
    sheet.label(340, "Specialty:", "Orthopedics", 120)
    sheet.down(18)
    sheet.label(46, "Company Name:", c["company"], 160)
    sheet.label(310, "Adjuster/Contact Name:", c["adjuster"], 120)
    sheet.down(20)
    sheet.print(46, "Disputed Medical Treatment", bold=True)
    sheet.down()
    words, code = case.diagnoses[0]
    sheet.label(
        46,
        "Primary Diagnosis (Use ICD Code where practical):",
        [code, f"{code} {words}", f"{words}, {code}"][amounts % 3],
        220,
    )
    sheet.down()
    sheet.label(46, "Date of Utilization Review Determination Letter:", written(case.decided), 120)
    sheet.down()
    end = sheet.print(
        46,
        "Is the Claims Administrator disputing liability for the requested medical treatment besides the question of medical necessity?",
        size=7,
    )
    x = sheet.tick(end + 10, "Yes", False, style)
    sheet.tick(x, "No", True, style)
    sheet.down()
    sheet.label(46, "Reason:", "", 200)
    sheet.down()
    sheet.print(
        46,
        "List each specific requested medical services, goods, or items that were denied or modified in the space below:",
    )
    sheet.down(16)
    for number, item in enumerate(disputed(case), 1):
        sheet.print(46, f"{number}.")
        sheet.value(60, disputed_words(item, amounts), 460)
        sheet.down(15)
    sheet.down(8)
    sheet.print(46, "Request for Review and Consent to Obtain Medical Records", bold=True)
    sheet.down()
    sheet.print(
        46,
        "I request an independent medical review of the above-described requested medical treatment. I certify that I have sent a copy.",
    )
    sheet.down(20)
    sheet.print(46, "Employee Signature:")
    sheet.label(380, "Date:", written(case.applied), 110)
    return sheet.bytes()


def disputed(case: Truth) -> list[Item]:
    return [item for item in case.items if item.decision in ("denied", "modified")]


def disputed_words(item: Item, style: int) -> str:
    if item.decision == "modified":
        return [
            f"{item.service.words}, {amount(item, item.in_dispute)} ({item.service.asked} requested, {item.authorized} approved)",
            f"{item.service.words}, {amount(item, item.in_dispute)} (of {item.service.asked} requested; {item.authorized} authorized)",
            f"{item.service.words}, remaining {item.in_dispute} of {item.service.asked} {item.service.unit}s",
        ][style % 3]
    return (
        f"{item.service.words}, {amount(item, item.service.asked)}"
        if item.service.unit not in ("item", "study")
        else item.service.words
    )


def application_2013(case: Truth, sheet: Sheet, *, written: Callable[[date], str] = DATES[0]) -> bytes:
    """The emergency form: names in pieces, a birth date, free text."""
    c = CANARIES
    sheet.print(140, "Application for Independent Medical Review", bold=True, size=13)
    sheet.down(22)
    sheet.label(46, "Last Name:", c["last"], 100)
    sheet.label(220, "First Name:", c["first"], 100)
    sheet.label(400, "Middle Initial:", "Z", 30)
    sheet.down()
    sheet.label(46, "Date of Birth:", written(case.born), 100)
    sheet.label(320, "Date of Injury:", written(case.injury), 100)
    sheet.down()
    sheet.label(46, "Street Address:", c["street"], 160)
    sheet.label(320, "Claim Number:", c["claim"], 120)
    sheet.down(20)
    sheet.tick(46, "Expedited Review Requested", case.flags["expedited"])
    sheet.down(18)
    sheet.label(46, "Date of UR determination:", written(case.decided), 100)
    sheet.down(18)
    sheet.print(46, "Services/goods disputed for reasons of medical necessity:")
    sheet.down(14)
    for item in disputed(case):
        sheet.value(60, disputed_words(item, 0) + ";", 460)
        sheet.down(14)
    sheet.down(6)
    sheet.tick(46, "Treatment is also disputed for other reasons", False)
    sheet.down()
    sheet.tick(46, "Treatment was denied because requested information was not received", False)
    sheet.down(20)
    sheet.print(46, "Signature of employee:")
    sheet.label(380, "Date signed:", written(case.applied), 100)
    return sheet.bytes()
