"""What the files of a rulebook look like: the shapes an editor writes, and their JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from imr_rules._units import PLURALS, Unit
from imr_rules._validation import Misplaced, StrictModel, listed
from imr_rules.facts.dictionary import CitationStatus
from imr_rules.rulebook.model import Tier

__all__ = [
    "AmountsFile",
    "AppliesFile",
    "BandFile",
    "ChangeFile",
    "CitationFile",
    "CitationStatus",
    "CodeFile",
    "CodesFile",
    "ConversionFile",
    "CriterionFile",
    "DiagnosisWords",
    "FactFile",
    "FactsFile",
    "GuidelineFile",
    "InForce",
    "InstrumentFile",
    "InstrumentsFile",
    "LimitFile",
    "NamedCitationFile",
    "PracticeFile",
    "RecommendedFile",
    "RegionFile",
    "RowFile",
    "SourceFile",
    "SourcesFile",
    "SupersedesFile",
    "TreatmentFile",
    "TreatmentsFile",
]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", examples=["within-total"])]
GuidelineId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$",
        examples=["mtus/chronic-pain-2009/tens"],
    ),
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60, examples=["prior_visits"])]
Words = Annotated[str, Field(min_length=1, max_length=1000)]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


def _read_date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("a whole date belongs here, written 2009-07-18")


Day = Annotated[
    date,
    BeforeValidator(_read_date),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def _bare_expression(value: Any) -> Any:
    # `when: true` reads as a boolean in YAML and is an expression all the same.
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


Condition = Annotated[
    Expression,
    BeforeValidator(_bare_expression),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 2000}, {"type": "boolean"}]}),
]


def _yes_no(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _span(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value, value)


Whole = Annotated[int, Field(ge=0, le=1_000_000)]
Extent = Annotated[tuple[Whole, Whole], BeforeValidator(_span), Field(strict=False)]
"""One number, or the least and the greatest of a range."""
Pages = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)]
Strings = Annotated[tuple[Words, ...], BeforeValidator(listed), Field(strict=False)]


class InForce(StrictModel):
    """A period of days; both ends belong to it."""

    from_: Annotated[Day, Field(alias="from")]
    """The first day."""
    to: Day | None = None
    """The last day; open unless given."""

    @model_validator(mode="after")
    def _forwards(self) -> InForce:
        if self.to is not None and self.to < self.from_:
            raise ValueError("`to` lies before `from`")
        return self


class AmountsFile(StrictModel):
    """Numbers in their units: ``visits: [6, 10]``, ``weeks: 8``."""

    visits: Extent | None = None
    sessions: Extent | None = None
    hours: Extent | None = None
    days: Extent | None = None
    weeks: Extent | None = None
    months: Extent | None = None
    years: Extent | None = None
    tablets: Extent | None = None
    studies: Extent | None = None
    blocks: Extent | None = None
    levels: Extent | None = None
    injections: Extent | None = None
    items: Extent | None = None
    percent: Extent | None = None
    points: Extent | None = None
    mg_per_day: Extent | None = None
    gram_per_day: Extent | None = None
    status: CitationStatus | None = None
    """How the number is known: `read`, `secondary`, `recalled` or `practice`."""
    pages: Pages | None = None
    """The pages of the source that carry the number, where they are not those of the guideline."""
    note: Words | None = None
    """Our own words on how the number is known; shown with it."""

    @property
    def amounts(self) -> dict[str, tuple[int, int]]:
        """Return plural unit → (least, greatest)."""
        given = {plural: getattr(self, plural, None) for plural in PLURALS}
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
    kind: Literal["ground", "caution"] = "ground"
    """A caution that is not met is a warning to the reader and never a ground."""


class AppliesFile(StrictModel):
    """Which treatments a guideline speaks of, and in which situation."""

    treatments: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    """The treatments it speaks of, with their kinds; `any` for every treatment."""
    when: Condition | None = None
    """The situation it speaks of; always, unless given."""
    otherwise: Annotated[Literal["by_analogy"] | None, Field(alias="else")] = None
    """``by_analogy``: applied outside its situation too, and the reason says so."""


class SupersedesFile(StrictModel):
    """Another guideline that this one replaces, in a stated situation."""

    guideline: GuidelineId
    """The id of the guideline that is replaced."""
    when: Condition | None = None
    """The situation; when this guideline applies, unless given."""


class RecommendedFile(StrictModel):
    """Whether the guideline recommends the treatment at all."""

    no: Condition | None = None
    """Where it is not recommended: an expression, or ``true`` for everywhere."""
    unless: Condition | None = None
    """Where it is recommended all the same."""
    yes: Condition | None = None
    """Where it is recommended; met there."""
    status: CitationStatus
    """How this is known: `read`, `secondary`, `recalled` or `practice`."""
    pages: Pages | None = None
    """The pages that carry it, where they are not those of the guideline."""
    says: Words | None = None
    """The words of the reason where it is not recommended."""

    @model_validator(mode="after")
    def _something(self) -> RecommendedFile:
        if self.no is None and self.yes is None:
            raise ValueError("say where it is recommended: `no`, `yes` or both")
        return self


class GuidelineFile(StrictModel):
    """A guideline: one treatment in one edition, its limits and its criteria."""

    guideline: GuidelineId
    """The id, for good: family, edition and treatment, as in `mtus/chronic-pain-2009/acupuncture`."""
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
    note: Words | None = None
    """Our own words for whoever keeps the rulebook."""
    recommended: RecommendedFile | None = None
    """Whether the treatment is recommended at all, and where."""
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
        if self.contents == "known" and not (self.criteria or self.recommended):
            raise ValueError("a guideline needs `criteria` or `recommended`, or says `contents: not_known`")
        return self


class SourceFile(StrictModel):
    """An entry of the bibliography."""

    document: Words
    regulation: Words | None = None
    tier: Tier
    family: Slug | None = None
    """Editions of one guideline share a family; no two of them govern one request."""
    edition: int | None = None
    in_force: InForce | None = None
    parts: dict[str, Words] = {}
    """Numbered parts of the document, where citing one tells the edition."""
    cited_as: Strings = ()
    """The words letters use for it."""
    note: Words | None = None
    stands_alone: bool = False
    """A determination that carries a practice without a second one beside it."""


class NamedCitationFile(StrictModel):
    """A citation that several guidelines share, by name."""

    source: Slug
    section: Words | None = None
    pages: Pages = ()
    status: CitationStatus
    note: Words | None = None


class SourcesFile(StrictModel):
    """``sources.yaml``: the bibliography."""

    version: Words
    sources: dict[Slug, SourceFile]
    citations: dict[Slug, NamedCitationFile] = {}


class DiagnosisWords(StrictModel):
    """How a fact is read off the listed diagnoses: code prefixes, and words in the charted text."""

    icd9: Strings = ()
    icd10: Strings = ()
    words: Strings = ()


class FactFile(StrictModel):
    """A fact of the dictionary."""

    label: Words
    type: Annotated[Literal["yes_no", "number", "date", "choice"], BeforeValidator(_yes_no)]
    unit: Unit | None = None
    between: Annotated[tuple[int, int], Field(strict=False)] | None = None
    one_of: (
        Literal["regions", "treatments"]
        | Annotated[tuple[Name, ...], Field(strict=False, min_length=2)]
        | None
    ) = None
    """The words it may be; ``regions`` or ``treatments`` stand for those of the vocabulary."""
    asks: Words
    """The question that supplies the fact."""
    silence: Literal["against_request", "absent", "unknown"] = "unknown"
    """What it means that a searched record says nothing."""
    domain: Words
    source: Words | None = None
    derived: bool = False
    """Worked out from the structured parts of a case rather than given as a finding."""
    diagnoses: DiagnosisWords | None = None

    @model_validator(mode="after")
    def _typed(self) -> FactFile:
        if (self.type == "number") != (self.between is not None):
            raise ValueError("a number, and nothing else, is `between` two bounds")
        if self.between is not None and self.between[0] > self.between[1]:
            raise Misplaced("a range is written with its lesser number first", "between")
        if (self.type == "choice") != (self.one_of is not None):
            raise ValueError("a choice, and nothing else, is `one_of` some words")
        if self.unit is not None and self.type != "number":
            raise ValueError("only a number has a `unit`")
        if self.silence == "absent" and self.type != "yes_no":
            raise ValueError("only a yes_no fact can be absent")
        if self.diagnoses is not None and (self.type != "yes_no" or self.derived):
            raise ValueError("`diagnoses` belongs to a yes_no fact that is not `derived`")
        return self


class FactsFile(StrictModel):
    """``facts.yaml``: the dictionary."""

    facts: dict[Name, FactFile]


class TreatmentFile(StrictModel):
    """A treatment of the vocabulary."""

    label: Words
    within: Name | None = None
    """The broader treatment this is a kind of; its guidelines govern this one too."""
    discipline: Name | None = None
    """Visits of one discipline are counted together; inherited from ``within``."""
    unit: Unit | None = None
    words: Strings = ()
    """What requests call it, in lower case."""
    decides: bool = False
    """Its words settle what is asked for, whatever else the request names: a cream, of many drugs."""
    short: Strings = ()
    """Abbreviations that mean other things too (``pt``: patient): read only before a number or a body part."""


class RegionFile(StrictModel):
    """A region of the body."""

    label: Words
    words: Strings = ()


class ConversionFile(StrictModel):
    """A cited conversion of one unit into another, for some treatments."""

    from_: Annotated[Unit, Field(alias="from")]
    to: Unit
    numerator: Annotated[int, Field(ge=1)] = 1
    denominator: Annotated[int, Field(ge=1)] = 1
    treatments: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    requests: InForce | None = None
    """The days of request it holds for; always, unless given."""
    cites: Words


class TreatmentsFile(StrictModel):
    """``treatments.yaml``: treatments, body regions, conversions of units."""

    treatments: dict[Name, TreatmentFile]
    regions: dict[Name, RegionFile]
    conversions: Annotated[tuple[ConversionFile, ...], Field(strict=False)] = ()


class BandFile(StrictModel):
    """A band of severity: its name and its least and greatest score."""

    name: Name
    scores: Annotated[tuple[int, int], Field(strict=False)]


class ChangeFile(StrictModel):
    """A minimal important difference: in points, or in tenths of a percent of the baseline, or both."""

    points: Annotated[int, Field(ge=1)] | None = None
    permille: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Tenths of a percent of the baseline score: 175 is 17.5 %."""
    cites: Words
    status: CitationStatus

    @model_validator(mode="after")
    def _something(self) -> ChangeFile:
        if self.points is None and self.permille is None:
            raise ValueError("give `points`, `permille` or both")
        return self


class InstrumentFile(StrictModel):
    """A scale: its range, direction, severity bands and important differences."""

    label: Words
    names: Strings
    """What records call it, in lower case."""
    scores: Annotated[tuple[int, int], Field(strict=False)]
    better: Literal["lower", "higher"] = "lower"
    measures: Literal["mood", "anxiety", "pain", "function"]
    """What it measures: only a scale of function shows objective functional improvement."""
    bands: Annotated[tuple[BandFile, ...], Field(strict=False)] = ()
    bands_cite: Words | None = None
    bands_status: CitationStatus | None = None
    important_change: Annotated[tuple[ChangeFile, ...], Field(strict=False)] = ()
    editions: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """For a name that may mean several editions: judged only where all of them agree."""
    note: Words | None = None


class InstrumentsFile(StrictModel):
    """``instruments.yaml``: scales."""

    instruments: dict[Name, InstrumentFile]


class CodeFile(StrictModel):
    """A code: the treatment it names, the minutes it stands for, and the days of service it is billed for.

    A code that is no longer billed is still read: old requests carry it.
    """

    treatment: Name
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    billed: InForce | None = None
    cites: Words | None = None


def _code(value: Any) -> Any:
    return {"treatment": value} if isinstance(value, str) else value


class CodesFile(StrictModel):
    """``codes.yaml``: CPT and HCPCS code numbers, without descriptors, to treatments. May be left out."""

    codes: dict[
        Annotated[str, Field(pattern=r"^[A-Z0-9]\d{3}[A-Z0-9]$", examples=["97110"])],
        Annotated[CodeFile, BeforeValidator(_code)],
    ]
    note: Words | None = None
