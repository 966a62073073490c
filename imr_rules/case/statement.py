"""One statement of one fact, and where in the record it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from imr_rules._dates import Date
from imr_rules._results import ABSENT_IF_NONE
from imr_rules._units import Unit
from imr_rules._validation import StrictModel, listed

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

    document: Annotated[Identifier | None, ABSENT_IF_NONE] = None
    """The ``id`` of one of the case's documents."""
    date: Annotated[Date | None, ABSENT_IF_NONE] = None
    page: Annotated[Annotated[int, Field(ge=1, le=MOST)] | None, ABSENT_IF_NONE] = None
    place: Annotated[Text | None, ABSENT_IF_NONE] = None
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

Findings = dict[Word, Statements]
