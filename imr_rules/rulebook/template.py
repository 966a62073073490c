"""Fill in the reasons: facts and limits as a reader says them."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules._units import count_in_words
from imr_rules.expression.values import FactType, Row, say_value
from imr_rules.rulebook.model import Limit, LimitRow, Piece, Template


def settled(template: Template, limits: Mapping[str, Limit]) -> Template:
    """Return the template with every number filled in that is the same for all cases: of limits without rows."""
    pieces: list[Piece] = []
    for piece in template.pieces:
        if not isinstance(piece, str) and piece[0] == "limit" and not limits[piece[1]].every_row:
            piece = _say_limit(limits[piece[1]], piece[2], piece[3], None)
        before = pieces[-1] if pieces else None
        if isinstance(piece, str) and isinstance(before, str):
            pieces[-1] = before + piece
        else:
            pieces.append(piece)
    return Template(tuple(pieces))


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
    extent = governing.amounts.get(plural) if governing is not None else None
    if extent is None:
        extent = limit.extents[plural]
    if end:
        return str(extent[0] if end == "min" else extent[1])
    return count_in_words(*extent)
