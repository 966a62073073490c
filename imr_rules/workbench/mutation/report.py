"""What mutation found, as a report: the survivors, and how many were killed."""

from __future__ import annotations

from imr_rules.workbench.fixtures import case_text
from imr_rules.workbench.mutation.run import MutationResult, Survivor
from imr_rules.writing.document import Block, Bullets, Code, Entry, Paragraph, Report


def mutation_report(result: MutationResult) -> Report:
    """Return the survivors, each with what is known of it, and the counts."""
    left = len(result.survivors)
    counts = (
        f"{result.mutants} mutants: {result.killed} killed, {len(result.equivalent)} proven to change no answer, "
        f"{left} survive{'s' * (left == 1)}; score {result.score:.1f}%"
    )
    survivors = (Bullets(tuple(map(_survivor, result.survivors))),) if result.survivors else ()
    return Report("Mutation of the rulebook", (*survivors, Paragraph(counts)))


def _survivor(survivor: Survivor) -> Entry:
    inner: tuple[Block, ...] = ()
    if survivor.case is not None:
        inner = (
            Bullets.of(survivor.shows, "It changes the answer to the case below"),
            Code(case_text(survivor.case), "yaml"),
        )
    elif survivor.outcome == "open":
        inner = (Paragraph("No case was found on which it shows, and it is not proven that there is none."),)
    return Entry(str(survivor.mutation), inner)
