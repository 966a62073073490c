"""When a determination is apparently due. It is a help for ordering work, and no rule reads it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from imr_rules.case import Case


class DueRule(NamedTuple):
    """When a determination is due: a rulebook says so (``law`` in ``sources.yaml``).

    Attributes:
        days, expedited: days from receipt of the application, in a regular and in an expedited review.
        rule: what says so, for the reader.
    """

    days: int
    expedited: int
    rule: str


class Due(NamedTuple):
    """A day by which a determination is apparently due, and the day it is counted from."""

    day: date
    counted_from: date


def apparent_due(case: Case, rule: DueRule | None) -> Due | None:
    """Return when the determination is apparently due; None where the application's day, or the rule, is not known."""
    application = case.application.received or case.application.date
    if rule is None or application is None or application.whole is None:
        return None
    day = application.whole
    return Due(day + timedelta(days=rule.expedited if case.priority == "expedited" else rule.days), day)
