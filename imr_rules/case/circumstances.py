"""The worker, the injury, and what was done about it before: courses, operations, scores, documents."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imr_rules._dates import Date
from imr_rules._validation import StrictModel
from imr_rules.case.statement import MOST, Amounts, EvidenceList, Identifier, Text, Word


class RecordRead(StrictModel):
    """How much of the record was read before the case was written: without it, silence means nothing.

    ``none``: a bare request, a form or an intake call. ``part``: a summary, or some of the documents.
    ``all``: every document in hand; those are then listed under ``documents``.
    """

    read: Literal["none", "part", "all"] = "none"


class Worker(StrictModel):
    """The injured worker, as far as the rules ask: nobody's name or birth date is needed."""

    age: Amounts | None = None
    """Age in years at the request."""
    sex: Literal["female", "male", "other"] | None = None


class Injury(StrictModel):
    """The industrial injury."""

    date: Date | None = None
    """Day of injury; the first day of a cumulative trauma."""
    until: Date | None = None
    """Last day of a cumulative trauma."""
    evidence: EvidenceList = ()


_VERTEBRA = r"(C[1-8]|T([1-9]|1[0-2])|L[1-6]|S[1-5])"
_LEVEL = rf"^{_VERTEBRA}(-([CTLS]?([1-9]|1[0-2])))?$"


class BodyPart(StrictModel):
    """A region of the body, with side and spinal level where they are stated."""

    region: Word
    side: Literal["left", "right", "bilateral"] | None = None
    level: Annotated[str, Field(pattern=_LEVEL, examples=["L4-L5"])] | None = None


class Diagnosis(StrictModel):
    """A diagnosis as charted; codes are optional and may be of either revision."""

    text: Text
    icd9: Annotated[str, Field(pattern=r"^[VE]?\d{2,3}(\.\d{1,2})?$", examples=["724.2"])] | None = None
    icd10: (
        Annotated[str, Field(pattern=r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$", examples=["M54.5"])] | None
    ) = None
    evidence: EvidenceList = ()


class Course(StrictModel):
    """An earlier course of treatment: what was attended, and what was authorized and is not yet used."""

    treatment: Word
    body_part: BodyPart | None = None
    attended: Amounts | None = None
    authorized_unused: Amounts | None = None
    since: Date | None = None
    until: Date | None = None
    after_surgery: bool | None = None
    """True where the course was given for a surgery of this case."""
    evidence: EvidenceList = ()


class Surgery(StrictModel):
    """An operation done."""

    procedure: Word | None = None
    """A row of the postsurgical table, by its name in the rulebook's dictionary."""
    text: Text | None = None
    body_part: BodyPart | None = None
    date: Date | None = None
    evidence: EvidenceList = ()


class Measurement(StrictModel):
    """A score on a scale, in the order measured when dates do not say."""

    instrument: Identifier
    date: Date | None = None
    score: Amounts
    evidence: EvidenceList = ()


class Document(StrictModel):
    """A document of the record."""

    id: Identifier | None = None
    kind: Literal[
        "request", "utilization_review", "imr_application", "progress_report", "first_report",
        "psychological_report", "therapy_notes", "operative_report", "imaging", "electrodiagnostics",
        "medical_legal", "permanent_stationary", "guideline", "correspondence", "other",
    ]  # fmt: skip
    author: Text | None = None
    """Role of the author, not the name."""
    date: Date | None = None
    pages: Annotated[int, Field(ge=1, le=MOST)] | None = None
