"""Lists, rows and blocks in the ways that offices and reviewers lay them out: each kind in several variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.errors import LetterError
from imr_rules.reading.papers import Draft, read_papers
from tests.reading.papers.drawing import Sheet
from tests.reading.papers.test_amounts import HEAD, amounts
from tests.reading.papers.test_forms_and_decisions import count, lines
from tests.reading.papers.test_forms_and_decisions import read as read  # the fixture

APPLICATION = ("APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "Date of Injury: 07/07/2020")
DISPUTED = "List each specific requested medical service that was denied or modified:"
Read = Callable[..., Draft]


def decided(draft: Draft) -> list[tuple[object, ...]]:
    return [
        (item.treatment, item.utilization_review and item.utilization_review.decision, count(item, "asked"), count(item, "authorized"))
        for item in draft.case.items
    ]  # fmt: skip


def columns(
    *rows: Sequence[str], at: Sequence[float], head: Sequence[str] = HEAD, after: Sequence[str] = ()
) -> bytes:
    """A page with a table without rules."""
    sheet = Sheet()
    for words in (*head, ""):
        sheet.print(54, words)
        sheet.down()
    for row in rows:
        for x, words in zip(at, row, strict=True):
            if words:
                sheet.print(x, words)
        sheet.down()
    for words in ("", *after):
        sheet.print(54, words)
        sheet.down()
    return sheet.bytes()


@pytest.mark.parametrize(
    ("approved", "modified", "denied"),
    [
        (
            "The following is certified:",
            "The following is certified with modification:",
            "The following is non-certified:",
        ),
        ("APPROVED TREATMENT", "MODIFIED TREATMENT", "DENIED TREATMENT"),
        (
            "We authorize these services:",
            "We partially approve these services:",
            "We do not authorize these services:",
        ),
        ("Medically necessary:", "Partially certified:", "Not medically necessary:"),
        ("Items that were approved:", "Items that were modified:", "Items that were denied:"),
    ],
)
@pytest.mark.parametrize("mark", ["- ", "\u2022 ", "1. "])
def test_a_heading_decides_what_is_listed_below_it(
    read: Read, approved: str, modified: str, denied: str, mark: str
) -> None:
    draft = read(
        lines(
            *HEAD, approved, f"{mark}Follow-up visit with the hand surgeon", modified, f"{mark}Acupuncture, neck, 12 visits requested, 5 visits approved",
            denied, f"{mark}Massage therapy, 6 visits", f"{mark.replace('1', '2')}Wrist splint, left, purchase",
            "Rationale: Acupuncture is given as a trial of five visits before more of it is considered.",
        )
    )  # fmt: skip
    assert decided(draft) == [
        ("acupuncture", "modified", 12, 5),
        ("massage_therapy", "denied", 6, 0),
        ("wrist_splint", "denied", 1, 0),
    ]
    assert [kind for _, kind in draft.settled] == ["approved"]


@pytest.mark.parametrize(
    "told",
    [
        "Items 1 and 3 are non-certified. Item 2 is certified for 6 visits and otherwise denied.",
        "Request 1 is denied. Request 2 is modified to 6 visits. Request 3 is denied.",
        "Requests #1 and #3 are not medically necessary. Request #2 is approved for 6 visits, 4 visits are denied.",
        "The determination is that items 1, 3 are not certified, and item 2 is modified to 6 visits.",
        "No. 1 and 3 are not authorized. No. 2 is partially approved: 6 of the 10 visits.",
    ],
)
def test_sentences_may_decide_by_number_what_a_list_names(read: Read, told: str) -> None:
    draft = read(
        lines(
            *HEAD, "We received a request for authorization of:", "1. Lumbar epidural steroid injection at L5-S1", "2. Acupuncture, low back, 10 visits",
            "3. Tizanidine 4 mg, 3 refills, #30", "", told,
        )
    )  # fmt: skip
    kinds = {item.treatment: item.utilization_review for item in draft.case.items}
    assert {name: review and review.decision for name, review in kinds.items()} == {
        "epidural_steroid_injection": "denied",
        "acupuncture": "modified",
        "tizanidine": "denied",
    }
    assert amounts(draft)[1:] == [(10, 6, 4), (120, 0, 120)]


@pytest.mark.parametrize(
    ("headings", "rows", "asked"),
    [
        (("Item", "Requested Treatment", "Codes", "Status"), ("1", "Acupuncture, neck, 8 visits", "97810", "Denied"), 8),
        (("Line", "Treatment", "Panel", "Decision"), ("4", "Acupuncture, neck, 8 visits", "B 12", "Denied"), 8),
        (("#", "Service", "Reviewer", "Outcome"), ("2", "Acupuncture, neck, 8 visits", "JQ", "Denied"), 8),
        (("Diagnosis", "Procedure", "Body part", "Determination"), ("Neck pain", "Acupuncture, 8 visits", "Neck", "Denied"), 8),
        (("Medication", "Strength", "Qty", "Decision"), ("Tizanidine", "4 mg", "#30", "Denied"), 30),
    ],
)  # fmt: skip
def test_a_column_with_any_heading_stays_out_of_the_others(
    read: Read, headings: Sequence[str], rows: Sequence[str], asked: int
) -> None:
    draft = read(columns(headings, rows, rows, at=(54, 130, 330, 420)))
    assert {count(item, "asked") for item in draft.case.items} == {asked}
    assert len(draft.case.items) == 2
    (service,) = {item.service for item in draft.case.items}
    assert not service.startswith(("1", "2", "4")) and "JQ" not in service and "B 12" not in service
    if "Body part" in headings:
        part = draft.case.items[0].body_part
        assert part is not None and part.region == "neck"


@pytest.mark.parametrize(
    ("first", "under"),
    [
        ("Visits/", "Units"),
        ("No. of", "visits"),
        ("Number", "of sessions"),
        ("Units/", "Visits"),
        ("How", "many"),
    ],
)
def test_a_heading_may_wrap_under_its_first_line(read: Read, first: str, under: str) -> None:
    head = ("REQUEST FOR AUTHORIZATION (RFA)", "Date of Injury: 05/23/2023")
    draft = read(
        columns(
            ("Diagnosis", "Treatment Requested", "CPT", first, "Frequency/"), ("", "", "", under, "Duration"),
            ("Low back strain", "Chiropractic, lumbar spine", "98941", "8", "2 per week, 4 weeks"), ("Low back strain", "Acupuncture, lumbar spine", "97810", "6", ""),
            at=(54, 150, 300, 360, 430), head=head,
        )
    )  # fmt: skip
    assert [(item.treatment, count(item, "asked")) for item in draft.case.items] == [
        ("chiropractic", 8),
        ("acupuncture", 6),
    ]


@pytest.mark.parametrize(
    "cells", [("60", "2"), ("#60", "2 refills"), ("60 tablets", "two"), ("Sixty", "2"), ("60", "2 RF")]
)
def test_refills_may_have_a_field_of_their_own(read: Read, cells: tuple[str, str]) -> None:
    quantity, refills = cells
    draft = read(
        lines(
            "REQUEST FOR AUTHORIZATION (RFA)", "Date of Injury: 05/23/2023", "Service: Naproxen 500 mg", f"Quantity: {quantity}", f"Refills: {refills}",
            "Service: Acupuncture, low back", "Quantity: 6 visits",
        )
    )  # fmt: skip
    assert [count(item, "asked") for item in draft.case.items] == [180, 6]


@pytest.mark.parametrize(
    "title",
    [
        "Attachment to Application for Independent Medical Review", "ADDENDUM TO APPLICATION FOR INDEPENDENT MEDICAL REVIEW",
        "Application for Independent Medical Review, continued", "Supplement to DWC Form IMR", "Additional items, DWC Form IMR",
    ],
)  # fmt: skip
def test_the_numbers_of_an_application_go_on_over_the_page(read: Read, title: str) -> None:
    sheet = Sheet()
    first = (
        "1. Acupuncture, neck, 8 visits",
        "2. Massage therapy, 6 visits",
        "Employee Signature: Q. Marwick   Date: 05/20/2023",
    )
    for page in ((*APPLICATION, DISPUTED, *first), (title, "Claim Number: 88", "3. Chiropractic, neck, 4 visits")):  # fmt: skip
        for words in page:
            sheet.print(54, words)
            sheet.down(20)
        if page[0] != title:
            sheet.new_page()
    case = read(sheet.bytes()).case
    assert [(item.treatment, count(item, "in_dispute")) for item in case.items] == [
        ("acupuncture", 8),
        ("massage_therapy", 6),
        ("chiropractic", 4),
    ]
    assert len(case.documents or ()) == 1


def test_an_application_may_list_its_services_in_a_table(read: Read) -> None:
    draft = read(
        columns(
            ("Treatment", "Requested", "Approved", "In dispute"), ("Acupuncture, neck", "12 visits", "4 visits", "8 visits"), ("Wrist splint, left", "1", "0", "1"),
            at=(54, 250, 340, 430), head=(*APPLICATION, DISPUTED), after=("Employee Signature: Q. Marwick   Date: 05/20/2023",),
        )
    )  # fmt: skip
    assert amounts(draft) == [(12, 4, 8), (1, 0, 1)]


@pytest.mark.parametrize(
    ("comment", "authorized"),
    [
        ("Certify 5 visits for a trial", 5),
        ("5 visits approved of the 12 requested; more needs proof of gain", 5),
        ("7 visits denied", 5),
        ("5 authorized", 5),
        ("Approved for 5 visits only", 5),
        ("The worker had 5 visits authorized before", None),
        ("The guideline approves 5 visits", None),
        ("5 visits were certified in 2021", None),
    ],
)
@pytest.mark.parametrize("layout", ["table", "block"])
def test_a_comment_says_how_much_of_a_modified_item_unless_it_tells_of_other_care(
    read: Read, comment: str, authorized: int | None, layout: str
) -> None:
    service = "Acupuncture, neck, 12 visits"
    if layout == "table":
        page = columns(
            ("Treatment", "Decision", "Comments"), (service, "Modified", comment), at=(54, 250, 330)
        )
    else:
        page = lines(*HEAD, f"Requested: {service}", "Decision: Modified", f"Comment: {comment}.")
    draft = read(page)
    assert amounts(draft) == [(12, authorized, authorized and 12 - authorized)]
    assert authorized or any("how much was authorized cannot be read" in each for each in draft.cautions)


@pytest.mark.parametrize(
    "told",
    [
        "We did not approve it, because the X-ray shows that the fracture has healed.",
        "This was denied since an MRI of the neck was done in May.",
        "We have denied this treatment.",
        "The request is not certified, as the CT scan was normal.",
        "It is not medically necessary.",
    ],
)
def test_a_sentence_may_decide_what_the_one_before_it_asks_for(read: Read, told: str) -> None:
    draft = read(
        lines(
            *HEAD, "The request for 6 visits of massage therapy is denied.", "Your doctor also asked for a bone scan.", told,
        )
    )  # fmt: skip
    assert decided(draft) == [("massage_therapy", "denied", 6, 0), ("bone_scan", "denied", 1, 0)]


@pytest.mark.parametrize(
    "service",
    [
        "Home cervical traction unit, purchase", "Purchase of an interferential unit", "H-wave device (purchase)", "Home exercise kit, purchase",
        "Neuromuscular stimulator for purchase",
    ],
)  # fmt: skip
def test_what_is_bought_is_one_of_it(read: Read, service: str) -> None:
    (item,) = read(lines(*APPLICATION, DISPUTED, f"1. {service}")).case.items
    assert count(item, "in_dispute") == 1
    assert item.in_dispute is not None and item.in_dispute[0].unit == "item"


def test_a_list_that_is_asked_for_is_asked_for_whole_and_ends_with_its_paragraph(read: Read) -> None:
    sheet = Sheet()
    for words in (
        "REQUEST FOR AUTHORIZATION",
        "Date of Injury: 05/23/2023",
        "Diagnoses:",
        "1. Neck strain",
        "2. Headache",
        "",
    ):
        sheet.print(54, words)
        sheet.down()
    for words in (
        "I request authorization for the following:",
        "1. Acupuncture, neck, 6 visits",
        "2. Zorvexin lozenges 5 mg",
        "3. Follow-up visit",
    ):
        sheet.print(54, words)
        sheet.down()
    sheet.down(8)
    sheet.print(54, "The worker has attended 10 visits of therapy with benefit.")
    draft = read(sheet.bytes())
    assert [item.service for item in draft.case.items] == [
        "Acupuncture, neck, 6 visits",
        "Zorvexin lozenges 5 mg",
        "Follow-up visit",
    ]


TYPED = """\
REQUEST FOR AUTHORIZATION

Injured worker: Quillon Marwick          Date of Injury: 05/23/2023

I request authorization for the following:

1. Acupuncture, neck, 2 times a week for 4 weeks
2. Tizanidine 4 mg, one at bedtime,
   #60 with 1 refill

Signed: ______________   Date: 06/30/2023
\f
UTILIZATION REVIEW DETERMINATION
Date of decision: 07/07/2023

Treatment                     Requested   Certified   Decision
Acupuncture, neck             8 visits    3 visits    Modified
Tizanidine 4 mg               #120        0           Denied
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_papers_may_be_text_files(rulebook: Rulebook, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "papers.txt"
    file.write_bytes(TYPED.replace("one at", "one \u2013 at").encode(encoding))
    draft = read_papers([file], rulebook.vocabulary)
    assert amounts(draft) == [(8, 3, 5), (120, 0, 120)]
    assert [document.kind for document in draft.case.documents or ()] == ["request", "utilization_review"]
    assert "Marwick" not in str(draft)
    assert draft.proposals[0].page == 1


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"a\0b" * 99, "not-text"), (b"x\n" * 600_000, "too-much-text"), (b"\f" * 300, "too-many-pages")]
)  # fmt: skip
def test_a_text_file_is_bounded(rulebook: Rulebook, tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "paper.txt"
    file.write_bytes(content)
    with pytest.raises(LetterError) as caught:
        read_papers([file], rulebook.vocabulary)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    "words",
    [
        "Authorization is requested for 8 sessions of acupuncture for the neck, twice a week for four weeks. I also request authorization for a cervical MRI.",
        "I am requesting authorization for acupuncture for the neck, 8 visits, and for an MRI of the cervical spine.",
        "Please authorize acupuncture for the neck, two times a week for four weeks. We are also seeking approval for a cervical MRI.",
        "At this time I hereby request 8 visits of acupuncture for the neck. I would like to ask for an MRI of the cervical spine.",
        "Authorization is being sought for acupuncture to the neck, 2 times per week for 4 weeks; MRI of the cervical spine.",
    ],
)
def test_a_narrative_may_ask_in_sentences(read: Read, words: str) -> None:
    sheet = Sheet()
    for each in (
        "REQUEST FOR AUTHORIZATION (Narrative)",
        "Date of Injury: 05/23/2023",
        "Date of Report: 06/30/2023",
        "",
    ):
        sheet.print(54, each)
        sheet.down()
    sheet.paragraph(words)
    sheet.paragraph("The worker had 12 visits of physical therapy in 2022, and did not ask for more of it.")
    case = read(sheet.bytes()).case
    assert [(item.treatment, count(item, "asked")) for item in case.items] == [("acupuncture", 8), ("mri", 1)]
    assert str(case.request.date) == "2023-06-30"


@pytest.mark.parametrize(
    "label",
    [
        "Reason for request:",
        "Rationale for item 1:",
        "Basis of this request:",
        "Comment on treatment:",
        "Dates for the service:",
    ],
)
def test_a_word_within_another_label_begins_no_item(read: Read, label: str) -> None:
    draft = read(
        lines(
            "REQUEST FOR AUTHORIZATION", "Date of Injury: 05/23/2023", "Treatment requested:", "(1) Acupuncture, neck, 8 visits", "(2) Bupropion XL 150 mg, #30, 2 refills",
            f"{label} BDI 28, sleeps 4 hours a night.", "Date: 06/30/2023",
        )
    )  # fmt: skip
    assert [(item.treatment, count(item, "asked")) for item in draft.case.items] == [
        ("acupuncture", 8),
        ("antidepressant", 90),
    ]


@pytest.mark.parametrize(
    ("approved", "refused", "amounts_of"),
    [
        ("6 sessions of acupuncture", "6 sessions of acupuncture", (12, 6, 6)),
        ("None", "Acupuncture, neck", (12, 0, 12)),
        ("Acupuncture x 4 visits", "Acupuncture x 8 visits", (12, 4, 8)),
        ("Acupuncture, four visits", "", (12, 4, 8)),
        ("0", "12 visits", (12, 0, 12)),
    ],
)
def test_columns_may_say_in_words_what_was_approved_and_refused(
    read: Read, approved: str, refused: str, amounts_of: tuple[int, int, int]
) -> None:
    draft = read(
        columns(
            ("Treatment Requested", "Certified", "Not Certified"), ("12 sessions of acupuncture, neck", approved, refused),
            ("Tramadol 50 mg #90", "None", "Tramadol 50 mg #90"), ("Cervical MRI", "Cervical MRI", "None"), at=(54, 230, 400),
        )
    )  # fmt: skip
    assert amounts(draft) == [amounts_of, (90, 0, 90)]
    assert [kind for _, kind in draft.settled] == ["approved"]


@pytest.mark.parametrize(
    "points",
    [
        ("1. MODIFIED - Acupuncture, neck, 12 visits requested, 8 visits approved.", "2. DENIED - Cervical MRI.", "3. DEFERRED - X-ray of the left wrist; not an accepted body part."),
        ("\u2022 Acupuncture, neck (12 visits): PARTIALLY CERTIFIED (8 visits certified; 4 visits non-certified)", "\u2022 Cervical MRI (1): NON-CERTIFIED", "\u2022 X-ray of the left wrist: DEFERRED"),
        ("e Acupuncture, neck, 12 visits: modified to 8 visits", "e Cervical MRI: denied", "\u00a2 X-ray of the left wrist: deferred"),
        ("a) Acupuncture, neck, 12 visits, is certified for 8 visits; 4 visits are denied", "b) Cervical MRI is denied", "c) X-ray of the left wrist is deferred"),
        ("- Acupuncture, neck, 12 visits \u2013 approve 8, deny 4", "- Cervical MRI \u2013 deny", "- X-ray of the left wrist \u2013 defer"),
    ],
)  # fmt: skip
def test_points_that_each_decide_stay_apart(read: Read, points: Sequence[str]) -> None:
    draft = read(lines(*HEAD, "The following was reviewed:", *points))
    assert decided(draft) == [("acupuncture", "modified", 12, 8), ("mri", "denied", 1, 0)]
    assert [kind for _, kind in draft.settled] == ["deferred"]


@pytest.mark.parametrize(
    "text",
    [
        "Modified: Occupational therapy 12 visits requested, 6 visits approved. Denied: cervical MRI; wrist splint purchase.",
        "Denied: cervical MRI; wrist splint purchase. Modified: occupational therapy 12 visits requested, 6 visits approved.",
        "Non-certified: cervical MRI; modified: occupational therapy, 12 visits requested, 6 visits approved; wrist splint, purchase",
        "Not approved: cervical MRI; wrist splint. Modified services: occupational therapy 12 visits requested, 6 approved",
        "Occupational therapy 12 visits requested, 6 visits approved; denied: cervical MRI; wrist splint purchase",
    ],
)
def test_free_text_of_an_application_may_be_parted_by_what_was_decided(read: Read, text: str) -> None:
    sheet = Sheet()
    for words in (*APPLICATION, DISPUTED):
        sheet.print(54, words)
        sheet.down()
    sheet.paragraph(text)
    draft = read(sheet.bytes())
    found = {item.treatment: count(item, "in_dispute") for item in draft.case.items}
    assert found == {"occupational_therapy": 6, "mri": 1, "wrist_splint": 1}


@pytest.mark.parametrize(
    "words",
    [
        "Home health aide (4 hours a day, 5 days a week, 2 weeks): NON-CERTIFIED",
        "Home health aide, 4 hours per day, 5 days per week for 2 weeks: denied",
        "Home health aide 4 hours daily, 5 days a week x 2 weeks is not certified",
        "Home health aide, 4 hours a day, 5 days a week, 2 weeks - denied",
        "Home health aide 4 hours/day, 5 days/week, 2 weeks, is denied",
    ],
)
def test_how_long_is_no_amount_that_was_refused(read: Read, words: str) -> None:
    draft = read(lines(*HEAD, words))
    assert amounts(draft) == [(40, 0, 40)]


@pytest.mark.parametrize(
    "headings",
    [
        ("Visits per week", "Number of weeks", "Total visits"), ("Times per week", "Weeks", "Total"), ("Per week", "No. of weeks", "Total sessions"),
        ("Sessions per week", "# of weeks", "Qty"), ("Visits/week", "Weeks", "No. of visits"),
    ],
)  # fmt: skip
def test_a_pace_a_length_and_a_total_have_columns_of_their_own(
    read: Read, headings: tuple[str, str, str]
) -> None:
    head = ("REQUEST FOR AUTHORIZATION", "Date of Injury: 05/23/2023")
    draft = read(
        columns(
            ("Diagnosis", "Requested service", "CPT", *headings), ("Neck strain", "Acupuncture, neck", "97810", "2", "4", "8"), ("Neck strain", "Massage, neck", "97124", "1", "6", ""),
            ("Neck strain", "Cervical MRI", "72141", "", "", "1"), at=(40, 120, 230, 290, 390, 490), head=head,
        )
    )  # fmt: skip
    assert [count(item, "asked") for item in draft.case.items] == [8, 6, 1]
    frequency = draft.case.items[0].frequency
    assert frequency is not None and (frequency.times[0].value, frequency.per) == (2, "week")


@pytest.mark.parametrize("heading", ["Requested", "Request", "Item", "Services or items", "Description"])
def test_the_treatments_of_a_table_go_by_many_headings(read: Read, heading: str) -> None:
    draft = read(
        columns(
            (heading, "Determination", "Rationale"), ("Cyclobenzaprine 5 mg #90, 1 refill", "Modified to #30 with no refills", "A short course."),
            ("Acupuncture, neck, 12 visits", "Non-certified", "12 visits exceed a trial."), at=(54, 250, 420),
        )
    )  # fmt: skip
    assert amounts(draft) == [(180, 30, 150), (12, 0, 12)]


@pytest.mark.parametrize(
    ("asked", "approved"),
    [
        ("Units requested", "Units approved"),
        ("Visits requested", "Visits certified"),
        ("Quantity requested", "Quantity authorized"),
        ("Number requested", "Number allowed"),
        ("Qty requested", "Qty approved"),
    ],
)
@pytest.mark.parametrize("colon", ["", ":"])
def test_amounts_may_stand_beside_labels_in_two_columns(
    read: Read, asked: str, approved: str, colon: str
) -> None:
    sheet = Sheet()
    for words in (*HEAD, ""):
        sheet.print(54, words)
        sheet.down()
    for label, value in (
        ("Service requested", "Chiropractic, lumbar spine"), (asked, "12"), (approved, "4"), ("Outcome", "Partially approved"), ("Explanation", "A fair trial."),
        ("Service requested", "Tramadol 50 mg"), (asked, "90"), (approved, "0"), ("Outcome", "Adverse determination"), ("Explanation", "No gain is shown."),
    ):  # fmt: skip
        sheet.pair(label + colon, value)
    assert amounts(read(sheet.bytes())) == [(12, 4, 8), (90, 0, 90)]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Norco 10/325 mg #120 was reduced to #90", 30),
        ("Acupuncture 12 visits, reduced to 8 visits", 4),
        ("Acupuncture, neck, 12 visits reduced to 8", 4),
        ("Norco 10/325 mg #120: reduced to #90", 30),
        ("Tramadol 50 mg #60 reduced to 45 tablets", 15),
    ],
)
def test_what_is_reduced_is_modified(read: Read, words: str, left: int) -> None:
    draft = read(lines(*APPLICATION, DISPUTED, f"1. {words}"))
    (item,) = draft.case.items
    assert count(item, "in_dispute") == left
    assert item.utilization_review is not None and item.utilization_review.decision == "modified"


def test_pain_that_is_reduced_modifies_nothing(read: Read) -> None:
    draft = read(
        lines(
            *HEAD, "The request for Norco 10/325 mg #60 is denied. With Norco the pain is reduced to 4/10. With acupuncture it is",
            "reduced to 3 of 10 for some hours.",
        )
    )  # fmt: skip
    assert decided(draft) == [("opioid", "denied", 60, 0)]


def test_a_reason_that_names_less_of_the_body_is_of_the_same_item(read: Read) -> None:
    draft = read(
        lines(
            *HEAD, "We are unable to authorize the right wrist MRI. Acupuncture, neck, 8 visits, is authorized for 4 visits.",
            "The wrist MRI is not authorized because plain films have not been taken.",
        )
    )  # fmt: skip
    assert decided(draft) == [("mri", "denied", 1, 0), ("acupuncture", "modified", 8, 4)]


@pytest.mark.parametrize(
    "words",
    [
        "Requested services:",
        "Requested treatment:",
        "Services requested:",
        "Treatment requested:",
        "Requested items:",
    ],
)
def test_a_list_may_stand_under_what_is_requested(read: Read, words: str) -> None:
    draft = read(
        lines(
            "Authorization Request - DWC RFA, narrative", "Date of Injury: 05/23/2023", "Date: 06/30/2023", words, "- Caudal epidural steroid injection",
            "- Cymbalta 60 mg daily, quantity 30, 1 refill", "- Massage therapy, neck, 6 visits",
        )
    )  # fmt: skip
    assert [count(item, "asked") for item in draft.case.items] == [1, 60, 6]
