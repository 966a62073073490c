"""What all parts of an answer have in common, and the days they speak of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Period", "Shape"]


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Period(Shape):
    """Days, both included; open where `to` is null."""

    from_: str | None = Field(alias="from")
    to: str | None
