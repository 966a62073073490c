"""``imr-rules serve``: the intake service."""

from __future__ import annotations

from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, RulebookOption, needs_extra

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="sqlite:///PATH or postgresql://...; else IMR_RULES_DATABASE, else a file of your own.",
    ),
]


def serve_command(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 unless given.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port; 8000 unless given.")] = None,
    database: DatabaseOption = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Take cases in over HTTP, store them with their suggestions, and let physicians sign.

    Without a key, it answers this machine alone; imr-rules keys create makes one.
    """
    needs_extra("service", "fastapi", "uvicorn", "sqlalchemy", "alembic", "prometheus_client")
    from imr_rules.server.serving import serve
    from imr_rules.server.settings import Settings

    serve(Settings.from_environment(host=host, port=port, database=database, rulebook=rulebook, layers=layer))
