"""Writes a document as a page that stands alone: one file of HTML, nothing loaded, nothing that runs."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from importlib import resources
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
    slug,
    spans,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(report: Report) -> str:
    """Return a document as a page. The same document gives the same bytes."""
    style = resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    title = escape(report.title)
    return (
        '<!doctype html>\n<html lang="en-US">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"{_blocks(report.blocks)}\n</main>\n</body>\n</html>\n"
    )


def _blocks(several: tuple[Block, ...]) -> str:
    return "\n".join("\n".join(_block(block)) for block in several)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f'<h{level} id="{escape(slug(text))}">{_line(text)}</h{level}>'
        case Paragraph(text):
            yield f"<p>{_line(text)}</p>"
        case Bullets(entries, title):
            if title:
                yield f"<p><strong>{escape(title)}:</strong></p>"
            yield "<ul>"
            yield from map(_entry, entries)
            yield "</ul>"
        case Table():
            yield from _table(block)
        case Code(text):
            yield f'<pre tabindex="0">{escape(text)}</pre>'
        case Figure():
            yield _figure(block)
        case Details(summary, inner):
            yield f"<details><summary>{_line(summary)}</summary>\n{_blocks(inner)}\n</details>"
        case SideBySide(parts):
            yield '<div class="sides">'
            for title, inner in parts:
                yield f"<section><h3>{escape(title)}</h3>\n{_blocks(inner)}\n</section>"
            yield "</div>"
        case _:
            assert_never(block)


def _entry(entry: Entry) -> str:
    mark = f"{_span(entry.mark)} " if entry.mark else ""
    inner = f"\n{_blocks(entry.inner)}\n" if entry.inner else ""
    return f"<li>{mark}{_line(entry.text)}{inner}</li>"


def _table(table: Table) -> Iterator[str]:
    def cell(tag: str, place: int, text: Line) -> str:
        scope = {"th": ' scope="row"', "td": ""}[tag] if tag != "head" else ' scope="col"'
        number = ' class="number"' if place in table.numbers else ""
        tag = "th" if tag == "head" else tag
        return f"<{tag}{scope}{number}>{_line(text)}</{tag}>"

    yield '<div class="wide"><table>'
    heads = "".join(cell("head", place, text) for place, text in enumerate(table.head))
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in table.rows:
        cells = "".join(cell("td" if place else "th", place, text) for place, text in enumerate(row))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"


def _figure(figure: Figure) -> str:
    alt = escape(figure.alt, quote=True)
    dark = (
        f'<source media="(prefers-color-scheme: dark)" srcset="{_embedded(figure.dark)}">'
        if figure.dark
        else ""
    )
    paper = "" if figure.dark else ' class="paper"'  # a picture drawn for white paper stands on it
    return (
        f"<figure{paper}><figcaption>{escape(figure.title)}</figcaption>"
        f'<picture>{dark}<img src="{_embedded(figure.svg)}" alt="{alt}"></picture></figure>'
    )


def _embedded(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _line(text: Line) -> str:
    return "".join(map(_span, spans(text)))


def _span(span: Span) -> str:
    if span is BREAK:
        return "<br>"
    said = escape(span.text)
    if span.style == "strong":
        said = f"<strong>{said}</strong>"
    elif span.style == "code":
        said = f"<code>{said}</code>"
    elif span.style is not None:
        said = f'<span class="{span.style}">{said}</span>'
    return said if span.link is None else f'<a href="{escape(span.link, quote=True)}">{said}</a>'
