"""A screening as a page that stands alone: one file, nothing loaded, nothing that runs."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence

from imr_rules.screening import Screening
from imr_rules.writing._typst import Picture
from imr_rules.writing.report.markdown import to_markdown

__all__ = ["to_html"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 400 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { font-family: Georgia, serif; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-top: 1px solid #8888; padding-top: 1.25rem; }
li { margin: 0.25rem 0; }
code { font-size: 0.85em; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; background: #fff; padding: 0.5rem; border-radius: 6px; }
figcaption { font-weight: 600; color: #1b1f24; }
img { width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } figure, li { break-inside: avoid; } }
"""


def to_html(
    screening: Screening, pictures: Mapping[str, Sequence[Picture]] | None = None, *, everything: bool = False
) -> str:
    """Return a screening as HTML.

    Args:
        screening: the screening.
        pictures: item id → its pictures, shown after the reasons.
        everything: as :func:`~imr_rules.writing.report.markdown.to_markdown` takes it.
    """
    from markdown_it import MarkdownIt

    # Text of a case may hold anything: it makes no link, no picture and no markup.
    reader = MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink", "html_inline"])
    body = reader.render(to_markdown(screening, everything=everything))
    title = f"Screening of case {screening.case}" if screening.case else "Screening"
    figures = [
        f"<h2>Pictures: {html.escape(item)}</h2>" + "".join(map(_figure, shown))
        for item, shown in (pictures or {}).items()
        if shown
    ]
    return (
        '<!doctype html>\n<html lang="en-US">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}"
        f"{''.join(figures)}\n</main>\n</body>\n</html>\n"
    )


def _figure(picture: Picture) -> str:
    data = base64.b64encode(picture.svg.encode()).decode()
    return (
        f"<figure><figcaption>{html.escape(picture.title)}</figcaption>"
        f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(picture.alt, quote=True)}"></figure>'
    )
