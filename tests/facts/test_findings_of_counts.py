"""A count given as a finding stands in every sum it is part of, as if the history had said it."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.screening import PreparedItem, prepare_item


def fact(rulebook: Rulebook, name: str, **changes: Any) -> Value:
    item = {
        "service": "psychotherapy",
        "treatment": "psychotherapy",
        "in_dispute": 4,
        **changes.pop("item", {}),
    }
    whole = {"record": {"read": "all"}, "documents": [{"kind": "progress_report"}]}
    case = Case.from_data({"request": {"date": "2014-08-20"}, "items": [item], **whole, **changes})
    question = prepare_item(case, "item-1", case.items[0], rulebook, None)
    assert isinstance(question, PreparedItem)
    return derive(question.record, rulebook.vocabulary.facts[name])


def bounds(value: Value) -> tuple[int, int]:
    return value.low, value.high


COURSE = {"treatment": "psychotherapy", "attended": 12}


@pytest.mark.parametrize("name", ["prior_visits", "visits_if_granted", "visits_if_granted_claim"])
@pytest.mark.parametrize("where", ["case", "item"])
def test_visits_given_as_a_finding_count_like_a_course(rulebook: Rulebook, name: str, where: str) -> None:
    findings = {"findings": {"prior_visits": 12}}
    changes = {"item": findings} if where == "item" else findings
    assert bounds(fact(rulebook, name, **changes)) == bounds(fact(rulebook, name, history=[COURSE]))


def test_a_first_course_is_none_where_a_finding_counts_visits(rulebook: Rulebook) -> None:
    assert bounds(fact(rulebook, "first_course", findings={"prior_visits": 12})) == (0, 0)


def test_a_finding_against_the_history_leaves_both_possible_in_the_sum(rulebook: Rulebook) -> None:
    value = fact(rulebook, "visits_if_granted", history=[COURSE], findings={"prior_visits": 2})
    assert bounds(value) == (2 + 4, 12 + 4)
    assert value.conflict
    assert bounds(
        fact(rulebook, "visits_if_granted_claim", history=[COURSE], findings={"prior_visits": 20})
    ) == (12 + 4, 20 + 4)


def test_what_is_in_dispute_or_authorized_by_a_finding_stands_in_the_sum(rulebook: Rulebook) -> None:
    item = {"in_dispute": None}
    assert bounds(fact(rulebook, "visits_if_granted", item=item, findings={"in_dispute": 6})) == (6, 6)
    assert bounds(fact(rulebook, "visits_if_granted", findings={"authorized": 8})) == (12, 12)


@pytest.mark.parametrize(
    ("item", "authorized"),
    [
        ({"asked": 12, "in_dispute": 4}, (8, 8)),
        ({"asked": {"at_least": 10, "at_most": 12}, "in_dispute": 4}, (6, 8)),
        ({"asked": 12, "in_dispute": 4, "authorized": 6}, (6, 6)),
        ({"asked": 4, "in_dispute": 4}, (0, 0)),
        ({"asked": 12, "in_dispute": 4, "utilization_review": {"decision": "modified"}}, (8, 8)),
    ],
)
def test_what_is_asked_and_not_in_dispute_was_authorized(
    rulebook: Rulebook, item: dict[str, Any], authorized: tuple[int, int]
) -> None:
    assert bounds(fact(rulebook, "authorized", item=item)) == authorized


def test_visits_of_which_only_bounds_are_found_bound_the_sum(rulebook: Rulebook) -> None:
    value = fact(rulebook, "visits_if_granted", findings={"prior_visits": {"at_least": 5, "at_most": 7}})
    assert bounds(value) == (9, 11)


def test_a_finding_in_another_unit_stands_in_the_sum_of_that_unit(rulebook: Rulebook) -> None:
    item = {"service": "tablets", "in_dispute": {"value": 30, "unit": "tablet"}}
    assert bounds(fact(rulebook, "tablets_if_granted", item=item, findings={"tablets_attended": 60})) == (
        90,
        90,
    )


def test_a_course_that_is_not_the_first_is_a_visit_at_least(rulebook: Rulebook) -> None:
    value = fact(rulebook, "visits_if_granted", findings={"first_course": False})
    assert value.low == 5
    assert not value.exact


# -- when a treatment began --------------------------------------------------------------------------------


def test_an_undated_course_may_have_begun_before_the_dated_ones(rulebook: Rulebook) -> None:
    dated = {"treatment": "psychotherapy", "attended": 6, "since": "2014-07-16"}
    assert bounds(fact(rulebook, "weeks_since_start", history=[dated])) == (5, 5)
    value = fact(rulebook, "weeks_since_start", history=[dated, COURSE])
    assert value.low == 5
    assert value.high > 1000


def test_the_start_lies_no_later_than_any_course_began(rulebook: Rulebook) -> None:
    some_time = {"treatment": "psychotherapy", "attended": 6, "since": "2014"}
    known = {"treatment": "psychotherapy", "attended": 6, "since": "2014-07-16"}
    assert fact(rulebook, "weeks_since_start", history=[some_time, known]).low == 5
