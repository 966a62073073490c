"""The receipt in words: for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from imr_rules.screening import CriterionResult, ItemScreening
from imr_rules.workbench.diff import replays
from imr_rules.workbench.diff.answers import Both
from imr_rules.workbench.diff.edits import Edit
from imr_rules.workbench.diff.phrases import WIDTH, plain, treatments_of, ways, wrapped
from imr_rules.workbench.diff.receipts import Change, Receipt
from imr_rules.writing.report import matters
from imr_rules.writing.words import MARKS, TITLES, say_citation, standing

__all__ = ["case_text", "explained", "markdown", "summary", "text"]

_KINDS = {
    "added": "added",
    "removed": "removed",
    "meaning": "changed in meaning",
    "rewritten": "written otherwise, and proven to be judged the same",
    "reason": "changed in the reason given, and no suggestion with it",
}
_SAME = {
    "same_rules": "the rules are the same",
    "proved": "the rules are written otherwise, and no record is answered otherwise",
}


def summary(receipt: Receipt) -> str:
    """Return in one sentence what changes."""
    changes, flips = receipt.changes, receipt.answers.flips
    if not receipt.edits and not changes:
        found = "no guideline is edited"
    elif not changes:
        found = "no suggestion was found to change"
    else:
        found = f"suggestions change in {len(changes)} way{'s' * (len(changes) != 1)}"
    many = len(flips) != 1
    files = (
        f"{len(flips)} item{'s' * many} of fixtures flip{'s' * (not many)}" if flips else "no fixture flips"
    )
    left = len(receipt.bounded)
    corpus = receipt.corpus
    replays = f"; {corpus.flipped:,} of {corpus.items:,} recorded items flip" if corpus else ""
    return f"{found}; {files}{replays}" + (
        f"; {left} matter{'s' * (left != 1)} not searched to the end" if left else ""
    )


def case_text(data: Any) -> str:
    """Return a case as an editor would write it."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=WIDTH).rstrip()


def explained(item: ItemScreening, criteria: Iterable[str]) -> list[CriterionResult]:
    """Return the criteria of an answer to be shown: those that matter, and those that changed."""
    changed = {*criteria}
    return [each for each in item.criteria if each.id in changed or matters(each, item)]


# -- text ----------------------------------------------------------------------------------------------------


def text(receipt: Receipt, old: str, new: str) -> str:
    """Return the receipt as text for a terminal."""
    return "\n".join(_text(receipt, old, new))


def _text(receipt: Receipt, old: str, new: str) -> Iterator[str]:
    yield f"from {old} to {new}: {summary(receipt)}"
    if receipt.edits:
        yield "\nEdited"
        guideline = None
        for edit in receipt.edits:
            if edit.guideline != guideline:
                guideline = edit.guideline
                yield f"  {guideline}"
            yield f"    {_edit(edit)}"
            for word, said in (("was", edit.was), ("is", edit.now)):
                if said is not None:
                    yield wrapped(said, f"      {word:4} ", " " * 11)
    for number, change in enumerate(receipt.changes, 1):
        yield ""
        yield from _change(receipt, number, change)
    if receipt.proven_unchanged:
        yield "\nProven unchanged"
        for each in receipt.proven_unchanged:
            count = len(each.treatments)
            who = treatments_of(receipt, each.treatments) if count <= 4 else f"{count} treatments"
            yield wrapped(f"{who}, requests {each.requests}: {_SAME[each.because]}", "  ", "    ")
    if receipt.bounded:
        yield "\nNot searched to the end"
        for what, why in receipt.bounded:
            yield wrapped(f"{what}: {why}", "  ", "    ")
    yield ""
    for line in _fixtures(receipt):
        yield wrapped(line, "", "  ")
    yield from replays.text(receipt)


def _edit(edit: Edit) -> str:
    name = edit.criterion if edit.what == "criterion" else f"{edit.criterion}, {edit.what}" if edit.criterion else edit.what  # fmt: skip
    return f"{name}: {_KINDS[edit.kind]}"


def _change(receipt: Receipt, number: int, change: Change) -> Iterator[str]:
    by = f"by {change.guideline}#{change.criterion}" if change.guideline else "by no one criterion"
    yield f"{number}. {ways(change)}, {by}"
    yield wrapped(treatments_of(receipt, change.treatments), "   ")
    first, *others = change.region.split("; or ")
    yield wrapped(f"where {first}", "   ", "     ")
    for part in others:
        yield wrapped(f"or {part}", "   ", "     ")
    yield f"   requests {change.requests}"
    yield "\n   Smallest case"
    yield textwrap.indent(case_text(change.witness.data), "     ")
    for when, item in (("Before", change.witness.before), ("After", change.witness.after)):
        yield f"\n   {when}: {TITLES[item.suggestion]}"
        yield wrapped(item.headline, "     ")
        for result in explained(item, change.criteria):
            said = f"{MARKS[result.status]} {standing(result, item)}: {result.reason}"
            yield wrapped(said, "     ", "       ")
            yield wrapped(say_citation(result.citation), "       ")
    yield f"\n   Fixtures that flip: {_names(change.fixtures)}"


def _names(fixtures: Iterable[Both]) -> str:
    named = [
        f"{each.file} {each.item}" + (f" (recorded: {each.outcome})" if each.outcome else "")
        for each in fixtures
    ]
    return ", ".join(named) or "none"


def _fixtures(receipt: Receipt) -> Iterator[str]:
    answers = receipt.answers
    if not answers.files:
        yield "No fixtures were asked."
        return
    yield (
        f"{answers.files} fixtures, {len(answers.items)} items, {answers.recorded} of them with a recorded outcome; "
        f"{len(answers.flips)} flip."
    )
    explained_here = {each for change in receipt.changes for each in change.fixtures}
    others = [each for each in answers.flips if each not in explained_here]
    if others:
        yield f"Flips that no region above holds: {_names(others)}."
    yield f"Agreement with recorded outcomes, of the items decided: {answers.before} before, {answers.after} after."
    if answers.refused:
        yield f"Not understood by one of the rulebooks: {', '.join(answers.refused)}."


# -- Markdown ------------------------------------------------------------------------------------------------


def markdown(receipt: Receipt, old: str, new: str) -> str:
    """Return the receipt as Markdown, for a comment on a pull request."""
    return "\n".join(_markdown(receipt, old, new)) + "\n"


def _markdown(receipt: Receipt, old: str, new: str) -> Iterator[str]:
    said = summary(receipt)
    yield f"## What this edit changes\n\n**{said[0].upper()}{said[1:]}.** From `{old}` to `{new}`."
    if receipt.edits:
        yield "\n### Edited\n"
        for edit in receipt.edits:
            yield f"- `{edit.guideline}` {_edit(edit)}"
            for word, each in (("was", edit.was), ("is", edit.now)):
                if each is not None:
                    yield f"  - {word}: `{each}`"
    for number, change in enumerate(receipt.changes, 1):
        yield from _markdown_change(receipt, number, change)
    if receipt.proven_unchanged:
        yield "\n### Proven unchanged\n"
        for same in receipt.proven_unchanged:
            who = treatments_of(receipt, same.treatments)
            yield f"- {who}, requests {same.requests}: {_SAME[same.because]}"
    if receipt.bounded:
        yield "\n### Not searched to the end\n"
        for what, why in receipt.bounded:
            yield f"- {what}: {why}"
    yield "\n### Fixtures\n"
    yield "\n\n".join(_fixtures(receipt))
    yield from replays.markdown(receipt)
    yield f"\nRulebooks {receipt.old.digest} and {receipt.new.digest}."


def _markdown_change(receipt: Receipt, number: int, change: Change) -> Iterator[str]:
    by = f"`{change.guideline}#{change.criterion}`" if change.guideline else "no one criterion"
    yield f"\n### {number}. {ways(change)}, by {by}\n"
    yield f"{treatments_of(receipt, change.treatments)}; requests {change.requests}; where\n"
    for part in change.region.split("; or "):
        yield f"- {part}"
    yield f"\nFixtures that flip: {_names(change.fixtures)}.\n"
    yield "<details><summary>The smallest case, before and after</summary>\n"
    yield f"```yaml\n{case_text(change.witness.data)}\n```\n"
    yield "| before | after |\n|---|---|"
    yield f"| {_cell(change.witness.before, change)} | {_cell(change.witness.after, change)} |"
    yield "\n</details>"


def _cell(item: ItemScreening, change: Change) -> str:
    lines = [f"**{TITLES[item.suggestion]}.** {item.headline}"]
    for result in explained(item, change.criteria):
        lines.append(f"{MARKS[result.status]} **{standing(result, item)}**: {result.reason}")
        lines.append(f"<sub>{say_citation(result.citation)}</sub>")
    return "<br>".join(map(plain, lines))
