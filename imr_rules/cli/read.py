"""``imr-rules read``: a draft case from requests, decisions, applications and records."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import (
    LayerOption,
    RulebookOption,
    load_rulebook,
    needs_extra,
    out,
    print_json,
)
from imr_rules.cli.letter import to_case_command
from imr_rules.errors import LetterError, Place, Problem

if TYPE_CHECKING:
    from imr_rules.reading.papers import Draft
    from imr_rules.reading.papers.paper import PaperKind


class As(StrEnum):
    """What the papers are."""

    auto = "auto"
    rfa = "rfa"
    ur = "ur"
    imr_application = "imr-application"
    determination = "determination"
    record = "record"


_KINDS: dict[As, PaperKind] = {
    As.rfa: "rfa", As.ur: "ur", As.imr_application: "imr-application", As.determination: "determination", As.record: "record",
}  # fmt: skip


def read_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Papers of one case, PDF or text.")],
    kind: Annotated[
        As, typer.Option("--as", help="What they are; auto tells by titles and words.")
    ] = As.auto,
    words: Annotated[
        bool,
        typer.Option(
            "--words", help="Each value with the words it was read from, as JSON, to confirm it by."
        ),
    ] = False,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Read the papers of one case into a draft case, as YAML; what to look at is said beside it.

    Requests for authorization, utilization review decisions and applications for independent medical review: with form
    fields, as text, or scanned. Several papers are put together. Of a record, the facts that its sentences state. Nothing in
    a draft is confirmed.
    """
    if kind is As.determination:
        to_case_command(files, rulebook=rulebook)
        return
    needs_extra("ocr", "pypdfium2", "numpy", "PIL")
    from imr_rules.reading.papers import draft_text, read_papers

    vocabulary = load_rulebook(rulebook, layer).vocabulary
    draft = read_papers(files, vocabulary, kind=_KINDS.get(kind))
    _say(draft)
    if words:
        print_json([proposal.to_dict() for proposal in draft.proposals])
    elif draft.data is not None:
        out(draft_text(draft).rstrip("\n"))
    elif draft.proposals:  # a record alone: its facts, for a case to come
        print_json([{k: v for k, v in each.to_dict().items() if k != "words"} for each in draft.proposals])
    else:
        problem = "no treatment and no fact of the dictionary can be read in it"
        raise LetterError(Problem("no-items", problem, Place(file=str(files[0]))))


def _say(draft: Draft) -> None:
    for document, page in draft.unread_pages:
        print(f"note: {document}, page {page}: nothing could be read", file=sys.stderr)
    for caution in draft.cautions:
        print(f"note: {caution}", file=sys.stderr)
    for service, decision in draft.settled:
        print(f"note: {decision}, not in dispute: {service}", file=sys.stderr)
