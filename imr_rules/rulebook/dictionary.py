"""The entries of the dictionary and of the rest of the vocabulary: facts, treatments, codes, instruments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct, field

from imr_rules._dates import Period
from imr_rules.case.due import DueRule
from imr_rules.expression.values import FactType, Silence

CitationStatus = Literal["read", "secondary", "recalled", "practice"]
"""How a number or rule is known.

``read`` in the official text or statute; ``secondary`` in another source, which is named; ``recalled``
and still to be verified, which the reader of a reason is told; ``practice``, the way named determinations
reason, with no guideline text behind it.
"""


class FactSpec(Struct, frozen=True):
    """A fact of the dictionary."""

    name: str
    label: str
    type: FactType
    asks: str
    silence: Silence
    domain: str
    derived: bool
    source: str | None = None
    icd9: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    in_request: bool = False
    """Whether the request itself tells it: that is in hand, however little of the record was read."""
    requested: tuple[str, ...] = ()
    """Words of the request that say it is so."""
    not_requested: tuple[str, ...] = ()
    """Words of the request that say it is not."""
    opposite_of: str | None = None
    """The fact of which this is the opposite."""
    rests_on: tuple[str, ...] = ()
    """The facts of which one must hold, where it is a response to earlier care."""
    refuted_by: tuple[str, ...] = ()
    """Facts an explicit no to which makes it a no, whatever it rests on."""
    implied_by: str | None = None
    """A narrower fact: where that is said to be so, so is this."""
    told_by: str | None = None
    """A fact that cannot be so without this one: where it is stated as so, silence on this one leaves it open."""
    hints: tuple[str, ...] = ()
    """Words of a diagnosis, or of the request, that may speak of it: silence beside them leaves it open."""


class Treatment(Struct, frozen=True):
    """A treatment of the vocabulary; ``lineage`` is itself, then each broader one.

    Attributes:
        short: abbreviations that mean other things too, and count only where a service must stand.
        ask: the facts that any reviewer of it looks for, whichever guideline governs.
    """

    name: str
    label: str
    lineage: tuple[str, ...]
    discipline: str
    unit: str
    words: tuple[str, ...]
    decides: bool = False
    short: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    postsurgical: bool = False
    """Whether a visit of it after an operation is one of the postsurgical course, whatever the discipline."""


class Law(Struct, frozen=True):
    """The law that the engine speaks of itself, in a rulebook's own words; what is None or empty is not said.

    Attributes:
        heading: what stands above the title of the letter.
        denial_alone: what says that a determination may not rest on the denial alone.
        functional_improvement: what defines it.
        ranking: by what order a text of a lower tier was relied on: how a sentence of the letter begins.
        ranked: what kind of text each lower tier of the search sequence holds.
        due: when a determination is due.
    """

    heading: str | None = None
    denial_alone: str | None = None
    functional_improvement: str | None = None
    ranking: str | None = None
    ranked: Mapping[str, str] = field(default_factory=dict)
    due: DueRule | None = None


class Conversion(NamedTuple):
    """A cited conversion: ``denominator`` of one unit make ``numerator`` of another, for some treatments.

    Attributes:
        unit, to: the units.
        treatments: those it holds for, with their kinds; all where there are none.
        requests: the days of request it holds for; None for always.
    """

    unit: str
    to: str
    numerator: int
    denominator: int
    treatments: tuple[str, ...]
    requests: Period | None
    cites: str


class Code(NamedTuple):
    """What a CPT or HCPCS code number stands for: a treatment, and minutes where it is a timed code."""

    treatment: str
    minutes: int | None


class ListedDrug(NamedTuple):
    """A drug of a drug list.

    Attributes:
        name: as the list has it.
        ingredients: by their names in the lexicon; empty where it knows none of them.
        form: one of the forms that are told apart; None for every form.
        listed: ``exempt``, ``non_exempt`` or ``unlisted``.
        special_fill, perioperative_fill: the days of supply of such a fill; 0 for none.
    """

    name: str
    ingredients: frozenset[str]
    form: str | None
    listed: str
    special_fill: int
    perioperative_fill: int


class DrugList(NamedTuple):
    """A drug list, or part of one, and how it is known; only what was read in the list is a fact.

    Attributes:
        requests: the days of the requests that it is for.
    """

    title: str
    requests: Period
    status: CitationStatus
    drugs: tuple[ListedDrug, ...]


class ImportantChange(NamedTuple):
    """A published minimal important difference."""

    points: int | None
    permille: int | None
    cites: str
    status: CitationStatus


class Instrument(Struct, frozen=True):
    """A scale."""

    name: str
    label: str
    names: tuple[str, ...]
    low: int
    high: int
    lower_is_better: bool
    measures: str
    bands: tuple[tuple[str, int, int], ...] = ()
    changes: tuple[ImportantChange, ...] = ()
    editions: tuple[str, ...] = ()
    bands_cite: str | None = None
    bands_status: CitationStatus | None = None
    note: str | None = field(default=None)
