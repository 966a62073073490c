"""Letters nobody tuned the reader to: any form, any titles, wrapped and broken into pages anywhere."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reading.letters.composed import LAYOUTS, Composed, Head, Wanted, compose
from tests.reading.letters.reading import read_text

TITLES = [
    "Norco 10/325mg #120",
    "1 prescription of Ultram ER 150mg #30 with 2 refills",
    "Psychotherapy, 12 sessions, once a week",
    "COGNITIVE BEHAVIORAL THERAPY X 4 SESSIONS",
    "MRI of the lumbar spine without contrast",
    "Retrospective request: Naproxen 550mg #60 (DOS: 11/2/2016)",
    "Labs to include: CBC, CMP, and PT/INR",
    "Associated surgical service: Cold therapy unit, 7 day rental",
    "Left L4-L5 and L5-S1 transforaminal epidural steroid injection under fluoroscopy",
    "Home health aide 4 hours a day, 3 days a week for 6 weeks",
    "Evaluation of the overturned decision of 2015 with Dr. Brown",
    "Follow-up visit after the denial was overturned",
    "Trigger point injection, gluteus maximus",
    "Acupuncture 2x4 for the neck and low back",
    "Topical compound: Flurbiprofen 20%/Lidocaine 5%, 240 gm",
    "Individual psychotherapy sessions (20) and group therapy (8)",
    "Unknown prescription of Lidoderm patches",
    "Interferential unit and supplies: electrodes, 10 packs; batteries, 10; and lead wires, 1 pair, for 60 days' use at "
    "home with adhesive remover wipes and instructions, purchase",
    "Post-op physical therapy, right knee: 2-3 x 6",
    "Zolpidem 10 mg, one at bedtime, #30, no refills",
    "Consult with pain management specialist, e.g. for medication",
    "Wheelchair ramp, installation and materials (est. $1,200)",
]
RATIONALES = [
    "The records were read. The request is not medically necessary.",
    "Guidelines recommend a trial. The patient improved. Therefore, the request is medically necessary and appropriate.",
    "There is no documentation of failure of first-line therapy. As such, the request for this is not medically necessary",
    "Per the MTUS: opioids may be continued if the patient has returned to work. He has not: see the note of 11/2/2016.",
    'The letter of appeal says: "The denial should be overturned." The request is not medically necessary.',
    "The guideline has these criteria: (1) pain; (2) failure of care; and (3) no red flags. None is met.",
]
DATES = st.dates(min_value=date(2013, 1, 2), max_value=date(2017, 12, 31)).map(
    lambda day: (f"{day.month:02}/{day.day:02}/{day.year}", day.isoformat())
)
HEADS = st.builds(
    Head,
    case_number=st.from_regex(r"CM1[3-7]-[0-9]{7}", fullmatch=True),
    assigned=DATES, injury=DATES, decision=DATES, denial=DATES, received=DATES,
    priority=st.sampled_from(["Standard", "Expedited"]),
)  # fmt: skip
ITEMS = st.lists(
    st.builds(
        Wanted,
        st.sampled_from(TITLES),
        st.sampled_from(["upheld", "overturned"]),
        st.sampled_from(RATIONALES),
    ),
    min_size=1, max_size=6, unique_by=lambda item: item.title,
)  # fmt: skip
LETTERS = st.builds(
    compose, st.sampled_from(LAYOUTS), ITEMS, head=HEADS, width=st.integers(60, 120), lines=st.integers(12, 60),
    table=st.integers(0, 3),
)  # fmt: skip


def plain(words: str) -> str:
    """Return a title in small letters, without the name that is not kept."""
    return re.sub(r"\W+", " ", words.replace("Dr. Brown", "")).strip().lower()


@settings(max_examples=150)
@given(LETTERS)
def test_titles_outcomes_header_and_citations_are_exact(made: Composed) -> None:
    letter = read_text(made.pages)
    assert [(plain(item.title), item.outcome) for item in letter.items] == [
        (plain(item.title), item.outcome) for item in made.items
    ]
    header, head = letter.header, made.head
    assert (header.case_number, header.date_of_injury, header.decision_date) == (
        head.case_number,
        head.injury[1],
        head.decision[1],
    )
    if made.layout == "professional":
        return
    assert (header.ur_denial_date, header.application_received, header.date_assigned) == (
        head.denial[1],
        head.received[1],
        head.assigned[1],
    )
    if made.layout != "notice":
        assert header.priority == head.priority
    assert letter.reviewer.specialty == "Psychiatry"
    for item in letter.items:
        for side in (item.administrator, item.reviewer):
            assert [(each.document, each.edition, each.sections) for each in side.citations] == [
                ("Chronic Pain Medical Treatment", 2016, ("Physical medicine treatment",))
            ]


@settings(max_examples=60)
@given(st.sampled_from(LAYOUTS), ITEMS, st.data())
def test_a_page_break_inside_a_word_of_the_form_changes_nothing(
    layout: str, items: list[Wanted], data: st.DataObject
) -> None:
    """A page may end inside a word: "Over" and "turned", where the letter uses the whole word elsewhere."""
    text = "\n".join(compose(layout, items).pages)
    words = list(re.finditer(r"(?<=[a-z ])(?:administrator|guideline|rationale|verturned|ecision)\b", text))
    assume(words)
    word = data.draw(st.sampled_from(words))
    at = data.draw(st.integers(word.start() + 1, word.end() - 1))
    one, two = read_text([text]), read_text([text[:at], text[at:]])
    assert [(item.title, item.outcome) for item in one.items] == [
        (item.title, item.outcome) for item in two.items
    ]
    assert [item.reviewer.citations and item.reviewer.citations[0].document for item in one.items] == [
        item.reviewer.citations and item.reviewer.citations[0].document for item in two.items
    ]


@pytest.mark.parametrize("layout", ["lines", "inline"])
def test_a_partial_approval_keeps_its_three_quantities_in_mixed_company(layout: str) -> None:
    partial = (
        "Cognitive behavioral therapy once a week for 12 weeks was the original request. Cognitive behavioral therapy, 4 "
        "sessions was authorized by the Claims Administrator. The remaining IMR eligible portion of the original "
        "request, Cognitive behavioral therapy, 8 sessions"
    )
    items = [
        Wanted("Zolpidem 10 mg #30", "upheld"),
        Wanted(partial, "overturned"),
        Wanted("Biofeedback x 6", "upheld"),
    ]
    for lines in (14, 23, 60):
        letter = read_text(compose(layout, items, lines=lines).pages)
        assert [item.outcome for item in letter.items] == ["upheld", "overturned", "upheld"]
        amounts = [
            each and each.amount and each.amount.value
            for each in (letter.items[1].asked, letter.items[1].authorized, letter.items[1].in_dispute)
        ]
        assert amounts == [12, 4, 8]


@pytest.mark.parametrize(
    ("layout", "cited", "wanted"),
    [
        (
            "inline",
            "MTUS Chronic Pain Treatment Guidelines Page(s): 23, 58-59",
            [(True, "Chronic Pain Treatment Guidelines", None, None, (), ("23", "58-59"))],
        ),
        (
            "inline",
            "MTUS ACOEM Practice Guidelines, Chapter 12 Low Back Complaints Page(s): 303, 304",
            [(True, "ACOEM Practice Guidelines", "Chapter 12 Low Back Complaints", None, (), ("303", "304"))],
        ),
        (
            "inline",
            "MTUS Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99. Decision based on Non-MTUS Citation "
            "ODG-TWC, Low Back Chapter, Physical Therapy",
            [
                (True, "Chronic Pain Treatment Guidelines", None, None, ("Physical Medicine",), ("98-99",)),
                (False, "ODG-TWC", "Low Back", None, ("Physical Therapy",), ()),
            ],
        ),
        (
            "notice",
            "Low Back Complaints Chapter (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 12), pages 287-315, which is "
            "part of the MTUS; and the Official Disability Guidelines (ODG), Low Back Chapter, which is not part of the MTUS",
            [
                (True, "Low Back Complaints", "Chapter 12", 2004, (), ("287-315",)),
                (False, "Official Disability Guidelines (ODG)", "Low Back", None, (), ()),
            ],
        ),
        (
            "decision_for",
            "Chronic Pain Medical Treatment Guidelines (May 2009), page 98, Physical Medicine, part of the MTUS",
            [
                (
                    True,
                    "Chronic Pain Medical Treatment Guidelines",
                    None,
                    2009,
                    ("Physical Medicine",),
                    ("98",),
                )
            ],
        ),
    ],
)
def test_citations_of_the_earlier_forms(layout: str, cited: str, wanted: list[tuple[object, ...]]) -> None:
    (item,) = read_text(
        compose(layout, [Wanted("Physical therapy x 8", "upheld", administrator=cited, reviewer=cited)]).pages
    ).items
    for side in (item.administrator, item.reviewer):
        assert [
            (each.mtus, each.document, each.chapter, each.edition, each.sections, each.pages)
            for each in side.citations
        ] == wanted
