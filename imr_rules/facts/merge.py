"""From what is said of a fact to one value of it: known, bounded, in conflict, silent or missing."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from imr_rules._dates import PartialDate
from imr_rules.case import Recorded
from imr_rules.expression.values import NONE_SAID, FactType, State, Value

NO = Value("known", 0, 0)
YES = Value("known", 1, 1)
NONE_RECORDED = Value("known", 0, 0, note=NONE_SAID, assumed=True)


def known(number: int, *, note: str = "", assumed: bool = False, evidence: tuple[object, ...] = ()) -> Value:
    """Return a number, date ordinal or truth that is known."""
    return Value("known", number, number, note=note, assumed=assumed, evidence=evidence)


def missing(kind: FactType, note: str = "") -> Value:
    """Return a fact that nobody has looked up."""
    return Value("missing", kind.low, kind.high, note=note)


def between(
    low: int, high: int, kind: FactType, *, note: str = "", evidence: tuple[object, ...] = ()
) -> Value:
    """Return a number between two bounds, held within its type."""
    if low == high and kind.low <= low <= kind.high:
        return Value("known", low, high, note=note, evidence=evidence)
    low, high = max(low, kind.low), min(high, kind.high)
    if low > high:
        return Value("missing", kind.low, kind.high, conflict=True, note="outside what is possible")
    if (low, high) == (kind.low, kind.high) and low != high:
        return Value("missing", low, high, note=note, evidence=evidence)
    return Value("known" if low == high else "bounded", low, high, note=note, evidence=evidence)


def plus(values: Sequence[Value], kind: FactType) -> Value:
    """Return the sum of counts: unknown parts make it bounded, and it is as silent as they are."""
    low = high = 0
    evidence: tuple[object, ...] = ()
    for value in values:
        low += value.low
        high += value.high
        evidence += value.evidence
    if low == high:
        total = between(low, high, kind, evidence=evidence)
        return replace(total, assumed=True) if all(value.assumed for value in values) else total
    note = "; ".join(dict.fromkeys(value.note for value in values if value.note and not value.exact))
    total = between(low, high, kind, note=note, evidence=evidence)
    if total.exact:
        return total
    open_parts = [value for value in values if not value.exact]
    silent = all(value.silent for value in open_parts)
    state: State = "undocumented" if all(v.state == "undocumented" for v in open_parts) else total.state
    return replace(total, silent=silent, state=state, conflict=any(value.conflict for value in values))


def merge(statements: Sequence[Recorded], kind: FactType, silence: str) -> Value:
    """Read all that the record says of one fact as one value.

    Statements that disagree give bounds over all of them, flagged as a conflict. Statements that the type
    does not allow were refused before, by :func:`imr_rules.rulebook.check.check`.
    """
    if len(statements) == 1 and kind.kind in ("integer", "boolean"):  # nearly always
        only = statements[0]
        if only.value is not None:
            number = int(only.value)
            return Value("known", number, number, evidence=only.evidence)
    low: int | None = None
    high: int | None = None
    words: set[str] = set()
    agreed = True
    evidence: tuple[object, ...] = ()
    searched: list[str] = []
    unseen = False
    for statement in statements:
        evidence += statement.evidence
        if statement.undocumented is not None:
            searched += statement.undocumented
        elif statement.missing is not None:
            unseen = True
        elif kind.kind == "choice":
            words.add(str(statement.value))
        else:
            first, last = _extent(statement, kind)
            agreed = agreed and low in (None, first) and high in (None, last)
            low = first if low is None else min(low, first)
            high = last if high is None else max(high, last)
    if words:
        if len(words) == 1:
            return Value("known", 0, 0, text=words.pop(), evidence=evidence)
        return Value("bounded", 0, 1, conflict=True, note="documents disagree", evidence=evidence)
    if low is not None and high is not None:
        state: State = "known" if low == high else "bounded"
        return Value(
            state,
            low,
            high,
            conflict=not agreed,
            note="" if agreed else "documents disagree",
            evidence=evidence,
        )
    if unseen:
        return replace(missing(kind, "could not be read"), evidence=evidence)
    if silence == "absent":
        return known(0, note=NONE_SAID, assumed=True, evidence=evidence)
    note = "searched: " + "; ".join(dict.fromkeys(searched))
    return Value(
        "undocumented", kind.low, kind.high, silent=silence == "against_request", note=note, evidence=evidence
    )


def _extent(statement: Recorded, kind: FactType) -> tuple[int, int]:
    value = statement.value
    if value is None:
        low = kind.low if statement.at_least is None else statement.at_least
        high = kind.high if statement.at_most is None else statement.at_most
        return low, high
    if kind.kind == "date":
        window = PartialDate.parse(str(value)).window
        return (
            (kind.low, kind.high) if window is None else (window.first.toordinal(), window.last.toordinal())
        )
    return int(value), int(value)


def reconcile(given: Value, found: Value) -> Value:
    """Return what was given, unless what was worked out contradicts it: then both stay possible."""
    if given.state not in ("known", "bounded"):
        return found if found.state in ("known", "bounded") and not found.assumed else given
    if found.state not in ("known", "bounded") or found.assumed:
        return given
    if given.text == found.text and given.low <= found.high and found.low <= given.high:
        return given
    both = given.evidence + found.evidence
    if given.text is not None:
        return Value(
            "bounded", 0, 1, conflict=True, note="the finding and the record disagree", evidence=both
        )
    low, high = min(given.low, found.low), max(given.high, found.high)
    return Value(
        "bounded", low, high, conflict=True, note="the finding and the record disagree", evidence=both
    )
