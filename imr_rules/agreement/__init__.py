"""How far suggestions agree with recorded outcomes, always beside *always uphold*.

Nine in ten determinations uphold, so agreement alone says little: recall per outcome, balanced accuracy
and kappa stand beside it, each with its interval and its n. Agreement with what reviewers decided is not
correctness: published determinations are a biased sample, and letters contradict themselves.
"""

from imr_rules.agreement.figures import Agreement, Figures, agreement
from imr_rules.agreement.intervals import Estimate, Share, exact_interval, share
from imr_rules.agreement.items import Decided, decided_items, without_rationale

__all__ = [
    "Agreement",
    "Decided",
    "Estimate",
    "Figures",
    "Share",
    "agreement",
    "decided_items",
    "exact_interval",
    "share",
    "without_rationale",
]
