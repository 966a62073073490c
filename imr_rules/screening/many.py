"""Many cases in one go, for programs: their screenings one after another, and as a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from imr_rules._extras import install_command, is_installed
from imr_rules.case import Case
from imr_rules.errors import InputError, Place, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.screening.answer import screen
from imr_rules.screening.result import ItemScreening, Screening

if TYPE_CHECKING:
    from pandas import DataFrame


def screen_many(cases: Iterable[Case], rulebook: Rulebook) -> Iterator[Screening]:
    """Yield the screening of each case, in order, as it is done. For millions of items there is ``imr-rules batch``.

    Raises:
        CaseError, DisagreementError: as :func:`screen` does, at the case that it is about.
    """
    return (screen(case, rulebook) for case in cases)


def to_frame(screenings: Iterable[Screening]) -> DataFrame:
    """Return screenings as a data frame of pandas, one row for each disputed item.

    Needs pandas (the ``frame`` extra). Lists are joined with semicolons, as in the CSV of a batch.

    Raises:
        InputError: pandas is not installed.
    """
    if not is_installed("pandas"):
        what = "pandas is not installed, which a data frame needs"
        raise InputError(Problem("not-installed", what, Place("to_frame"), install_command("frame")))
    import pandas

    rows = [_row(screening, item) for screening in screenings for item in screening.items]
    return pandas.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    "case", "item", "service", "treatment", "suggestion", "headline", "grounds", "review_reasons", "lean",
    "lean_rests_on", "asks", "judged_by", "warnings", "input_digest", "rulebook_digest",
)  # fmt: skip


def _row(screening: Screening, item: ItemScreening) -> dict[str, Any]:
    lean = item.lean
    return {
        "case": screening.case,
        "item": item.item,
        "service": item.service,
        "treatment": item.treatment,
        "suggestion": item.suggestion,
        "headline": item.headline,
        "grounds": ";".join(item.grounds),
        "review_reasons": ";".join(item.review_reasons),
        "lean": lean.suggestion if lean else None,
        "lean_rests_on": ";".join(lean.rests_on) if lean else "",
        "asks": ";".join(each.fact for each in item.questions),
        "judged_by": item.judged_by,
        "warnings": len(item.warnings),
        "input_digest": screening.input_digest,
        "rulebook_digest": screening.rulebook.digest,
    }
