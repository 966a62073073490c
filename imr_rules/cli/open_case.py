"""``imr-rules open``: one local case on the reviewer's page, with no account and no database set up."""

from __future__ import annotations

import re
import tempfile
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules._reading import read_document
from imr_rules.case import Case
from imr_rules.cli.common import CaseArgument, LayerOption, RulebookOption, needs_extra, out
from imr_rules.errors import CaseError

if TYPE_CHECKING:
    from imr_rules.server.context import Service


def open_command(
    file: CaseArgument,
    port: Annotated[int, typer.Option("--port", help="Port; a free one unless given.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Show the page in the browser.")
    ] = True,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Show a case on the reviewer's page, on this machine alone, until Ctrl-C. What is stored then goes away."""
    needs_extra("service", "fastapi", "uvicorn", "sqlalchemy", "alembic", "prometheus_client")
    needs_extra("page", "jinja2", "python_multipart", "matplotlib", "typst")
    source = read_document(file, CaseError)
    case = Case.from_document(source)  # a mistake in the file is told by its line, before anything starts
    named = source.data
    if case.case is None and (name := re.sub(r"[^A-Za-z0-9._-]+", "-", file.stem).lstrip("._-")[:64]):
        named = {**named, "case": name}
    from imr_rules.server.keys import LOCAL
    from imr_rules.server.serving import serve
    from imr_rules.server.settings import Settings
    from imr_rules.server.tasks.intake import take_in

    def begin(service: Service, url: str) -> None:
        reply = take_in(service, LOCAL, named)
        page = f"{url}/cases/{reply.screening}"
        out(page)
        if browser:
            webbrowser.open(page)

    with tempfile.TemporaryDirectory(prefix="imr-rules-") as folder:
        settings = Settings.from_environment(
            host="127.0.0.1",
            port=port,
            database=f"sqlite:///{folder}/store.sqlite3",
            rulebook=rulebook,
            layers=layer,
        )
        serve(settings, begin=begin)
