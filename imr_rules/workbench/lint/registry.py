"""Every lint there is, in the order they are made."""

from __future__ import annotations

from imr_rules.workbench.lint import (
    circular_supersession,
    contradicting_number,
    contradiction,
    gapped_editions,
    hidden_character,
    idle_row,
    implied_criterion,
    mixed_script,
    never_fails,
    never_met,
    never_overturned,
    never_upheld,
    not_read,
    shared_word,
    silent_status,
    stale_citation,
    two_in_force,
    unsaid_limit,
    unused_fact,
    unused_limit,
)
from imr_rules.workbench.lint.kind import Lint
from imr_rules.workbench.lint.load_errors import LOAD_ERRORS

LINTS: tuple[Lint, ...] = (
    *LOAD_ERRORS,
    not_read.LINT,
    hidden_character.LINT,
    mixed_script.LINT,
    stale_citation.LINT,
    gapped_editions.LINT,
    two_in_force.LINT,
    shared_word.LINT,
    contradicting_number.LINT,
    unsaid_limit.LINT,
    silent_status.LINT,
    unused_limit.LINT,
    unused_fact.LINT,
    idle_row.LINT,
    circular_supersession.LINT,
    never_met.LINT,
    never_fails.LINT,
    implied_criterion.LINT,
    never_overturned.LINT,
    never_upheld.LINT,
    contradiction.LINT,
)
