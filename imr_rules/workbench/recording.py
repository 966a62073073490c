"""Record anew what a fixture expects: only its ``expect:`` block changes, comments and layout stay.

What is recorded stays what it was: a fixture that expects a suggestion alone goes on expecting that alone.
Where an item now needs review, its grounds give way to its review reasons, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imr_rules.case import Case, ExpectedItem
from imr_rules.workbench.answers import Answer
from imr_rules.workbench.fixtures import compare
from imr_rules.workbench.in_place import changed_entry, rename, set_list


def recorded(text: str, case: Case, answers: Mapping[str, Answer]) -> str:
    """Return the text of a fixture with the answers its items now get.

    Args:
        text: the YAML of the fixture.
        case: the same, read.
        answers: what each item gets.
    """
    expected = case.expect.items if case.expect else {}

    def change(fixture: Any) -> None:
        for name, entry in expected.items():
            if list(compare(name, entry, answers[name])):
                _record(fixture["expect"]["items"][name], entry, answers[name])

    return changed_entry(text, "expect", change)


def _record(item: Any, entry: ExpectedItem, answer: Answer) -> None:
    for part in ("suggestion", "lean"):
        expected, got = getattr(entry, part), getattr(answer, part)
        if expected is not None and expected != got:
            item[part] = got
    review = answer.suggestion == "needs_review"
    wanted = "review_reasons" if review else "grounds"
    given = [part for part in ("grounds", "review_reasons") if part in item]
    if given:
        if wanted not in given:
            rename(item, given[0], wanted)
        for part in given:
            if part != wanted and part in item:
                del item[part]
        set_list(item[wanted], answer.review_reasons if review else answer.grounds)
    for criterion, status in (entry.statuses or {}).items():
        got = answer.statuses.get(criterion)
        if got is None:
            del item["statuses"][criterion]
        elif got != status:
            item["statuses"][criterion] = got
