"""What the record says: the worker, the injury, the disputed items and every fact given about them.

A case asks for no name, birth date or claim number. Every fact may carry evidence, and is one of

* a value: ``attended: 12`` or ``attended: {value: 12, evidence: {document: pr2, page: 3}}``;
* bounds: ``attended: {at_least: 4, at_most: 5}``;
* undocumented, the record was searched and is silent: ``{undocumented: [progress notes]}``;
* missing, nobody could look: ``{missing: page 3 is illegible}``;
* several of these in a list, where documents disagree.

A fact that is not mentioned is missing too, unless the rulebook's dictionary says that silence about
it means something else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from imr_rules._dates import Date
from imr_rules._reading import Document as Source
from imr_rules._reading import parse, read_document
from imr_rules._units import Unit
from imr_rules._validation import Misplaced, StrictModel, listed, validate
from imr_rules.errors import CaseError
from imr_rules.service_text import Request as Wording
from imr_rules.service_text import read_request

__all__ = [
    "Amount",
    "BodyPart",
    "Case",
    "Cited",
    "CitedGuideline",
    "Course",
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
    "Recorded",
    "Request",
    "Span",
    "Surgery",
    "UtilizationReview",
    "Worker",
]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
"""Writes plain data one way alone, whatever order its keys came in; a dump of a model holds no circles."""

MOST = 100_000
"""Largest count a case may hold; more is a slip of the pen."""

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["item-1"])]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", examples=["physical_therapy"])]
Text = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$")
]
"""Words of the record: anything but control characters, which a terminal would obey."""


class Evidence(StrictModel):
    """Where in the record a fact stands: which document, of what date, on what page."""

    document: Identifier | None = None
    """The ``id`` of one of the case's documents."""
    date: Date | None = None
    page: Annotated[int, Field(ge=1, le=MOST)] | None = None
    place: Text | None = None
    """A heading, line or span within the page."""


EvidenceList = Annotated[tuple[Evidence, ...], BeforeValidator(listed), Field(strict=False)]


class Recorded(StrictModel):
    """One statement of one fact: a value, bounds, undocumented or missing; exactly one of these."""

    value: bool | int | Text | None = None
    at_least: Annotated[int, Field(ge=-MOST, le=MOST)] | None = None
    at_most: Annotated[int, Field(ge=-MOST, le=MOST)] | None = None
    undocumented: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] | None = None
    """What was searched without finding the fact."""
    missing: Text | None = None
    """Why nobody could look."""
    evidence: EvidenceList = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Recorded:
        kinds = (
            self.value is not None,
            self.at_least is not None or self.at_most is not None,
            self.undocumented is not None,
            self.missing is not None,
        )
        if sum(kinds) != 1:
            raise ValueError("give one of `value`, `at_least`/`at_most`, `undocumented` or `missing`")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("`at_least` is more than `at_most`")
        return self


class Amount(Recorded):
    """A :class:`Recorded` count: never negative, with its unit where it is not plain from the treatment."""

    value: Annotated[int, Field(ge=0, le=MOST)] | None = None
    at_least: Annotated[int, Field(ge=0, le=MOST)] | None = None
    at_most: Annotated[int, Field(ge=0, le=MOST)] | None = None
    unit: Unit | None = None


def _statements(value: Any) -> Any:
    """Read ``12``, ``{value: 12}`` and ``[12, {value: 13}]`` as lists of statements."""
    return tuple(one if isinstance(one, (Mapping, Recorded)) else {"value": one} for one in listed(value))


Statements = Annotated[tuple[Recorded, ...], BeforeValidator(_statements), Field(strict=False, min_length=1)]
"""What the record says of one fact, one statement a document; several are read together."""
Amounts = Annotated[tuple[Amount, ...], BeforeValidator(_statements), Field(strict=False, min_length=1)]


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


class Request(StrictModel):
    """A dated step of the dispute: the request for authorization, or the application for review."""

    date: Date | None = None
    received: Date | None = None
    evidence: EvidenceList = ()


class CitedGuideline(StrictModel):
    """A guideline as one side cited it."""

    document: Text
    edition: Annotated[int, Field(ge=1990, le=2199)] | None = None
    """Year of the edition, where the citation gives it."""
    part: Text | None = None
    section: Text | None = None
    pages: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)] = ()


CitedList = Annotated[tuple[CitedGuideline, ...], Field(strict=False)]


class Cited(StrictModel):
    """The guidelines each side relied on."""

    administrator: CitedList = ()
    reviewer: CitedList = ()


class UtilizationReview(StrictModel):
    """The decision in dispute."""

    decision: Literal["denied", "modified", "delayed", "conditionally_denied"] | None = None
    date: Date | None = None
    evidence: EvidenceList = ()


class Frequency(StrictModel):
    """So many times per day, week or month."""

    times: Amounts
    per: Literal["day", "week", "month"]


class Span(StrictModel):
    """A length of time."""

    value: Annotated[int, Field(ge=0, le=MOST)]
    unit: Literal["day", "week", "month", "year"]


Findings = dict[Word, Statements]


class DisputedItem(StrictModel):
    """One treatment in dispute. Asked, authorised and in dispute are three numbers."""

    id: Identifier | None = None
    """How other items and the answer name this one; ``item-1``, ``item-2`` ... unless given."""
    service: Text
    """The request in its own words."""
    treatment: Word | None = None
    """A treatment of the rulebook's vocabulary; recognised from ``service`` and ``codes`` when left out."""
    codes: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Z0-9]\d{3}[A-Z0-9]$", examples=["97110"])], ...],
        Field(strict=False),
    ] = ()
    """CPT or HCPCS code numbers."""
    body_part: BodyPart | None = None
    asked: Amounts | None = None
    authorised: Amounts | None = None
    in_dispute: Amounts | None = None
    frequency: Frequency | None = None
    duration: Span | None = None
    course: Literal["initial", "continuing"] | None = None
    follows: Identifier | None = None
    """The item this one stands or falls with: therapy after a disputed surgery, an adjunct."""
    utilization_review: UtilizationReview | None = None
    cited: Cited = Cited()
    findings: Findings = {}
    """Facts about this item alone; they come before the case's own findings."""
    evidence: EvidenceList = ()

    @property
    def states_its_quantity(self) -> bool:
        """Whether the case itself says how much is asked for, in whatever way."""
        return any(each is not None for each in (self.asked, self.in_dispute, self.frequency)) or bool(
            self.codes
        )

    @cached_property
    def wording(self) -> Wording:
        """What the words of ``service`` say by themselves."""
        return read_request(self.service)


class Course(StrictModel):
    """An earlier course of treatment: what was attended, and what was authorised and is not yet used."""

    treatment: Word
    body_part: BodyPart | None = None
    attended: Amounts | None = None
    authorised_unused: Amounts | None = None
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


Suggestion = Literal["uphold", "overturn", "needs_review"]
Outcome = Literal["upheld", "overturned"]


class ExpectedItem(StrictModel):
    """What a fixture must get for one item, beside what really happened."""

    suggestion: Suggestion | None = None
    grounds: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    review_reasons: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    statuses: dict[str, Literal["met", "unmet", "undocumented", "unknown", "not_applicable"]] | None = None
    outcome: Outcome | None = None
    """The recorded outcome of the real determination."""
    differs: Text | None = None
    """Why the suggestion differs from the real outcome, where it does."""


class Expectation(StrictModel):
    """The answer a fixture must get: per item id."""

    items: dict[Identifier, ExpectedItem]


class Case(StrictModel):
    """A case: what one record says about one worker and the treatments in dispute.

    Build one with :meth:`from_file`, :meth:`from_text` or :meth:`from_data`; all three raise
    :class:`~imr_rules.errors.CaseError` naming each place that is wrong.
    """

    case: Identifier | None = None
    """The sender's own opaque id."""
    about: Text | None = None
    """A remark for readers of the file; no rule reads it."""
    priority: Literal["regular", "expedited"] | None = None
    as_of: Date | None = None
    """The date the question is asked as of."""
    worker: Worker = Worker()
    injury: Injury = Injury()
    diagnoses: Annotated[tuple[Diagnosis, ...], Field(strict=False)] = ()
    accepted_body_parts: Annotated[tuple[BodyPart, ...], Field(strict=False)] | None = None
    request: Request = Request()
    application: Request = Request()
    items: Annotated[tuple[DisputedItem, ...], Field(strict=False, min_length=1, max_length=200)]
    history: Annotated[tuple[Course, ...], Field(strict=False)] = ()
    surgeries: Annotated[tuple[Surgery, ...], Field(strict=False)] = ()
    measurements: Annotated[tuple[Measurement, ...], Field(strict=False)] = ()
    findings: Findings = {}
    """Any fact the rulebook's dictionary declares, by name."""
    documents: Annotated[tuple[Document, ...], Field(strict=False)] | None = None
    """The documents in hand; leave out where no list was made, give ``[]`` where there are none."""
    expect: Expectation | None = None
    """The answer a fixture must get. No rule reads it and no digest includes it."""

    @model_validator(mode="after")
    def _consistent(self) -> Case:
        names = [name for name, _ in self.named_items]
        follows = {name: item.follows for name, item in self.named_items}
        for place, name in enumerate(names):
            path = ("items", place)
            if name in names[:place]:
                raise Misplaced("another item has this `id`", *path, "id")
            principal = follows[name]
            if principal is not None and (principal not in follows or principal == name):
                raise Misplaced("`follows` must name another item of this case", *path, "follows")
            if _in_a_circle(name, follows):
                raise Misplaced("these items follow one another in a circle", *path, "follows")
        for name in self.expect.items if self.expect else ():
            if name not in follows:
                raise Misplaced("this case has no such item", "expect", "items", name)
        if self.documents is not None:
            listed_ids = {document.id for document in self.documents}
            for where, document in _evidence_documents(self):
                if document not in listed_ids:
                    raise Misplaced("no document of this `id` is among `documents`", *where, "document")
        return self

    @cached_property
    def named_items(self) -> tuple[tuple[str, DisputedItem], ...]:
        """Each disputed item with its id, in the order given."""
        return tuple((item.id or f"item-{number}", item) for number, item in enumerate(self.items, 1))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything but ``expect``, as ``sha256:...``; equal for YAML and JSON alike."""
        content = self.model_dump(mode="json", exclude={"expect"}, exclude_defaults=True)
        return "sha256:" + hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()

    @classmethod
    def from_file(cls, path: str | Path) -> Case:
        """Read a case from a YAML or JSON file."""
        return cls.from_document(read_document(Path(path), CaseError))

    @classmethod
    def from_text(cls, text: str, *, is_json: bool = False) -> Case:
        """Read a case from YAML (or JSON) text."""
        return cls.from_document(parse(text, CaseError, is_json=is_json))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Case:
        """Read a case from plain data, as ``json.loads`` gives it."""
        return cls.from_document(Source(data))

    @classmethod
    def from_document(cls, source: Source) -> Case:
        """Read a case from a file that was read already, so that problems can be told by line."""
        return validate(cls, source, CaseError)


def _evidence_documents(part: object, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where each piece of evidence in a case stands that names a document, and the document."""
    if isinstance(part, Evidence):
        if part.document is not None:
            yield path, part.document
    elif isinstance(part, StrictModel):
        for name in type(part).model_fields:
            yield from _evidence_documents(getattr(part, name), *path, name)
    elif isinstance(part, (tuple, dict)):
        for step, inner in part.items() if isinstance(part, dict) else enumerate(part):
            if not isinstance(inner, (str, int)):
                yield from _evidence_documents(inner, *path, step)


def _in_a_circle(name: str, follows: Mapping[str, str | None]) -> bool:
    """Whether one comes back to an item from the item it follows."""
    step = follows.get(name)
    for _ in follows:
        if step is None or step == name:
            break
        step = follows.get(step)
    return step == name
