"""One paper as it was read: its dates, its worker, its items, each value with its place and the words it was read from."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from imr_rules.reading.papers.page import Place
from imr_rules.reading.sentences import Statement

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

PaperKind = Literal["rfa", "ur", "imr-application", "determination", "record", "other"]
Decision = Literal["approved", "modified", "denied", "delayed", "conditionally_denied", "deferred"]


class Read(Struct, Generic[T_co], frozen=True):
    """A value read from a paper.

    Attributes:
        value: what was read.
        place: where it stands.
        where: that place in words: "treatment 2", "date of injury"; never words of the paper.
        words: the sentence or field it was read from, for whoever confirms it; never stored.
        derived: it was worked out, not written: an age from a birth date, a count from a frequency.
    """

    value: T_co
    place: Place
    where: str
    words: str
    derived: bool = False

    def of(self, value: U, where: str | None = None, *, derived: bool | None = None) -> Read[U]:
        """Return another value that the same words say."""
        kept = self.derived if derived is None else derived
        return Read(value, self.place, self.where if where is None else where, self.words, kept)


class Quantity(Struct, frozen=True):
    """A whole number, or bounds, of a unit of the case."""

    at_least: int | None
    at_most: int | None
    unit: str | None

    @classmethod
    def exactly(cls, count: int, unit: str | None) -> Quantity:
        """Return an exact number."""
        return cls(count, count, unit)

    @property
    def value(self) -> int | None:
        """The number, where it is exact."""
        return self.at_least if self.at_least == self.at_most else None


class Citation(Struct, frozen=True):
    """A guideline as cited, in the shape a case writes it."""

    document: str
    edition: int | None = None
    part: str | None = None
    section: str | None = None
    pages: tuple[int, ...] = ()


class PaperItem(Struct):
    """One treatment a paper asks for, decides or disputes.

    ``asked``, ``authorized`` and ``in_dispute`` are three quantities, each where the paper states it or it follows from
    the other two. ``label`` is the paper's own number for it; ``why`` is the reason it gives, part by part.
    """

    service: Read[str]
    label: str | None = None
    treatment: str | None = None
    body_part: dict[str, str | None] | None = None
    codes: Read[tuple[str, ...]] | None = None
    asked: Read[Quantity] | None = None
    authorized: Read[Quantity] | None = None
    in_dispute: Read[Quantity] | None = None
    frequency: Read[dict[str, object]] | None = None
    duration: Read[dict[str, object]] | None = None
    course: str | None = None
    postoperative: bool = False
    decision: Read[Decision] | None = None
    why: list[Read[str]] = field(default_factory=list)
    cited: list[Read[Citation]] = field(default_factory=list)
    findings: dict[str, list[Read[object]]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)


class Paper(Struct):
    """One paper.

    Attributes:
        id: how the draft calls it: ``rfa``, ``ur``, ``rfa-2``; never the file's name, which may be a person's.
        first, pages: its first page in the file, and how many it has.
        carrier: what it was read from.
        dates: ``injury``, ``injury_until``, ``request``, ``received``, ``decided``, ``served``, ``application``, ``written``.
        facts: ``age``, ``sex``, ``priority``.
        document: of a record: which kind of document of a case it is.
        told: of a record: what its sentences state of the worker and the care.
        questions: what whoever confirms it should look at.
    """

    id: str
    kind: PaperKind
    first: int
    pages: int
    carrier: str
    dates: dict[str, list[Read[str]]] = field(default_factory=dict)
    facts: dict[str, list[Read[object]]] = field(default_factory=dict)
    diagnoses: list[Read[dict[str, str]]] = field(default_factory=list)
    accepted: list[Read[dict[str, str | None]]] = field(default_factory=list)
    items: list[PaperItem] = field(default_factory=list)
    specialty: str | None = None
    document: str | None = None
    told: list[Read[Statement]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def date(self, name: str) -> Read[str] | None:
        """Return the first date of this name, or None."""
        return next(iter(self.dates.get(name, ())), None)

    @property
    def states_something(self) -> bool:
        """Whether a record gives a case anything: a fact, a diagnosis, the worker's age, the day of injury."""
        return bool(self.told or self.diagnoses or self.facts or self.dates.get("injury"))
