"""A determination as Markdown and as text, and what both are made of."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Literal, NamedTuple

from imr_rules.writing.determination.draft import Determination

__all__ = ["TITLE", "Block", "blanks", "blanks_in", "blocks", "to_markdown", "to_text"]

TITLE = "Independent Medical Review: determination"
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


def blanks(determination: Determination) -> tuple[str, ...]:
    """Return what the reviewer must still say, in the order it stands in the letter."""
    head = (text for _, text in determination.heading)
    texts = (*head, *(section.text for section in determination.sections))
    return tuple(found[1:-1] for text in texts for found in _BLANK.findall(text))


def to_markdown(determination: Determination, *, note: bool = True) -> str:
    """Return the letter as Markdown; the note for the reviewer, where wanted, stands first as a quotation."""
    lines = [*(f"> {line}".rstrip() for line in _note(determination)), ""] if note else []
    lines += [f"# {TITLE}", ""]
    lines += [f"- {label}: {text}" for label, text in determination.heading]
    for section in determination.sections:
        lines += ["", f"## {section.title}", "", section.text]
    return "\n".join([*lines, "", "---", "", determination.footing, ""])


def to_text(determination: Determination, *, note: bool = True) -> str:
    """Return the letter as plain text, ready to be pasted; the note for the reviewer, where wanted, stands first."""
    lines = []
    if note:
        lines = [f"| {line}".rstrip() for line in _wrapped("\n".join(_note(determination)), WIDTH - 2)]
        lines.append("")
    lines += [TITLE.upper(), ""]
    width = max(len(label) for label, _ in determination.heading)
    lines += [f"{label:{width}}  {text}" for label, text in determination.heading]
    for section in determination.sections:
        lines += ["", section.title.upper(), "", *_wrapped(section.text, WIDTH)]
    return "\n".join([*lines, "", *textwrap.wrap(determination.footing, WIDTH), ""])


def _note(determination: Determination) -> list[str]:
    left = len(blanks(determination))
    remain = f"Blanks left to fill in: {left}." if left else "No blank is left."
    return ["For the reviewer; not a part of the letter.", "", *determination.note.split("\n"), "", remain]


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
