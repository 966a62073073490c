"""The reviewer's pages: a face of the service for people, rendered on the server.

::

    sessions   who is reading, for how long, and the token that shows a form is ours
    gate       what a request may see and do; errors as pages
    frame      templates, words and headers
    forms      what a form sent, read within limits
    worklist, case_page, trying, entering, deciding     one module a task
    rulebook_pages, workbench_pages                     the same for guideline editors
    answering, changeable, editing, record_panel, case_form    what they need of a case, without HTTP

Nothing is loaded from elsewhere, nothing runs that is not in ``static/``. Needs the extras ``service`` and ``page``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from imr_rules.server.pages import (
    case_page,
    deciding,
    entering,
    rulebook_pages,
    signing_in,
    trying,
    workbench_pages,
    worklist,
)
from imr_rules.server.pages.sessions import Sessions

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope


__all__ = ["install"]


class _Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def install(app: FastAPI) -> None:
    """Add the pages to the service: at ``/``, beside the API at ``/v1``."""
    app.state.sessions = Sessions()
    app.state.seen_by_fixtures = {}
    for module in (
        signing_in,
        worklist,
        case_page,
        trying,
        entering,
        deciding,
        workbench_pages,
        rulebook_pages,
    ):
        app.include_router(module.router, include_in_schema=False)
    app.mount("/static", _Static(directory=Path(__file__).parent / "static"), name="static")
