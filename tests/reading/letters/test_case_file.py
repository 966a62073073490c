"""Case files from letters: only what the letter says, each fact with its place, and never its conclusion."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imr_rules import Case
from imr_rules.reading.letters import to_case, to_case_text
from imr_rules.reading.letters.case_file import case_data
from imr_rules.reading.letters.layout import find_sections
from imr_rules.reading.letters.text import join_pages
from imr_rules.reading.sentences import sentences
from imr_rules.rulebook import Rulebook
from imr_rules.screening import screen
from tests.cli.running import run
from tests.reading.letters.plain import without_places
from tests.reading.letters.reading import read_text
from tests.reading.letters.written import ALL, HEADERLESS, INLINE, LINES, NOTICE, write_pdf


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load(None)


def data_of(text: str, rules: Rulebook, *, with_rationale: bool = False) -> dict[str, Any]:
    letter = read_text([text])
    return case_data(letter, rules.vocabulary, with_rationale=with_rationale)


@pytest.mark.parametrize("layout", ALL)
@pytest.mark.parametrize("with_rationale", [False, True])
def test_every_layout_gives_a_case_that_screens(
    layout: str, with_rationale: bool, rules: Rulebook, tmp_path: Path
) -> None:
    letter = read_text([ALL[layout]])
    file = tmp_path / "case.yaml"
    file.write_text(to_case_text(letter, rules.vocabulary, with_rationale=with_rationale), encoding="utf-8")
    case = Case.from_file(file)
    assert case == to_case(letter, rules.vocabulary, with_rationale=with_rationale)
    assert len(screen(case, rules).items) == len(letter.items)
    assert case.expect is not None
    assert {name: each.outcome for name, each in case.expect.items.items()} == {
        f"item-{item.number}": item.outcome for item in letter.items
    }


def test_what_the_summary_and_the_titles_say(rules: Rulebook) -> None:
    plain = without_places(data_of(LINES, rules))
    assert plain["worker"] == {"age": {"value": 44}, "sex": "female"}
    assert plain["injury"] == {"date": "2016-10-14"}
    therapy, acupuncture = plain["items"]
    assert (therapy["asked"], therapy["authorized"], therapy["in_dispute"]) == (
        {"value": 12, "unit": "visit"},
        {"value": 8, "unit": "visit"},
        {"value": 4, "unit": "visit"},
    )
    assert therapy["body_part"] == {"region": "shoulder", "side": "right"}
    assert therapy["utilization_review"] == {"decision": "modified", "date": "2016-11-16"}
    assert therapy["findings"]["functional_improvement"] == [{"undocumented": ["the record, by the letter"]}]
    assert "functional_improvement" not in acupuncture.get("findings", {})
    assert plain["history"] == [
        {
            "treatment": "physical_therapy",
            "body_part": {"region": "shoulder", "side": "right"},
            "attended": {"at_least": 6},
        },
        {"treatment": "acupuncture", "attended": {"value": 2}},
    ]
    # goals met and eight sessions stand in the rationale alone, and so do the citations
    assert not any("goals_met" in item.get("findings", {}) or "cited" in item for item in plain["items"])


def test_what_the_reviewer_found(rules: Rulebook) -> None:
    plain = without_places(data_of(LINES, rules, with_rationale=True))
    assert plain["items"][0]["findings"]["goals_met"] == [{"value": True}]
    assert plain["history"][0]["attended"] == {"value": 8}
    assert plain["items"][0]["cited"]["reviewer"] == [
        {
            "document": "MTUS Chronic Pain Medical Treatment",
            "edition": 2016,
            "section": "Physical medicine treatment",
        }
    ]


def test_a_letter_without_its_header_leads_to_the_grounds_it_tells_of(rules: Rulebook) -> None:
    """With what both sides cited the edition is known; from the summary alone, without a date, it is not."""
    letter = read_text([HEADERLESS])
    (told,) = screen(to_case(letter, rules.vocabulary, with_rationale=True), rules).items
    assert told.suggestion == "uphold"
    assert told.grounds == tuple(
        f"mtus/chronic-pain-2009/behavioral-interventions#{name}"
        for name in ("within-total", "continued-need", "reason-for-more")
    )
    (alone,) = screen(to_case(letter, rules.vocabulary), rules).items
    assert (alone.suggestion, alone.review_reasons) == ("needs_review", ("edition_not_known",))


def test_a_limit_the_reviewer_applied_is_never_an_input(rules: Rulebook) -> None:
    changed = LINES.replace("9-10 visits over 8 weeks", "77 visits over 99 weeks").replace(
        "A trial of 3 to 6 treatments", "A trial of 77 treatments"
    )
    assert changed != LINES
    written = str(without_places(data_of(changed, rules, with_rationale=True)))
    assert written == str(without_places(data_of(LINES, rules, with_rationale=True)))
    assert "77" not in written


def test_the_outcome_is_in_the_expected_block_alone(rules: Rulebook) -> None:
    turned = LINES.replace("sessions is: Upheld", "sessions is: Overturned")
    for with_rationale in (False, True):
        one, other = (
            to_case(read_text([text]), rules.vocabulary, with_rationale=with_rationale)
            for text in (LINES, turned)
        )
        assert one.expect != other.expect
        assert without_places(one.model_dump(exclude={"expect"})) == without_places(
            other.model_dump(exclude={"expect"})
        )


def test_silence_of_a_summary_is_missing_and_of_a_reviewer_none_recorded(rules: Rulebook) -> None:
    text = INLINE.replace("He has completed twelve sessions of psychotherapy. ", "").replace(
        "The patient has received\n12 sessions of psychotherapy. ", ""
    )
    assert list(data_of(text, rules)["history"][0]["attended"]) == ["missing"]
    assert "history" not in data_of(text, rules, with_rationale=True)


def test_every_count_names_its_page_and_characters(rules: Rulebook) -> None:
    letter = read_text([INLINE])
    (course,) = case_data(letter, rules.vocabulary)["history"]
    (place,) = course["attended"]["evidence"]
    assert place["document"] == "letter"
    start, end = map(int, re.findall(r"\d+", place["place"]))
    assert letter.text[start:end] == "twelve sessions of psychotherapy"


CONCLUSIONS = st.builds(
    str.format,
    st.sampled_from(
        [
            "The {0} sessions of physical therapy completed exceed the guideline.",
            "With {0} acupuncture visits attended the request surpasses what is allowed.",
            "He completed {0} sessions of psychotherapy in excess of the limit.",
            "The patient has completed {0} therapy visits and more are not supported.",
            "Since {0} visits of physical therapy were completed, the request is not medically necessary.",
            "Goals were met after {0} sessions of acupuncture, and the request is medically necessary.",
            "Functional improvement with psychotherapy was documented over {0} sessions, so the request is supported.",
            "After {0} prior chiropractic visits further care is not warranted.",
            "She is ready to stop after {0} sessions and the request is not reasonable.",
            "There was no functional improvement after {0} visits of therapy; necessity is not established.",
            "A plateau was reached, so {0} more sessions are not justified.",
            "Diagnoses include chronic pain, for which {0} visits are not indicated.",
            "His BDI fell from 30 to {0}, and the criteria are met.",
            "The {0} sessions of physical therapy received are beyond the guideline.",
            "The denial of {0} sessions of acupuncture after completion of six is upheld.",
        ]
    ),
    st.integers(1, 60),
)


@settings(max_examples=60)
@given(st.sampled_from(sorted(ALL)), CONCLUSIONS, st.booleans(), st.data())
def test_no_fact_comes_from_a_planted_conclusion(
    layout: str, conclusion: str, with_rationale: bool, data: st.DataObject
) -> None:
    rules = Rulebook.load(None)
    letter = join_pages([ALL[layout]])
    stretches = [(s.start, s.end) for s in find_sections(letter).of("summary")]
    stretches += [
        (item.spans["rationale"].start, item.spans["rationale"].end)
        for item in read_text([ALL[layout]]).items
        if "rationale" in item.spans
    ]
    ends = [each.end for start, end in stretches for each in sentences(letter.flat, start, end)]
    ends = [at for end in ends if (at := len(letter.text[:end].rstrip())) and letter.text[at - 1] == "."]
    assume(ends)
    at = data.draw(st.sampled_from(ends))
    planted = f"{letter.text[:at]} {conclusion}{letter.text[at:]}"
    before = without_places(data_of(letter.text, rules, with_rationale=with_rationale))
    assert without_places(data_of(planted, rules, with_rationale=with_rationale)) == before


# --- the command ---------------------------------------------------------------------------------------------


def test_the_command_writes_one_file_a_letter_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    good = write_pdf(tmp_path / "good.pdf", LINES)
    bad, other = tmp_path / "bad.pdf", tmp_path / "other.txt"
    bad.write_bytes(b"%PDF-1.7 and no more")
    other.write_text(NOTICE, encoding="utf-8")
    done = run("letter", "to-case", good, bad, other, "-o", tmp_path / "cases", "--with-rationale")
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert "bad.pdf" in line
    files = sorted((tmp_path / "cases").iterdir())
    assert [file.name for file in files] == ["good.yaml", "other.yaml"]
    assert [Case.from_file(file).case for file in files] == ["CM16-0900001", "CM13-0900004"]
    assert run("screen", *files).status == 0
    again = run("letter", "to-case", good, "-o", tmp_path / "cases")
    assert (again.status, "there already" in again.err) == (2, True)
    assert run("letter", "to-case", good, "-o", tmp_path / "cases", "--force").status == 0
    assert "what the reviewer found" not in files[0].read_text(encoding="utf-8")


def test_the_command_prints_one_case_that_can_be_screened(tmp_path: Path) -> None:
    letter, file = tmp_path / "letter.txt", tmp_path / "case.yaml"
    letter.write_text(INLINE, encoding="utf-8")
    done = run("letter", "to-case", letter)
    assert done.status == 0, done.err
    file.write_text(done.out, encoding="utf-8")
    assert run("screen", file).status == 0
