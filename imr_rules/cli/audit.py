"""``imr-rules audit``: what happened, and whether the record of it is whole."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from imr_rules.cli.common import out, refused
from imr_rules.cli.serve import DatabaseOption
from imr_rules.cli.stores import opened

audit = typer.Typer(help="The service's audit: verify, export.", no_args_is_help=True, rich_markup_mode=None)


@audit.command("verify", short_help="Whether the audit is whole")
def verify_command(
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="NUMBER:DIGEST",
            help="What an earlier verify said of the last event, kept elsewhere.",
        ),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Find any event that was changed, removed, added or moved; exit with 1 and name the first.

    Keep what it says of the last event where the store's owner cannot change it, and give it back with --head: then
    not even the whole audit can be written anew unseen.
    """
    number, digest = _read_head(head)
    with opened(database) as store:
        from imr_rules.server.audit import verify

        with store.reading() as connection:
            verdict = verify(connection, number=number, digest=digest)
    if verdict.fault is not None:
        out(
            f"event {verdict.fault.number}: {verdict.fault.what}; {verdict.events} events before it are whole"
        )
        raise typer.Exit(1)
    out(f"{verdict.events} events are whole; the last is {verdict.events}:{verdict.digest}")


def _read_head(head: str | None) -> tuple[int | None, str | None]:
    if head is None:
        return None, None
    number, _, digest = head.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise refused(
            "--head", "not-a-head", "this is not a number and a digest", "write it as verify said it"
        )
    return int(number), digest


@audit.command("export", short_help="Write events as JSON lines")
def export_command(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Of this tenant alone.")] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help="About this screening alone.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Write events in their order, one JSON object a line: codes, ids, digests and times, nothing of a case."""
    with opened(database) as store:
        from imr_rules.server.audit import events

        with store.reading() as connection:
            for event in events(connection, tenant=tenant, subject=subject):
                out(json.dumps(event.to_dict()))
