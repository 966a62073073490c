"""Every lint there is, in the order they are made."""

from __future__ import annotations

from imr_rules.workbench.lint import (
    contradicting_number,
    gapped_editions,
    hidden_character,
    mixed_script,
    silent_status,
    stale_citation,
    unsaid_limit,
    unused_fact,
    unused_limit,
)
from imr_rules.workbench.lint.finding import Lint
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
)
