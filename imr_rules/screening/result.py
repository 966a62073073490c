"""The frozen answer: the screening of a case, item by item and criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, GetPydanticSchema, model_serializer
from pydantic_core.core_schema import any_schema
from typing_extensions import TypedDict

from imr_rules._results import Result
from imr_rules.case import Evidence, Suggestion
from imr_rules.expression.reference import Status
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.edition import Edition
from imr_rules.rulebook.model import Citation, CriterionKind
from imr_rules.rulebook.questions import OpenQuestion
from imr_rules.rulebook.suggestion import RestsOn, ReviewReason
from imr_rules.screening.shown import FactsByName, Known, Working


class Bounds(TypedDict, total=False):
    """A count in a unit: a value, or the bounds that are known of it."""

    value: int
    at_least: int
    at_most: int
    unit: str


@dataclass(frozen=True, slots=True)
class Quantity(Result):
    """A count in a unit: exact, bounded, or not known (then ``low`` and ``high`` are None).

    ``assumed`` where the record says nothing and that means none.
    """

    low: int | None
    high: int | None
    unit: str
    assumed: bool = False

    @model_serializer
    def _known(self) -> Bounds | None:
        if self.low is not None and self.low == self.high:
            return {"value": self.low, "unit": self.unit}
        found: Bounds = {}
        if self.low is not None:
            found["at_least"] = self.low
        if self.high is not None:
            found["at_most"] = self.high
        return {**found, "unit": self.unit} if found else None


@dataclass(frozen=True, slots=True)
class CriterionResult(Result):
    """One criterion, judged.

    Attributes:
        id: ``<guideline>#<criterion>``.
        kind: what it may do: a ``limit``, ``indication``, ``bar``, ``documentation``, or a mere ``caution``.
        evidence: the places of the record that this rests on.
        by_analogy: how the case differs from the guideline's situation; None where it does not.
        working: the trees that were judged, and over which facts.
    """

    id: str
    status: Status
    kind: CriterionKind
    reason: str
    citation: Citation
    evidence: tuple[Evidence, ...]
    facts: FactsByName
    require: str
    when: str | None
    by_analogy: str | None
    working: Annotated[Working, Field(exclude=True), GetPydanticSchema(lambda *_: any_schema())]


@dataclass(frozen=True, slots=True)
class AskedFact(Result):
    """A fact, with the question that supplies it."""

    fact: str
    label: str
    asks: str


@dataclass(frozen=True, slots=True)
class MissingFact(AskedFact):
    """A fact that blocks a decision, with the question that supplies it."""

    state: str


@dataclass(frozen=True, slots=True)
class LeanResult(Result):
    """Which way an item under review leans, in words, and what that rests on beside guideline text.

    Attributes:
        grounds: ids of criteria, as for a suggestion.
    """

    suggestion: Literal["uphold", "overturn"]
    rests_on: tuple[RestsOn, ...]
    grounds: tuple[str, ...]
    headline: str


@dataclass(frozen=True, slots=True)
class Superseded(Result):
    """A guideline that another one, which is cited, replaces here."""

    guideline: str
    by: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Rebuttal(Result):
    """An exceptional factor, or a rebuttal of the guidelines, that the record documents."""

    fact: str
    label: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScreening(Result):
    """What is suggested for one disputed item, and why.

    Attributes:
        grounds: ids of criteria: unmet and undocumented ones for uphold, met ones for overturn.
        headline: the suggestion in words, never as a verdict.
        lean: which way an item under review leans; None where it is decided, or leans neither way.
        questions: at most five, the soonest to decide first; none where it is decided.
        missing: facts that block a decision.
        ask_for: what a request would have to document, where a ground is silence.
        tier, judged_by: the tier of the search sequence that decided, and what readers are told that it is.
        quantity_within_limits: how much would be within the limits; None where that cannot be said.
        rebuttals: exceptional factors and rebuttals of the guidelines that the record documents.
        lean: which way an item under review leans; None where it is decided, or leans neither way.
        questions: at most five, the soonest to decide first; none where it is decided.
    """

    item: str
    service: str
    treatment: str | None
    suggestion: Suggestion
    headline: str
    grounds: tuple[str, ...] = ()
    review_reasons: tuple[ReviewReason, ...] = ()
    lean: LeanResult | None = None
    questions: tuple[OpenQuestion, ...] = ()
    criteria: tuple[CriterionResult, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    ask_for: tuple[MissingFact, ...] = ()
    warnings: tuple[str, ...] = ()
    asked: Quantity
    authorized: Quantity
    in_dispute: Quantity
    quantity_within_limits: Quantity | None = None
    edition: Edition
    tier: str | None = None
    judged_by: str | None = None
    guidelines: tuple[str, ...] = ()
    rebuttals: tuple[Rebuttal, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerName(Result):
    """Which layer of a rulebook: its name, SHA-256 over its files, and the version it states."""

    layer: str
    digest: str
    version: str


@dataclass(frozen=True, slots=True)
class RulebookName(Result):
    """Which rulebook: SHA-256 over its files and those of the layers over it, and the version it states."""

    digest: str
    version: str
    layers: tuple[LayerName, ...] = ()


def rulebook_name(rulebook: Rulebook) -> RulebookName:
    """Return which rulebook it is, with the layers over it."""
    layers = tuple(LayerName(each.name, each.digest, each.version) for each in rulebook.layers)
    return RulebookName(rulebook.digest, rulebook.version, layers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening(Result):
    """The screening of a case: one entry an item, and what made it.

    The same case and rulebook always give the same screening, to the byte of its JSON.
    """

    case: str | None = None
    items: tuple[ItemScreening, ...]
    human_review: Literal["required"] = "required"
    as_of: str | None = None
    rulebook: RulebookName
    input_digest: str
    engine: str


@dataclass(frozen=True, slots=True)
class Change(Result):
    """One fact as it stands and as it would have to be."""

    fact: str
    label: str
    now: Annotated[Known, Field(alias="from")]
    then: Annotated[Known, Field(alias="to")]


@dataclass(frozen=True, slots=True)
class Way(Result):
    """A smallest set of changes and the suggestion it leads to."""

    suggestion: Suggestion
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ItemWhatIf(Result):
    """What would decide one item, and what would flip it.

    Attributes:
        headline: the suggestion as it stands, in words.
        settles: the smallest set of open facts that decides whatever they turn out to be; None where the search
            finds none, or where the item is decided already.
        decides: smallest sets of open facts, each with values that decide.
        flips: smallest changes, of any fact, that lead to another suggestion.
        bounded: True where the search stopped at its bound, so that more may be found.
        missing: what must be known before the item can be judged at all; then nothing was searched.
    """

    item: str
    suggestion: Suggestion
    headline: str
    settles: tuple[AskedFact, ...] | None
    decides: tuple[Way, ...]
    flips: tuple[Way, ...]
    bounded: bool
    missing: tuple[MissingFact, ...] = ()
