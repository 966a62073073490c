"""What the record says: the worker, the injury, the disputed items and every fact given about them.

A case asks for no name, birth date or claim number. Every fact may carry evidence, and is one of

* a value: ``attended: 12`` or ``attended: {value: 12, evidence: {document: pr2, page: 3}}``;
* bounds: ``attended: {at_least: 4, at_most: 5}``;
* undocumented, the record was searched and is silent: ``{undocumented: [progress notes]}``;
* missing, nobody could look: ``{missing: page 3 is illegible}``;
* several of these in a list, where documents disagree.

A fact that is not mentioned is missing too. Only where the whole record was read (``record: {read: all}``)
does silence mean what the rulebook's dictionary says of it.
"""

from imr_rules.case._case import Case
from imr_rules.case.circumstances import (
    BodyPart,
    Course,
    Diagnosis,
    Document,
    Injury,
    Measurement,
    RecordRead,
    Surgery,
    Worker,
)
from imr_rules.case.dispute import (
    Cited,
    CitedGuideline,
    DisputedItem,
    Frequency,
    Request,
    Span,
    UtilizationReview,
)
from imr_rules.case.expectation import OUTCOME_OF, Decision, Expectation, ExpectedItem, Outcome, Suggestion
from imr_rules.case.statement import MOST, Amount, Evidence, Recorded

__all__ = [
    "MOST",
    "OUTCOME_OF",
    "Amount",
    "BodyPart",
    "Case",
    "Cited",
    "CitedGuideline",
    "Course",
    "Decision",
    "Diagnosis",
    "DisputedItem",
    "Document",
    "Evidence",
    "Expectation",
    "ExpectedItem",
    "Frequency",
    "Injury",
    "Measurement",
    "Outcome",
    "RecordRead",
    "Recorded",
    "Request",
    "Span",
    "Suggestion",
    "Surgery",
    "UtilizationReview",
    "Worker",
]
