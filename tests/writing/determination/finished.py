"""Three finished letters, as they are kept in ``docs/determinations``: ``python -m tests.writing.determination.finished``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from imr_rules import Rulebook
from imr_rules.case import Case, Decision
from imr_rules.screening import screen
from imr_rules.writing.determination import Determination, Reviewer, draft
from imr_rules.writing.determination.phrases import TO_CHECK
from tests.paths import ROOT

KEPT = ROOT / "docs" / "determinations"


class Finished(NamedTuple):
    """A letter: its name, its case, the reviewer's outcomes (of every item where one is given) and what fills its blanks."""

    name: str
    case: str
    outcome: Decision
    reviewer: Reviewer
    blanks: dict[str, str]


HEADER = {
    "[case number]": "CM00-0000000", "[date of the decision]": "April 2, 2014", "[date]": "May 6, 2014",
    "[regular or expedited]": "Regular",
}  # fmt: skip
IN_THEIR_WORDS = {
    "[name the guideline or study relied on, with its section and page]":
        "- Chronic Pain Medical Treatment Guidelines (July 28, 2016), 8 CCR 9792.24.2, Manual therapy & manipulation",
    "[say what the guideline or study asks, and where it says so]":
        "The Chronic Pain Medical Treatment Guidelines (July 28, 2016), Manual therapy & manipulation, allow a trial of "
        "6 visits over 2 weeks, and more of them with evidence of objective functional improvement.",
    "- Other document, independent medical reviewer, 4 pages":
        "- Application for independent medical review, December 13, 2016\n"
        "- Utilization-review decision, December 9, 2016\n- Request for authorization, December 2, 2016\n"
        "- Medical records from the requesting provider",
    "another document, page 2, rationale": "medical records, page 2",
    "May 30, 2014": "January 6, 2017",
}  # fmt: skip
"""What a reviewer would write where the draft asks for it."""
LETTERS = (
    Finished(
        "seed",
        "determinations/seed-cbt-relaxation.yaml",
        "uphold",
        Reviewer("California", "psychology"),
        HEADER,
    ),
    Finished(
        "overturned",
        "audit/cbt-6-plus-4-improved.yaml",
        "overturn",
        Reviewer("California", "psychology"),
        HEADER,
    ),
    Finished(
        "five-items",
        "determinations/cm16-0239569.yaml",
        "uphold",
        Reviewer("California", "physical medicine and rehabilitation"),
        {**HEADER, **IN_THEIR_WORDS},
    ),
)


def letter(finished: Finished, rulebook: Rulebook) -> Determination:
    """Return a letter with its header filled in and its citations checked off, as a reviewer would."""
    case = Case.from_file(ROOT / "fixtures" / finished.case)
    screening = screen(case, rulebook)
    outcomes: dict[str, Decision] = {
        each.item: finished.outcome if each.suggestion == "needs_review" else each.suggestion
        for each in screening.items
    }
    made = draft(case, screening, rulebook, outcomes, reviewer=finished.reviewer, today=date(2014, 5, 30))
    texts = {}
    for name, text in made.texts().items():
        for blank, filled in finished.blanks.items():
            text = text.replace(blank, filled)
        texts[name] = text.replace(f" {TO_CHECK}", "")
    return made.with_texts(texts)


def main() -> None:
    """Write every letter as PDF."""
    from imr_rules.writing.determination.typesetting import to_pdf

    rulebook = Rulebook.load()
    for each in LETTERS:
        Path(KEPT / f"{each.name}.pdf").write_bytes(to_pdf(letter(each, rulebook)))


BLANK = re.compile(r"\[[^\[\]]+\]")

if __name__ == "__main__":
    main()
