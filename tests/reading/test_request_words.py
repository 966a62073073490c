"""Quantity, frequency and duration are read from the words of a service, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules import Rulebook
from imr_rules.reading import SPELLED, Amount, number, read_request, read_service


def bounds(amount: Amount | None) -> tuple[object, object, str | None] | None:
    return None if amount is None else (amount.at_least, amount.at_most, amount.unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Continue physical therapy 3 times a week for 2 weeks", 6, 6),
        ("Physical therapy 2-3 times a week for 6 weeks", 12, 18),
        ("Physical therapy twice weekly for six (6) weeks", 12, 12),
        ("Aquatic therapy 2-3 x wk x 4-6 wks for the low back", 8, 18),
        ("Acupuncture 1-2x/week x 6 weeks", 6, 12),
        ("Physical therapy 2x4, left knee", 8, 8),
        ("Physical therapy 2x4 weeks left knee", 8, 8),
        ("physical therapy two times four visits (8)", 8, 8),
        ("Physical therapy x 12 sessions", 12, 12),
        ("Physical therapy, times 12", 12, 12),
        ("Acupuncture therapy sessions lumbar spine #6", 6, 6),
        ("Post-op physical therapy 12-18 sessions", 12, 18),
        ("Eight physical therapy sessions for the neck", 8, 8),
        ("Chiropractic care for the low back; six sessions", 6, 6),
        ("Six physical therapy sessions two times a week for three weeks", 6, 6),
        ("Physical therapy to the lumbar spine 2 times a week for 3 weeks (6)", 6, 6),
        ("up to 8 visits of chiropractic care", None, 8),
        ("at least 4 sessions of massage therapy", 4, None),
        ("Cognitive behavioral therapy and relaxation training x4", 4, 4),
        ("Daily RN for 4 weeks for wound care", 28, 28),
    ],
)
def test_visits_are_counted(text: str, low: int | None, high: int | None) -> None:
    assert bounds(read_service(text).quantity) == (low, high, "visit")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("Home aide 12 hours per day, 5 times a week for 4 weeks", (240, 240, "hour")),
        ("Acute inpatient rehabilitation 7-10 days", (7, 10, "day")),
        ("Standard wheelchair for a 3 month rental", (3, 3, "month")),
        ("Cold therapy unit, 30 day rental", (30, 30, "day")),
        ("Cyclobenzaprine 7.5mg #60", (60, 60, None)),
        ("Orphenadrine ER 100mg tabs #30", (30, 30, "tablet")),
        ("Norco 5/325mg oral tablet, one tablet twice daily 14 days #40", (40, 40, "tablet")),
        ("Oxycodone ER 20mg #60 day supply: 30", (60, 60, None)),
        ("NCV bilateral lower extremities QTY: 2", (2, 2, None)),
        ("one (1) lumbar epidural steroid injection at L4-5", (1, 1, "injection")),
        ("Lidocaine ointment 5% 106.32gm", None),
        ("MRI of the right shoulder (1.5 Tesla, closed)", None),
        ("Three phase bone scan to the left foot", None),
        ("bedside 3 in 1 commode", None),
        ("Psychotherapy, 24 sessions per year", None),
        ("Physical therapy treatments for the left shoulder", None),
    ],
)
def test_other_units_and_no_quantity(text: str, quantity: tuple[object, object, str | None] | None) -> None:
    assert bounds(read_service(text).quantity) == quantity


def test_how_a_quantity_was_got_is_said() -> None:
    derived = read_service("Continue physical therapy 3 times a week for 2 weeks, right shoulder")
    assert derived.quantity == Amount(6, 6, "visit", "frequency x duration")
    assert derived.frequency is not None
    assert (derived.frequency.to_dict(), derived.continuing) == ({"value": 3, "per": "week"}, True)
    assert derived.duration == Amount(2, 2, "week")
    assert [part.to_dict() for part in derived.body_parts] == [
        {"region": "shoulder", "side": "right", "level": None}
    ]
    assert read_service("6 visits of physical therapy").quantity == Amount(6, 6, "visit", "stated")
    assert read_service("Physical therapy x 6").quantity == Amount(
        6, 6, "visit", "stated, in visits by the service"
    )


def test_months_are_not_turned_into_weeks() -> None:
    line = read_service("Physical therapy twice a week for 2 months")
    assert line.quantity is None
    assert (line.frequency is not None, bounds(line.duration)) == (True, (2, 2, "month"))


def test_a_quantity_that_contradicts_frequency_and_duration_is_a_caution() -> None:
    line = read_service("Physical therapy 3 times a week for 4 weeks (10 sessions)")
    assert (line.quantity and line.quantity.value) == 10
    assert line.cautions == ("quantity-differs-from-frequency-and-duration",)
    assert read_service("PT two to three times a week for six to eight weeks (24 sessions)").cautions == ()


def test_what_is_unspecified_or_not_recognized_is_said() -> None:
    line = read_service("Acupuncture treatments (unspecified quantity)")
    assert (line.quantity, line.quantity_unspecified) == (None, True)
    assert read_service("Hot pack 17 B").unrecognized == ("17",)
    assert read_service("Physical therapy x 6").unrecognized == ()


def test_the_name_of_the_service_is_what_remains() -> None:
    assert (
        read_service("Eight physical therapy sessions for the neck").service
        == "physical therapy for the neck"
    )
    assert read_service("Acupuncture 18 sessions").service == "Acupuncture"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Additional physical therapy", "continuing"),
        ("Continuation for hand therapy", "continuing"),
        ("Initial exam", "initial"),
        ("Retrospective famotidine", "retrospective"),
        ("Post-op physical therapy", "postoperative"),
        ("Post operative physical therapy", "postoperative"),
        ("Chiropractic evaluation", "evaluation"),
    ],
)
def test_flags(text: str, flag: str) -> None:
    line = read_service(text)
    flags = ("continuing", "initial", "retrospective", "postoperative", "evaluation")
    assert [name for name in flags if getattr(line, name)] == [flag]


@pytest.mark.parametrize(
    ("title", "asked", "authorized", "left", "whole"),
    [
        ("12 physical therapy visits was the original request; 10 were authorized; the remaining 2", 12, 10, 2, False),
        (
            "Eight physical therapy sessions for the back was the original request. Six physical therapy sessions for "
            "the back was authorized by the Claims Administrator. The remaining IMR eligible portion of the original "
            "request, Two physical therapy sessions for the back is",
            8, 6, 2, False,
        ),
        (
            "Acupuncture treatments, 9 visits was the original request. The Claims Administrator authorized acupuncture "
            "treatments, 6 sessions, leaving the original request IMR eligible. The original request, Acupuncture "
            "treatments, 9 visits is",
            9, 6, 9, True,
        ),
        ("Home aide 12 hours/day 5x/week for 4 weeks was the original request; 6 hours/day authorized; remaining 6 hours/day", 240, 120, 120, False),
        ("Norco 10/325mg #60 was the original request. Norco 10/325mg #25 was authorized by the Claims Administrator. The remaining IMR eligible portion of the original request, Norco 10/325mg #35 is", 60, 25, 35, False),
    ],
)  # fmt: skip
def test_asked_authorized_and_in_dispute_are_three_numbers(
    title: str, asked: int, authorized: int, left: int, whole: bool
) -> None:
    request = read_request(title)
    parts = (request.asked, request.authorized, request.in_dispute)
    assert [part and part.quantity and part.quantity.value for part in parts] == [asked, authorized, left]
    assert (request.partial, request.whole_request_in_dispute) == (True, whole)


def test_two_quantities_for_two_parts_are_bounds() -> None:
    title = (
        "Eight physical therapy sessions for the back and wrist was the original request. Six physical therapy sessions "
        "for the back was authorized by the Claims Administrator. The remaining IMR eligible portion of the original "
        "request, two physical therapy sessions for the back and eight physical therapy sessions for the wrist"
    )
    left = read_request(title).in_dispute
    assert bounds(left.quantity) == (8, 10, "visit")
    assert "several-quantities" in left.cautions


def test_what_was_modified_leaves_the_rest_unsaid() -> None:
    request = read_request("12 sessions of chiropractic treatment modified to 6")
    assert request.authorized is not None
    assert [bounds(part.quantity) for part in (request.asked, request.authorized)] == [
        (12, 12, "visit"),
        (6, 6, "visit"),
    ]
    assert request.in_dispute.cautions == ("partly-allowed",)


@pytest.mark.parametrize(
    ("written", "value"), [("six (6)", 6), ("Twelve", 12), ("24", 24), ("twice", 2), ("twenty-four", 24)]
)
def test_numbers(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["", "many", "6 7", "1/2"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(written)


VOCABULARY = (
    "physical therapy 12 visits x times 2 3 a week for weeks (6) #60 mg was the original request. authorized by "
    "remaining portion of, right shoulder two to 4-6 (unspecified quantity) per day hours tablets ; :"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_is_accepted_and_bounds_are_in_order(text: str) -> None:
    request = read_request(text)
    for part in (request.asked, request.authorized, request.in_dispute):
        for amount in () if part is None else (part.quantity, part.duration, part.hours_a_day):
            if amount is not None and amount.at_least is not None and amount.at_most is not None:
                assert amount.at_least <= amount.at_most
            if amount is not None:
                amount.to_dict()


@given(
    st.integers(1, 7), st.integers(1, 12), st.sampled_from(["times a week", "x/week", "visits per week"]),
    st.sampled_from(["for {} weeks", "x {} weeks", "over {} weeks"]),
)  # fmt: skip
def test_frequency_times_duration_whatever_the_writing(often: int, long: int, times: str, weeks: str) -> None:
    line = read_service(f"Physical therapy {often} {times} {weeks.format(long)} for the neck")
    assert bounds(line.quantity) == (often * long, often * long, "visit")


@given(st.sampled_from(sorted(SPELLED)), st.sampled_from(sorted(SPELLED)))
def test_a_spelled_number_says_what_its_figures_say(often: str, long: str) -> None:
    spelled = read_service(f"Physical therapy {often} times a week for {long.upper()} weeks, left knee")
    figures = read_service(
        f"Physical therapy {SPELLED[often]} times a week for {SPELLED[long]} weeks, left knee"
    )
    assert (spelled.frequency, spelled.duration, spelled.quantity) == (
        figures.frequency,
        figures.duration,
        figures.quantity,
    )


def test_letters_of_other_alphabets_spell_no_number() -> None:
    assert read_service("physical therapy, twenty-\u017fix vi\u017fits, f\u0131ve").quantity is None


def test_a_number_that_is_no_quantity_stays_in_the_name_in_figures(rulebook: Rulebook) -> None:
    line = read_service("Three phase bone scan of the left foot")
    assert line.service.startswith("3 phase bone scan")
    assert rulebook.vocabulary.recognize(line.service) == "bone_scan"
