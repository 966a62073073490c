"""Changing a case by fields, the amendment that says what changed, and a draft of which parts are confirmed."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules import Case, Rulebook, screen
from imr_rules.errors import CaseError
from imr_rules.server.pages.case_form import confirmed, pieces
from imr_rules.server.pages.changeable import rows
from imr_rules.server.pages.editing import changes_between, edited
from imr_rules.server.tasks.amending import merge_patch
from tests.server.pages.reader import SEED_CASE, THERAPY

_SCALARS = st.one_of(st.booleans(), st.integers(), st.text("xy", max_size=2))
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abc", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
_OBJECTS = st.dictionaries(st.text("abc", max_size=2), _JSON, max_size=4)


@given(_OBJECTS, _OBJECTS)
def test_what_changed_makes_the_new_of_the_old(before: dict[str, Any], after: dict[str, Any]) -> None:
    made = merge_patch(before, changes_between(before, after))
    assert json.dumps(made, sort_keys=True) == json.dumps(after, sort_keys=True)  # true is not 1


@given(_OBJECTS)
def test_nothing_changed_says_nothing(data: dict[str, Any]) -> None:
    assert changes_between(data, copy.deepcopy(data)) == {}


def test_what_is_edited_is_a_copy_and_says_who_said_it(rulebook: Rulebook) -> None:
    before = copy.deepcopy(SEED_CASE)
    fields = {
        "finding:rationale": "yes",
        "course:0:attended": "3",
        "amount:in_dispute": "2",
        "finding:goals_met": "",
    }
    changed = edited(SEED_CASE, "item-1", fields, rulebook)
    assert before == SEED_CASE
    (item,) = changed["items"]
    assert item["findings"] == {"rationale": {"value": True, "evidence": {"place": "stated by the reviewer"}}}
    assert item["in_dispute"] == {
        "value": 2,
        "unit": "session",
        "evidence": {"place": "stated by the reviewer"},
    }
    assert changed["history"][0]["attended"]["value"] == 3
    assert changed["history"][0]["attended"]["unit"] == "session"
    Case.from_data(changed)


def test_a_first_course_can_be_added_and_only_of_a_treatment_that_is_known(rulebook: Rulebook) -> None:
    data = {"items": [{"service": "acupuncture, 6 visits", "in_dispute": 6}]}
    changed = edited(data, "item-1", {"course:new:attended": "4"}, rulebook)
    assert changed["history"][0]["treatment"] == "acupuncture"
    with pytest.raises(CaseError, match="name the treatment first"):
        edited({"items": [{"service": "something"}]}, "item-1", {"course:new:attended": "4"}, rulebook)


@pytest.mark.parametrize("case", [SEED_CASE, THERAPY], ids=["seed", "therapy"])
def test_every_row_that_is_shown_can_be_changed_to_every_value_it_offers(
    case: dict[str, Any], rulebook: Rulebook
) -> None:
    parsed = Case.from_data(case)
    for item in screen(parsed, rulebook).items:
        for row in rows(parsed, item, rulebook):
            for value in [value for value, _ in row.options[:4]] or ["1"]:
                screen(Case.from_data(edited(case, item.item, {row.field: value}, rulebook)), rulebook)


def test_a_draft_keeps_what_is_confirmed_and_nothing_else() -> None:
    draft = {
        "worker": {"age": 57, "sex": "female"},
        "items": [{"id": "item-1", "service": "x", "asked": 6, "findings": {"rationale": {"value": True}}}],
        "diagnoses": [{"text": "a"}, {"text": "b"}, {"text": "c"}],
        "findings": {"goals_met": [{"value": True}]},
    }
    every = {piece.pointer for piece in pieces(draft)}
    assert confirmed(json.dumps(draft), every) == draft
    kept = confirmed(json.dumps(draft), {"/worker/age", "/diagnoses/1", "/items/0/asked"})
    assert kept == {
        "worker": {"age": 57},
        "items": [{"id": "item-1", "service": "x", "asked": 6, "findings": {}}],
        "diagnoses": [{"text": "b"}],
    }
    assert confirmed(json.dumps(draft), set())["items"] == [{"id": "item-1", "service": "x", "findings": {}}]
