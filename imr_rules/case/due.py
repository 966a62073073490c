"""When a determination is apparently due. It is a help for ordering work, and no rule reads it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from imr_rules.case import Case

__all__ = ["RULE", "Due", "apparent_due"]

RULE = (
    "Labor Code 4610.6(d): 30 days from receipt of the application and the records, 3 days where the review is "
    "expedited. Recalled, to be verified; when the records came is not known here, so the day is apparent only."
)
_DAYS = {"regular": 30, "expedited": 3}


class Due(NamedTuple):
    """A day by which a determination is apparently due, and the day it is counted from."""

    day: date
    counted_from: date


def apparent_due(case: Case) -> Due | None:
    """Return when the determination is apparently due; None where the application's day is not known."""
    application = case.application.received or case.application.date
    if application is None or application.whole is None:
        return None
    day = application.whole
    return Due(day + timedelta(days=_DAYS[case.priority or "regular"]), day)
