"""``imr-rules watch``: lint, test and receipt whenever a file is saved."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from imr_rules.cli.common import LayerOption, needs_extra, out, rulebook_in_use


def watch_command(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="The rulebook or the layer; else the rulebook in use."),
    ] = None,
    fixtures: Annotated[
        Path, typer.Option("--fixtures", metavar="PATH", help="The fixtures.", show_default="./fixtures")
    ] = Path("fixtures"),
    layer: LayerOption = None,
) -> None:
    """On each save, say what lint finds, which fixtures differ and what the edits change. Ends with Ctrl-C."""
    needs_extra("workbench", "watchfiles")
    from watchfiles import watch

    from imr_rules.workbench.watching import Watch

    here = rulebook_in_use(directory, layer)
    watched = Watch(here.directories, fixtures)
    out(f"watching {here}" + (f" and {fixtures}" if fixtures.exists() else ""))
    places = [*here.directories, *([fixtures] if fixtures.exists() else [])]
    # A save is often several events; what stands still for a twentieth of a second is saved.
    for events in watch(*places, debounce=200, step=50, raise_interrupt=False):
        changed = sorted({Path(name) for _, name in events if name.endswith(".yaml")})
        if not changed:
            continue
        began = time.monotonic()
        names = ", ".join(path.name for path in changed)
        out(f"\n{names}")
        for line in watched.look(changed):
            out(line)
        out(f"({time.monotonic() - began:.1f} s)")
