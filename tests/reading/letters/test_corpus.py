"""How exactly the 116 published letters are read, against the record kept of them beside them.

The rates are printed (``pytest -s``) and held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from imr_rules.reading.letters import Item, Letter
from imr_rules.words import Amount
from tests.published import published_letters
from tests.reading.letters.reading import read_letters

LETTERS = published_letters()

Record = dict[str, Any]

# Where the record and a letter differ, and the letter was read again by eye. (case, item, field) -> why.
RECORD_ABBREVIATES = "the record shortens the title; the letter prints it in full"
EXPLAINED: dict[tuple[str, int, str], str] = {
    ("CM16-0229336", 1, "title"): RECORD_ABBREVIATES,
    ("CM16-0249735", 1, "title"): RECORD_ABBREVIATES,
    ("CM17-0020728", 1, "title"): RECORD_ABBREVIATES,
    (
        "CM16-0239569",
        3,
        "prior",
    ): "six visits were indicated or to be received, says the letter; none is told of as had",
    (
        "CM16-0239569",
        5,
        "prior",
    ): "six visits were indicated or to be received, says the letter; none is told of as had",
    (
        "CM16-0249536",
        6,
        "prior",
    ): "the record gives none; the letter tells of six approved earlier, this request's it seems",
    (
        "CM17-0003192",
        1,
        "prior",
    ): "the record gives physical therapy; the item is chiropractic, of which none is told",
    (
        "CM16-0231745",
        1,
        "prior",
    ): "the title says 'physical exam': no kind of care that visits could be counted of",
    ("CM16-0231884", 1, "prior"): "testing, not a course of visits",
    (
        "CM16-0246487",
        2,
        "prior",
    ): "the record counts visits since the surgery; the letter tells of some before it",
    (
        "CM17-0014449",
        14,
        "prior",
    ): "the record counts visits since the surgery; the letter tells of one before it",
    (
        "CM17-0002198",
        1,
        "in_dispute",
    ): "two visits and eight for another part: bounds, where the record has words",
    (
        "CM17-0002198",
        2,
        "in_dispute",
    ): "two visits and eight for other parts: bounds, where the record has words",
}

VISIT_LIMITED = {
    "physical_therapy", "post_surgical_therapy", "chiropractic", "acupuncture", "psychotherapy", "passive_modality",
    "massage_myofascial", "home_health", "inpatient_rehab",
}  # fmt: skip

# The parts of the body in dispute, read from the titles by eye, for the items limited by visits.
BODY_PARTS = {
    ("CM16-0229336", 1): "left foot",
    ("CM16-0230651", 3): "low_back",
    ("CM16-0230651", 4): "low_back",
    ("CM16-0230651", 5): "low_back",
    ("CM16-0230651", 7): "low_back",
    ("CM16-0230651", 10): "low_back",
    ("CM16-0232182", 1): "low_back, left groin",
    ("CM16-0237844", 1): "low_back, bilateral knee",
    ("CM16-0241231", 1): "right knee",
    ("CM16-0242419", 1): "low_back",
    ("CM16-0243453", 3): "right elbow, right knee",
    ("CM16-0243453", 4): "neck, upper_back, low_back",
    ("CM16-0245295", 1): "low_back",
    ("CM16-0247405", 1): "neck",
    ("CM16-0247660", 1): "low_back",
    ("CM16-0248233", 1): "left hand",
    ("CM17-0002198", 1): "low_back, left shoulder, left knee, left wrist",
    ("CM17-0002198", 2): "left wrist, low_back, left shoulder, left knee",
    ("CM17-0002857", 1): "low_back, neck",
    ("CM17-0002892", 3): "right knee",
    ("CM17-0003192", 1): "left elbow",
    ("CM17-0003284", 1): "neck, low_back, left wrist, left hand",
    ("CM17-0004738", 1): "low_back",
    ("CM17-0006045", 1): "neck",
    ("CM17-0006912", 3): "left hand, right leg",
    ("CM17-0007886", 1): "right elbow",
    ("CM17-0010006", 2): "low_back, left hip, left knee",
    ("CM17-0010006", 3): "low_back",
    ("CM17-0010006", 4): "left hip, left knee",
    ("CM17-0010362", 1): "neck",
    ("CM17-0010362", 2): "low_back",
    ("CM17-0014320", 1): "right shoulder",
    ("CM17-0014320", 2): "neck",
    ("CM17-0015198", 1): "bilateral shoulder, bilateral elbow, bilateral wrist",
    ("CM17-0015198", 2): "neck, back",
    ("CM17-0015348", 1): "right knee",
    ("CM17-0015849", 1): "left shoulder, left wrist, left hip",
    ("CM17-0016311", 2): "low_back",
    ("CM17-0016666", 1): "low_back, left shoulder",
    ("CM17-0017776", 1): "neck, upper_back",
    ("CM17-0019120", 1): "neck, left trapezius, low_back",
    ("CM17-0019907", 1): "low_back",
    ("CM17-0020728", 1): "low_back",
}


@pytest.fixture(scope="module")
def read() -> dict[str, Letter]:
    found = {}
    for letter in read_letters(sorted((LETTERS / "pdf").glob("*.pdf"))):
        assert isinstance(letter, Letter), str(letter)
        found[Path(letter.file).stem] = letter
    return found


@pytest.fixture(scope="module")
def recorded(read: dict[str, Letter]) -> dict[str, Record]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    records = yaml.load((LETTERS / "decisions.yaml").read_text(encoding="utf-8"), loader)
    return {record["id"]: record for record in records if record["id"] in read}


def pairs(read: dict[str, Letter], recorded: dict[str, Record]) -> Iterator[tuple[str, Item, Record]]:
    for case, letter in read.items():
        assert len(letter.items) == len(recorded[case]["items"]), case
        for item, record in zip(letter.items, recorded[case]["items"], strict=True):
            yield case, item, record


class Rate:
    """Counts what is exactly right, and keeps what is not."""

    def __init__(self, field: str) -> None:
        self.field, self.right, self.of = field, 0, 0
        self.wrong: list[str] = []

    def add(self, where: str, found: object, wanted: object) -> None:
        self.of += 1
        if found == wanted:
            self.right += 1
        else:
            self.wrong.append(f"{where}: read {found!r}, recorded {wanted!r}")

    def hold(self, least: float) -> None:
        print(
            f"\n  {self.field}: {self.right} of {self.of} exact ({self.right / max(1, self.of):.1%})", end=""
        )
        assert self.of
        assert self.right / self.of >= least, "\n".join(
            [f"{self.field}: {self.right} of {self.of}", *self.wrong]
        )


def plain(words: str | None) -> str:
    return re.sub(r"\W+", " ", words or "").strip().lower()


def test_every_letter_is_read_and_says_so(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    assert len(read) == len(recorded) == len(list((LETTERS / "pdf").glob("*.pdf"))) >= 116
    assert {letter.layout for letter in read.values()} == {"credentials_lines"}


HEADER = {
    "case_number": "case_number",
    "date_assigned": "date_assigned",
    "date_of_injury": "injury_date",
    "decision_date": "decision_date",
    "ur_denial_date": "ur_denial_date",
    "priority": "priority",
    "application_received": "application_received",
}


def test_every_header_field_is_exact(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    for ours, theirs in HEADER.items():
        rate = Rate(ours)
        for case, letter in read.items():
            rate.add(case, getattr(letter.header, ours), recorded[case][theirs])
        rate.hold(1)
    specialty, licensure = Rate("reviewer's specialty"), Rate("reviewer's licensure")
    for case, letter in read.items():
        specialty.add(case, plain(letter.reviewer.specialty), plain(recorded[case]["reviewer_specialty"]))
        states = [state.strip() for state in recorded[case]["reviewer_licensure"].split(",")]
        licensure.add(case, list(letter.reviewer.licensure), states)
    specialty.hold(1)
    licensure.hold(1)


def test_every_title_and_outcome_is_exact(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    titles, outcomes = Rate("item titles"), Rate("outcomes")
    for case, item, record in pairs(read, recorded):
        if (case, item.number, "title") not in EXPLAINED:
            titles.add(f"{case} {item.number}", plain(item.title), plain(record["treatment"]))
        outcomes.add(f"{case} {item.number}", item.outcome, record["outcome"])
    titles.hold(1)
    outcomes.hold(1)


# The fixed form of these years, taken apart here in another way than the reader does it.
MTUS_REFERENCE = re.compile(
    r"(?P<document>[A-Z][^:]*?) (?P<edition>(?:19|20)\d\d)(?: Guidelines)?(?:, Section\(s\): (?P<sections>.*?))?"
    r"(?:, and (?=[A-Z][^:]*? (?:19|20)\d\d(?:,|$))|\.?$)"
)


def mtus_references(cited: str) -> list[tuple[str, int, str]]:
    schedule = re.split(r"\.? ?(?:\[outside MTUS\] ?)?(?:Decision based on )?Non-MTUS", cited)[0]
    if not schedule.startswith("MTUS "):
        return []
    rest, at, found = schedule.removeprefix("MTUS ").strip(" ."), 0, []
    while at < len(rest):
        match = MTUS_REFERENCE.match(rest, at)
        assert match, rest[at:]
        found.append((match["document"], int(match["edition"]), plain(match["sections"])))
        at = match.end()
    return found


def test_every_citation_is_exact(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    words, structure, silence = (
        Rate("citations, in words"),
        Rate("citations, taken apart"),
        Rate("citing nothing"),
    )
    for case, item, record in pairs(read, recorded):
        sides = ((item.administrator, "guideline_claims_admin"), (item.reviewer, "guideline_reviewer"))
        for cited, name in sides:
            where, wanted = f"{case} {item.number} {name}", record.get(name) or ""
            nothing = plain(wanted) == "none cited"
            silence.add(where, cited.cited_nothing, nothing)
            if nothing:
                continue
            bare = re.sub(r"\[outside MTUS\]|Non-MTUS(?: Citation)?|\bMTUS\b", "", wanted)
            text = " ".join(citation.text for citation in cited.citations)
            words.add(where, *(re.sub(r"\band\b|\W+", "", half).lower() for half in (text, bare)))
            schedule = [c for c in cited.citations if c.mtus]
            structure.add(
                where,
                [(c.document, c.edition, plain(" ".join(c.sections))) for c in schedule],
                mtus_references(wanted),
            )
    words.hold(1)
    structure.hold(1)
    silence.hold(1)


def bounds(words: str) -> tuple[int | None, int | None] | None:
    """Take the record's free words for a count as bounds; ``None`` where they give no count."""
    text = words.lower()
    if match := re.match(r"at least (\d+)", text):
        return int(match[1]), None
    if match := re.match(r"(\d+) ?- ?(\d+)\b", text):
        return int(match[1]), int(match[2])
    if match := re.match(r"(\d+)\b(?! ?h)", text):
        return int(match[1]), int(match[1])
    if re.search(r"count not stated|under way|previously|\bsome\b|number used unknown", text):
        return 1, None
    return None


def span_of(amount: Amount | None) -> tuple[object, object] | None:
    return None if amount is None else (amount.at_least, amount.at_most)


def test_prior_visits_are_read(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    stated, silent = Rate("prior visits, where stated"), Rate("prior visits, where none are")
    for case, item, record in pairs(read, recorded):
        words = record.get("prior_received")
        if words is None:
            continue
        found = span_of(item.prior.amount) if item.prior is not None else None
        where = f"{case} {item.number}"
        told = words != "0" and not words.startswith("none")
        wanted = bounds(words) if told else None
        if (case, item.number, "prior") in EXPLAINED:
            assert found != wanted or wanted is None, f"{where}: nothing to explain any more"
        else:
            (stated if told else silent).add(where, found, wanted)
    stated.hold(0.95)
    silent.hold(0.95)


def test_disputed_quantities_are_read(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    rates = {name: Rate(name) for name in ("asked", "authorized", "in dispute")}
    for case, item, record in pairs(read, recorded):
        if record["category"] not in VISIT_LIMITED or (case, item.number, "in_dispute") in EXPLAINED:
            continue
        fields = (
            ("asked", item.asked, "requested"),
            ("authorized", item.authorized, "ur_authorized"),
            ("in dispute", item.in_dispute, "in_dispute"),
        )
        for name, quantity, field in fields:
            wanted = (
                bounds(str(record[field])) if record.get(field) not in (None, "0", "unspecified") else None
            )
            if wanted is None or (record["category"] == "home_health"):
                continue
            rates[name].add(f"{case} {item.number}", span_of(quantity.amount) if quantity else None, wanted)
    for rate in rates.values():
        rate.hold(0.95)


def test_hours_of_home_care_are_read(read: dict[str, Letter]) -> None:
    (item,) = read["CM16-0249735"].items
    quantities = [quantity for quantity in (item.asked, item.authorized, item.in_dispute) if quantity]
    assert [(q.amount.value, q.amount.unit) for q in quantities if q.amount] == [
        (240, "hour"),
        (120, "hour"),
        (120, "hour"),
    ]


def test_body_parts_are_read(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    rate = Rate("body parts")
    for case, item, record in pairs(read, recorded):
        if record["category"] in VISIT_LIMITED | {"tens"} and (wanted := BODY_PARTS.get((case, item.number))):
            found = ", ".join(" ".join(filter(None, (part.side, part.region))) for part in item.body_parts)
            rate.add(f"{case} {item.number}", found, wanted)
    assert rate.of == len(BODY_PARTS)
    rate.hold(0.95)


def test_age_and_sex_are_exact(read: dict[str, Letter], recorded: dict[str, Record]) -> None:
    age, sex = Rate("age"), Rate("sex")
    for case, letter in read.items():
        first = {fact.fact: fact for fact in reversed(letter.facts)}
        said = first["age"].amount if "age" in first else None
        age.add(case, said.value if said else None, recorded[case]["age"])
        sex.add(case, first["sex"].value if "sex" in first else None, recorded[case]["sex"])
    age.hold(1)
    sex.hold(1)


def test_places_point_at_what_was_read(read: dict[str, Letter]) -> None:
    checked: Counter[str] = Counter()
    for letter in read.values():
        text = letter.text.replace("\n", " ")
        for told in (*letter.facts, *(finding for item in letter.items for finding in item.findings)):
            quoted = text[told.start : told.end]
            assert quoted == quoted.strip(), told
            assert quoted in letter.sentence(told), told
            if isinstance(told.value, str) and told.fact in ("diagnosis", "surgery"):
                assert told.value in quoted or quoted in told.value, told
                checked[told.fact] += 1
            if told.fact == "age" and told.amount is not None:
                assert str(told.amount.value) in quoted, told
                checked["age"] += 1
        for item in letter.items:
            at = item.spans["title"]
            assert plain(text[at.start : at.end]).startswith(plain(item.title)[:40]), item.title
            at = item.spans["outcome"]
            assert text[at.start : at.end].strip(" .").lower() == item.outcome
    assert min(checked.values()) >= 5


JUDGES = re.compile(r"\bexceed|\bsurpass|medically necess|\bnot supported\b|\bin excess\b", re.I)


def test_no_fact_stands_in_a_sentence_that_concludes(read: dict[str, Letter]) -> None:
    for letter in read.values():
        text = letter.text.replace("\n", " ")
        for fact in (*letter.facts, *(finding for item in letter.items for finding in item.findings)):
            if fact.fact not in ("course", "functional_improvement", "response", "prior_visits"):
                continue
            before = max(text.rfind(end, 0, fact.start) for end in (". ", "? ", ".) "))
            after = text.find(". ", max(fact.start + 1, fact.end - 1))
            assert not JUDGES.search(text[before + 1 : after]), (letter.file, fact)
