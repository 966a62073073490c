"""Adding the pages to the application."""

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
