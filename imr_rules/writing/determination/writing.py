"""A determination as Markdown and as text, and what both are made of."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Literal, NamedTuple

from imr_rules.writing.determination.draft import Determination

TITLE = "Independent Medical Review: Final Determination"
SHEET = "Working sheet: for the reviewer, not a part of the letter"
WIDTH = 88
_BLANK = re.compile(r"\[[^\[\]]+\]")
_NUMBERED = re.compile(r"(\d{1,2})\. (?=\S)")


class Block(NamedTuple):
    """A paragraph, or an entry of a list; numbered entries carry their number."""

    kind: Literal["paragraph", "bullet", "numbered"]
    text: str
    number: int = 0


def blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs and list entries of a section's text."""
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        running: list[str] = []
        for line in paragraph.split("\n"):
            numbered = _NUMBERED.match(line)
            if line.startswith("- ") or numbered:
                if running:
                    yield Block("paragraph", " ".join(running))
                    running = []
                if numbered:
                    yield Block("numbered", line[numbered.end() :].strip(), int(numbered[1]))
                else:
                    yield Block("bullet", line[2:].strip())
            elif line.strip():
                running.append(line.strip())
        if running:
            yield Block("paragraph", " ".join(running))


def blanks_in(text: str) -> list[tuple[int, int]]:
    """Return where each blank of a text begins and ends."""
    return [found.span() for found in _BLANK.finditer(text)]


def blanks(determination: Determination, item: str | None = None) -> tuple[str, ...]:
    """Return what the reviewer must still say, in the order it stands in the letter.

    Args:
        determination: the letter.
        item: leave out the parts of every other item.
    """
    texts = [each.text for each in determination.heading]
    texts += [each.text for each in determination.sections]
    for part in determination.items:
        if item in (None, part.item):
            texts += [part.decision, *(section.text for section in part.sections)]
    return tuple(found[1:-1] for text in texts for found in _BLANK.findall(text))


def to_markdown(determination: Determination, *, sheet: bool = False) -> str:
    """Return the letter as Markdown, with the reviewer's working sheet behind it where that is wanted."""
    lines = [f"# {TITLE}", ""]
    lines += [f"- {each.label}: {each.text}" for each in determination.heading]
    for section in determination.sections:
        lines += ["", f"## {section.title}", "", section.text]
    for item in determination.items:
        lines += ["", f"## Item {item.number}: {item.service}", "", f"**Decision:** {item.decision}"]
        for section in item.sections:
            lines += ["", f"### {section.title}", "", section.text]
    if sheet:
        lines += ["", "---", "", f"# {SHEET}"]
        for section in determination.sheet:
            lines += ["", f"## {section.title}", "", section.text]
    return "\n".join([*lines, ""])


def to_text(determination: Determination, *, sheet: bool = False) -> str:
    """Return the letter as plain text, ready to be pasted; the working sheet stands behind it where that is wanted."""
    lines = [TITLE.upper(), ""]
    width = max(len(each.label) for each in determination.heading)
    lines += [f"{each.label:{width}}  {each.text}" for each in determination.heading]
    for section in determination.sections:
        lines += ["", section.title.upper(), "", *_wrapped(section.text, WIDTH)]
    for item in determination.items:
        lines += ["", *textwrap.wrap(f"ITEM {item.number}: {item.service}", WIDTH), ""]
        lines += textwrap.wrap(f"Decision: {item.decision}", WIDTH)
        for section in item.sections:
            lines += ["", f"{section.title}:", "", *_wrapped(section.text, WIDTH)]
    if sheet:
        lines += ["", "-" * WIDTH, SHEET.upper()]
        for section in determination.sheet:
            lines += ["", section.title, "", *_wrapped(section.text, WIDTH)]
    return "\n".join([*lines, ""])


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    listed = False
    for block in blocks(text):
        entry = block.kind != "paragraph"
        if lines and not (entry and listed):
            lines.append("")
        mark = {"paragraph": "", "bullet": "- ", "numbered": f"{block.number}. "}[block.kind]
        lines += textwrap.wrap(
            mark + block.text, width, subsequent_indent=" " * len(mark), break_on_hyphens=False,
            break_long_words=False,
        )  # fmt: skip
        listed = entry and block.kind == "bullet"
    return lines
