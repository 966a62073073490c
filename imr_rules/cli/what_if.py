"""``imr-rules what-if``: what would decide an item, and what would flip it."""

from __future__ import annotations

from imr_rules.cli.common import (
    DataFormat,
    DataFormatOption,
    Files,
    LayerOption,
    RulebookOption,
    case_files,
    each_file,
    load_rulebook,
    print_json,
    show,
)


def what_if_command(
    files: Files,
    format: DataFormatOption = DataFormat.text,
    rulebook: RulebookOption = None,
    layer: LayerOption = None,
) -> None:
    """Say which missing facts would decide each item, and which smallest changes would flip it."""
    from imr_rules.screening import what_if
    from imr_rules.writing.what_if_report import what_if_report

    rules = load_rulebook(rulebook, layer)
    names = case_files(files)
    for file, items in each_file(names, lambda case: what_if(case, rules)):
        if format is DataFormat.json:
            answer = {"file": file, "items": [item.to_dict() for item in items]}
            print_json(answer, compact=len(names) > 1)
        else:
            show(what_if_report(items, file))
