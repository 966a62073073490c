"""``sources.yaml``: every document a rule can cite, and the citations that guidelines share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from imr_rules._validation import StrictModel
from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.files.common import (
    InForce,
    Name,
    Pages,
    Slug,
    Strings,
    Words,
)


class SourceFile(StrictModel):
    """An entry of the bibliography."""

    document: Words
    regulation: Words | None = None
    tier: Name
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
    adapted: bool = False
    """Another edition, or an adaptation, of a guideline whose text in force was not read: it decides nothing."""


class NamedCitationFile(StrictModel):
    """A citation that several guidelines share, by name."""

    source: Slug
    section: Words | None = None
    pages: Pages = ()
    status: CitationStatus
    note: Words | None = None


class DueFile(StrictModel):
    """When a determination is due."""

    days: Annotated[int, Field(ge=1)]
    """Days from receipt of the application."""
    expedited: Annotated[int, Field(ge=1)]
    """The same where the review is expedited."""
    rule: Words
    """What says so, for the reader."""


class LawFile(StrictModel):
    """The law that the engine speaks of itself, in a rulebook's own words. What is left out is not said."""

    heading: Words | None = None
    """What stands above the title of the letter."""
    denial_alone: Words | None = None
    """What says that a determination may not rest on the denial alone."""
    functional_improvement: Words | None = None
    """What defines it."""
    ranking: Words | None = None
    """By what order a text of a lower tier was relied on: how a sentence of the letter begins."""
    ranked: dict[Name, Words] = {}
    """What kind of text each lower tier of the search sequence holds."""
    due: DueFile | None = None


class SourcesFile(StrictModel):
    """``sources.yaml``: the bibliography. That of a rulebook also says which rulebook it is."""

    rulebook: Slug | None = None
    """The name of the rulebook, by which layers and fixtures name it."""
    version: Words | None = None
    """The version the rulebook states of itself."""
    tiers: dict[Name, Words] = {}
    """The search sequence, in its order: each tier, and what readers are told that it is. Statutes stand outside it, and
    practice after it. A rulebook whose guidelines are all of one tier need not name it."""
    law: LawFile | None = None
    """The law that the engine speaks of itself; of a rulebook, and not of a layer."""
    sources: dict[Slug, SourceFile] = {}
    citations: dict[Slug, NamedCitationFile] = {}
