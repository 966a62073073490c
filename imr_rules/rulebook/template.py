"""Fill in the reasons: facts and limits as a reader says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from imr_rules.facts.values import FactType, Row, Value
from imr_rules.rulebook.model import Limit, LimitRow, Template

__all__ = ["fill", "say_range", "say_value"]


def say_range(low: int, high: int) -> str:
    """Return ``10``, or ``6 to 10``."""
    return str(low) if low == high else f"{low} to {high}"


def say_value(value: Value, kind: FactType) -> str:
    """Return what is known of a fact in a few words."""
    if value.text is not None:
        return value.text.replace("_", " ")
    if value.state == "missing":
        return "an unknown number" if kind.kind == "integer" else "not known"
    if value.state == "undocumented":
        return "not documented"
    if kind.kind == "boolean":
        return ("no", "yes")[value.low] if value.low == value.high else "not known"
    if kind.kind == "choice":
        return "not known"
    low, high = value.low, value.high
    if kind.kind == "date":
        first, last = (str(date.fromordinal(each)) for each in (low, high))
        return first if first == last else f"between {first} and {last}"
    if low == high:
        return str(low)
    if high >= kind.high:
        return f"at least {low}"
    return f"at most {high}" if low <= kind.low else f"{low} to {high}"


def fill(
    template: Template,
    row: Row,
    types: Mapping[str, FactType],
    limits: Mapping[str, Limit],
    governing: Mapping[str, LimitRow | None],
) -> str:
    """Return the text of a reason.

    Args:
        template: the words with places to fill in.
        row: the facts.
        types: their types.
        limits: the guideline's limits.
        governing: for a limit with rows, the row that governs, where that is settled.
    """
    words = []
    for piece in template.pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif piece[0] == "fact":
            words.append(say_value(row[piece[1]], types[piece[1]]))
        else:
            words.append(_say_limit(limits[piece[1]], piece[2], piece[3], governing.get(piece[1])))
    return "".join(words)


def _say_limit(limit: Limit, plural: str, end: str, governing: LimitRow | None) -> str:
    amounts = governing.amounts if governing is not None else limit.amounts
    extent = amounts.get(plural)
    if extent is None:
        every = [each.amounts[plural] for each in (*limit.rows, *filter(None, [limit.otherwise])) if plural in each.amounts]
        extent = (min(low for low, _ in every), max(high for _, high in every))
    if end:
        return str(extent[0] if end == "min" else extent[1])
    return say_range(*extent)
