"""``facts.yaml``, ``treatments.yaml``, ``instruments.yaml``, ``codes.yaml`` and ``drugs.yaml``: the words of the field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from imr_rules._units import Unit
from imr_rules._validation import Misplaced, StrictModel
from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.files.common import (
    InForce,
    Name,
    Strings,
    Words,
)


def _yes_no(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class DiagnosisWords(StrictModel):
    """How a fact is read off the listed diagnoses: code prefixes, and words in the charted text."""

    icd9: Strings = ()
    icd10: Strings = ()
    words: Strings = ()
    may: Strings = ()
    """Words of a diagnosis that may speak of it: a record that says nothing more leaves it open."""


class RequestWords(StrictModel):
    """How a fact is read off the words of the request itself: words that say yes, and words that say no."""

    yes: Strings = ()
    no: Strings = ()


class FactFile(StrictModel):
    """A fact of the dictionary, given as a finding. Those that the engine works out are not declared."""

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
    in_request: bool = False
    """The request itself tells it: its silence means something, however little of the record was read."""
    domain: Words
    source: Words | None = None
    diagnoses: DiagnosisWords | None = None
    request: RequestWords | None = None
    opposite_of: Name | None = None
    """What is stated of that fact, turned round; only where it says nothing does silence count."""
    told_by: Name | None = None
    """A fact that cannot be so without this one: where it is stated as so, silence on this one leaves it open."""

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
        if self.diagnoses is not None and self.type != "yes_no":
            raise ValueError("`diagnoses` belongs to a yes_no fact")
        return self


class FactsFile(StrictModel):
    """``facts.yaml``: the dictionary."""

    facts: dict[Name, FactFile] = {}


class TreatmentFile(StrictModel):
    """A treatment of the vocabulary."""

    label: Words
    within: Name | None = None
    """The broader treatment this is a kind of; its guidelines govern this one too."""
    discipline: Name | None = None
    """Visits of one discipline are counted together; inherited from ``within``."""
    unit: Unit | None = None
    postsurgical: bool = False
    """After an operation its visits count together with those of every other such treatment: physical
    medicine, 8 CCR 9792.24.3(a)(5). Inherited from ``within``."""
    words: Strings = ()
    """What requests call it, in lower case."""
    decides: bool = False
    """Its words settle what is asked for, whatever else the request names: a cream, of many drugs."""
    short: Strings = ()
    """Abbreviations that mean other things too (``pt``: patient): read only before a number or a body part."""
    ask: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Facts that any reviewer of it looks for, whichever guideline governs; inherited from ``within``."""


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
    """``treatments.yaml``: treatments, body regions, operations, conversions of units."""

    treatments: dict[Name, TreatmentFile] = {}
    regions: dict[Name, RegionFile] = {}
    procedures: dict[Name, Strings] = {}
    """Operations: the rows of the postsurgical table, each with the words that tell of it; ``+`` joins words that are all
    needed."""
    conversions: Annotated[tuple[ConversionFile, ...], Field(strict=False)] = ()


class BandFile(StrictModel):
    """A band of severity: its name and its least and greatest score."""

    name: Name
    scores: Annotated[tuple[int, int], Field(strict=False)]


class ChangeFile(StrictModel):
    """A minimal important difference: in points, or in tenths of a percent of the baseline, or both."""

    points: Annotated[int, Field(ge=1)] | None = None
    permille: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Tenths of a percent of the baseline score: 175 is 17.5%."""
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

    @model_validator(mode="after")
    def _forwards(self) -> InstrumentFile:
        if self.scores[0] >= self.scores[1]:
            raise Misplaced("a range is written with its lesser number first", "scores")
        return self


class InstrumentsFile(StrictModel):
    """``instruments.yaml``: scales."""

    instruments: dict[Name, InstrumentFile] = {}


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


class DrugFile(StrictModel):
    """A drug of the list: its ingredient, its form where the list tells forms apart, and its fills in days of supply."""

    ingredient: Words
    form: Literal["tablet", "patch", "cream", "solution", "spray", "suppository", "injection"] | None = None
    listed: Literal["exempt", "non_exempt", "unlisted"]
    special_fill: Annotated[int, Field(ge=0, le=90)] = 0
    perioperative_fill: Annotated[int, Field(ge=0, le=90)] = 0


class DrugListFile(StrictModel):
    """A drug list as somebody copied it, or what others report of one."""

    title: Words
    requests: InForce
    status: CitationStatus
    """Only a list that was ``read`` makes a fact; what is reported or recalled is a hint."""
    drugs: Annotated[tuple[DrugFile, ...], Field(strict=False)]


class DrugsFile(StrictModel):
    """``drugs.yaml``: drug lists. May be left out."""

    lists: Annotated[tuple[DrugListFile, ...], Field(strict=False)]
    note: Words | None = None
