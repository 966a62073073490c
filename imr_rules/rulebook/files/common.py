"""What the files of a rulebook have in common: names, texts, days, numbers and periods."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from imr_rules._validation import StrictModel, listed

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", examples=["within-total"])]
GuidelineId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$",
        examples=["mine/2024/tens"],
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
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError("the calendar has no such day") from None
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
