"""A guideline as an editor writes it: its limits, its criteria, and what it recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, create_model, model_validator

from imr_rules._units import PLURALS
from imr_rules._validation import Misplaced, StrictModel
from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.files.common import (
    Condition,
    Extent,
    GuidelineId,
    InForce,
    Name,
    Pages,
    Slug,
    Strings,
    Words,
)
from imr_rules.rulebook.model import CriterionKind

if TYPE_CHECKING:
    _Numbers = StrictModel
else:  # a field for each unit there is
    _Numbers = create_model("_Numbers", __base__=StrictModel, **dict.fromkeys(PLURALS, (Extent | None, None)))


class AmountsFile(_Numbers):
    """Numbers in their units: ``visits: [6, 10]``, ``weeks: 8``."""

    status: CitationStatus | None = None
    """How the number is known: `read`, `secondary`, `recalled` or `practice`."""
    pages: Pages | None = None
    """The pages of the source that carry the number, where they are not those of the guideline."""
    read_by: Words | None = None
    """Who read it in the official text, and when: `imr-rules verify` writes this."""
    note: Words | None = None
    """Our own words on how the number is known; shown with it."""

    @property
    def amounts(self) -> dict[str, tuple[int, int]]:
        """Return plural unit → (least, greatest)."""
        given = {plural: getattr(self, plural) for plural in PLURALS}
        return {plural: extent for plural, extent in given.items() if extent is not None}

    @model_validator(mode="after")
    def _ordered(self) -> AmountsFile:
        if any(low > high for low, high in self.amounts.values()):
            raise ValueError("a range is written with its lesser number first")
        return self


class RowFile(AmountsFile):
    """One row of a table of limits: in which case it fits, and its numbers."""

    when: Condition
    """In which case the row fits; where several fit, the larger number governs."""
    label: Words
    """What the row is called, for whoever reads the reason."""

    @model_validator(mode="after")
    def _counts(self) -> RowFile:
        if not self.amounts:
            raise ValueError("a row needs a number")
        return self


class LimitFile(AmountsFile):
    """A limit: numbers, or rows of numbers by diagnosis or procedure."""

    rows: Annotated[tuple[RowFile, ...], Field(strict=False, min_length=1)] | None = None
    """Numbers by diagnosis or procedure, instead of one number for all."""
    otherwise: AmountsFile | None = None
    """The numbers where no row fits. Without it the limit does not exist there."""

    @model_validator(mode="after")
    def _shape(self) -> LimitFile:
        if (self.rows is None) == (not self.amounts):
            raise ValueError("a limit has either numbers or `rows`")
        if self.otherwise is not None and self.rows is None:
            raise ValueError("`otherwise` belongs to a limit with `rows`")
        return self


class PracticeFile(StrictModel):
    """A citation of determinations that reason this way."""

    practice: Strings
    """Sources of the tier `practice`: two that are independent, or one that stands alone."""


class CitationFile(StrictModel):
    """A citation of its own, where it is not that of the guideline."""

    source: Slug
    """An entry of sources.yaml."""
    section: Words | None = None
    """The section of it."""
    pages: Pages = ()
    """The pages of it."""
    status: CitationStatus
    """How the rule is known: `read`, `secondary`, `recalled` or `practice`."""


class CriterionFile(StrictModel):
    """One criterion: when it governs, what it requires, what it says, and what carries it."""

    id: Slug
    """The name of the criterion within its guideline; grounds are named by it, for good."""
    kind: CriterionKind
    """What it may do: a `limit`, an `indication`, a `bar`, `documentation` or a `caution`."""
    when: Condition | None = None
    """When it governs, within the situation of the guideline; always, unless given."""
    require: Condition
    """What it demands."""
    says: dict[Literal["met", "unmet", "undocumented", "unknown"], Words] = {}
    """The words of its reason, by status; facts and limits are filled in: `{prior_visits}`, `{limits.total.visits}`."""
    cites: Slug | PracticeFile | CitationFile | None = None
    """What carries it, where that is not the guideline: a citation of sources.yaml, a source, or practice."""
    status: CitationStatus | None = None
    """How the rule is known, where the guideline carries it and no limit says so."""
    section: Words | None = None
    """The section of the guideline, where it is another one."""
    pages: Pages | None = None
    """The pages of the guideline, where they are others."""
    read_by: Words | None = None
    """Who read it in the official text, and when: `imr-rules verify` writes this."""


class AppliesFile(StrictModel):
    """Which treatments a guideline speaks of, and in which situation."""

    treatments: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    """The treatments it speaks of, with their kinds; `any` for every treatment."""
    when: Condition | None = None
    """The situation it speaks of; always, unless given."""
    otherwise: Annotated[Literal["by_analogy", "left_out"] | None, Field(alias="else")] = None
    """``by_analogy``: applied outside its situation too, and the reason says so. ``left_out``: not so much as mentioned
    unless its situation is known to hold; for remarks, which decide nothing."""


class SupersedesFile(StrictModel):
    """Another guideline that this one replaces, in a stated situation."""

    guideline: GuidelineId
    """The id of the guideline that is replaced."""
    when: Condition | None = None
    """The situation; when this guideline applies, unless given."""


class RecommendedFile(StrictModel):
    """Where the guideline does not recommend the treatment at all: a bar."""

    no: Condition
    """Where it is not recommended: an expression, or ``true`` for everywhere."""
    unless: Condition | None = None
    """Where it is recommended all the same."""
    status: CitationStatus
    """How this is known: `read`, `secondary`, `recalled` or `practice`."""
    pages: Pages | None = None
    """The pages that carry it, where they are not those of the guideline."""
    read_by: Words | None = None
    """Who read it in the official text, and when: `imr-rules verify` writes this."""
    says: Words | None = None
    """The words of the reason where it is not recommended."""


class GuidelineFile(StrictModel):
    """A guideline: one treatment in one edition, its limits and its criteria."""

    guideline: GuidelineId
    """The id, for good: family, edition and treatment, as in `mine/2024/acupuncture`."""
    title: Words
    """What readers call it."""
    source: Slug
    """The document it is taken from: an entry of sources.yaml."""
    section: Words | None = None
    """The section of the document."""
    pages: Pages = ()
    """The pages of the document."""
    requests: InForce
    """The days of request that this edition governs."""
    applies: AppliesFile
    """The treatments it speaks of, and in which situation."""
    contents: Literal["known", "not_known"] = "known"
    """``not_known``: the guideline exists and is dated, and its criteria are not known to this rulebook."""
    ask: dict[Name, Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]] = {}
    """Where the contents are not known, what to find out beside what any reviewer of the treatment looks for:
    treatment, with its kinds → facts."""
    note: Words | None = None
    """Our own words for whoever keeps the rulebook."""
    replaces: Words | None = None
    """In a layer: why it takes the place of the guideline of the same id below it."""
    recommended: RecommendedFile | None = None
    """Where the treatment is not recommended at all."""
    supersedes: Annotated[tuple[SupersedesFile, ...], Field(strict=False)] = ()
    """Other guidelines that it replaces, each in a stated situation."""
    limits: dict[Name, LimitFile] = {}
    """Numbers by name: `limits.total.visits` is what a criterion compares with."""
    criteria: Annotated[tuple[CriterionFile, ...], Field(strict=False)] = ()
    """What it asks for, one criterion at a time."""

    @model_validator(mode="after")
    def _says_something(self) -> GuidelineFile:
        if self.contents == "not_known" and (self.criteria or self.recommended):
            raise Misplaced("contents that are not known have no criteria", "contents")
        if self.contents == "known" and self.ask:
            raise Misplaced("what to find out follows from the criteria, where they are known", "ask")
        decides = self.recommended or any(each.kind != "caution" for each in self.criteria)
        if self.applies.otherwise == "left_out" and (decides or not self.applies.when):
            raise Misplaced("only cautions with a situation (`when`) can be left out", "applies")
        if self.contents == "known" and not (self.criteria or self.recommended):
            raise ValueError("a guideline needs `criteria` or `recommended`, or says `contents: not_known`")
        return self
