"""Each historical layout is read: from PDF and from text, whole and with its labels apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from imr_rules.reading.letters import Letter, to_case_text
from imr_rules.reading.letters.items.titled import numbered
from imr_rules.reading.letters.text import LetterText
from tests.reading.letters.reading import read_letter, read_letters, read_text, vocabulary
from tests.reading.letters.written import (
    ALL,
    DECISION_FOR,
    INLINE,
    LINES,
    NOTICE,
    PROFESSIONAL,
    one_sentence,
    pages_of,
    write_pdf,
)

HEADERS = {
    "credentials_lines": ("CM16-0900001", "2016-12-05", "2016-10-14", "2016-12-30", "2016-11-16", "Standard", "2016-11-28"),
    "credentials_inline": ("CM14-0900002", "2014-02-21", "2007-09-03", "2014-06-26", "2013-12-20", "Standard", "2014-01-31"),
    "decision_for": ("CM13-0900003", "2013-12-27", "2011-08-28", "2014-03-20", "2013-10-02", "Expedited", "2013-10-15"),
    "notice": ("CM13-0900004", "2013-09-23", "2001-08-28", "2013-09-26", "2013-08-30", None, "2013-09-06"),
    "headerless": (None,) * 7,
    "professional_review": ("CM13-0900005", None, "2012-03-04", "2013-08-19", None, None, None),
}  # fmt: skip
REVIEWERS = {
    "credentials_lines": ("Physical Medicine & Rehabilitation, Pain Management", ("California", "Oregon")),
    "credentials_inline": ("Psychiatry, Addiction Medicine", ("California", "Nevada")),
    "decision_for": ("Orthopedic Surgery", ("Texas",)),
    "notice": ("Occupational Medicine", ("California",)),
    "headerless": ("Psychology", ("California",)),
    "professional_review": (None, ()),
}
ITEMS: dict[str, list[tuple[str, str]]] = {
    "credentials_lines": [
        (
            "Physical therapy 3 times a week for 4 weeks (12) for the right shoulder was the original request. Physical "
            "therapy for the right shoulder, 8 sessions was authorized by the Claims Administrator. The remaining IMR "
            "eligible portion of the original request, Physical therapy for the right shoulder, 4 sessions",
            "upheld",
        ),
        ("Acupuncture x 6 for the neck", "overturned"),
    ],
    "credentials_inline": [("COGNITIVE BEHAVIORAL THERAPY X4", "upheld")],
    "headerless": [("COGNITIVE BEHAVIORAL THERAPY AND RELAXATION TRAINING, 4 ADDITIONAL SESSIONS", "upheld")],
    "decision_for": [
        ("MRI of the left knee", "upheld"),
        ("twelve (12) sessions of physical therapy for the left knee", "overturned"),
    ],
    "notice": [
        ("28 day strengthening program", "upheld"),
        ("six sessions of acupuncture for the low back", "overturned"),
    ],
    "professional_review": [
        ("chiropractic treatment, 8 visits for the neck", "upheld"),
        ("cervical pillow", "overturned"),
    ],
}


def header_of(letter: Letter) -> tuple[str | None, ...]:
    header = letter.header
    return (
        header.case_number, header.date_assigned, header.date_of_injury, header.decision_date, header.ur_denial_date,
        header.priority, header.application_received,
    )  # fmt: skip


def items_of(letter: Letter) -> list[tuple[str, str | None]]:
    return [(item.title, item.outcome) for item in letter.items]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lines", [60, 17, 9])
def test_a_pdf_is_read_wherever_its_pages_break(name: str, lines: int, tmp_path: Path) -> None:
    letter = read_letter(write_pdf(tmp_path / "letter.pdf", ALL[name], lines=lines))
    assert letter.layout == ("credentials_inline" if name in ("decision_for", "headerless") else name)
    assert header_of(letter) == HEADERS[name]
    assert (letter.reviewer.specialty, letter.reviewer.licensure) == REVIEWERS[name]
    assert items_of(letter) == ITEMS[name]
    assert letter.pages == len(pages_of(ALL[name], lines))


@pytest.mark.parametrize("shown", [90, 180, 270])
@pytest.mark.parametrize("drawn", [0, 90, 180, 270])
def test_a_page_that_stands_turned_is_read_like_the_others(shown: int, drawn: int, tmp_path: Path) -> None:
    good = write_pdf(tmp_path / "letter.pdf", ALL["credentials_lines"], lines=17)
    text = read_letter(good).text
    with pypdfium2.PdfDocument(good) as document:
        for page in list(document)[1::2]:
            if drawn:
                width, height = page.get_size()
                turn = {
                    90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width),
                }[drawn]  # fmt: skip
                for each in page.get_objects():
                    each.transform(pypdfium2.PdfMatrix(*turn))
                page.gen_content()
                if drawn % 180:
                    page.set_mediabox(0, 0, height, width)
            page.set_rotation(shown)
        document.save(tmp_path / "turned.pdf")
    assert read_letter(tmp_path / "turned.pdf").text == text


@pytest.mark.parametrize("name", ALL)
def test_text_says_what_the_pdf_says(name: str, tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("\f".join(pages_of(ALL[name])), encoding="utf-8")
    pdf = write_pdf(tmp_path / "letter.pdf", ALL[name])
    from_text, from_pdf = read_letter(text), read_letter(pdf)
    assert from_text.text == from_pdf.text
    assert from_text.to_dict() | {"file": ""} == from_pdf.to_dict() | {"file": ""}


def test_windows_line_ends_and_encoding_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(LINES.replace("shelf", "shelf\u2019s").replace("\n", "\r\n").encode("cp1252"))
    assert items_of(read_letter(path)) == ITEMS["credentials_lines"]


def test_json_has_the_keys_that_are_promised_and_no_text_of_the_letter() -> None:
    letter = read_text([LINES])
    found: dict[str, Any] = json.loads(letter.to_json())
    assert {"case_number", "date_of_injury", "decision_date", "ur_denial_date", "items", "facts"} <= set(
        found
    )
    for item in found["items"]:
        assert {
            "title", "outcome", "treatment", "asked", "authorized", "in_dispute", "prior", "administrator_citations",
            "reviewer_citations",
        } <= set(item)  # fmt: skip
    for fact in found["facts"]:
        assert {"fact", "status", "section", "method", "span"} <= set(fact)
        assert set(fact["span"]) == {"page", "start", "end"}
    assert "\n" not in letter.to_json()
    assert "sent the complete case file" not in letter.to_json()


def test_the_title_is_taken_apart_into_three_quantities_and_prior_visits() -> None:
    first, second = read_text([LINES]).items
    quantities = (first.asked, first.authorized, first.in_dispute)
    assert [part and part.amount and (part.amount.value, part.amount.unit) for part in quantities] == [
        (12, "visit"), (8, "visit"), (4, "visit"),
    ]  # fmt: skip
    assert [(part.region, part.side) for part in first.body_parts] == [("shoulder", "right")]
    assert first.prior is not None
    assert (first.prior.amount.value, first.prior.count_of) == (8, "attended")
    by_section = {
        section: (p.amount.at_least, p.amount.at_most) for section, p in first.prior_by_section.items()
    }
    assert by_section == {"summary": (6, None), "rationale": (8, 8)}
    assert second.prior is not None
    assert second.prior.amount.value == 2


def test_citations_are_structured_in_every_form() -> None:
    def cited(text: str, item: int, side: str) -> list[tuple[object, ...]]:
        by = getattr(read_text([text]).items[item], side)
        return [(c.mtus, c.document, c.chapter, c.edition, c.sections, c.pages) for c in by.citations]

    assert cited(LINES, 0, "administrator") == [
        (True, "Shoulder Complaints", None, 2004, ("Initial Care",), ()),
        (True, "Chronic Pain Medical Treatment", None, 2016, ("Physical medicine treatment",), ()),
        (False, "Official Disability Guidelines (ODG)", "Shoulder", None, ("Physical therapy",), ()),
    ]
    assert cited(INLINE, 0, "reviewer") == [
        (True, "Chronic Pain Treatment Guidelines", None, None, ("Part 2",), ("23",))
    ]
    assert cited(DECISION_FOR, 0, "administrator") == [
        (True, "Knee Complaints", "Chapter 13", 2004, (), ("341-343",))
    ]
    assert cited(DECISION_FOR, 0, "reviewer") == [
        (True, "Chronic Pain Guidelines", None, None, ("Imaging",), ("33",))
    ]
    assert cited(DECISION_FOR, 1, "administrator") == [
        (False, "Official Disability Guidelines (ODG)", "Knee", None, (), ())
    ]
    assert cited(NOTICE, 0, "administrator") == [
        (
            True,
            "Chronic Pain Medical Treatment Guidelines",
            None,
            2009,
            ("Functional Restoration Programs (FRPs)",),
            ("49",),
        )
    ]
    assert cited(NOTICE, 1, "reviewer") == [
        (True, "Acupuncture Medical Treatment Guidelines", None, 2007, (), ("8-9",))
    ]
    assert cited(PROFESSIONAL, 0, "reviewer") == [
        (
            True,
            "Chronic Pain Medical Treatment Guidelines",
            None,
            None,
            ("Manual therapy and manipulation",),
            ("58",),
        )
    ]


def test_a_side_may_cite_nothing_or_adopt_the_other_sides_guideline() -> None:
    second = read_text([LINES]).items[1]
    assert (second.administrator.cited_nothing, second.administrator.citations) == (True, ())
    first = read_text([NOTICE]).items[0]
    assert first.reviewer.adopted
    assert first.reviewer.citations == first.administrator.citations


HEADER = re.compile(r"Case Number:.*?(?=HOW THE IMR)", re.S)


@pytest.mark.parametrize(
    "header",
    [
        # each value on the line below its label
        "Case Number:\nCM16-0900001\nDate Assigned:\n12/05/2016\nDate of Injury:\n10/14/2016\nDecision Date:\n12/30/2016\n"
        "UR Denial Date:\n11/16/2016\nPriority:\nStandard\nApplication Received:\n11/28/2016\n",
        # a row of labels, then a row of values
        "Case Number:\nCM16-0900001\nDate Assigned: Date of Injury:\n12/05/2016 10/14/2016\nDecision Date: UR Denial Date:\n"
        "12/30/2016 11/16/2016\nPriority: Application Received:\nStandard 11/28/2016\n",
        # all labels, then all values
        "Case Number:\nDate Assigned:\nDate of Injury:\nDecision Date:\nUR Denial Date:\nPriority:\nApplication Received:\n"
        "CM16-0900001\n12/05/2016\n10/14/2016\n12/30/2016\n11/16/2016\nStandard\n11/28/2016\n",
        # a label's cell wrapped around its value
        "Case Number: CM16-0900001 Date Assigned: 12/05/2016\nDate of Injury: 10/14/2016 Decision Date: 12/30/2016\n"
        "UR Denial Date: 11/16/2016 Priority: Standard\nApplication 11/28/2016\nReceived:\n",
    ],
)
def test_labels_and_values_may_stand_apart(header: str) -> None:
    letter = read_text([HEADER.sub(header, LINES)])
    assert header_of(letter) == HEADERS["credentials_lines"]


def test_a_missing_value_is_missing_and_shifts_no_other() -> None:
    header = "Case Number: CM16-0900001\nDate Assigned: Date of Injury:\n10/14/2016\nDecision Date: 12/30/2016 UR Denial Date:\n"
    found = read_text([HEADER.sub(header + "Priority: Standard\n", LINES)]).header
    assert (found.date_assigned, found.date_of_injury, found.decision_date, found.ur_denial_date) == (
        None, "2016-10-14", "2016-12-30", None,
    )  # fmt: skip


@pytest.mark.parametrize("day", ["13/41/2016", "02/30/2016", "00/00/0000"])
def test_a_date_that_does_not_exist_is_missing(day: str) -> None:
    assert read_text([LINES.replace("12/30/2016", day)]).header.decision_date is None


def test_a_page_without_words_is_named() -> None:
    assert read_text([LINES, " \n", ""]).cautions == ("page-2-has-no-words", "page-3-has-no-words")
    assert read_text([LINES]).cautions == ()


def test_a_name_in_a_title_or_a_sentence_is_not_kept() -> None:
    named = LINES.replace("industrial injury on", "industrial injury, says Dr. Okonkwo, on")
    told = "Mr. Alvarez has diagnoses that include right shoulder strain per Dr. Chen. He underwent arthroscopy by Dr. Braithwaite on 01/15/2017. Mrs. Zhao reports no functional improvement."
    letter = read_text([one_sentence("Follow up with Dr. Okonkwo, right shoulder", told, told)])
    for found in (letter, read_text([named])):
        said = json.dumps(found.to_dict()) + to_case_text(found, vocabulary(), with_rationale=True)
        assert not re.search("Okonkwo|Alvarez|Chen|Braithwaite|Zhao", said)


def test_dates_that_disagree_are_cautions() -> None:
    other = read_text([LINES.replace("industrial injury on 10-14-16", "industrial injury on 10-15-16")])
    assert other.cautions == ("injury-date-differs-from-narrative",)
    assert read_text([LINES.replace("Date: 11/16/2016", "Date: 01/16/2017")]).cautions == (
        "dates-out-of-order",
    )


def test_page_headers_and_footers_are_dropped() -> None:
    pages = [
        f"{page}\nFinal Determination Letter for IMR Case Number CM16-0900001 {number}"
        for number, page in enumerate(pages_of(LINES, 11), start=1)
    ]
    letter = read_text(pages)
    assert "Final Determination Letter for" not in letter.text
    assert items_of(letter) == ITEMS["credentials_lines"]
    assert items_of(
        read_text([f"Page {n} of 9\n{p}" for n, p in enumerate(pages_of(LINES, 7), 1)])
    ) == items_of(letter)


def test_a_word_split_by_a_page_break_is_joined() -> None:
    head, tail = LINES.split("Acupuncture x 6 for the neck: Overturned")
    letter = read_text([head + "Acu", "puncture x 6 for the neck: Over", "turned" + tail])
    assert items_of(letter)[1] == ("Acupuncture x 6 for the neck", "overturned")


def test_a_rationale_without_its_full_stop_does_not_run_into_the_next_title() -> None:
    text = LINES.replace(
        "The request is not medically necessary.\n", "The request is not medically necessary\n"
    )
    assert items_of(read_text([text])) == ITEMS["credentials_lines"]


def test_a_text_without_line_breaks_is_read() -> None:
    flat = read_text(
        [
            LINES.replace("\n", " ")
            .replace("IMR ISSUES", "\nIMR ISSUES")
            .replace("CLINICAL", "\nCLINICAL")
            .replace("HOW", "\nHOW")
        ]
    )
    assert items_of(flat) == ITEMS["credentials_lines"]


def test_two_statements_that_disagree_give_no_outcome() -> None:
    text = NOTICE.replace(
        "for the low back is medically necessary", "for the low back is not medically necessary", 1
    )
    first, second = read_text([text]).items
    assert (first.outcome, second.outcome) == ("upheld", None)
    assert "outcome-contradicted" in second.cautions


def test_an_item_the_decision_does_not_name_has_no_outcome() -> None:
    text = PROFESSIONAL.replace("2. The request for a cervical pillow is medically necessary.\n", "")
    assert items_of(read_text([text])) == [
        ("chiropractic treatment, 8 visits for the neck", "upheld"),
        ("cervical pillow", None),
    ]


def test_one_issue_and_one_decision_belong_together() -> None:
    text = (
        "MEDICAL PROFESSIONAL REVIEW\nCase Number: CM13-0900006\nISSUE AT DISPUTE:\nIs the request for a lumbar brace medically "
        "necessary?\nCASE SUMMARY:\nThe patient is a 50 year old man with low back pain for a year who works in a warehouse and "
        "has tried rest and ice.\nDETERMINATION:\nThe denial is overturned.\nRATIONALE:\nA brace was of use."
    )
    assert items_of(read_text([text])) == [("lumbar brace", "overturned")]


def test_decisions_may_stand_in_sentences_without_numbers() -> None:
    text = PROFESSIONAL.replace("1. The request", "The request").replace("2. The request", "The request")
    assert items_of(read_text([text])) == ITEMS["professional_review"]


def test_each_item_is_given_the_rulebooks_name_for_what_it_asks() -> None:
    assert [item.treatment for item in read_text([LINES]).items] == ["physical_therapy", "acupuncture"]


def test_many_letters_are_read_one_after_another(tmp_path: Path) -> None:
    paths = [write_pdf(tmp_path / f"{name}.pdf", text) for name, text in ALL.items()]
    found = list(read_letters(paths))
    assert [letter.file for letter in found if isinstance(letter, Letter)] == [str(path) for path in paths]


def test_numbered_items_stand_in_the_order_of_their_numbers() -> None:
    text = "".join(
        f"{number}) MAXIMUS Federal Services, Inc. has determined the request for {title} is not medically "
        "necessary and appropriate.\n"
        for number, title in ((1, "Norco"), (3, "Lyrica"), (2, "acupuncture"))
    )
    found = numbered(LetterText(text, (0,)), len(text))
    assert [item.title for item in found] == ["Norco", "acupuncture", "Lyrica"]
