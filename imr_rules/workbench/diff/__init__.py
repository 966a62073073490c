"""What an edit of a rulebook changes: the receipt that goes with it.

:func:`receipt` compares two rulebooks and says what was edited, which suggestions can change, from what to
what, in which region, with one smallest case each; what is proven unchanged; what fixtures and recorded
determinations do; and what was not searched. :func:`opened` finds a rulebook by directory or git revision.

Needs Z3 (the ``workbench`` extra).
"""

from imr_rules.workbench.diff.receipts import Change, Receipt, Unchanged, Witness, receipt
from imr_rules.workbench.diff.report import receipt_report
from imr_rules.workbench.diff.revisions import Named, edited_rulebook, opened
from imr_rules.workbench.diff.unsearched import Bounded

__all__ = [
    "Bounded",
    "Change",
    "Named",
    "Receipt",
    "Unchanged",
    "Witness",
    "edited_rulebook",
    "opened",
    "receipt",
    "receipt_report",
]
