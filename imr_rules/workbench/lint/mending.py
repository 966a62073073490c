"""Mend what is mechanical: exactly the letters that an edit names, and nothing else of the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from imr_rules.workbench.lint.finding import Edit, Finding


def mend(findings: Iterable[Finding]) -> list[Finding]:
    """Make the edits that findings carry; return the findings mended.

    Edits of one line are made from its end, so that each still stands where it was found. One that would
    change letters another edit changed already is left for the next run.
    """
    by_file: dict[str, list[tuple[Finding, Edit]]] = {}
    for finding in findings:
        if finding.edit is not None and finding.edit.place.file is not None:
            by_file.setdefault(finding.edit.place.file, []).append((finding, finding.edit))
    mended: list[Finding] = []
    for file, edits in by_file.items():
        path = Path(file)
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").split("\n")
        untouched: dict[int, int] = {}
        for finding, edit in sorted(edits, key=lambda each: _where(each[1]), reverse=True):
            line, column = _where(edit)
            text, start = lines[line - 1], column - 1
            end = start + len(edit.old)
            if text[start:end] != edit.old or end > untouched.get(line, len(text)):
                continue
            lines[line - 1] = text[:start] + edit.new + text[end:]
            untouched[line] = start
            mended.append(finding)
        path.write_bytes("\n".join(lines).encode())
    return mended


def _where(edit: Edit) -> tuple[int, int]:
    return edit.place.line or 1, edit.place.column or 1
