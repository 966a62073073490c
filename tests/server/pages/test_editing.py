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
from imr_rules.server.pages.case_form import case_data, confirmed, form_of, merged, pieces
from imr_rules.server.pages.changeable import rows
from imr_rules.server.pages.editing import Leaf, changes_between, corrected, edited, leaves
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


WHOLE: dict[str, Any] = {
    "priority": "regular", "as_of": "2014-06-01", "worker": {"age": 47, "sex": "male"},
    "injury": {"date": "2013-01-02", "until": "2013-02"},
    "diagnoses": [{"text": "lumbar strain", "icd9": "724.2"}],
    "accepted_body_parts": [{"region": "low_back", "side": "left", "level": "L4-L5"}],
    "request": {"date": "2014-05-20", "received": "2014-05-21"}, "application": {"date": "2014-06-01"},
    "items": [
        {
            "id": "pt", "service": "Physical therapy 6 visits", "treatment": "physical_therapy", "codes": ["97110"],
            "body_part": {"region": "low_back"}, "asked": 6, "authorized": {"value": 0, "unit": "visit"},
            "in_dispute": [{"value": 6}, {"value": 8}], "frequency": {"times": 2, "per": "week"},
            "duration": {"value": 3, "unit": "week"}, "course": "continuing",
            "utilization_review": {"decision": "denied", "date": "2014-05-28", "rationale": "no deficit"},
            "cited": {
                "administrator": [{"document": "MTUS", "edition": 2009, "part": "2", "section": "PT", "pages": [98]}],
                "reviewer": [{"document": "ACOEM", "pages": [3]}],
            },
            "findings": {"rationale": {"undocumented": ["pr2"]}},
        }
    ],
    "history": [
        {
            "treatment": "physical_therapy", "body_part": {"region": "low_back"}, "authorized_unused": 2,
            "attended": {"at_least": 4, "at_most": 6}, "since": "2013-02-01", "until": "--08-05", "after_surgery": False,
        }
    ],
    "surgeries": [{"text": "fusion", "date": "2014-01", "body_part": {"region": "low_back"}}],
    "measurements": [{"instrument": "PHQ-9", "date": "2014-01-10", "score": 18}],
    "findings": {"chronic_pain": True, "surgery_done": {"missing": "illegible"}},
    "record": {"read": "all"},
    "documents": [
        {"id": "pr2", "kind": "progress_report", "author": "physician", "date": "2014-05-01", "pages": 4},
        {"id": "notes", "kind": "therapy_notes"},
    ],
}  # fmt: skip
"""A case with a fact of every kind."""
RIGHT = {
    "/priority": "expedited", "/worker/sex": "female", "/diagnoses/0/text": "strain", "/diagnoses/0/icd9": "724.3",
    "/items/0/service": "Physical therapy", "/items/0/treatment": "acupuncture", "/items/0/codes/0": "97140",
    "/items/0/frequency/per": "month", "/items/0/course": "initial", "/history/0/treatment": "acupuncture",
    "/items/0/cited/administrator/0/edition": "2016", "/items/0/utilization_review/decision": "modified",
    "/measurements/0/instrument": "BDI", "/record/read": "part", "/documents/0/kind": "operative report", "/documents/1/kind": "operative report",
    "/surgeries/0/text": "discectomy",
}  # fmt: skip
"""What is right, where that is no count, date, truth or part of the body."""


def _right(pointer: str, value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    stated = first.get("value") if isinstance(first, dict) else first
    last = pointer.rpartition("/")[2]
    words = {"region": "neck", "side": "right", "level": "L5-S1"}
    if pointer in RIGHT or last in words:
        return RIGHT.get(pointer) or words[last]
    if isinstance(stated, bool) or (isinstance(first, dict) and first.keys() & {"undocumented", "missing"}):
        return "yes"
    if last in ("date", "since", "until", "received", "as_of"):
        return "March 4, 2013"
    return "other words" if isinstance(stated, str) else "7"


@pytest.mark.parametrize("leaf", list(leaves(WHOLE)), ids=lambda leaf: leaf.pointer)
def test_every_kind_of_fact_is_corrected_with_its_source_and_removed(leaf: Leaf, rulebook: Rulebook) -> None:
    where = {"document": "pr2", "page": 2}
    changed = corrected(WHOLE, leaf.pointer, _right(leaf.pointer, leaf.value), where, rulebook)
    assert {each.pointer for each in leaves(changed)} == {each.pointer for each in leaves(WHOLE)}
    (now,) = (each.value for each in leaves(changed) if each.pointer == leaf.pointer)
    assert now != leaf.value
    told = json.dumps(changed)
    stands = any(
        part in leaf.pointer for part in ("/cited", "/documents", "/record", "body_part", "/worker/sex")
    )
    bare = ("/priority", "/as_of", "/items/0/codes/0", "/items/0/frequency/per")
    assert ('"page": 2' in told) != (stands or leaf.pointer in bare)
    # The place alone can be said, and a fact can be taken out; a case is nothing without what it asks for.
    corrected(WHOLE, leaf.pointer, None, where, rulebook)
    if leaf.pointer != "/items/0/service":
        removed = corrected(WHOLE, leaf.pointer, None, None, rulebook, remove=True)
        assert len(list(leaves(removed))) < len(list(leaves(WHOLE)))


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/history/0/after_surgery", "unknown"), ("/findings/chronic_pain", "maybe"), ("/request/date", "some day"),
        ("/history/0/attended", "some"), ("/items/0/cited/reviewer/0/pages/0", "at least 4"), ("/priority", "soon"),
    ],
)  # fmt: skip
def test_what_a_fact_cannot_be_is_refused_and_untold_is_never_no(
    pointer: str, text: str, rulebook: Rulebook
) -> None:
    with pytest.raises(CaseError):
        corrected(WHOLE, pointer, text, None, rulebook)


@pytest.mark.parametrize(
    ("ids", "follows"),
    [(("surgery", "therapy", "clearance"), 0), (("9.b", None, "x_1"), 2), ((None, "b", "item-3"), 0), (("item-2", "item-1", "b"), 2)],
)  # fmt: skip
def test_the_form_keeps_ids_of_any_form_and_lets_one_item_follow_another(
    ids: tuple[str | None, ...], follows: int, rulebook: Rulebook
) -> None:
    """What the form shows of a case, sent as it is, changes nothing; one item made to follow another is one change."""
    services = ("Arthroscopy, right knee", "Physical therapy, 12 visits, right knee", "Acupuncture, 6 visits")
    stored = {
        "items": [
            {"service": service, **({"id": id} if id else {})}
            for id, service in zip(ids, services, strict=True)
        ]
    }
    shown = case_data(form_of(stored))
    assert merged(stored, shown, case_data(form_of(stored))) == stored
    form = form_of(stored)
    form.fields["item:1:follows"] = [f"item-{follows + 1}"]
    changed = merged(stored, shown, case_data(form))
    assert changed["items"][1]["follows"] == (ids[follows] or f"item-{follows + 1}")
    Case.from_data(changed, rulebook)
    again = form_of(changed)
    assert again.text("item:1:follows") == f"item-{follows + 1}"
    assert merged(changed, case_data(again), case_data(form_of(changed))) == changed


def test_an_item_added_in_the_form_gets_an_id_that_is_free() -> None:
    form = form_of({"items": [{"id": "item-2", "service": "MRI, low back"}]})
    form.fields["item:1:service"] = ["Acupuncture, 6 visits"]
    assert [each["id"] for each in case_data(form)["items"]] == ["item-2", "item-1"]


@pytest.mark.parametrize(
    ("said", "becomes"),
    [("8", {"value": 8, "unit": "visit"}), ("4 to 6", {"at_least": 4, "at_most": 6, "unit": "visit"})],
)
def test_a_count_said_anew_in_the_form_counts_the_same(said: str, becomes: dict[str, Any]) -> None:
    evidence = {"document": "notes", "page": 2}
    stored = {
        "items": [{"service": "Acupuncture", "asked": {"value": 12, "unit": "visit", "evidence": evidence}}],
        "history": [{"treatment": "acupuncture", "attended": [{"value": 3, "unit": "visit"}, {"value": 4, "unit": "visit"}]}],
    }  # fmt: skip
    shown = case_data(form_of(stored))
    form = form_of(stored)
    form.fields["item:0:asked"] = [said]
    form.fields["course:0:attended"] = [said]
    changed = merged(stored, shown, case_data(form))
    assert changed["items"][0]["asked"] == becomes
    assert changed["history"][0]["attended"] == becomes
