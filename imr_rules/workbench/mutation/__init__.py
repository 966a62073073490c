"""Which small mistakes in a guideline would its fixtures not notice?

Every mistake that one slip of the pen can make in a guideline (:mod:`~imr_rules.workbench.mutation.mutants`)
is tried against the fixtures (:mod:`~imr_rules.workbench.mutation.judging`). One is *killed* where the recorded
suggestion, grounds, review reasons or statuses of some fixture change. A survivor is either proven to change no
answer at all, or gets a case that shows what it changes (:func:`~imr_rules.workbench.mutation.run.examined`), to be
kept among the fixtures (:mod:`~imr_rules.workbench.mutation.boundaries`).
"""

from imr_rules.workbench.mutation.mutants import Mutant, Mutation, mutants
from imr_rules.workbench.mutation.run import MutationResult, Survivor, Tally, mutate

__all__ = ["Mutant", "Mutation", "MutationResult", "Survivor", "Tally", "mutants", "mutate"]
