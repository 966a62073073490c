"""Composed papers in many layouts: every item, count, decision, date and citation exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.reading.papers import Draft, read_papers
from tests.reading.papers import composing as compose
from tests.reading.papers.composing import DATES, Truth, truth
from tests.reading.papers.drawing import Sheet, scan

STYLES = ("cross", "full", "pen", "glyph")
Make = Callable[[Truth, int], bytes]
REQUESTS: dict[str, Make] = {
    "2014, fields": lambda case, n: compose.request_2014(case, Sheet(fillable=True), written=DATES[n % 7]),
    "2014, flat": lambda case, n: compose.request_2014(case, Sheet(), style=STYLES[n % 4], written=DATES[n % 7]),
    "2014, flattened": lambda case, n: compose.request_2014(case, Sheet(late=True, hand="Courier"), style=STYLES[n % 4], fax=True),
    "2013, flat": lambda case, n: compose.request_2013(case, Sheet(), written=DATES[n % 7]),
    "2013, fields": lambda case, n: compose.request_2013(case, Sheet(fillable=True), written=DATES[n % 7]),
    "office": lambda case, n: compose.request_office(case, Sheet(), written=DATES[n % 7]),
    "narrative": lambda case, n: compose.request_narrative(case, Sheet(size=10), written=DATES[n % 7]),
}  # fmt: skip
DECISIONS: dict[str, Make] = {
    "table": lambda case, n: compose.decision_table(case, Sheet(), n, written=DATES[n % 7]),
    "table without rules": lambda case, n: compose.decision_table(case, Sheet(), n + 1, ruled=False, written=DATES[n % 7]),
    "blocks": lambda case, n: compose.decision_blocks(case, Sheet(size=10), n, written=DATES[n % 7]),
    "labels and values": lambda case, n: compose.decision_pairs(case, Sheet(), n, written=DATES[n % 7]),
    "prose": lambda case, n: compose.decision_prose(case, Sheet(size=10), n, written=DATES[n % 7]),
    "memo": lambda case, n: compose.decision_memo(case, Sheet(), n, written=DATES[n % 7]),
    "plain letter": lambda case, n: compose.decision_plain(case, Sheet(size=11), n, written=DATES[n % 7]),
    "boxes": lambda case, n: compose.decision_boxes(case, Sheet(), n, style=STYLES[n % 4], written=DATES[n % 7]),
    "by date of service": lambda case, n: compose.decision_by_service(case, Sheet(), n, written=DATES[n % 7]),
}  # fmt: skip
APPLICATIONS: dict[str, Make] = {
    "2014, fields": lambda case, n: compose.application_2014(case, Sheet(fillable=True), written=DATES[n % 7], amounts=n),
    "2014, flat": lambda case, n: compose.application_2014(case, Sheet(), style=STYLES[n % 4], written=DATES[n % 7], amounts=n),
    "2013": lambda case, n: compose.application_2013(case, Sheet(), written=DATES[n % 7]),
}  # fmt: skip


@pytest.fixture
def read(rulebook: Rulebook, tmp_path: Path) -> Callable[..., Draft]:
    def read(*pdfs: bytes, **more: object) -> Draft:
        files = []
        for number, pdf in enumerate(pdfs):
            files.append(tmp_path / f"{number}.pdf")
            files[-1].write_bytes(pdf)
        return read_papers(files, rulebook.vocabulary, **more)  # type: ignore[arg-type]

    return read


def count(item: object, name: str) -> object:
    said = getattr(item, name)
    return None if said is None else said[0].value


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("layout", REQUESTS)
def test_a_request_gives_what_is_asked_for(read: Callable[..., Draft], layout: str, seed: int) -> None:
    told = truth(seed)
    case = read(REQUESTS[layout](told, seed)).case
    assert str(case.injury.date) == told.injury.isoformat()
    assert str(case.request.date) == told.request.isoformat()
    assert case.worker.age is not None
    assert case.worker.age[0].value == told.age
    assert case.record.read == "none"
    asked = {(item.treatment, item.codes, count(item, "asked")) for item in case.items}
    assert asked == {(i.service.treatment, i.service.codes, i.service.asked) for i in told.items}
    assert all(item.utilization_review is None for item in case.items)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("layout", DECISIONS)
def test_a_decision_gives_what_was_decided(read: Callable[..., Draft], layout: str, seed: int) -> None:
    told = truth(seed, put_off=seed % 2 == 0)
    draft = read(DECISIONS[layout](told, seed))
    refused = [i for i in told.items if i.decision in ("denied", "modified")]
    got = {
        (item.treatment, item.utilization_review and item.utilization_review.decision, *(count(item, n) for n in ("asked", "authorized", "in_dispute")))
        for item in draft.case.items
    }  # fmt: skip
    assert got == {
        (i.service.treatment, i.decision, i.service.asked, i.authorized, i.in_dispute) for i in refused
    }
    assert sorted(kind for _, kind in draft.settled) == sorted(
        i.decision for i in told.items if i not in refused
    )
    review = draft.case.items[0].utilization_review
    assert review is not None
    assert str(review.date) == told.decided.isoformat()
    assert str(draft.case.request.received) == told.received.isoformat()
    assert str(draft.case.injury.date) == told.injury.isoformat()


@pytest.mark.parametrize("layout", [name for name in DECISIONS if name != "plain letter"])
def test_a_decision_gives_each_item_its_own_citation(read: Callable[..., Draft], layout: str) -> None:
    told = truth(5)
    cited = {i.service.treatment: i.guideline for i in told.items}
    for item in read(DECISIONS[layout](told, 5)).case.items:
        document, edition, section, pages = cited[str(item.treatment)]
        (one,) = item.cited.administrator
        assert (one.document, one.edition) == (document, edition)
        assert ", ".join(part for part in (one.part, one.section) if part) == section
        assert one.pages == (tuple(range(pages[0], pages[-1] + 1)) if pages else ())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("layout", APPLICATIONS)
def test_an_application_gives_what_is_in_dispute(read: Callable[..., Draft], layout: str, seed: int) -> None:
    told = truth(seed)
    case = read(APPLICATIONS[layout](told, seed)).case
    assert {(item.treatment, count(item, "in_dispute")) for item in case.items} == {
        (i.service.treatment, i.in_dispute) for i in compose.disputed(told)
    }
    assert str(case.application.date) == told.applied.isoformat()


def test_drugs_count_each_fill(read: Callable[..., Draft]) -> None:
    told = truth(1)
    told.items = [
        compose.Item(service, kind, authorized)
        for service, kind, authorized in zip(
            [s for s in compose.SERVICES if s.unit == "tablet"], ("modified", "denied"), (30, 0), strict=True
        )
    ]
    case = read(compose.decision_drugs(told, Sheet())).case
    assert [
        (count(item, "asked"), count(item, "authorized"), count(item, "in_dispute")) for item in case.items
    ] == [(60, 30, 30), (90, 0, 90)]
    assert case.items[0].findings["formulary_status"][0].value == "non_exempt"


@pytest.mark.long
@pytest.mark.parametrize("turn", [0, pytest.param(180, marks=pytest.mark.long), 90])
def test_a_scan_is_read_upright_and_nothing_on_it_is_taken_as_sure(
    read: Callable[..., Draft], turn: int
) -> None:
    told = truth(2)
    draft = read(scan(compose.request_2014(told, Sheet(size=10)), skew=-1.3, turn=turn))
    assert {(item.treatment, count(item, "asked")) for item in draft.case.items} == {
        (i.service.treatment, i.service.asked) for i in told.items
    }
    assert all(proposal.sure != "yes" and proposal.confidence is not None for proposal in draft.proposals)


def test_what_papers_of_one_case_agree_on_is_said_once_and_where_they_differ_twice(
    read: Callable[..., Draft],
) -> None:
    told = truth(4)
    other = truth(4)
    other.items = [
        replace(item, service=replace(item.service, asked=item.service.asked + 2)) for item in other.items
    ]
    request, decision = (
        compose.request_2014(told, Sheet(fillable=True)),
        compose.decision_table(told, Sheet(), 0),
    )
    agreed = read(request, decision).case
    assert all(len(item.asked or ()) == 1 for item in agreed.items)
    assert {e.document for item in agreed.items for e in (item.asked or ())[0].evidence} == {"rfa", "ur"}
    draft = read(request, compose.decision_table(other, Sheet(), 0))
    differing = [item for item in draft.case.items if len(item.asked or ()) == 2]
    assert differing == list(draft.case.items)
    assert any("asked" in caution and "(rfa, page 1) or" in caution for caution in draft.cautions)
    assert any(proposal.sure == "ask" for proposal in draft.proposals)


def test_one_file_may_hold_several_papers(read: Callable[..., Draft]) -> None:
    import io

    import pypdfium2

    told = truth(0)
    whole = pypdfium2.PdfDocument.new()
    for pdf in (
        compose.decision_table(told, Sheet(), 0),
        compose.application_2014(told, Sheet()),
        compose.request_2014(told, Sheet()),
    ):
        whole.import_pages(pypdfium2.PdfDocument(pdf))
    out = io.BytesIO()
    whole.save(out)
    case = read(out.getvalue()).case
    assert [document.id for document in case.documents or ()] == ["ur", "imr-application", "rfa"]
    assert len(case.items) == len(compose.disputed(told))


def lines(*words: str, sheet: Sheet | None = None) -> bytes:
    """A page with one line of words under the other."""
    sheet = sheet or Sheet()
    for each in words:
        sheet.print(54, each)
        sheet.down()
    return sheet.bytes()


def test_a_numbered_list_of_treatments_gives_an_item_each(read: Callable[..., Draft]) -> None:
    case = read(
        lines(
            "REQUEST FOR AUTHORIZATION OF MEDICAL TREATMENT", "Injured worker: Quillon Marwick", "Injury date: 09/23/2022", "Treatment requested:",
            "1) Acupuncture, cervical spine - 2 times weekly for 4 weeks (97810)", "2) MRI left shoulder without contrast (73221)",
            "3) Postoperative PT, 6 visits", "Provider signature: Q. Fenmore   Date signed: 03/14/2023",
        )
    ).case  # fmt: skip
    assert [(item.treatment, count(item, "asked")) for item in case.items] == [
        ("acupuncture", 8),
        ("mri", 1),
        ("physical_therapy", 6),
    ]
    assert case.items[2].service == "Postoperative PT, 6 visits"  # "PT" makes no name of the word before it


def test_reasons_of_one_paragraph_are_each_of_the_item_they_name(read: Callable[..., Draft]) -> None:
    draft = read(
        lines(
            "NOTICE OF UTILIZATION REVIEW DECISION", "June 12, 2023", "Re: Marisol Venterra   Claim 8841-QQ-2",
            "The request for 12 visits of physical therapy for the low back is denied. The request for",
            "a lumbar MRI is denied. Physical therapy: MTUS Chronic Pain Guidelines 2009, page",
            "98. Venterra did not improve. MRI: ACOEM Practice Guidelines 2009, page 303.",
        )
    )  # fmt: skip
    cited = {item.treatment: item.cited.administrator[0].pages for item in draft.case.items if item.cited}
    assert {name: [*pages] for name, pages in cited.items()} == {"physical_therapy": [98], "mri": [303]}
    assert "Venterra" not in str(draft)  # nor where it stands alone, without "Ms."


def test_an_application_asks_what_twelve_visits_of_which_six_were_approved_are(
    read: Callable[..., Draft],
) -> None:
    draft = read(
        lines(
            "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "Date of Injury: 07/07/2020",
            "List each specific requested medical service that was denied or modified:", "1. Physical therapy 12 visits (6 approved)",
        )
    )  # fmt: skip
    (item,) = draft.case.items
    assert (count(item, "asked"), count(item, "authorized"), count(item, "in_dispute")) == (12, 6, 6)
    assert any("what was asked for, or what is left" in each for each in draft.cautions)


@pytest.mark.parametrize(
    "desk",
    ["Attn: Utilization Review, Penfold Mutual", "To: Utilization Review", "Utilization Review Department"],
)
def test_whom_a_request_goes_to_is_no_title(read: Callable[..., Draft], desk: str) -> None:
    draft = read(
        lines(
            desk, "DOI: 11/12/2024", "Request for Authorization", "I request authorization for the following services:",
            "- Occupational therapy, right wrist, 3 visits per week for 5 weeks (97110, 97140)", "- Celecoxib 200 mg, #30 with 2 refills",
            "Date signed: March 3, 2025",
        )
    )  # fmt: skip
    assert [each.kind for each in draft.case.documents or ()] == ["request"]
    assert [count(item, "asked") for item in draft.case.items] == [15, 90]


def test_a_table_may_call_its_services_requests(read: Callable[..., Draft]) -> None:
    sheet = Sheet()
    for words in ("UTILIZATION REVIEW DETERMINATION", "Date of decision: 06/12/2023", ""):
        sheet.print(54, words)
        sheet.down()
    for row in (
        ("Request", "Determination", "Approved amount"),
        ("Occupational therapy, left hand, 2x6", "Modified", "8 visits"),
        ("Hydrocodone/APAP 5/325 mg #90", "Modified", "#45"),
        ("Follow up with hand surgeon", "Certified", "1 visit"),
        ("Massage therapy, 6 visits", "Denied", "None"),
    ):
        for x, words in zip((54, 290, 400), row, strict=True):
            sheet.print(x, words)
        sheet.down()
    case = read(sheet.bytes()).case
    assert [(item.treatment, count(item, "asked"), count(item, "authorized")) for item in case.items] == [
        ("occupational_therapy", 12, 8),
        ("opioid", 90, 45),
        ("massage_therapy", 6, 0),
    ]


def test_the_day_of_an_application_may_stand_under_its_signature(read: Callable[..., Draft]) -> None:
    case = read(
        lines(
            "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "Date of Injury: 07/07/2020",
            "List each specific requested medical service that was denied or modified:", "1. Acupuncture, 6 visits",
            "Employee Signature: Q. Marwick", "Date: 05/20/2023",
        )
    ).case  # fmt: skip
    assert case.application is not None and str(case.application.date) == "2023-05-20"


def test_how_much_may_stand_in_columns_of_its_own(read: Callable[..., Draft]) -> None:
    sheet = Sheet()
    for words in (
        "REQUEST FOR AUTHORIZATION (RFA)",
        "Date of Injury: 05/23/2023",
        "Dx: S46.011A strain of right rotator cuff",
        "",
    ):
        sheet.print(54, words)
        sheet.down()
    for row in (
        ("Procedure/Service", "CPT", "Frequency", "Duration", "Qty"),
        ("Physical therapy R shoulder", "97110", "2/wk", "5 wks", "10"),
        ("Naproxen 500 mg", "", "BID", "", "60 + 1 refill"),
        ("Shoulder CPM machine rental", "E0936", "daily", "21 days", ""),
    ):
        for x, words in zip((54, 250, 310, 380, 450), row, strict=True):
            if words:
                sheet.print(x, words)
        sheet.down()
    case = read(sheet.bytes()).case
    assert [count(item, "asked") for item in case.items] == [10, 120, 21]
    assert [each.icd10 for each in case.diagnoses] == ["S46.011A"]


def test_points_of_a_list_may_have_letters(read: Callable[..., Draft]) -> None:
    case = read(
        lines(
            "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "Date of Injury: 07/07/2020",
            "List each specific requested medical service that was denied or modified:", "a) Lumbar discectomy L4-5 (63030)",
            "b) Physical therapy post op 18 visits - 10 certified, 8 denied", "c) Zanaflex 4 mg #60 x 2 refills",
        )
    ).case  # fmt: skip
    assert [(count(item, "authorized"), count(item, "in_dispute")) for item in case.items[1:]] == [
        (10, 8),
        (None, 180),
    ]
