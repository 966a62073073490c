"""The answer a fixture must get, and what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from imr_rules._validation import StrictModel
from imr_rules.case.statement import Identifier, Text

Suggestion = Literal["uphold", "overturn", "needs_review"]
"""What the software suggests for a disputed item."""

Decision = Literal["uphold", "overturn"]
"""What a reviewer decides for a disputed item."""

Outcome = Literal["upheld", "overturned"]
"""What became of a denial."""

OUTCOME_OF: Mapping[Decision, Outcome] = {"uphold": "upheld", "overturn": "overturned"}
"""The outcome of each decision."""


class ExpectedItem(StrictModel):
    """What a fixture must get for one item, beside what really happened."""

    suggestion: Suggestion | None = None
    lean: Literal["uphold", "overturn", "none"] | None = None
    """Which way an item under review leans; ``none`` where it must lean neither way."""
    grounds: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    review_reasons: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    statuses: dict[str, Literal["met", "unmet", "undocumented", "unknown", "not_applicable"]] | None = None
    outcome: Outcome | None = None
    """The recorded outcome of the real determination."""
    differs: Text | None = None
    """Why the suggestion differs from the real outcome, where it does."""


class Expectation(StrictModel):
    """The answer a fixture must get: per item id."""

    rulebook: Identifier | None = None
    """The name of the rulebook that it must get it from; the one in use unless given."""

    items: dict[Identifier, ExpectedItem]
