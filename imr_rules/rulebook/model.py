"""A rulebook in memory: sources, guidelines, limits and criteria, checked and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Struct, field

from imr_rules._dates import Days, Period
from imr_rules._results import ABSENT_IF_NONE, Result
from imr_rules.errors import Place
from imr_rules.expression import Node
from imr_rules.expression.reference import truth
from imr_rules.expression.values import Row
from imr_rules.rulebook.dictionary import CitationStatus, Treatment

STATUTE, PRACTICE = "statute", "practice"
"""The tiers of every rulebook: statutes, which always add, and practice, which comes after all guidelines."""

CriterionKind = Literal["limit", "indication", "bar", "documentation", "caution"]
"""What a criterion may do.

* ``limit``: a count, a dose, a time. Unmet it is a ground for upholding; met it is a precondition of overturning.
* ``indication``: what the patient has, has tried or has gained, for which the guideline gives the treatment.
  Unmet it is a ground for upholding; met it is a ground for overturning.
* ``bar``: what speaks against the treatment. Where it holds the criterion is unmet, a ground for upholding.
* ``documentation``: what the request must show. Unmet it is a ground for upholding; met it supports.
* ``caution``: a warning to the reader, never a ground.
"""

Strength = Literal["text", "practice", "adapted"]
"""What carries a criterion: the text in force (a statute or a guideline, however it is known), reviewers'
practice, or another edition or adaptation of a guideline whose text in force was not read."""


class Layer(Struct, frozen=True):
    """A layer that was laid over a rulebook.

    Attributes:
        name, version, title: what it says of itself.
        digest: SHA-256 over the names and bytes of its files, as ``sha256:...``.
    """

    name: str
    version: str
    title: str
    digest: str


class Source(Struct, frozen=True):
    """An entry of the bibliography."""

    id: str
    document: str
    regulation: str | None
    tier: str
    """Where it stands in the search sequence: a tier that the rulebook names, ``statute`` or ``practice``."""
    family: str | None
    edition: int | None
    in_force: Period | None
    parts: tuple[str, ...]
    cited_as: tuple[str, ...]
    note: str | None
    stands_alone: bool
    adapted: bool = False
    """Another edition, or an adaptation, of a guideline whose text in force was not read."""


@dataclass(frozen=True, slots=True)
class Citation(Result):
    """What carries a reason: document, place in it, and how it is known."""

    source: str
    document: str
    regulation: str | None
    section: str | None
    pages: tuple[int, ...]
    status: CitationStatus
    in_force: Days | None = None
    note: str | None = None
    layer: Annotated[str | None, ABSENT_IF_NONE] = None
    """The layer of the rulebook that says so; None where the rulebook itself does."""


def weakest(statuses: Iterable[CitationStatus]) -> CitationStatus | None:
    """Return the least sure of several ways of knowing, or None where there are none."""
    given = set(statuses)
    order: tuple[CitationStatus, ...] = ("recalled", "practice", "secondary", "read")
    return next((status for status in order if status in given), None)


Piece = str | tuple[str, ...]
"""Literal words, or the name to fill in: ``("fact", name)`` or ``("limit", name, unit, part)``."""


class Template(Struct, frozen=True):
    """A reason with places to fill in."""

    pieces: tuple[Piece, ...]


Amounts = dict[str, tuple[int, int]]
"""Plural unit → (least, greatest)."""


class LimitRow(Struct, frozen=True, eq=False):
    """A row of a table of limits."""

    label: str
    when: Node
    when_text: str
    amounts: Amounts
    status: CitationStatus
    pages: tuple[int, ...] | None
    note: str | None = None


class Limit(Struct, frozen=True, eq=False):
    """A limit: numbers, or a table of rows and what holds otherwise.

    Attributes:
        amounts: the numbers, where there are no rows.
        rows: the rows; where several fit, the larger number governs.
        otherwise: the numbers where no row fits; None where the limit then does not exist.
    """

    name: str
    amounts: Amounts
    status: CitationStatus
    pages: tuple[int, ...] | None
    note: str | None
    rows: tuple[LimitRow, ...] = ()
    otherwise: LimitRow | None = None
    place: Place = Place()

    @property
    def every_row(self) -> tuple[LimitRow, ...]:
        """The rows, and last what holds otherwise."""
        return self.rows if self.otherwise is None else (*self.rows, self.otherwise)

    def fits(self, row: Row) -> list[bool | None]:
        """Return whether each of its rows fits the facts: True, False, or None while it is open."""
        return [truth(each.when, row) for each in self.rows]

    @property
    def extents(self) -> Amounts:
        """Plural unit → the least and the greatest number over all rows."""
        found = dict(self.amounts)
        for row in self.every_row:
            for plural, (low, high) in row.amounts.items():
                least, greatest = found.get(plural, (low, high))
                found[plural] = min(least, low), max(greatest, high)
        return found


class Criterion(Struct, frozen=True, eq=False):
    """One criterion of a guideline, as compiled.

    Attributes:
        id: ``<guideline>#<criterion>``.
        name: its id within the guideline.
        when, require: its trees; ``when`` is the criterion's own condition alone.
        says: status → template.
        citation: what carries it; its status is the weakest of the limits it uses.
        kind: what it may do.
        strength: what carries it, by its citation.
        limits: the limits it uses, by name.
        recommendation: True for the answer to whether the treatment is recommended at all.
    """

    id: str
    name: str
    when: Node
    when_text: str | None
    require: Node
    require_text: str
    says: dict[str, Template]
    citation: Citation
    kind: CriterionKind
    strength: Strength
    limits: tuple[str, ...] = ()
    recommendation: bool = False
    place: Place = Place()


class Superseding(Struct, frozen=True):
    """That one guideline replaces another, and when."""

    guideline: str
    when: Node
    when_text: str


class Guideline(Struct, frozen=True, eq=False):
    """One treatment in one edition.

    Attributes:
        requests: the days of request it governs.
        treatments: the treatments it names; it governs the kinds of these too.
        applies_when: its situation.
        by_analogy: applied outside that situation as well, and said so.
        left_out: not so much as mentioned unless its situation is known to hold: remarks only.
        known: False where its contents are not known to this rulebook.
        ask: what to find out then, beside what any reviewer of the treatment looks for: treatment → facts.
        layer: the layer of the rulebook that it stands in; None where it stands in the rulebook itself.
        replaces: why it takes the place of a guideline of the same id below its layer.
    """

    id: str
    title: str
    source: Source
    section: str | None
    pages: tuple[int, ...]
    requests: Period
    treatments: tuple[str, ...]
    applies_when: Node
    applies_text: str | None
    by_analogy: bool
    known: bool
    note: str | None
    limits: dict[str, Limit]
    criteria: tuple[Criterion, ...]
    supersedes: tuple[Superseding, ...]
    ask: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place = Place()
    layer: str | None = None
    replaces: str | None = None
    left_out: bool = False

    def looks_for(self, treatment: Treatment) -> Iterator[str]:
        """Yield the facts that a reviewer of it looks for about a treatment, whatever its criteria are."""
        for step in treatment.lineage:
            yield from self.ask.get(step, ())

    @property
    def citation(self) -> Citation:
        """The guideline itself as a citation; its status is that of its weakest criterion."""
        status = weakest(criterion.citation.status for criterion in self.criteria) or "recalled"
        source = self.source
        return Citation(
            source.id,
            source.document,
            source.regulation,
            self.section or self.title,
            self.pages,
            status,
            self.requests,
            layer=self.layer,
        )
