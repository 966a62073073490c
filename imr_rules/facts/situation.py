"""The item's situation: worker, body region, operation, and the item it follows."""

from __future__ import annotations

from msgspec.structs import replace

from imr_rules.case import DisputedItem, Surgery
from imr_rules.expression.values import Value
from imr_rules.facts.merge import NO, YES, known, merge, missing
from imr_rules.facts.record import SURGERY, Record
from imr_rules.facts.silence import none_recorded
from imr_rules.facts.wording import WORDS, part_named
from imr_rules.rulebook.dictionary import FactSpec


def surgery_done(record: Record, spec: FactSpec) -> Value:
    """Return whether the record holds an operation on the item's body region."""
    surgery = record.surgery
    if surgery is None and record.speaks_of_an_operation:
        return missing(spec.type, "words of the request or a diagnosis tell of an operation")
    if surgery is None:
        return none_recorded(spec.type, record.read)
    if record.same_region(surgery.body_part) is None:
        return missing(spec.type, "an operation is recorded without its body part")
    return known(1, evidence=surgery.evidence)


def after_planned_surgery(record: Record, spec: FactSpec) -> Value:
    """Return whether this is for the time after an operation still to be done: one that the item follows."""
    if _planned_operation(record) is not None:
        return replace(YES, note="it follows an operation in dispute")
    if record.surgery is None and record.speaks_of_an_operation:
        return missing(spec.type, "words of the request or a diagnosis tell of an operation")
    return replace(NO, note="it follows no operation in dispute", assumed=True)


def _planned_operation(record: Record) -> DisputedItem | None:
    """Return the operation in dispute that the item follows, where it follows one."""
    principal = record.case.principal_of(record.item)
    treatment = record.vocabulary.treatment_of(principal) if principal else None
    return principal if treatment is not None and SURGERY in treatment.lineage else None


def postsurgical_procedure(record: Record, spec: FactSpec) -> Value:
    """Return the row of the postsurgical table that the operation belongs to."""
    planned, surgery = _planned_operation(record), record.surgery
    if planned is not None:  # the operation it is asked for with, whatever was done before
        surgery = Surgery(text=planned.service, body_part=part_named(planned, record.vocabulary))
    if surgery is None:
        return missing(spec.type)
    rows = record.rows_of(surgery)
    if not rows:
        return missing(spec.type, "" if surgery.text is None else "its words tell of no one row of the table")
    if len(rows) > 1:
        return missing(spec.type, "its words may tell of several rows of the table")
    if rows[0] not in spec.type.choices:
        return missing(spec.type, "the operation is not in the table")
    if any(record.rows_of(each) != rows for each in record.operations_with(surgery)):
        return missing(spec.type, "several operations of one day")
    note = "" if surgery.procedure is not None else "in the words of the operation"
    evidence = WORDS if planned is not None else surgery.evidence
    return Value("known", 0, 0, text=rows[0], note=note, evidence=evidence)


def age(record: Record, spec: FactSpec) -> Value:
    """Return the worker's age at the request."""
    given = record.case.worker.age
    return missing(spec.type) if given is None else merge(given, spec.type, spec.silence)


def body_region(record: Record, spec: FactSpec) -> Value:
    """Return the body region the request names."""
    part = record.item.body_part
    return missing(spec.type) if part is None else Value("known", 0, 0, text=part.region)


def follows_principal(record: Record, spec: FactSpec) -> Value:
    """Return whether this item stands or falls with another."""
    return YES if record.item.follows else NO


def principal_supported(record: Record, spec: FactSpec) -> Value:
    """Return whether the item this one follows is supported: unknown while that one is under review."""
    if record.principal in ("overturn", "uphold"):
        return YES if record.principal == "overturn" else NO
    return missing(spec.type, "the principal item needs review" if record.item.follows else "")
