"""From whole cases to flat rows, by the same derivation that :func:`~imr_rules.screening.screen` uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import pyarrow as pa

from imr_rules.case import Case, DisputedItem
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.facts.flat import HIGH, ITEM_COLUMNS, LOW, SILENCE, STATE, cells
from imr_rules.facts.record import Record
from imr_rules.facts.silence import Read, unmentioned
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.check import check
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.questions import facts_asked_about
from imr_rules.screening import PreparedItem, prepare_item

FlatRow = dict[str, bool | int | str | date]
"""The cells of one row, by column; a cell that is not there is null."""

_TYPES = {"boolean": pa.bool_(), "integer": pa.int64(), "date": pa.date32(), "choice": pa.string()}
_ITEM_TYPES = {"text": pa.string(), "date": pa.date32(), "yes_no": pa.bool_()}


def flat_rows(
    case: Case, rulebook: Rulebook, asked: Callable[[Treatment], Iterable[FactSpec]] | None = None
) -> list[FlatRow]:
    """Return a row of flat facts for each disputed item of a case.

    Args:
        case: the case.
        rulebook: whose dictionary and editions it is read by.
        asked: the facts wanted for a treatment; those that govern on the item's date unless given. Rows that
            are to be judged by several rulebooks, or as of other dates, want more.

    Raises:
        CaseError: the case names a fact, treatment, body region or instrument that the rulebook does not.
    """
    check(case, rulebook.vocabulary)
    whole = WholeCase(case, rulebook.vocabulary)
    return [_row(whole, name, item, rulebook, asked) for name, item in case.named_items]


def _row(
    whole: WholeCase,
    name: str,
    item: DisputedItem,
    rulebook: Rulebook,
    asked: Callable[[Treatment], Iterable[FactSpec]] | None,
) -> FlatRow:
    case = whole.case
    row: FlatRow = {"item": name, "input_digest": case.digest}
    if case.case is not None:
        row["case"] = case.case
    if item.follows is not None:
        row["follows"] = item.follows
    expected = case.expect.items.get(name) if case.expect else None
    if expected is not None and expected.outcome is not None:
        row["outcome"] = expected.outcome
    question = prepare_item(case, name, item, rulebook, None, tables=False, whole=whole)
    treatment = rulebook.vocabulary.treatment_of(item)
    if treatment is not None:
        row["treatment"] = treatment.name
    if not isinstance(question, PreparedItem):
        if question == "record_holds_only_the_denial":
            row["only_denial"] = True
        return row
    window = question.edition.window
    assert window is not None
    row["edition_from"] = window.first
    if window.last != window.first:
        row["edition_to"] = window.last
    if case.record.read != "none":
        row["read"] = case.record.read
    if question.contradicted:
        row["contradicted"] = True
    silence = question.record_of_silence
    wanted = _asked_about(question, rulebook) if asked is None else asked(question.treatment)
    for spec in wanted:
        value = question.row.get(spec.name)
        row.update(
            _cells(spec, derive(question.record, spec) if value is None else value, case.record.read, silence)
        )
    return row


def _asked_about(question: PreparedItem, rulebook: Rulebook) -> Iterable[FactSpec]:
    """Return the facts that criteria ask for, and those that a question may be about."""
    plan, treatment = question.plan, question.treatment
    return (*plan.facts, *facts_asked_about(plan, treatment, rulebook.vocabulary))


def _cells(spec: FactSpec, value: Value, read: Read, silence: Record | None) -> FlatRow:
    """Return the cells of one fact: none where it is what not mentioning it comes to.

    Args:
        spec, value: the fact.
        read: how much of the record was read.
        silence: the record with silence in what was read taken as silence, where that is different.
    """
    if not spec.derived and value == unmentioned(spec.type, spec.silence, "all" if spec.in_request else read):
        return {}
    found = dict(cells(spec, value))
    if not spec.derived:
        return found
    if silence is not None and spec.type.kind != "choice":
        quiet = dict(cells(spec, derive(silence, spec)))
        if quiet != found:
            found |= {SILENCE + name: cell for name, cell in quiet.items()}
    return found


def column_type(name: str, facts: dict[str, FactSpec]) -> pa.DataType:
    """Return the Arrow type of a column of flat facts."""
    if name in ITEM_COLUMNS:
        return _ITEM_TYPES[ITEM_COLUMNS[name]]
    if name.endswith(STATE):
        return pa.string()
    return _TYPES[facts[name.removeprefix(SILENCE).removesuffix(LOW).removesuffix(HIGH)].type.kind]


def as_batch(rows: list[FlatRow], facts: dict[str, FactSpec]) -> pa.RecordBatch:
    """Return flat rows as a record batch, with the columns that some row has, in order of name."""
    names = dict.fromkeys(name for row in rows for name in row)
    ordered = [name for name in ITEM_COLUMNS if name in names]
    ordered += sorted(name for name in names if name not in ITEM_COLUMNS)
    if not ordered:
        ordered = ["case"]
    arrays = [pa.array([row.get(name) for row in rows], column_type(name, facts)) for name in ordered]
    return pa.RecordBatch.from_arrays(arrays, names=ordered)
