"""What would decide an item and what would flip it, as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imr_rules.expression.values import say_value
from imr_rules.screening import ItemWhatIf, Way
from imr_rules.writing.document import Block, Bullets, Heading, Paragraph, Report, strong
from imr_rules.writing.screening_report import QUESTIONS
from imr_rules.writing.words import SUGGESTION_WORDS, TITLES, say_question


def what_if_report(items: Iterable[ItemWhatIf], title: str) -> Report:
    """Return what would decide and what would flip each item."""
    return Report(title, tuple(block for item in items for block in _item(item)))


def _item(item: ItemWhatIf) -> Iterator[Block]:
    yield Heading(item.item)
    yield Paragraph((strong(f"{TITLES[item.suggestion]}."), f" {item.headline}"))
    for title, facts in (
        (QUESTIONS, item.missing),
        ("Would settle it, whatever the answer", item.settles),
    ):
        if facts:
            yield Bullets.of(map(say_question, facts), title)
    flips = [way for way in item.flips if way not in item.decides]
    for title, ways in (("Would decide it", item.decides), ("Would change it", flips)):
        if ways:
            said = (f"→ {SUGGESTION_WORDS[way.suggestion]} if {say_changes(way)}" for way in ways)
            yield Bullets.of(said, title)
    if not (item.missing or item.settles or item.decides or item.flips):
        lean = " One may change the way it leans." if item.suggestion == "needs_review" else ""
        yield Paragraph(f"No fact that the rules ask for would change this suggestion.{lean}")
    if item.bounded:
        yield Paragraph("The search stopped at its limit; there may be more.")


def say_changes(way: Way) -> str:
    """Return the changes of a way in words: each fact as it would be, and as it is now where that is known."""
    said = []
    for each in way.changes:
        known = each.now.value.state in ("known", "bounded")
        now = f" (now {say_value(each.now.value, each.now.type)})" if known else ""
        said.append(f"{each.label}: {say_value(each.then.value, each.then.type)}{now}")
    return "; ".join(said)
