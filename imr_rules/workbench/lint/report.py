"""Findings, written for people, for programs, for GitHub and for whatever reads SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any, Literal

from imr_rules._version import __version__
from imr_rules.workbench.lint.finding import Finding, Lint


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [
        {
            "code": each.code,
            "what": each.what,
            "file": each.place.file,
            "line": each.place.line,
            "column": each.place.column,
            "hint": each.hint,
            "fixable": each.edit is not None,
            "page": f"docs/lint/{each.code}.md",
        }
        for each in findings
    ]


def github(findings: Iterable[Finding], lints: Iterable[Lint]) -> str:
    """Return findings as the workflow commands by which GitHub marks lines of a pull request."""
    levels = {each.code: each.level for each in lints}
    lines = []
    for each in findings:
        place = each.place
        where = {"file": place.file and _relative(place.file), "line": place.line, "col": place.column}
        said = ",".join(f"{key}={_property(value)}" for key, value in where.items() if value is not None)
        title = _property(f"imr-rules {each.code}")
        lines.append(f"::{levels.get(each.code, 'error')} {said},title={title}::{_message(each.message)}")
    return "\n".join(lines)


def _message(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _message(str(value)).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Iterable[Finding], lints: Iterable[Lint]) -> dict[str, Any]:
    """Return findings as a SARIF 2.1.0 log, for code-scanning services."""
    rules = {each.code: each for each in lints}
    position = {code: index for index, code in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "imr-rules lint",
                        "version": __version__,
                        "rules": [_rule(each) for each in rules.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, rules, position) for each in findings],
            }
        ],
    }


def _rule(lint: Lint) -> dict[str, Any]:
    return {
        "id": lint.code,
        "shortDescription": {"text": lint.summary},
        "help": {"text": f"See {lint.page}."},
        "defaultConfiguration": {"level": lint.level},
    }


def _result(finding: Finding, rules: Mapping[str, Lint], position: Mapping[str, int]) -> dict[str, Any]:
    place = finding.place
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file or "")}}
    if place.line is not None:
        location["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    lint = rules.get(finding.code)
    level: Literal["error", "warning"] = lint.level if lint else "error"
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "level": level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }
    if finding.code in position:
        found["ruleIndex"] = position[finding.code]
    return found


def _relative(file: str) -> str:
    path = PurePath(file)
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def _uri(file: str) -> str:
    from urllib.parse import quote

    path = PurePath(_relative(file))
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
