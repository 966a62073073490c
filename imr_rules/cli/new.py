"""``imr-rules new``: where an editor begins."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import (
    LayerOption,
    RulebookOption,
    day_of,
    load_rulebook,
    needs_extra,
    out,
    refused,
)
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.in_use import InUse, in_use, is_layer, name_of, shipped

if TYPE_CHECKING:
    from imr_rules.workbench.beginnings import Begun

new = typer.Typer(
    help="Write a beginning that lint finds nothing in.", no_args_is_help=True, rich_markup_mode=None
)

InOption = Annotated[
    Path | None,
    typer.Option(
        "--in", metavar="DIR", help="The rulebook or the layer to write in; else the project's rulebook."
    ),
]
FromOption = Annotated[
    str, typer.Option("--from", metavar="DATE", help="The first day of request that it governs.")
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and underscores.")]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SLUG = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")


@new.command("rulebook", short_help="A rulebook of one's own")
def rulebook_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that is not there yet.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Its name; that of the directory unless given.")
    ] = None,
) -> None:
    """Write a rulebook of one guideline, for another schedule than the one shipped."""
    from imr_rules.workbench.beginnings import new_rulebook

    _say(new_rulebook(directory, _formed(_SLUG, name or directory.name, "--name", "north-carolina")))


@new.command("layer", short_help="A layer over a rulebook")
def layer_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that is not there yet.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Its name; that of the directory unless given.")
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(
            "--over", metavar="NAME", help="The rulebook it lies over; the one in use unless given."
        ),
    ] = None,
) -> None:
    """Write a layer: what one adds to a rulebook, fills or replaces, without copying it."""
    from imr_rules.workbench.beginnings import new_layer

    named = _formed(_SLUG, name or directory.name, "--name", "licensed-2024")
    _say(new_layer(directory, named, over or name_of(in_use().base) or "mtus"))


@new.command("guideline", short_help="A guideline")
def guideline_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="family/edition/treatment.")],
    treatment: Annotated[str, typer.Option("--treatment", metavar="T", help="The treatment it speaks of.")],
    source: Annotated[str, typer.Option("--source", metavar="S", help="An entry of sources.yaml.")],
    begins: FromOption = "2020-01-01",
    into: InOption = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Write a guideline with an indication and, where its treatment is counted, a limit."""
    from imr_rules.workbench.beginnings import new_guideline

    _formed(_ID, id, "ID", "mine/2024/acupuncture")
    day = day_of(begins, "--from")
    _add(into, rulebook, layer, lambda where, rules: new_guideline(where, rules, id, treatment, source, day))


@new.command("edition", short_help="A later edition of a guideline; the one before ends")
def edition_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The guideline.")],
    begins: FromOption,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="S", help="The entry of sources.yaml it is taken from, if another."),
    ] = None,
    into: InOption = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Split a guideline: a new edition governs from DATE on, and the old one ends on the day before."""
    from imr_rules.workbench.beginnings import new_edition

    day = day_of(begins, "--from")
    _add(into, rulebook, layer, lambda where, rules: new_edition(where, rules, id, day, source))


@new.command("treatment", short_help="A treatment of the vocabulary")
def treatment_command(
    name: NameArgument,
    within: Annotated[
        str | None, typer.Option("--within", metavar="T", help="The broader treatment it is a kind of.")
    ] = None,
    into: InOption = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Add a treatment, with the words that requests call it by."""
    from imr_rules.workbench.beginnings import new_treatment

    _formed(_NAME, name, "NAME", "shoulder_taping")
    _add(into, rulebook, layer, lambda where, rules: new_treatment(where, rules, name, within))


@new.command("fact", short_help="A fact of the dictionary")
def fact_command(
    name: NameArgument,
    guideline: Annotated[
        str | None,
        typer.Option("--guideline", metavar="ID", help="Let this guideline ask for it to be documented."),
    ] = None,
    into: InOption = None,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Add a fact, with the question that supplies it."""
    from imr_rules.workbench.beginnings import new_fact

    _formed(_NAME, name, "NAME", "home_program")
    _add(into, rulebook, layer, lambda where, rules: new_fact(where, rules, name, guideline))


@new.command("instrument", short_help="A scale")
def instrument_command(
    name: NameArgument, into: InOption = None, rulebook: RulebookOption = None, layer: LayerOption = None
) -> None:
    """Add a scale, with its range and its direction."""
    from imr_rules.workbench.beginnings import new_instrument

    _formed(_NAME, name, "NAME", "shoulder_score")
    _add(into, rulebook, layer, lambda where, rules: new_instrument(where, rules, name))


@new.command("fixture", short_help="A case with the answer it must get")
def fixture_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    treatment: Annotated[
        str, typer.Option("--treatment", metavar="T", help="The treatment that is asked for.")
    ] = "physical_therapy",
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Write a case of one request, with the answer that the rulebook in use gives it now."""
    from imr_rules.workbench.beginnings import new_fixture

    _say(new_fixture(file, load_rulebook(rulebook, layer), treatment))


def _add(
    into: Path | None,
    rulebook: Path | None,
    layer: list[Path] | None,
    begin: Callable[[Path, Rulebook], Begun],
) -> None:
    """Add to a rulebook or a layer, by what the rulebook in use says with it."""
    needs_extra("workbench", "ruamel.yaml")
    above = list(layer or ())
    if into is not None and is_layer(into):
        found = in_use(rulebook, [*above, into])
    else:
        found = in_use(into if rulebook is None and into is not None else rulebook, above)
    _say(begin(into or own_directory(found), Rulebook.load(*found.directories)))


def own_directory(found: InUse) -> Path:
    """Return the directory of the project to write in: its rulebook, else the topmost of its layers."""
    installed = shipped()
    own = [each for each in (found.base, *reversed(found.layers)) if each.resolve() not in
           {path.resolve() for path in installed.directories} or each.resolve().is_relative_to(Path.cwd())]  # fmt: skip
    if not own:
        raise refused(
            "--in", "which-directory", "the rulebook in use is the one shipped, which is not yours to write in",
            "name a layer of your own: imr-rules new layer DIR writes one",
        )  # fmt: skip
    return own[0]


def _say(begun: Begun) -> None:
    for path in begun.files:
        out(f"wrote {path}")
    for each in begun.then:
        out(f"next: {each}")


def _formed(form: re.Pattern[str], text: str, where: str, example: str) -> str:
    if not form.fullmatch(text):
        raise refused(where, "wrong-form", "this is not a name", f"write it like {example}")
    return text
