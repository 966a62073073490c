"""``imr-rules keys``: who may use the service, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import DataFormat, DataFormatOption, out, print_json
from imr_rules.cli.serve import DatabaseOption
from imr_rules.cli.stores import opened

if TYPE_CHECKING:
    from imr_rules.server.store.keys import Key

keys = typer.Typer(
    help="Keys of the service: make, list, replace, revoke.", no_args_is_help=True, rich_markup_mode=None
)


@keys.command("create", short_help="Make a key")
def create_command(
    scopes: Annotated[
        str, typer.Option("--scopes", help="What it may do, with commas: screen, read, sign, admin.")
    ],
    tenant: Annotated[
        str, typer.Option("--tenant", help="Whose screenings it is for; no other tenant sees them.")
    ] = "default",
    name: Annotated[str, typer.Option("--name", help="What to call it in the list.")] = "",
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, help="After how many days it opens nothing; never unless given."),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Make a key and print it: this once, since it is kept nowhere."""
    from imr_rules.server.keys import create

    with opened(database) as store:
        wanted = [each.strip() for each in scopes.split(",") if each.strip()]
        _, text = create(store, scopes=wanted, tenant=tenant, name=name, days=days)
    out(text)


@keys.command("list", short_help="List keys")
def list_command(
    format: DataFormatOption = DataFormat.text,
    database: DatabaseOption = None,
) -> None:
    """List every key there ever was: of each its id, never the key."""
    from imr_rules.server.keys import listed

    with opened(database) as store:
        found = listed(store)
    if format is DataFormat.json:
        print_json(
            [{name: value for name, value in key._asdict().items() if name != "secret"} for key in found]
        )
    else:
        for key in found:
            out("  ".join((key.id, key.tenant, ",".join(key.scopes), _state(key), key.name)).rstrip())


@keys.command("rotate", short_help="Replace a key by a new one")
def rotate_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of the key.")],
    hours: Annotated[int, typer.Option("--hours", min=0, help="How long the old one still opens.")] = 24,
    database: DatabaseOption = None,
) -> None:
    """Make a key that may do what another may, print it, and let that one end."""
    from imr_rules.server.keys import rotate

    with opened(database) as store:
        _, text = rotate(store, id, hours=hours)
    out(text)


@keys.command("revoke", short_help="Revoke a key")
def revoke_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of the key.")],
    database: DatabaseOption = None,
) -> None:
    """Revoke a key: a running service refuses it within a second."""
    from imr_rules.server.keys import revoke

    with opened(database) as store:
        revoke(store, id)
    out(f"{id} opens nothing any more")


def _state(key: Key) -> str:
    if key.revoked is not None:
        return f"revoked from {key.revoked}"
    return f"until {key.expires}" if key.expires else f"since {key.created}"
