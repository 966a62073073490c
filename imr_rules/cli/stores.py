"""``imr-rules store``: the service's database, kept, moved on, saved and emptied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import needs_extra, out
from imr_rules.cli.serve import DatabaseOption
from imr_rules.errors import NotFoundError, Place, Problem

if TYPE_CHECKING:
    from imr_rules.server.store import Store

store = typer.Typer(
    help="The service's database: migrate, back up, purge, hold.", no_args_is_help=True, rich_markup_mode=None
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of a screening.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Whose screening it is.")]


@contextmanager
def opened(database: str | None, *, migrated: bool = True) -> Iterator[Store]:
    """Give the service's store, with its tables as this release wants them; closed at the end."""
    needs_extra("service", "sqlalchemy", "alembic")
    from imr_rules.server.settings import Settings
    from imr_rules.server.store import Store
    from imr_rules.server.store.migrate import migrate

    found = Store(Settings.from_environment(database=database).database)
    try:
        if migrated:
            migrate(found)
        yield found
    finally:
        found.close()


@store.command("migrate", short_help="Bring the tables to a version")
def migrate_command(
    to: Annotated[
        str | None, typer.Option("--to", metavar="VERSION", help="Which version; the latest unless given.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Bring the store's tables forward, or back for an older release. Back it up first."""
    from imr_rules.server.store.migrate import current, migrate

    with opened(database, migrated=False) as found:
        before = migrate(found, to)
        with found.reading() as connection:
            now = current(connection)
    out(f"from {before or 'nothing'} to {now or 'nothing'}")


@store.command("backup", short_help="Save an embedded store while it is used")
def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it must not exist.")],
    database: DatabaseOption = None,
) -> None:
    """Save an embedded store into one file, whole and of one moment, while the service goes on."""
    from imr_rules.server.store.backup import back_up

    with opened(database, migrated=False) as found:
        back_up(found, file)
    out(f"saved to {file}")


@store.command("purge", short_help="Remove what is about people once its time is over")
def purge_command(
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, help="Older than this; IMR_RULES_RETENTION_DAYS, or six years."),
    ] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Of this tenant alone.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Remove cases, answers and sign-offs older than the time they are kept. Digests and the audit stay."""
    with opened(database) as found:
        from imr_rules.server.settings import Settings
        from imr_rules.server.tasks.retention import forget_replies, purge

        settings = Settings.from_environment()
        count = purge(found, days=days or settings.retention_days, tenant=tenant, dry_run=dry_run)
        if not dry_run:
            forget_replies(found, days=settings.replies_days)
    out(f"{count} screenings {'would be' if dry_run else 'are'} purged")


@store.command("hold", short_help="Keep a screening from every purge")
def hold_command(id: IdArgument, tenant: TenantOption = "default", database: DatabaseOption = None) -> None:
    """Keep a screening from every purge: a legal hold."""
    _set_hold(id, tenant, database, held=True)


@store.command("release", short_help="End a hold")
def release_command(
    id: IdArgument, tenant: TenantOption = "default", database: DatabaseOption = None
) -> None:
    """End a hold."""
    _set_hold(id, tenant, database, held=False)


def _set_hold(id: str, tenant: str, database: str | None, *, held: bool) -> None:
    with opened(database) as found:
        from imr_rules.server.tasks.retention import set_hold

        try:
            set_hold(found, tenant, id, held=held)
        except NotFoundError:
            what = f"the tenant {tenant} has no screening of this id"
            raise NotFoundError(Problem("not-found", what, Place("ID"), "--tenant names another")) from None
    out(f"{id} is {'held' if held else 'no longer held'}")
