"""Every lint there is, in the order they are made."""

from __future__ import annotations

from imr_rules.workbench.lint import (
    contradicting_number,
    contradiction,
    gapped_editions,
    hidden_character,
    implied_criterion,
    mixed_script,
    never_fails,
    never_met,
    never_overturned,
    silent_status,
    stale_citation,
    unsaid_limit,
    unused_fact,
    unused_limit,
)
from imr_rules.workbench.lint.kind import Lint
from imr_rules.workbench.lint.load_errors import LOAD_ERRORS

__all__ = ["LINTS"]

LINTS: tuple[Lint, ...] = (
    *LOAD_ERRORS,
    hidden_character.LINT,
    mixed_script.LINT,
    stale_citation.LINT,
    gapped_editions.LINT,
    contradicting_number.LINT,
    unsaid_limit.LINT,
    silent_status.LINT,
    unused_limit.LINT,
    unused_fact.LINT,
    never_met.LINT,
    never_fails.LINT,
    implied_criterion.LINT,
    never_overturned.LINT,
    contradiction.LINT,
)
