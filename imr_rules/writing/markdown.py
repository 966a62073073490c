"""Writes a document as Markdown, the kind that GitHub reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from imr_rules.writing.document import (
    BREAK,
    Block,
    Bullets,
    Code,
    Details,
    Entry,
    Figure,
    Heading,
    Line,
    Paragraph,
    Report,
    SideBySide,
    Span,
    Table,
    spans,
)


def markdown(report: Report) -> str:
    """Return a document as Markdown, its title first."""
    about = f"<!-- {report.made} -->\n\n" if report.made else ""
    return f"# {line(report.title)}\n\n{about}{blocks(report.blocks)}"


def blocks(several: tuple[Block, ...]) -> str:
    """Return parts of a document as Markdown, with an empty line between them."""
    return "\n".join(text for block in several if (text := "\n".join(_block(block)) + "\n").strip())


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {line(text)}"
        case Paragraph(text):
            yield _beginning(line(text))
        case Bullets(entries, title):
            if title:
                yield f"**{_escaped(title)}:**\n"
            yield from _bullets(entries)
        case Table(head, rows):
            yield _row(head)
            yield "|" + "---|" * len(head)
            yield from map(_row, rows)
        case Code(text, language):
            fence = "`" * (3 + max((len(run) - 2 for run in re.findall("`{3,}", text)), default=0))
            yield f"{fence}{language}\n{text}\n{fence}"
        case Figure(title, alt):
            yield f"**{_escaped(title)}**: {_escaped(alt)}"
        case Details(summary, inner):
            yield f"<details><summary>{line(summary)}</summary>\n\n{blocks(inner)}\n</details>"
        case SideBySide(parts):
            yield "\n".join(f"**{_escaped(title)}**\n\n{blocks(inner)}" for title, inner in parts).rstrip(
                "\n"
            )
        case _:
            assert_never(block)


def _bullets(entries: tuple[Entry, ...]) -> Iterator[str]:
    # Entries with more under them stand apart, or a reader runs their paragraphs together.
    apart = any(entry.inner for entry in entries)
    for number, entry in enumerate(entries):
        if apart and number:
            yield ""
        mark = f"{entry.mark.text} " if entry.mark else ""
        yield f"- {mark}{_beginning(line(entry.text))}"
        if entry.inner:
            nested = blocks(entry.inner).rstrip("\n")
            if not isinstance(entry.inner[0], Bullets) or entry.inner[0].title:
                yield ""
            yield from (f"  {each}" if each else "" for each in nested.split("\n"))


def _row(cells: tuple[Line, ...]) -> str:
    return "| " + " | ".join(line(cell).replace("|", "\\|") for cell in cells) + " |"


def line(text: Line) -> str:
    """Return a line as Markdown."""
    return "".join(map(_span, spans(text)))


def _span(span: Span) -> str:
    if span is BREAK:
        return "<br>"
    inner = span.text.strip()
    if not inner:
        return span.text
    if span.style == "code":
        fence = "``" if "`" in inner else "`"
        said = f"{fence}{inner}{fence}"
    else:
        said = _escaped(inner)
    if span.style == "strong":
        said = f"**{said}**"
    if span.link is not None:
        said = f"[{said}]({span.link})"
    return span.text.replace(inner, said, 1)


def _escaped(text: str) -> str:
    """Return words that no reader of Markdown takes for markup."""
    text = re.sub(r"([\\`*]|\](?=[(\[:])|<(?=[A-Za-z/!?])|&(?=#?\w+;))", r"\\\1", text)
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)


def _beginning(text: str) -> str:
    """Return a line that no reader takes for a heading, a list or a quotation."""
    return re.sub(r"^(#{1,6}(?=\s)|[-+>](?=\s)|\d+(?=[.)]\s)|---|===)", r"\\\1", text)
