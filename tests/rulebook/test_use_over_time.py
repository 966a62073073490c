"""Days of use before, days asked for, and whether a course is the first: from courses in any unit."""

import pytest

from imr_rules import Case, Rulebook
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.rulebook.dictionary import Treatment
from imr_rules.rulebook.vocabulary import Vocabulary

RULEBOOK = Rulebook.load()


def fact(name: str, history: str = "[]", item: str = "", request: str = "2016-12-01") -> Value:
    case = Case.from_text(
        f"""
        record: {{read: all}}
        documents: [{{kind: progress_report}}]
        request: {{date: {request}}}
        history: {history}
        items: [{{service: psychotherapy, {item}}}]
        """
    )
    vocabulary = RULEBOOK.vocabulary
    assert case.request.date is not None
    record = Record(
        case, case.items[0], vocabulary.treatments["psychotherapy"], case.request.date.window, vocabulary
    )
    return derive(record, vocabulary.facts[name])


@pytest.mark.parametrize(
    ("history", "low", "high"),
    [
        ("[]", 0, 0),
        ("[{treatment: psychotherapy, since: 2016-11-01}]", 30, 30),
        ("[{treatment: psychotherapy, since: 2016-11-01, until: 2016-11-08}]", 7, 7),
        ("[{treatment: psychotherapy, attended: {value: 2, unit: week}}]", 14, 14),
        ("[{treatment: psychotherapy, attended: {at_least: 2, at_most: 3, unit: week}}]", 14, 21),
        ("[{treatment: psychotherapy, attended: {value: 1, unit: month}, since: 2010-01-01}]", 30, 30),
        ("[{treatment: psychotherapy, attended: 3, since: 2016-11-21}]", 10, 10),
        # A day on which two courses ran counts once.
        (
            "[{treatment: psychotherapy, since: 2016-11-21}, {treatment: psychotherapy, since: 2016-11-21}]",
            10,
            10,
        ),
        (
            "[{treatment: psychotherapy, since: 2016-11-21}, {treatment: psychotherapy, since: 2016-11-11}]",
            20,
            20,
        ),
        (
            "[{treatment: psychotherapy, since: 2016-11-01, until: 2016-11-08}, {treatment: psychotherapy, since: 2016-11-21}]",
            17,
            17,
        ),
        (
            "[{treatment: psychotherapy, since: 2016-11}, {treatment: psychotherapy, since: 2016-11-01}]",
            30,
            30,
        ),
        (
            "[{treatment: psychotherapy, since: 2016-11}, {treatment: psychotherapy, since: 2016-11-21}]",
            10,
            30,
        ),
    ],
)
def test_days_of_use_are_counted_or_read_off_the_dates(history: str, low: int, high: int) -> None:
    value = fact("days_of_use", history)
    assert (value.low, value.high) == (low, high)


def test_a_course_without_count_or_date_leaves_the_length_open() -> None:
    value = fact("days_of_use", "[{treatment: psychotherapy}]")
    assert value.state == "missing"
    assert not value.exact


def test_silence_about_earlier_use_is_unknown_and_never_held_against_the_request() -> None:
    searched = "[{treatment: psychotherapy, attended: {undocumented: [the chart], unit: week}}]"
    value = fact("days_of_use", searched)
    assert (value.state, value.silent) == ("undocumented", False)


def test_a_continuation_without_a_course_was_used_at_least_a_day() -> None:
    value = fact("days_of_use", item="course: continuing")
    assert value.low == 1
    assert not value.exact


@pytest.mark.parametrize(
    ("item", "days"),
    [
        ("asked: {value: 3, unit: week}", 21),
        ("asked: 60, duration: {value: 30, unit: day}", 30),
        ("in_dispute: {value: 2, unit: month}, authorized: {value: 1, unit: month}", 90),
        ("in_dispute: {value: 2, unit: month}", 60),
    ],
)
def test_days_requested_count_the_whole_request(item: str, days: int) -> None:
    value = fact("days_requested", item=item)
    assert (value.low, value.high) == (days, days)


def test_an_amount_in_another_unit_says_nothing_about_days() -> None:
    assert fact("days_requested", item="asked: 60").state == "missing"


def test_a_request_that_leaves_out_its_quantity_is_silent() -> None:
    value = fact("days_requested", item="asked: {undocumented: [the request]}")
    assert value.state == "undocumented"
    assert value.silent


@pytest.mark.parametrize(
    ("history", "first"),
    [
        ("[]", 1),
        ("[{treatment: psychotherapy, attended: {value: 2, unit: week}}]", 0),
        ("[{treatment: psychotherapy, since: 2016-11}]", 0),
    ],
)
def test_a_course_in_any_unit_is_a_course(history: str, first: int) -> None:
    value = fact("first_course", history)
    assert (value.low, value.high) == (first, first)


def test_a_course_of_which_nothing_is_known_does_not_settle_whether_this_is_the_first() -> None:
    assert not fact("first_course", "[{treatment: psychotherapy}]").exact


def test_words_that_decide_come_before_the_drugs_in_a_cream() -> None:
    drug = Treatment("gabapentin", "gabapentin", ("gabapentin",), "gabapentin", "tablet", ("gabapentin",))
    cream = Treatment("cream", "cream", ("cream",), "cream", "item", ("cream base",), decides=True)
    vocabulary = Vocabulary({}, {"gabapentin": drug, "cream": cream}, {}, {})
    assert vocabulary.recognize("Gabapentin 10% in cream base") == "cream"
    assert vocabulary.recognize("Gabapentin 300mg #60") == "gabapentin"
