"""From statements to the parts of a case: the one way that letters and records share.

Sentences give statements (:mod:`imr_rules.reading.sentences`). An :class:`Account` is those of one letter, or of the
records of one case: it writes them as findings, history, operations, measurements and diagnoses of a case, each with
its place.
"""

from imr_rules.reading.account.account import LONGEST, Account, Concern, alike, pace_of, pieces_of, region_of
from imr_rules.reading.account.history import BY_ITS_DAY, courses_told, history_of
from imr_rules.reading.account.written import case_text, pruned

__all__ = [
    "BY_ITS_DAY",
    "LONGEST",
    "Account",
    "Concern",
    "alike",
    "case_text",
    "courses_told",
    "history_of",
    "pace_of",
    "pieces_of",
    "pruned",
    "region_of",
]
