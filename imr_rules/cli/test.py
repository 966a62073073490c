"""``imr-rules test``: does every fixture get the answer it must get?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    FixturesArgument,
    LayerOption,
    RulebookOption,
    load_rulebook,
    needs_extra,
    out,
    print_json,
)

if TYPE_CHECKING:
    from imr_rules.rulebook import Rulebook
    from imr_rules.workbench.fixtures import Fixture


def fixtures_command(
    path: FixturesArgument = Path("fixtures"),
    update: Annotated[
        bool, typer.Option("--update", help="Record the answers anew; only `expect:` blocks change.")
    ] = False,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Screen every fixture and hold the answers against those expected. Exit 1 where one differs."""
    from imr_rules.workbench.fixtures import fixtures_in

    if update:
        needs_extra("workbench", "ruamel.yaml")
    every = fixtures_in(path)
    books = {
        name: load_rulebook(rulebook, layer, which=name)
        for name in dict.fromkeys(each.rulebook for each in every)
    }
    fixtures = [each for each in every if each.rulebook in (None, books[each.rulebook].name)]
    failed = [
        (fixture, said) for fixture in fixtures if (said := _said(fixture, books[fixture.rulebook], update))
    ]
    if format is DataFormat.json:
        print_json(
            {
                "fixtures": len(fixtures),
                "not_asked": len(every) - len(fixtures),
                "items": sum(len(each.case.expect.items) for each in fixtures if each.case.expect),
                "updated" if update else "differ": [str(fixture.path) for fixture, _ in failed],
            }
        )
    else:
        for fixture, said in failed:
            out(f"{fixture.path}\n{said}\n")
        verb = "recorded anew" if update else "differs" if len(failed) == 1 else "differ"
        out(f"{len(fixtures)} fixture{'s' * (len(fixtures) != 1)}, {len(failed)} {verb}")
        if len(every) > len(fixtures):
            out(f"{len(every) - len(fixtures)} not asked: they name another rulebook")
    if failed and not update:
        raise typer.Exit(1)


def _said(fixture: Fixture, rules: Rulebook, update: bool) -> str:
    """Return how a fixture differs, having recorded it anew where that is asked for."""
    from imr_rules.screening import screen
    from imr_rules.workbench.answers import answer_of
    from imr_rules.workbench.fixtures import differences, report
    from imr_rules.workbench.recording import recorded

    screening = screen(fixture.case, rules)
    if not differences(fixture.case, rules, screening):
        return ""
    if update:
        text = fixture.path.read_bytes().decode("utf-8-sig")
        answers = {item.item: answer_of(item) for item in screening.items}
        fixture.path.write_bytes(recorded(text, fixture.case, answers).encode())
    return report(fixture.case, screening)
