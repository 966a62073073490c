"""Clinical records: what their sentences state of the worker reaches the draft, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.errors import LetterError
from imr_rules.reading.papers import Draft, draft_text, read_papers, recognition
from tests.cli.running import run
from tests.reading.papers import composing as compose
from tests.reading.papers.composing import CANARIES, GUIDELINES, SERVICES, Item, Truth, truth
from tests.reading.papers.drawing import Sheet, scan
from tests.reading.papers.records import LATER, RECORDS, Part, Record, draw, head, states
from tests.reading.papers.test_privacy import leaks

BY_NAME = {record.name: record for record in (*RECORDS, *LATER)}


@pytest.fixture
def read(rulebook: Rulebook, tmp_path: Path) -> Callable[..., Draft]:
    def read(*pdfs: bytes) -> Draft:
        files = []
        for number, pdf in enumerate(pdfs):
            files.append(tmp_path / f"{number}.pdf")
            files[-1].write_bytes(pdf)
        return read_papers(files, rulebook.vocabulary)

    return read


@pytest.fixture(scope="module")
def draft_of(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Draft]:
    """The draft of a record by its name, which is read once."""

    @cache
    def draft_of(name: str) -> Draft:
        file = tmp_path_factory.mktemp("record") / "0.pdf"
        file.write_bytes(draw(BY_NAME[name]))
        return read_papers([file], rulebook.vocabulary)

    return draft_of


def decided(service: int, decision: str = "denied") -> Truth:
    """A case with one item that was refused."""
    item = Item(SERVICES[service], decision, 0, GUIDELINES[0])
    return replace(truth(1), items=[item], diagnoses=[])


@pytest.mark.parametrize("name", BY_NAME)
def test_a_record_gives_what_it_states_and_no_more(draft_of: Callable[[str], Draft], name: str) -> None:
    assert states(draft_of(name)) == BY_NAME[name].states


@pytest.mark.parametrize("name", BY_NAME)
def test_each_fact_has_its_page_its_box_and_its_sentence(draft_of: Callable[[str], Draft], name: str) -> None:
    draft = draft_of(name)
    printed = " ".join(str(value) for _, value in BY_NAME[name].parts)
    for each in draft.proposals:
        assert each.document == "record"
        assert 1 <= each.page <= 2
        assert ", box [" in each.place
        assert any(word.strip(".,;") in printed for word in each.words.split())


def test_a_record_alone_disputes_nothing_and_says_so(read: Callable[..., Draft]) -> None:
    draft = read(draw(RECORDS[0]))
    assert draft.data is None
    (said,) = draft.cautions
    assert said == "a record alone disputes nothing: read it with the request, decision or application"


@pytest.mark.parametrize("how", [[], ["--as", "record"]])
def test_the_command_reads_a_record(tmp_path: Path, how: list[str]) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(draw(RECORDS[0]))
    done = run("read", file, *how)
    assert done.status == 0, done.err
    found = {each["at"]: each for each in json.loads(done.out)}
    assert found["/history/0"]["value"]["attended"] == 12
    assert found["/items/-/findings/functional_improvement"]["value"] is False
    assert all("words" not in each for each in found.values())
    assert done.err.count("\n") == 1


def test_a_record_fills_the_case_of_a_decision(read: Callable[..., Draft]) -> None:
    told = decided(0)
    draft = read(compose.decision_table(told, Sheet(), 0), draw(RECORDS[0]))
    case = draft.case
    (item,) = case.items
    (no,) = item.findings["functional_improvement"]
    assert no.value is False
    assert [(e.document, e.page) for e in no.evidence] == [("record", 1)]
    (course,) = case.history
    assert (course.treatment, course.attended[0].value) == ("physical_therapy", 12)  # type: ignore[index]
    assert case.record.read == "part"
    assert {(d.id, d.kind) for d in case.documents or ()} == {
        ("ur", "utilization_review"),
        ("record", "progress_report"),
    }
    assert str(next(d.date for d in case.documents or () if d.id == "record")) == "2016-03-14"
    words = {each.at: each.words for each in draft.proposals if each.document == "record"}
    assert words["/items/0/findings/functional_improvement"] == (
        "There has been no functional improvement with physical therapy."
    )
    assert "There has been no functional improvement" not in draft_text(draft)


def test_what_is_said_of_other_care_is_not_said_of_the_item(read: Callable[..., Draft]) -> None:
    draft = read(compose.decision_table(decided(1), Sheet(), 0), draw(RECORDS[0]))
    (item,) = draft.case.items  # acupuncture of the shoulder
    assert "functional_improvement" not in item.findings
    assert {course.treatment for course in draft.case.history} == {"physical_therapy"}


def test_papers_that_contradict_each_other_stand_side_by_side(read: Callable[..., Draft]) -> None:
    parts: list[Part] = [
        *head("Progress Report", "Date of Visit:", "05/20/2016", "05/02/2014"), ("h", "SUBJECTIVE"),
        ("p", "He has attended 9 visits of physical therapy for the low back. There has been functional improvement with physical therapy."),
    ]  # fmt: skip
    other = Record("other", parts, frozenset())
    draft = read(compose.decision_table(decided(0), Sheet(), 0), draw(RECORDS[0]), draw(other))
    (item,) = draft.case.items
    said = {each.value: each.evidence[0].document for each in item.findings["functional_improvement"]}
    assert said == {False: "record", True: "record-2"}
    (course,) = draft.case.history
    counts = {each.value: each.evidence[0].document for each in course.attended}  # type: ignore[union-attr]
    assert counts == {12: "record", 9: "record-2"}
    asked = {each.at for each in draft.proposals if each.sure == "ask"}
    assert {"/history/0", "/items/0/findings/functional_improvement"} <= asked


NOTHING: dict[str, list[Part]] = {
    "plan, by a heading": [("h", "PLAN"), ("p", "Physical therapy 2x6. He will improve functionally.")],
    "plan, inline": [("p", "Plan: start physical therapy 12 visits, acupuncture 6 visits.")],
    "plan, soap": [("h", "P:"), ("p", "Chiropractic 8 visits. Epidural injection.")],
    "plan, in a sentence": [("p", "The patient will attend 12 visits of physical therapy.")],
    "plan, requested": [("p", "I am requesting authorization for 12 sessions of physical therapy for the low back.")],
    "plan, wanted": [("h", "TREATMENT REQUESTED"), ("list", ["Physical therapy 12 visits", "TENS unit"])],
    "family, by a heading": [("h", "FAMILY HISTORY"), ("p", "Father underwent lumbar fusion on 01/02/2010.")],
    "family, past medical and": [("h", "PAST MEDICAL AND FAMILY HISTORY"), ("p", "Had 20 visits of physical therapy.")],
    "family, in a sentence": [("p", "His mother attended 10 visits of acupuncture and had functional improvement.")],
    "family, cousin": [("p", "A cousin underwent knee arthroscopy on 03/04/2011.")],
    "family, wife": [("p", "His wife has a home exercise program and physical therapy helped her.")],
    "denies, review of systems": [("h", "REVIEW OF SYSTEMS"), ("p", "No red flags. No flare-ups.")],
    "denies, list": [("p", "Patient denies fever, chills, red flags, or flare-ups.")],
    "denies, negative for": [("p", "Negative for fever, weight loss, red flags, and night pain.")],
    "denies, ros inline": [("p", "ROS: denies flare-ups. Denies red flags.")],
    "denies, no complaints of": [("p", "No complaints of fever, red flags, or flare-up.")],
    "boxes, drawn": [("ticks", [("Functional improvement", True), ("Plateau", False)])],
    "boxes, brackets": [("p", "[x] Functional improvement with physical therapy was seen."), ("p", "[ ] Goals have all been met.")],
    "boxes, choices": [("p", "Function has improved/unchanged/worsened since the last visit.")],
    "boxes, circle": [("p", "Circle one: his function has improved, his function has not improved.")],
    "boxes, one": [("ticks", [("The patient has returned to full duty", False)])],
    "guideline, quoted": [("p", "The MTUS states that functional improvement must be shown. Patients who have plateaued should be discharged.")],
    "guideline, heading": [("h", "GUIDELINES"), ("p", "Up to 24 visits of physical therapy over 16 weeks. Functional improvement was shown in trials.")],
    "guideline, acoem": [("p", "ACOEM recommends 12 visits of physical therapy with evidence of functional improvement.")],
    "guideline, definition": [("p", "Functional improvement means a clinically significant improvement in activities of daily living.")],
    "guideline, odg": [("p", "Per ODG, 10 visits over 8 weeks of physical therapy. Home exercise is recommended.")],
    "signature, attestation": [("p", "I declare under penalty of perjury that I have not violated Labor Code 139.3 and have not received 12 visits.")],
    "signature, electronic": [("labels", [("Electronically signed by:", "Physical Therapy, 12 visits")])],
    "diagnosis, unsure": [("h", "DIAGNOSES"), ("list", ["Rule out lumbar radiculopathy", "Possible disc herniation"])],
    "diagnosis, same": [("h", "POSTOPERATIVE DIAGNOSIS"), ("list", ["Same"])],
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_states_nothing_of_the_worker_gives_nothing(read: Callable[..., Draft], name: str) -> None:
    parts = [*head("Progress Report", "Date of Visit:", "05/20/2016", "05/02/2014"), *NOTHING[name]]
    got = states(read(draw(Record("", parts, frozenset()))))
    assert {fact for fact in got if fact[0] not in ("injury", "sex")} == set()


def planted(record: Record) -> Record:
    """Put a name, a number or an address into every line of a record, where a person writes one."""
    c = CANARIES
    before = [f"{c['name']} was seen. ", f"Mr. {c['last']} was seen by Dr. {c['doctor']}. ", f"{c['last']} (claim {c['claim']}) was seen. "]  # fmt: skip
    behind = [
        f" Call {c['phone']} or write to {c['email']}.", f" Seen at {c['practice']}, {c['street']}.", f" Dictated by {c['reviewer']}, M.D., license {c['license']}.",
    ]  # fmt: skip
    parts: list[Part] = []
    for number, (kind, value) in enumerate(record.parts):
        if kind == "p":
            value = before[number % 3] + str(value).replace("The patient", c["name"]) + behind[number % 3]
        elif kind == "list" and isinstance(value, list):
            value = [f"{words} per Dr. {c['doctor']} ({c['wcis']})" for words in value]
        elif kind in ("ticks", "row") and isinstance(value, list):
            value = [*value, (c["last"], True)] if kind == "ticks" else [*value, c["last"]]
        parts.append((kind, value))
    return Record(record.name, parts, record.states)


@pytest.mark.parametrize("name", BY_NAME)
def test_no_name_or_number_comes_out_of_any_line(read: Callable[..., Draft], name: str) -> None:
    told = decided(0)
    for papers in ([draw(planted(BY_NAME[name]))], [compose.decision_table(told, Sheet(), 0), draw(planted(BY_NAME[name]))]):  # fmt: skip
        draft = read(*papers)
        said = json.dumps([each.to_dict() for each in draft.proposals], default=str)
        written = draft_text(draft) if draft.data is not None else ""
        assert not leaks(written + said + repr(draft.cautions) + repr(draft.settled), told)
        assert "03/09/1970" not in written + said


def test_a_file_that_states_nothing_is_one_error(read: Callable[..., Draft]) -> None:
    sheet = Sheet()
    sheet.paragraph(
        "The parking lot is closed on Monday. Please use the entrance on the east side of the building."
    )
    with pytest.raises(LetterError, match="no request, decision, application or record"):
        read(sheet.bytes())


@pytest.mark.long
@pytest.mark.skipif(not recognition.available(), reason="Tesseract is not installed")
@pytest.mark.parametrize("name", [RECORDS[0].name, RECORDS[2].name, RECORDS[5].name])
def test_a_scanned_record(read: Callable[..., Draft], name: str) -> None:
    draft = read(scan(draw(BY_NAME[name]), skew=0.4))
    got, want = states(draft), BY_NAME[name].states
    assert not got - want
    assert len(got) >= 0.8 * len(want)
    assert all(each.sure != "yes" for each in draft.proposals)
