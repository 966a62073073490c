"""Templates, the words they use, and the headers of a page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from imr_rules._dates import say_day
from imr_rules._version import __version__
from imr_rules.expression.values import say_value
from imr_rules.rulebook.overview import say_amounts
from imr_rules.writing import words
from imr_rules.writing.determination.writing import blanks_in

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}

_STATES = {True: "met", False: "unmet", None: "unknown"}
_TRUTH = {True: "true", False: "false", None: "unknown"}


def _with_blanks(text: str) -> Markup:
    """Return text with its blanks marked."""
    made, at = Markup(""), 0
    for start, end in blanks_in(text):
        made += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
        at = end
    return made + escape(text[at:])


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        version=__version__, words=words, states=_STATES, truth_words=_TRUTH, status_words=words.STATUS_WORDS,
        citation_status=words.CITATION_STATUS, titles=words.TITLES,
    )  # fmt: skip
    made.filters.update(
        with_blanks=_with_blanks,
        say_value=lambda fact: say_value(fact.value, fact.type),
        say_amounts=say_amounts,
        day=lambda when: say_day(date.fromisoformat(str(when)[:10])),
        spaced=lambda name: name.replace("_", " ").replace("-", " "),
    )
    return made


_TEMPLATES = _environment()


def render(request: Request, template: str, status_code: int = 200, /, **context: Any) -> Response:
    """Return a page, or part of one."""
    text = _TEMPLATES.get_template(template).render(request=request, path=request.url.path, **context)
    return HTMLResponse(text, status_code, HEADERS)
