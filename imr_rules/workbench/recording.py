"""Record anew what a fixture expects: only its ``expect:`` block changes, comments and layout stay.

What is recorded stays what it was: a fixture that expects a suggestion alone goes on expecting that alone.
Where an item now needs review, its grounds give way to its review reasons, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from imr_rules.case import Case, ExpectedItem
from imr_rules.workbench.answers import Answer
from imr_rules.workbench.fixtures import compare

__all__ = ["recorded"]


class _Field(NamedTuple):
    key: yaml.ScalarNode
    value: yaml.Node


class _Change(NamedTuple):
    start: int
    end: int
    text: str


def recorded(text: str, case: Case, answers: Mapping[str, Answer]) -> str:
    """Return the text of a fixture with the answers its items now get.

    Args:
        text: the YAML of the fixture.
        case: the same, read.
        answers: what each item gets.
    """
    expected = case.expect.items if case.expect else {}
    items = _fields(_fields(_fields(yaml.compose(text, yaml.SafeLoader))["expect"].value)["items"].value)
    changes: list[_Change] = []
    for name, entry in expected.items():
        if list(compare(name, entry, answers[name])):
            changes += _item(text, items[name].value, entry, answers[name])
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _fields(node: Any) -> dict[str, _Field]:
    assert isinstance(node, yaml.MappingNode)
    return {key.value: _Field(key, value) for key, value in node.value}


def _item(text: str, node: yaml.Node, entry: ExpectedItem, answer: Answer) -> Iterable[_Change]:
    fields = _fields(node)
    if entry.suggestion is not None and entry.suggestion != answer.suggestion:
        yield _replace(fields["suggestion"].value, answer.suggestion)
    review = answer.suggestion == "needs_review"
    if entry.lean is not None:
        yield _replace(fields["lean"].value, answer.lean) if review else _without(text, node, fields["lean"])
    wanted = "review_reasons" if review else "grounds"
    given = [name for name in ("grounds", "review_reasons") if name in fields]
    if given:
        names = answer.review_reasons if review else answer.grounds
        last = fields[given[0]]
        if wanted in fields:
            if sorted(names) != sorted(getattr(entry, wanted)):
                yield _list(text, node, fields[wanted], names)
            yield from (_without(text, node, fields[name]) for name in given if name != wanted)
        else:
            renamed = _Change(last.key.start_mark.index, last.key.end_mark.index, wanted)
            yield renamed
            yield _list(text, node, last, names)
            yield from (_without(text, node, fields[name]) for name in given[1:])
    if entry.statuses is not None:
        statuses = fields["statuses"].value
        for criterion, field in _fields(statuses).items():
            status = answer.statuses.get(criterion)
            if status is None:
                yield _without(text, statuses, field)
            elif status != entry.statuses[criterion]:
                yield _replace(field.value, status)


def _replace(value: yaml.Node, word: str) -> _Change:
    return _Change(value.start_mark.index, value.end_mark.index, word)


def _list(text: str, parent: yaml.Node, field: _Field, names: Sequence[str]) -> _Change:
    """Return the change of a list: in its own style, lines of what stays left as they are."""
    value = field.value
    assert isinstance(value, yaml.SequenceNode)
    if value.flow_style or not names:
        end = _end(value)
        return _Change(value.start_mark.index, end, f"[{', '.join(names)}]")
    lines = text.splitlines(keepends=True)
    entries = {node.start_mark.line: node.value for node in value.value}
    first, last = min(entries), max(entries)
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    ending = "\r\n" if lines[first].endswith("\r\n") else "\n"
    kept = [
        line
        for number, line in enumerate(lines[first : last + 1], first)
        if entries.get(number) in (None, *names)
    ]
    new = [f"{indent}- {name}{ending}" for name in names if name not in entries.values()]
    if new and kept and not kept[-1].endswith("\n"):
        kept[-1] += ending
    start = sum(map(len, lines[:first]))
    return _Change(start, start + sum(map(len, lines[first : last + 1])), "".join([*kept, *new]))


def _without(text: str, parent: yaml.Node, field: _Field) -> _Change:
    """Return the change that removes a field: its lines, or in a flow its words and one comma."""
    assert isinstance(parent, yaml.MappingNode)
    start, end = field.key.start_mark.index, _end(field.value)
    if not parent.flow_style:
        begin = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end)
        return _Change(begin, len(text) if after < 0 else after + 1, "")
    before = text[:start].rstrip()
    if before.endswith(","):
        return _Change(len(before) - 1, end, "")
    rest = text[end:]
    gap = len(rest) - len(rest.lstrip(" ,"))
    return _Change(start, end + gap, "")


def _end(node: yaml.Node) -> int:
    """Return where the last letter of a node stands; the mark of a block lies at what follows it."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    return int(node.end_mark.index)
